/** From single measurements to medians, ratios and verdicts on AUC, and from those to a table in Markdown. */
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
                equal: mean(a) >= mean(b) - list.equalAuc,
                seeds: a.length,
              },
            }
          : {}),
        ...(first!.scaledFrom ? { scaledFrom: first!.scaledFrom } : {}),
        memory: {
          ours: median(ours.map((m) => m.memory!['peak']!)),
          theirs: median(both.map((m) => m.memory!['peak']!)),
        },
        figures: { ours: medians(ours), theirs: medians(both) },
        compares,
      })
    }
  return out
}

const time = (s: number): string =>
  s >= 100 ? s.toFixed(0) : s >= 10 ? s.toFixed(1) : s >= 1 ? s.toFixed(2) : s.toFixed(3)
const times = ({ median, least, most, runs }: Spread): string =>
  runs > 1 ? `${time(median)} (${time(least)} to ${time(most)})` : time(median)
const fold = (ratio: number): string => `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)} ×`
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

const aucs = ({ auc }: Comparison): string[] =>
  auc
    ? [
        `${auc.ours.toFixed(4)} ± ${auc.oursSd.toFixed(4)}`,
        `${auc.theirs.toFixed(4)} ± ${auc.theirsSd.toFixed(4)}`,
        auc.equal ? 'yes' : '**no**',
      ]
    : ['', '', '']

const scaledNote = (c: Comparison): string =>
  c.scaledFrom
    ? ` [from ${Object.entries(c.scaledFrom)
        .map(([k, v]) => `${v} ${k}`)
        .join(', ')}]`
    : ''

/** The tables of ratios and of AUC on real sets. */
export const markdown = (comparisons: readonly Comparison[]): string => {
  const timed = comparisons.filter((c) => c.compares !== 'auc')
  const parts = [
    table(
      [
        'job',
        'peer',
        'ours, s',
        'peer, s',
        'ratio',
        'with start-up',
        'target',
        'AUC ours',
        'AUC peer',
        'equal',
        'MiB ours / peer',
      ],
      timed.map((c) => [
        c.job,
        `${c.peer} ${c.version}`,
        times(c.ours),
        times(c.theirs) + scaledNote(c),
        `**${fold(c.ratio)}**`,
        fold(c.ratioWithStartUp),
        c.compares === 'information'
          ? 'not the same work'
          : c.target === undefined
            ? ''
            : `≥ ${c.target} ×: ${c.ratio >= c.target ? 'met' : '**missed**'}`,
        ...aucs(c),
        `${c.memory.ours.toFixed(0)} / ${c.memory.theirs.toFixed(0)}`,
      ]),
    ),
  ]
  const gradients = timed.filter((c) => c.figures.theirs['largestGradient'] !== undefined)
  if (gradients.length)
    parts.push(
      'Largest component of the gradient, by row, at the coefficients that each side returned:',
      table(
        ['job', 'peer', 'ours', 'peer'],
        gradients.map((c) => [
          c.job,
          c.peer,
          (c.figures.ours['largestGradient'] ?? Number.NaN).toExponential(1),
          c.figures.theirs['largestGradient']!.toExponential(1),
        ]),
      ),
    )
  const onAuc = comparisons.filter((c) => c.compares === 'auc' && c.auc)
  if (onAuc.length)
    parts.push(
      'AUC on real sets, five folds a seed:',
      table(
        ['job', 'peer', 'AUC ours', 'AUC peer', 'equal'],
        onAuc.map((c) => [c.job, `${c.peer} ${c.version}`, ...aucs(c)]),
      ),
    )
  return parts.join('\n\n')
}

/** Ours alone. */
export const oursMarkdown = (measurements: readonly Measurement[]): string =>
  table(
    ['job', 'on', 'seconds', 'start-up', 'AUC', 'MiB'],
    measurements
      .filter((m) => m.by === 'ours')
      .map((m) => [
        m.job,
        m.variant,
        m.seconds ? time(total(m)) + (m.scaledFrom ? ' (scaled)' : '') : (m.notYet ?? `failed: ${m.failed}`),
        m.seconds ? time(m.seconds['startUp']!) : '',
        m.auc?.toFixed(4) ?? '',
        m.memory?.['peak']?.toFixed(0) ?? '',
      ]),
  )

export const BEGIN = '<!-- begin: written by npm run bench:peers -->'
export const END = '<!-- end: written by npm run bench:peers -->'

/** A page with its generated part replaced; unchanged text when it has no such part. */
export const fillPage = (page: string, generated: string): string => {
  const from = page.indexOf(BEGIN)
  const to = page.indexOf(END)
  if (from < 0 || to < from) return page
  return `${page.slice(0, from + BEGIN.length)}\n\n${generated}\n\n${page.slice(to)}`
}
