/** From single measurements to medians, ratios and verdicts on AUC and on gradients. */
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
  auc?: number
  figures?: Record<string, number>
  /** of ours: seconds of other ways to do the job, in the process that has just done it */
  also?: Record<string, number>
  /** MiB when the files were read, and at most */
  memory?: Record<string, number>
  /** processor seconds of the process */
  cpu?: number
  scaledFrom?: Record<string, number>
  /** ours has no such kernel yet */
  notYet?: string
  /** the run ended without a result */
  failed?: string
  /** load average when it began, and the share of the machine that others used while it ran */
  load: number
  othersCpu: number
  started: string
}

export interface Spread {
  median: number
  least: number
  most: number
  runs: number
}

export interface Comparison {
  job: string
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

const medians = (runs: readonly Measurement[]): Record<string, number> => {
  const names = new Set(runs.flatMap((m) => Object.keys(m.figures ?? {})))
  return Object.fromEntries(
    [...names].map((n) => [n, median(runs.flatMap((m) => (m.figures?.[n] === undefined ? [] : [m.figures[n]])))]),
  )
}

/** Whether the mean of ours is not further below the peer's than the margin. */
export const isEqualAuc = (ours: readonly number[], theirs: readonly number[], margin: number): boolean =>
  mean(ours) >= mean(theirs) - margin

/** A solver that stops at a larger gradient is not faster. */
const gradientOf = ({ ours, theirs }: Comparison['figures']): Comparison['gradient'] => {
  const [a, b] = [ours['largestGradient'], theirs['largestGradient']]
  return a === undefined || b === undefined ? undefined : { ours: a, theirs: b, equal: a <= b }
}

export type Verdict = 'met' | 'missed' | 'unequal'

/** What becomes of a target: a ratio counts only at an equal AUC and an equal gradient. Absent without a target. */
export const verdictOf = ({ target, ratio, auc, gradient, compares }: Comparison): Verdict | undefined => {
  if (target === undefined || compares !== 'time') return undefined
  if (auc?.equal === false || gradient?.equal === false) return 'unequal'
  return ratio >= target ? 'met' : 'missed'
}

/** One line a job and peer, from the seeds that both sides have. */
export const compareAll = (
  list: JobList,
  measurements: readonly Measurement[],
  variantFor: (job: string, peer: string) => string,
): Comparison[] => {
  const out: Comparison[] = []
  for (const [job, { peers, compares = 'time' }] of Object.entries(list.jobs))
    for (const [peer, entry] of Object.entries(peers)) {
      const variant = variantFor(job, peer)
      const good = measurements.filter((m) => m.job === job && m.variant === variant && m.seconds)
      const mine = new Map(good.filter((m) => m.by === 'ours').map((m) => [m.seed, m]))
      const both = good.filter((m) => m.by === peer && mine.has(m.seed))
      if (both.length === 0) continue
      const ours = both.map((m) => mine.get(m.seed)!)
      const [first] = both
      const withAuc = both.every((m, i) => m.auc !== undefined && ours[i]!.auc !== undefined)
      const a = ours.map((m) => m.auc!)
      const b = both.map((m) => m.auc!)
      const figures = { ours: medians(ours), theirs: medians(both) }
      const gradient = gradientOf(figures)
      out.push({
        job,
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
        ...(first!.scaledFrom ? { scaledFrom: first!.scaledFrom } : {}),
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
