/**
 * The compute benchmark. Options: see options.ts, or give one that is not there. Measurements are appended to runs/bench/ as they end; with peers, and
 * without --rows, --columns, --threads and --jobs, bench/compute/results.json and the generated part of docs/performance.md are
 * written from them, and likewise growth.json by --growth.
 */
import { runGrowth } from './growth.ts'
import { readJobs } from './jobs.ts'
import { stopChild } from './measure.ts'
import { readOptions, USAGE, WrongOption } from './options.ts'
import { runJobs } from './runJobs.ts'

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
  await (options.growth ? runGrowth(list, options) : runJobs(list, options))
} catch (error) {
  if (!(error instanceof WrongOption)) throw error
  process.stderr.write(`${error.message}\n\n${USAGE}\n`)
  process.exitCode = 2
}
