/** From single measurements to medians, ratios, and what of AUC, gradients and values is equal. */
import type { JobList } from './jobs.ts'

export interface Measurement {
  by: string
  version: string
  job: string
  /** what ours is compared on: see `Variant` */
  variant: string
  threads: number
  seed: number
  rows?: number
  columns?: number
  seconds?: Record<string, number>
  /** null: not a number when it was written */
  auc?: number | null
  /** null: not a finite number when it was written */
  figures?: Record<string, number | null>
  /** of ours: seconds of other ways to do the job, in the process that has just done it */
  also?: Record<string, number>
  /** MiB when the files were read, and at most */
  memory?: Record<string, number>
  /** processor seconds of the process */
  cpu?: number
  scaledFrom?: Record<string, number>
  /** the run ended without a result */
  failed?: string
  /** load average when it began, and the share of the machine that others used while it ran */
  load: number
  othersCpu: number
  started: string
  /** the machine in words: runs are compared on one machine only */
  on?: string
}

export interface Spread {
  median: number
  least: number
  most: number
  runs: number
}

export interface Comparison {
  job: string
  /** the machine that both sides ran on */
  on?: string
  work: string
  peer: string
  version: string
  variant: string
  rows?: number
  ours: Spread
  theirs: Spread
  /** medians of the work: theirs / ours */
  ratio: number
  /** the same with the start of both processes */
  ratioWithStartUp: number
  target?: number
  auc?: {
    ours: number
    oursSd: number
    theirs: number
    theirsSd: number
    differenceSe: number
    equal: boolean
    seeds: number
  }
  /** largest component by row, at what each side returned: medians */
  gradient?: { ours: number; theirs: number; equal: boolean }
  /** of SHAP values: the largest difference from the peer's, in the largest of the peer's own; Infinity where one was not a number */
  values?: { difference: number; equal: boolean }
  scaledFrom?: Record<string, number>
  memory: { ours: number; theirs: number }
  figures: { ours: Record<string, number>; theirs: Record<string, number> }
  compares: string
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  least: Math.min(...values),
  most: Math.max(...values),
  runs: values.length,
})

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const deviation = (values: readonly number[]): number =>
  values.length < 2 ? 0 : Math.sqrt(values.reduce((s, v) => s + (v - mean(values)) ** 2, 0) / (values.length - 1))

const total = (m: Measurement): number => m.seconds!['total']!
const withStartUp = (m: Measurement): number => total(m) + m.seconds!['startUp']!

/** A figure of all runs that have it; Infinity stands for what JSON could not say. */
const figure = (runs: readonly Measurement[], name: string): number[] =>
  runs.flatMap(({ figures }) => (figures?.[name] === undefined ? [] : [figures[name] ?? Infinity]))

const medians = (runs: readonly Measurement[]): Record<string, number> => {
  const names = new Set(runs.flatMap((m) => Object.keys(m.figures ?? {})))
  return Object.fromEntries([...names].map((name) => [name, median(figure(runs, name))]))
}

/** Of held-out rows, or of the rows that are predicted. */
const aucOf = ({ auc, figures }: Measurement): number => auc ?? figures?.['aucOnTheseRows'] ?? Number.NaN

/** Whether the mean of ours is not further below the peer's than the margin. */
export const isEqualAuc = (ours: readonly number[], theirs: readonly number[], margin: number): boolean =>
  mean(ours) >= mean(theirs) - margin

/** A solver that stops at a larger gradient is not faster. */
const gradientOf = ({ ours, theirs }: Comparison['figures']): Comparison['gradient'] => {
  const [a, b] = [ours['largestGradient'], theirs['largestGradient']]
  return a === undefined || b === undefined ? undefined : { ours: a, theirs: b, equal: Number.isFinite(a) && a <= b }
}

/** The worst run decides. The size of the values is that of the peer's, the same in all runs. */
const valuesOf = (ours: readonly Measurement[], most: number): Comparison['values'] => {
  const differences = figure(ours, 'largestDifference')
  const sizes = figure(ours, 'largestValue')
  if (differences.length < ours.length || sizes.length === 0) return undefined
  const difference = Math.max(...differences) / Math.min(...sizes)
  // Not `>`: 0 / 0 and Infinity / Infinity are NaN.
  return { difference, equal: difference <= most }
}

/** Runs of a line on the machine that has the most seeds of both sides, the latest of several. */
export const onOneMachine = (
  runs: readonly Measurement[],
  peer: string,
): { both: Measurement[]; ours: Measurement[] } => {
  let best: { both: Measurement[]; ours: Measurement[] } = { both: [], ours: [] }
  for (const on of new Set(runs.map((m) => m.on))) {
    const here = runs.filter((m) => m.on === on)
    const mine = new Map(here.filter((m) => m.by === 'ours').map((m) => [m.seed, m]))
    const both = here.filter((m) => m.by === peer && mine.has(m.seed))
    if (both.length > 0 && both.length >= best.both.length) best = { both, ours: both.map((m) => mine.get(m.seed)!) }
  }
  return best
}

/** One line a job and peer, from the seeds that both sides have on one machine. */
export const compareAll = (
  list: JobList,
  measurements: readonly Measurement[],
  variantFor: (job: string, peer: string) => string,
): Comparison[] => {
  const out: Comparison[] = []
  for (const [job, { work, peers, compares = 'time' }] of Object.entries(list.jobs))
    for (const [peer, entry] of Object.entries(peers)) {
      const variant = variantFor(job, peer)
      const good = measurements.filter((m) => m.job === job && m.variant === variant && m.seconds)
      const { both, ours } = onOneMachine(good, peer)
      if (both.length === 0) continue
      const [first] = both
      const a = ours.map(aucOf)
      const b = both.map(aucOf)
      const withAuc = [...a, ...b].every(Number.isFinite)
      const figures = { ours: medians(ours), theirs: medians(both) }
      const gradient = gradientOf(figures)
      const values = valuesOf(ours, entry.equalValues ?? list.equalValues)
      const scaledFrom = both.find((m) => m.scaledFrom)?.scaledFrom
      out.push({
        job,
        ...(first!.on === undefined ? {} : { on: first!.on }),
        work,
        peer,
        version: first!.version,
        variant,
        ...(first!.rows === undefined ? {} : { rows: first!.rows }),
        ours: spread(ours.map(total)),
        theirs: spread(both.map(total)),
        ratio: median(both.map(total)) / median(ours.map(total)),
        ratioWithStartUp: median(both.map(withStartUp)) / median(ours.map(withStartUp)),
        ...(entry.target === undefined ? {} : { target: entry.target }),
        ...(withAuc
          ? {
              auc: {
                ours: mean(a),
                oursSd: deviation(a),
                theirs: mean(b),
                theirsSd: deviation(b),
                // Of ours - theirs by seed: on small sets it may be wider than the margin of `equal`.
                differenceSe: deviation(a.map((v, i) => v - b[i]!)) / Math.sqrt(a.length),
                equal: isEqualAuc(a, b, list.equalAuc),
                seeds: a.length,
              },
            }
          : {}),
        ...(gradient ? { gradient } : {}),
        ...(values ? { values } : {}),
        ...(scaledFrom ? { scaledFrom } : {}),
        memory: {
          ours: median(ours.map((m) => m.memory!['peak']!)),
          theirs: median(both.map((m) => m.memory!['peak']!)),
        },
        figures,
        compares,
      })
    }
  return out
}
