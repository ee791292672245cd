// Executes the notebooks with a private Deno (from npm) and nbclient (from pip), and compares what comes out with what is stored.
//
//   node scripts/notebook.mjs [--update] [--html FOLDER] [name ...]
//
// --update stores the new outputs, --html also renders pages. Needs dist/ (npm run build). Without Python it says so and does
// nothing, unless REQUIRE_NOTEBOOKS is set. Everything it installs lies in notebooks/.tools, which is ignored by git.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const DENO = '2.9.6'
const notebooks = fileURLToPath(new URL('../notebooks/', import.meta.url))
const tools = join(notebooks, '.tools')
const windows = process.platform === 'win32'

const { values: options, positionals } = parseArgs({
  options: { update: { type: 'boolean', default: false }, html: { type: 'string' } },
  allowPositionals: true,
})

const run = (what, command, args, settings = {}) => {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    shell: command.endsWith('.cmd'),
    ...settings,
  })
  if (result.status === 0) return result
  throw new Error(`${what} failed\n${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`)
}

/** The notebooks cannot be executed here: said, and an error only where they must be. */
const skip = (why) => {
  console.log(`skipped: notebooks are not executed, ${why}`)
  process.exit(process.env.REQUIRE_NOTEBOOKS ? 1 : 0)
}

const findDeno = () => {
  const platforms = join(tools, 'deno', 'node_modules', '@deno')
  if (!existsSync(platforms)) return undefined
  const binaries = readdirSync(platforms).map((name) => join(platforms, name, windows ? 'deno.exe' : 'deno'))
  return binaries.find((path) => existsSync(path))
}

const installDeno = () => {
  const stamp = join(tools, 'deno', 'version')
  const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === DENO && findDeno()
  if (installed) return installed
  const folder = join(tools, 'deno')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  // The binary is an optional package of its own; the install script would only link it.
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', `deno@${DENO}`]
  run('the installation of Deno', windows ? 'npm.cmd' : 'npm', args, { cwd: folder })
  const deno = findDeno()
  if (!deno) skip(`there is no Deno ${DENO} for this platform`)
  writeFileSync(stamp, DENO)
  return deno
}

const installPython = () => {
  const wanted = readFileSync(join(notebooks, 'requirements.txt'), 'utf8')
  const folder = join(tools, 'python')
  const python = join(folder, windows ? 'Scripts' : 'bin', windows ? 'python.exe' : 'python')
  const stamp = join(folder, 'requirements.txt')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(tools, { recursive: true })
  const base = ['python3', 'python'].find((name) => spawnSync(name, ['-c', 'import venv, ensurepip']).status === 0)
  if (!base) skip('there is no Python with venv and pip')
  run('a virtual environment', base, ['-m', 'venv', folder])
  run('the installation of nbclient', python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '-r',
    join(notebooks, 'requirements.txt'),
  ])
  writeFileSync(stamp, wanted)
  return python
}

/** Jupyter finds the kernel here and nowhere else; nothing is written into the home of the user. */
const environment = (deno) => {
  const kernel = join(tools, 'jupyter', 'kernels', 'deno')
  mkdirSync(kernel, { recursive: true })
  const argv = [deno, 'jupyter', '--kernel', '--conn', '{connection_file}']
  writeFileSync(join(kernel, 'kernel.json'), JSON.stringify({ argv, display_name: 'Deno', language: 'typescript' }))
  const folder = (name) => join(tools, 'jupyter', name)
  return {
    ...process.env,
    JUPYTER_PATH: join(tools, 'jupyter'),
    JUPYTER_DATA_DIR: join(tools, 'jupyter'),
    JUPYTER_RUNTIME_DIR: folder('runtime'),
    JUPYTER_CONFIG_DIR: folder('config'),
    IPYTHONDIR: folder('ipython'),
    DENO_DIR: join(tools, 'deno-cache'),
    DENO_NO_UPDATE_CHECK: '1',
    NO_COLOR: '1',
  }
}

// The kernel may publish that a cell is done before what the cell printed, and the client stops listening at the former: on a busy
// machine lines went missing. So it listens on until nothing has come for a while.
const EXECUTE = `
import sys, queue, nbformat, nbclient
from jupyter_client.utils import ensure_async

QUIET = 0.5

class PatientClient(nbclient.NotebookClient):
    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        done = False
        while True:
            try:
                message = await ensure_async(self.kc.iopub_channel.get_msg(timeout=QUIET if done else None))
            except queue.Empty:
                return
            if message['parent_header'].get('msg_id') != parent_msg_id:
                continue
            try:
                self.process_message(message, cell, cell_index)
            except nbclient.exceptions.CellExecutionComplete:
                done = True

source, target, folder = sys.argv[1:]
notebook = nbformat.read(source, 4)
for cell in notebook.cells:
    if cell.cell_type == 'code':
        cell.outputs, cell.execution_count = [], None
client = PatientClient(notebook, timeout=600, kernel_name='deno', record_timing=False,
                       resources={'metadata': {'path': folder}})
client.execute()
nbformat.write(notebook, target)
`

/** The parts of a notebook that say something about its content; what an editor or a kernel adds is left out. */
const tidy = (notebook) => ({
  cells: notebook.cells.map((cell) => ({ ...cell, metadata: {} })),
  metadata: {
    kernelspec: { display_name: 'Deno', language: 'typescript', name: 'deno' },
    language_info: { file_extension: '.ts', mimetype: 'text/x.typescript', name: 'typescript' },
  },
  nbformat: 4,
  nbformat_minor: 5,
})
const sorted = (value) =>
  Array.isArray(value)
    ? value.map(sorted)
    : value && typeof value === 'object'
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([k, v]) => [k, sorted(v)]),
        )
      : value
const textOf = (notebook) => `${JSON.stringify(sorted(notebook), null, 1)}\n`

/** The first line in which two texts differ. */
const firstDifference = (a, b) => {
  const [left, right] = [a.split('\n'), b.split('\n')]
  const at = left.findIndex((line, i) => line !== right[i])
  return `line ${at + 1}\n  stored: ${left[at]?.slice(0, 300)}\n  now:    ${right[at]?.slice(0, 300)}`
}

const names = positionals.length
  ? positionals
  : readdirSync(notebooks)
      .filter((name) => name.endsWith('.ipynb'))
      .sort()
const work = mkdtempSync(join(tmpdir(), 'glasscore-notebook-'))
try {
  const python = installPython()
  const env = environment(installDeno())
  for (const name of names) {
    const path = join(notebooks, name)
    const executed = join(work, name)
    const started = performance.now()
    run(`${name}`, python, ['-c', EXECUTE, path, executed, notebooks], { env, cwd: notebooks })
    const text = textOf(tidy(JSON.parse(readFileSync(executed, 'utf8'))))
    const stored = readFileSync(path, 'utf8')
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    if (options.update) writeFileSync(path, text)
    else if (text !== stored) {
      console.error(`${name}: what is stored is not what comes out; ${firstDifference(stored, text)}`)
      process.exitCode = 1
    }
    console.log(
      `${name}: executed in ${seconds} s${options.update ? ', stored' : text === stored ? ', as stored' : ''}`,
    )
    if (options.html) {
      const output = resolve(options.html)
      run('a page', python, ['-m', 'nbconvert', '--to', 'html', path, '--output-dir', output], { env, cwd: notebooks })
    }
  }
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(work, { recursive: true, force: true })
}
