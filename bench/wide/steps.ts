// The steps of a wide table: time, work of the processor and peak memory of each, on a dataset folder that is there.
// Usage: npm run build && npx tsx bench/wide/steps.ts DATA OUT [threads = 2] [memory of the SQL engine = 3GB]
import { mkdir, rm } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { readDataset } from '../../src/engines/folders.ts'
import { buildWide } from '../../src/stages/wide/buildWide.ts'
import { openPool } from '../../src/threads/openPool.ts'

const [folder, out, threads = '2', memoryLimit = '3GB'] = process.argv.slice(2)
if (!folder || !out) throw new Error('expected a dataset folder and a folder to write')
const scratch = `${out}.scratch`
await mkdir(scratch, { recursive: true })
const engine = await openDuckDB({ threads: Number(threads), memoryLimit, temporaryFolder: scratch })
const pool = openPool(Number(threads))
const steps = new Map<string, { seconds: number; work: number; peak: number }>()
let before = process.cpuUsage()
try {
  const table = await buildWide(engine, pool, {
    folder,
    dataset: await readDataset(folder),
    dates: 'outcomes',
    out,
    onStep: (name, seconds) => {
      const { user, system } = process.cpuUsage(before)
      before = process.cpuUsage()
      const known = steps.get(name) ?? { seconds: 0, work: 0, peak: 0 }
      const peak = process.resourceUsage().maxRSS / 2 ** 20
      steps.set(name, { seconds: known.seconds + seconds, work: known.work + (user + system) / 1e6, peak })
    },
  })
  console.log(
    `${table.rows} rows, ${table.variables.length} variables, ${threads} threads, load ${loadavg()[0]!.toFixed(1)}\n`,
  )
  console.log('| step | s | work, s | peak memory so far, GiB |\n|---|---|---|---|')
  for (const [name, { seconds, work, peak }] of steps)
    console.log(`| ${name} | ${seconds.toFixed(1)} | ${work.toFixed(1)} | ${peak.toFixed(2)} |`)
} finally {
  engine.close()
  await pool.close()
  await rm(scratch, { recursive: true, force: true })
}
