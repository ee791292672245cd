/** The growth of ours over rows, columns and threads: one process a size, the sizes that `--rows` and `--columns` allow. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { dataFolder, machine, OUT, PAGE, say } from './folders.ts'
import type { GrowthRequest } from './growthNode.ts'
import { type GrowthAxis, type GrowthMeasurement, type GrowthResult, growthMarkdown } from './growthSummary.ts'
import type { DataChoice, Growth, JobList } from './jobs.ts'
import { ROOT, step } from './measure.ts'
import { measureBandwidth } from './measureBandwidth.ts'
import type { Options } from './options.ts'
import { fillPage, GROWTH } from './pages.ts'
import { time } from './tables.ts'

export interface GrowthSize {
  axis: GrowthAxis
  rows: number
  columns: number
  threads: number
}

/** All sizes, those of rows first; the largest number of rows and of columns may be limited. */
export const growthSizes = (growth: Growth, threads: number, rows = Infinity, columns = Infinity): GrowthSize[] => {
  const capped = (sizes: readonly number[], most: number): number[] => [...new Set(sizes.map((n) => Math.min(n, most)))]
  const fixed = {
    rows: { columns: Math.min(growth.rows.columns, columns), threads },
    columns: { rows: Math.min(growth.columns.rows, rows), threads },
    threads: { rows: Math.min(growth.threads.rows, rows), columns: Math.min(growth.threads.columns, columns) },
  }
  return [
    ...capped(growth.rows.sizes, rows).map((n) => ({ axis: 'rows' as const, rows: n, ...fixed.rows })),
    ...capped(growth.columns.sizes, columns).map((n) => ({ axis: 'columns' as const, columns: n, ...fixed.columns })),
    ...growth.threads.sizes.map((n) => ({ axis: 'threads' as const, threads: n, ...fixed.threads })),
  ]
}

/** All rows of a number of columns come from one file: the first rows of a larger set are those of a smaller one. */
const dataFor = (sizes: readonly GrowthSize[], { axis, columns }: GrowthSize): DataChoice => {
  const own = sizes.filter((s) => (s.axis === 'columns') === (axis === 'columns') && s.columns === columns)
  return { set: 'synthetic', rows: Math.max(...own.map(({ rows }) => rows)), columns, test: 1000 }
}

const keyOf = ({ axis, rows, columns, threads }: GrowthSize): string => [axis, rows, columns, threads].join(' ')

/** Jobs that are measured later at a size join those that it has. */
const add = (measurements: GrowthMeasurement[], more: GrowthMeasurement): void => {
  const at = measurements.findIndex((m) => keyOf(m) === keyOf(more))
  if (at < 0) measurements.push(more)
  else measurements[at] = { ...more, jobs: { ...measurements[at]!.jobs, ...more.jobs } }
}

const readJournal = (file: string): GrowthMeasurement[] => {
  const measurements: GrowthMeasurement[] = []
  if (existsSync(file))
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean))
      add(measurements, JSON.parse(line) as GrowthMeasurement)
  return measurements
}

export const runGrowth = async (list: JobList, options: Options): Promise<void> => {
  const { growth } = list
  const trial = options.rows !== undefined || options.columns !== undefined || options.jobsNamed
  const journal = join(OUT, trial ? 'growth-trial.jsonl' : 'growth.jsonl')
  mkdirSync(OUT, { recursive: true })
  if (!options.resume) rmSync(journal, { force: true })
  const measurements = readJournal(journal)
  const sizes = growthSizes(growth, list.threads, options.rows, options.columns)
  for (const size of sizes) {
    const { axis, rows, columns, threads } = size
    const before = measurements.find((m) => keyOf(m) === keyOf(size))
    const missing = options.jobs.filter((job) => !before?.jobs[job])
    if (missing.length === 0) continue
    const jobs = Object.fromEntries(missing.map((name) => [name, growth.jobs[name]!]))
    const request: GrowthRequest = { data: await dataFolder(dataFor(sizes, size)), rows, threads, jobs }
    const head = { axis, rows, columns, threads, load: loadavg()[0]!, started: new Date().toISOString() }
    const script = join(ROOT, 'bench/compute/growthNode.ts')
    const line = await step(process.execPath, ['--import', 'tsx', script, JSON.stringify(request)])
    const measured = { ...head, ...(JSON.parse(line) as Pick<GrowthMeasurement, 'jobs' | 'peakMiB'>) }
    add(measurements, measured)
    appendFileSync(journal, `${JSON.stringify(measured)}\n`)
    const seconds = Object.entries(measured.jobs).map(([job, s]) => `${job} ${time(s.seconds)}`)
    say(`${rows} x ${columns}, ${threads} threads: ${seconds.join(', ')}`)
  }
  const bandwidth = await measureBandwidth([...new Set([1, list.threads])])
  const result: GrowthResult = { bandwidth, measurements }
  const generated = growthMarkdown(result)
  console.log(generated)
  const file = trial ? join(OUT, 'growth-trial.json') : join(ROOT, 'bench/compute/growth.json')
  writeFileSync(file, `${JSON.stringify({ machine: await machine(false), ...result }, undefined, 1)}\n`)
  say(`written: ${file}`)
  if (trial) return
  if (fillPage(PAGE, GROWTH, generated)) say('written: docs/performance.md')
  await step(process.execPath, [join(ROOT, 'scripts/pictures.mjs')])
  say('written: docs/pictures/growth.svg')
}
