// Compiles src/kernels/assembly/ (AssemblyScript) to WebAssembly, twice: on shared memory for worker threads, and on plain memory for
// one thread, as in a page opened from a file. Both are written as text into src/kernels/compiled.ts, so that no file has to be
// found or fetched when they run. Nothing is done when the sources are those of the last time.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../src/kernels/assembly/', import.meta.url))
const target = fileURLToPath(new URL('../src/kernels/compiled.ts', import.meta.url))
const sources = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => [name, readFileSync(folder + name, 'utf8')]),
)
const packageJson = JSON.parse(
  readFileSync(new URL('../node_modules/assemblyscript/package.json', import.meta.url), 'utf8'),
)
const OPTIONS = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--enable',
  'threads',
  '--enable',
  'bulk-memory',
]
const MEMORY = ['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536']
const hash = createHash('sha256')
  .update(JSON.stringify([packageJson.version, OPTIONS, MEMORY, [...sources]]))
  .digest('hex')

const head = `export const SOURCES = '${hash}'`
if (existsSync(target) && readFileSync(target, 'utf8').includes(head)) process.exit(0)

const { default: asc } = await import('assemblyscript/asc')
const compile = async (extra) => {
  let binary
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernels.wasm', ...OPTIONS, ...MEMORY, ...extra], {
    readFile: (name) => sources.get(name.replace(/^\.\//, '')) ?? null,
    writeFile: (name, content) => {
      if (name.endsWith('.wasm')) binary = content
    },
    listFiles: () => [],
  })
  const messages = stderr.toString()
  if (error || !binary) {
    process.stderr.write(`${messages}${error?.message ?? ''}\n`)
    process.exit(1)
  }
  if (messages) process.stderr.write(messages)
  return Buffer.from(binary).toString('base64')
}

const shared = await compile(['--sharedMemory'])
const plain = await compile([])
const temporary = `${target}.tmp-${process.pid}`
try {
  writeFileSync(
    temporary,
    `// Made by scripts/build-kernels.mjs from src/kernels/assembly/.\n${head}\nexport const SHARED_MEMORY = '${shared}'\nexport const PLAIN_MEMORY = '${plain}'\n`,
  )
  renameSync(temporary, target)
} finally {
  rmSync(temporary, { force: true })
}
