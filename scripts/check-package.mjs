// Packs the package as it would be published, checks the tarball, and uses it the way a stranger would: installed in an empty
// folder. Needs npm and what it installs from, nothing else. `--no-build` takes dist/ as it is.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name) => join(root, 'node_modules', name)
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const { version, exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const run = (title, command, args, cwd = root) => {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', shell: command.endsWith('.cmd') })
  if (result.status !== 0) {
    process.stdout.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}\n`)
    throw new Error(`${title}: failed`)
  }
  console.log(`${title}: fine`)
  return result.stdout
}
const expect = (what, sound, got) => {
  if (!sound) throw new Error(`${what}: ${got}`)
}

const work = mkdtempSync(join(tmpdir(), 'glasscore-package-'))
try {
  if (!process.argv.includes('--no-build')) run('build', process.execPath, ['scripts/build.mjs'])

  const [packed] = JSON.parse(run('npm pack', npm, ['pack', '--json', '--pack-destination', work]))
  const tarball = join(work, packed.filename)
  const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`
  console.log(
    `  ${packed.filename}: ${packed.entryCount} files, ${mib(packed.size)} packed, ${mib(packed.unpackedSize)} unpacked`,
  )
  run('publint --strict', process.execPath, [bin('publint/src/cli.js'), 'run', tarball, '--strict'])
  // esm-only: the package has no CommonJS twin, and the resolution of Node 10 knows no `exports`.
  run('attw', process.execPath, [
    bin('@arethetypeswrong/cli/dist/index.js'),
    tarball,
    '--profile',
    'esm-only',
    '--no-emoji',
  ])

  const user = join(work, 'user')
  mkdirSync(user)
  writeFileSync(join(user, 'package.json'), '{ "name": "user", "private": true, "type": "module" }\n')
  run('npm install of the tarball', npm, ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], user)
  const said = run('npx glasscore --version', npm, ['exec', '--offline', '--', 'glasscore', '--version'], user).trim()
  expect('version of the command', said === version, said)

  const names = Object.keys(entries)
    .filter((entry) => entry !== './package.json')
    .map((entry) => `glasscore${entry.slice(1)}`)
  const script = names.map((name) => `console.log(Object.keys(await import('${name}')).length)`).join('\n')
  writeFileSync(join(user, 'entries.mjs'), `${script}\n`)
  const counts = run(`import of ${names.join(', ')}`, process.execPath, ['entries.mjs'], user)
    .trim()
    .split('\n')
  expect('exports of each entry', counts.length === names.length && counts.every((n) => Number(n) > 0), counts)

  // The types as a stranger's compiler sees them, with every declaration that they lead to. Those of Observable Plot, which the
  // charts name, ask for types of d3 that Plot does not bring along; so there the compiler is told, as most are, to trust declarations.
  for (const name of names) {
    const skipLibCheck = name === 'glasscore/charts'
    const compilerOptions = {
      ...{ strict: true, module: 'nodenext', target: 'es2023', noEmit: true, skipLibCheck },
      ...{ types: ['node'], typeRoots: [bin('@types')] },
    }
    writeFileSync(join(user, 'types.ts'), `import * as entry from '${name}'\nexport const keys: object = entry\n`)
    writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['types.ts'] }))
    run(`types of ${name}`, process.execPath, [bin('typescript/bin/tsc'), '-p', user])
  }

  // A whole run by the installed command: workers, the engine and the files it needs are all in the tarball.
  writeFileSync(
    join(user, 'tiny.yaml'),
    'name: tiny\nsource: { kind: simulate, people: 1500, asOf: 2025-01-01 }\ntrain: { models: { logistic: {}, forest: { trees: 5 } }, replicates: 200 }\n',
  )
  run(
    'a run of 1,500 people',
    npm,
    ['exec', '--offline', '--', 'glasscore', 'run', 'tiny.yaml', '--out', 'tiny', '--threads', '2'],
    user,
  )
  console.log('the package is fit to be used')
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(work, { recursive: true, force: true })
}
