// Trains, predicts and explains in fresh processes and compares every byte of the results: 1, 2 and 3 threads, and the versions of Node that
// are named (`node scripts/same-bytes.mjs 20 22 24`; from the package registry, into runs/nodes/). Compiled and readable kernels are
// compared where they promise the same bytes. Needs `npm run build`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = fileURLToPath(new URL('same-bytes-work.mjs', import.meta.url))

/** The program of a major version of Node; that of this process where it is the same. */
const nodeOf = (major) => {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const folder = `${root}runs/nodes/${major}`
  const name = `node-${process.platform}-${process.arch}`
  const program = `${folder}/node_modules/${name}/bin/node`
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true })
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const arguments_ = [
      'install',
      '--prefix',
      folder,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `${name}@${major}`,
    ]
    const { status } = spawnSync(npm, arguments_, { stdio: ['ignore', 'ignore', 'inherit'] })
    if (status !== 0 || !existsSync(program)) {
      console.error(`Node ${major} could not be installed`)
      process.exit(1)
    }
  }
  return program
}

const run = (node, threads, kernels) => {
  const { status, stdout } = spawnSync(node, [work, String(threads), kernels], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (status !== 0) process.exit(1)
  return JSON.parse(stdout.toString())
}

const majors = process.argv.length > 2 ? process.argv.slice(2) : [process.versions.node.split('.')[0]]
let reference
let different = 0
const compare = (label, { version, hashes }, names) => {
  reference ??= hashes
  const wrong = names.filter((name) => hashes[name] !== reference[name])
  different += wrong.length
  console.log(
    `Node ${version}, ${label}: ${wrong.length ? `DIFFERENT: ${wrong.join(', ')}` : `${names.length} results the same`}`,
  )
}
for (const major of majors) {
  const node = nodeOf(major)
  for (const threads of [1, 2, 3]) {
    const done = run(node, threads, 'wasm')
    compare(`${threads} thread${threads > 1 ? 's' : ''}`, done, Object.keys(done.hashes))
  }
  // Sums of a logistic regression and of Shapley values are added in another order by the readable kernels.
  const readable = run(node, 1, 'typescript')
  const alike = Object.keys(readable.hashes).filter((name) => !/logistic|shapley/.test(name))
  compare('readable kernels', readable, alike)
}
if (different) process.exit(1)
