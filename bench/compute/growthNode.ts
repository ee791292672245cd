/**
 * Runs the jobs of --growth at one size in this process and prints one line of JSON. Started by growth.ts:
 * `node --import tsx growthNode.ts REQUEST`, the request being JSON.
 */
import { openPool } from 'glasscore'
import { type Settings, timed } from './adapter.ts'
import { readFirst } from './data.ts'
import type { GrowthSeconds } from './growthSummary.ts'
import { GROWTH_WORKS } from './growthWorks.ts'
import { median } from './summary.ts'
import { firstRows } from './trees.ts'

export interface GrowthRequest {
  data: string
  rows: number
  threads: number
  jobs: Record<string, { work: string; same: Settings }>
}

/** Rows that a job is done on before it is timed: threads have compiled it then. */
const WARMING = 4000
/** A job is repeated until it has taken this many seconds, or this often. */
const SECONDS = 1.5
const REPEATS = 7

const request = JSON.parse(process.argv[2]!) as GrowthRequest
const table = readFirst(request.data, request.rows)
const few = { ...firstRows(table, Math.min(WARMING, table.rows)) }
few.values = few.values === table.values ? few.values.slice() : few.values
const pool = openPool(request.threads)
const out: Record<string, GrowthSeconds> = {}
// In the order of the works: that which changes the table is the last.
for (const [work, prepare] of Object.entries(GROWTH_WORKS))
  for (const [name, job] of Object.entries(request.jobs)) {
    if (job.work !== work) continue
    await (await prepare(few, job.same, pool)).once()
    const prepared = await prepare(table, job.same, pool)
    const seconds: number[] = []
    let bytes = { floor: 0 }
    for (let spent = 0; seconds.length < REPEATS && (seconds.length === 0 || spent < SECONDS); ) {
      const { seconds: taken, value } = await timed(() => prepared.once())
      seconds.push(taken)
      spent += taken
      bytes = value
    }
    out[name] = { seconds: median(seconds), runs: seconds.length, ...bytes }
  }
await pool.close()
console.log(JSON.stringify({ jobs: out, peakMiB: process.resourceUsage().maxRSS / 1024 }))
