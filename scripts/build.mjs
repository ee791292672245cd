// Compiles src/ to dist/. The result is written beside dist/ and renamed, so that an interrupted build leaves no half of one.
// Nothing is done when the sources are those of the last time; `--force` does it all the same.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = `${root}dist`
const temporary = `${target}.tmp-${process.pid}`

/** Everything that dist/ is made of; what is compiled on the way follows from the rest. */
const sources = () => {
  const made = 'src/kernels/compiled.ts'
  const files = [
    ...readdirSync(`${root}src`, { recursive: true }).map((file) => `src/${file}`),
    ...['build.mjs', 'build-kernels.mjs'].map((file) => `scripts/${file}`),
    ...['package.json', 'package-lock.json', 'tsconfig.json'],
  ]
  const hash = createHash('sha256')
  for (const file of files.map((f) => f.replaceAll('\\', '/')).sort())
    if (/\.\w+$/.test(file) && file !== made)
      hash
        .update(`${file}\0`)
        .update(readFileSync(root + file))
        .update('\0')
  return hash.digest('hex')
}
const stamp = '.sources'
const digest = sources()
const last = `${target}/${stamp}`
if (!process.argv.includes('--force') && existsSync(last) && readFileSync(last, 'utf8') === digest) process.exit(0)

const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
const kernels = spawnSync(process.execPath, [`${root}scripts/build-kernels.mjs`], { stdio: 'inherit' })
if (kernels.status !== 0) process.exit(kernels.status ?? 1)
const result = spawnSync(process.execPath, [tsc, '-p', `${root}tsconfig.json`, '--outDir', temporary], {
  stdio: 'inherit',
})
if (result.status !== 0) {
  rmSync(temporary, { recursive: true, force: true })
  process.exit(result.status ?? 1)
}
// One file in place of some forty: a worker thread is ready in two thirds of the time.
const workers = ['threads/worker.js', 'population/blockWorker.js', 'stages/counterfactualWorker.js']
try {
  for (const worker of workers)
    await build({
      absWorkingDir: temporary,
      entryPoints: [`${temporary}/${worker}`],
      outfile: `${temporary}/${worker}`,
      allowOverwrite: true,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'error',
    })
  // The command is bundled, too, with what it loads late in files of their own: it answers in half the time. Paths from
  // import.meta.url hold, as its files lie one folder below dist/ like all modules that have such paths.
  const bundled = await build({
    absWorkingDir: temporary,
    entryPoints: [`${temporary}/cli/main.js`],
    outdir: `${temporary}/cli`,
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    minifyWhitespace: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    metafile: true,
    logLevel: 'error',
  })
  // The program of a person's page: one classic script that travels in the page as text. Its readers have no Node, and their memory is
  // their own: kernels on shared memory stay behind.
  await build({
    absWorkingDir: root,
    entryPoints: [`${root}src/page/program/main.ts`],
    outfile: `${temporary}/page/program.js`,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome110', 'firefox115', 'safari16.4'],
    legalComments: 'none',
    logLevel: 'error',
    plugins: [
      {
        name: 'kernels on plain memory alone',
        setup: ({ onLoad }) => {
          onLoad({ filter: /[\\/]kernels[\\/]compiled\.ts$/ }, ({ path }) => ({
            contents: readFileSync(path, 'utf8').replace(/(SHARED_MEMORY = )'[^']*'/, "$1''"),
            loader: 'ts',
          }))
        },
      },
    ],
  })
  const kept = new Set(Object.keys(bundled.metafile.outputs))
  for (const file of readdirSync(`${temporary}/cli`))
    if (!kept.has(`cli/${file}`)) rmSync(`${temporary}/cli/${file}`, { recursive: true })
} catch {
  rmSync(temporary, { recursive: true, force: true })
  process.exit(1)
}
const main = `${temporary}/cli/main.js`
if (existsSync(main)) chmodSync(main, 0o755)
writeFileSync(`${temporary}/${stamp}`, digest)
rmSync(target, { recursive: true, force: true })
renameSync(temporary, target)
