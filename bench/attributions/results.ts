/** What a run has measured, and the tables of it. */

import type { Machine } from '../compute/folders.ts'
import { median } from '../compute/summary.ts'
import { fold, table, time } from '../compute/tables.ts'
import { COLUMNS, type Job, MODELS } from './jobs.ts'
import type { Measured, Parts } from './measured.ts'

/** One measurement of one job. */
export interface Measurement extends Job {
  repeat: number
  /** jobs that wanted a core before it, one minute's mean, and the share of the machine that other processes then used */
  load: number
  othersCpu: number
  measured?: Measured
  failed?: string
}

/** How far values of a peer are from ours with the same background, on the first rows of both. */
export interface Gap {
  model: string
  name: string
  rows: number
  /** largest absolute difference, and largest absolute value of ours */
  largest: number
  largestValue: number
}

export interface Forest {
  model: string
  trees: number
  leaves: number
}

export interface Result {
  machine: Machine
  packages: readonly string[]
  threads: number
  repeats: number
  /** rows of the whole job, which seconds are scaled to */
  rows: number
  forests: readonly Forest[]
  measurements: readonly Measurement[]
  gaps: readonly Gap[]
}

/** Seconds of the whole job: what is made of the forest once, and the rest in proportion to rows and trees. */
const ofAll = ({ prepare, explain }: Parts, factor: number): number => prepare + explain * factor

interface Line {
  job: Job
  scaled: boolean
  /** medians */
  seconds: number
  processor: number
  prepare: number
  loaded: number
  peak: number
}

const linesOf = ({ measurements, rows, forests }: Result, model: string): Line[] => {
  const { trees } = forests.find((forest) => forest.model === model)!
  const names = [...new Set(measurements.filter((m) => m.model === model).map((m) => m.name))]
  return names.flatMap((name) => {
    const own = measurements.filter((m) => m.model === model && m.name === name)
    const done = own.flatMap(({ measured }) => (measured ? [measured] : []))
    if (done.length === 0) return []
    const job = own[0]!
    const factor = (rows / job.rows) * (trees / (job.trees ?? trees))
    const middle = (of: (m: Measured) => number): number => median(done.map(of))
    return [
      {
        job,
        scaled: factor > 1,
        seconds: middle((m) => ofAll(m.seconds, factor)),
        processor: middle((m) => ofAll(m.processor, factor)),
        prepare: middle((m) => m.processor.prepare),
        loaded: middle((m) => m.memory.loaded),
        peak: middle((m) => m.memory.peak),
      },
    ]
  })
}

const count = (n: number): string => n.toLocaleString('en-US')
const backgroundText = ({ method }: Job): string =>
  method.background === undefined ? 'path-dependent' : count(method.background)

const tableOf = (result: Result, model: string): string => {
  const lines = linesOf(result, model)
  const ours = lines.filter(({ job }) => job.method.by === 'ours')
  return table(
    [
      'background',
      'by',
      'rows explained',
      'seconds',
      'processor seconds',
      'of these before any row',
      'in times of ours',
      'MiB, and when loaded',
      'largest gap from ours',
    ],
    lines.map((line) => {
      const { job, seconds, processor, prepare, peak, loaded } = line
      const twin = ours.find((own) => own.job.method.background === job.method.background)
      const gap = result.gaps.find((g) => g.model === model && g.name === job.name)
      const scaled = line.scaled ? '*' : ''
      return [
        backgroundText(job),
        job.method.by,
        count(job.rows) + (job.trees ? ` by ${job.trees} trees` : ''),
        time(seconds) + scaled,
        time(processor) + scaled,
        time(prepare),
        twin && twin !== line ? fold(processor / twin.processor) : '',
        `${peak.toFixed(0)}, ${loaded.toFixed(0)}`,
        gap ? `${gap.largest.toExponential(1)} of ${gap.largestValue.toPrecision(2)}` : '',
      ]
    }),
  )
}

/** What the whole book as background takes, by the time of 100 rows. */
const bookText = (result: Result, model: string): string =>
  (['ours', 'woodelf'] as const)
    .flatMap((by) => {
      const lines = linesOf(result, model).filter((line) => line.job.method.by === by && line.job.method.background)
      const [few, all] = [
        lines.find((l) => l.job.method.background === 100),
        lines.find((l) => l.job.method.background === result.rows),
      ]
      return few && all
        ? [
            `${by}: all ${count(result.rows)} rows as background take ${(all.processor / few.processor).toFixed(2)} × the processor seconds of 100`,
          ]
        : []
    })
    .join('; ')

/** In Markdown. */
export const textOf = (result: Result): string => {
  const { machine: m, packages, threads, repeats, rows } = result
  const head = `${m.cpu}, ${m.cores} cores, ${m.memoryGiB} GiB; ${m.system}; Node ${m.node.slice(1)}; ${m.python ?? 'no Python'}; glasscore ${m.glasscore}; ${packages.join(', ')}. ${count(rows)} rows × ${COLUMNS}, ${threads} thread, ${repeats === 1 ? 'one run' : `medians of ${repeats} runs`}.`
  const parts = MODELS.flatMap((model) => {
    const forest = result.forests.find((f) => f.model === model)
    if (!forest || !result.measurements.some((measurement) => measurement.model === model)) return []
    const failed = result.measurements.filter((x) => x.model === model && x.failed)
    return [
      `**${model}**: ${count(forest.trees)} trees, ${count(forest.leaves)} leaves`,
      tableOf(result, model),
      [bookText(result, model), ...failed.map((f) => `${f.name}: ${f.failed}`)].filter(Boolean).join('\n\n'),
    ]
  })
  const loaded = result.measurements.filter((x) => x.othersCpu > 0.05).length
  const note = `\\* scaled up from fewer rows or trees. Other processes used more than 5 % of the machine in ${loaded} of ${result.measurements.length} measurements.`
  return [head, ...parts, note].join('\n\n')
}
