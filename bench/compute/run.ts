/**
 * The compute benchmark. Options: see options.ts, or give one that is not there. Measurements are appended to a journal in runs/bench/ as they end.
 * bench/compute/results.json and the generated part of docs/performance.md are written from that of `--with-peers` when it holds every job
 * and peer of the list with all repeats (never by --rows, --columns and --threads, which are trials), or as it is by --tables; growth.json by
 * --growth of all jobs and sizes.
 */
import { runGrowth } from './growth.ts'
import { readJobs } from './jobs.ts'
import { stopChild } from './measure.ts'
import { readOptions, USAGE, WrongOption } from './options.ts'
import { runJobs, tablesOnly } from './runJobs.ts'

const stop = (): void => {
  stopChild()
  process.stderr.write('stopped; what was measured is kept, and --resume goes on from there\n')
  process.exit(130)
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)

try {
  const list = readJobs()
  const options = readOptions(process.argv.slice(2), list)
  if (options.tables) await tablesOnly(list)
  else await (options.growth ? runGrowth(list, options) : runJobs(list, options))
} catch (error) {
  if (!(error instanceof WrongOption)) throw error
  process.stderr.write(`${error.message}\n\n${USAGE}\n`)
  process.exitCode = 2
}
