// The wide mode end to end: people are simulated, their wide table is built, a forest is trained on it, every row is explained. Each stage
// runs in a process of its own, by the compiled command line, so that its peak memory is its own.
// Usage: npm run build && npx tsx bench/wide/endToEnd.ts [people = 100000] [threads = 2] [folder = a new one, removed] [learner = forest]
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [people = 100_000, threads = 2] = process.argv.slice(2, 4).map(Number)
const given = process.argv[4]
const learner = process.argv[5] ?? 'forest'
const folder = given ?? (await mkdtemp(join(tmpdir(), 'wide-')))
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

interface Measured {
  seconds: number
  /** seconds of the processor, all threads */
  work: number
  /** largest resident set, in MiB */
  peak: number
}

/** Says at its end what the process took; loaded into it before the command. */
const meter = `data:text/javascript,${encodeURIComponent(
  "process.on('exit',()=>{const u=process.resourceUsage();process.stderr.write('\\nmeter '+JSON.stringify([(u.userCPUTime+u.systemCPUTime)/1e6,u.maxRSS/1024])+'\\n')})",
)}`

const run = (words: readonly string[]): Promise<Measured> =>
  new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(process.execPath, ['--import', meter, main, ...words], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString()
    })
    child.on('error', reject)
    child.on('close', (code) => {
      const found = /^meter (.*)$/m.exec(said)
      if (code !== 0 || !found) return reject(new Error(`${words[0]} ended with ${code}: ${said}`))
      const [work, peak] = JSON.parse(found[1]!) as [number, number]
      resolve({ seconds: (performance.now() - began) / 1000, work, peak })
    })
  })

const say = (what: string, { seconds, work, peak }: Measured): void =>
  console.log(
    `| ${what} | ${seconds.toFixed(0)} | ${work.toFixed(0)} | ${(peak / 1024).toFixed(2)} | ${loadavg()[0]!.toFixed(1)} |`,
  )

const at = (name: string): string => join(folder, name)
const common = ['--threads', String(threads), '--seed', '1']
console.log(`${people} people, ${threads} threads, Node ${process.version}, ${cpus()[0]?.model}\n`)
console.log('| stage | s | work, s | peak memory, GiB | load |\n|---|---|---|---|---|')
try {
  const simulate = ['simulate', '--people', String(people), '--as-of', '2025-01-01', '--out', at('data')]
  say('simulate', await run([...simulate, ...common]))
  say('features --wide', await run(['features', at('data'), '--wide', '--out', at('wide'), ...common]))
  const train = ['train', at('wide'), '--models', learner, '--out', at('train')]
  say(`train, ${learner}`, await run([...train, ...(learner === 'forest' ? ['--trees', '100'] : []), ...common]))
  say('explain', await run(['explain', at('train'), '--features', at('wide'), '--out', at('explained'), ...common]))
  const metrics = JSON.parse(await readFile(at('train/metrics.json'), 'utf8')) as {
    train: { rows: number }
    test: { rows: number; bads: number }
    models: Record<string, { auc: { value: number; low: number; high: number } }>
  }
  const { value, low, high } = metrics.models[learner]!.auc
  const { test, train: rows } = metrics
  const auc = `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`
  console.log(`\nAUC ${auc} on ${test.rows} test rows, ${test.bads} bad; ${rows.rows} training rows`)
  for (const file of ['wide/bins.bin', 'wide/edges.bin', 'wide/wide.json', 'explained/attributions.parquet'])
    console.log(`${file}: ${((await stat(at(file))).size / 2 ** 20).toFixed(1)} MiB`)
} finally {
  if (given === undefined) await rm(folder, { recursive: true })
}
