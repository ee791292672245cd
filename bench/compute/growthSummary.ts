/** Growth in tables: seconds by size, slopes, what a second thread gives, and how far the memory is from being the limit. */
import type { Bandwidth } from './measureBandwidth.ts'
import { type Point, slopeOf, stepSlopes } from './slopes.ts'
import { fold, table, time } from './tables.ts'

/** One job at one size. */
export interface GrowthSeconds {
  /** median */
  seconds: number
  runs: number
  /** bytes that any method must read or write */
  floor: number
  /** bytes that this one reads and writes, where the result tells */
  touched?: number
}

export type GrowthAxis = 'rows' | 'columns' | 'threads'

/** All jobs at one size, in one process. */
export interface GrowthMeasurement {
  axis: GrowthAxis
  rows: number
  columns: number
  threads: number
  jobs: Record<string, GrowthSeconds>
  peakMiB: number
  load: number
  started: string
}

export interface GrowthResult {
  bandwidth: Bandwidth[]
  measurements: GrowthMeasurement[]
}

const jobsOf = (measurements: readonly GrowthMeasurement[]): string[] => [
  ...new Set(measurements.flatMap(({ jobs }) => Object.keys(jobs))),
]

/** Seconds of a job by size along an axis, smallest first. */
export const pointsOf = (measurements: readonly GrowthMeasurement[], axis: GrowthAxis, job: string): Point[] =>
  measurements
    .filter((m) => m.axis === axis && m.jobs[job])
    .map((m) => ({ size: m[axis], seconds: m.jobs[job]!.seconds }))
    .sort((a, b) => a.size - b.size)

/** Fewer than two sizes have no slope. */
const slope = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '')

const bySize = (measurements: readonly GrowthMeasurement[], axis: 'rows' | 'columns'): string => {
  const sizes = [...new Set(measurements.filter((m) => m.axis === axis).map((m) => m[axis]))].sort((a, b) => a - b)
  const rows = jobsOf(measurements).map((job) => {
    const points = pointsOf(measurements, axis, job)
    return [
      job,
      ...sizes.map((size) => {
        const at = points.findIndex((p) => p.size === size)
        return at < 0 ? '' : time(points[at]!.seconds)
      }),
      slope(slopeOf(points)),
      stepSlopes(points).map(slope).join(', '),
    ]
  })
  const head = ['seconds at', ...sizes.map((size) => size.toLocaleString('en-US')), 'slope', 'from size to size']
  return table(head, rows)
}

/** Bytes over the most that the memory gives to that many threads, in seconds. */
export const floorSeconds = (bytes: number, threads: number, bandwidth: readonly Bandwidth[]): number =>
  bytes / 1e9 / (bandwidth.find((b) => b.threads === threads)?.read ?? Number.NaN)

const againstMemory = (m: GrowthMeasurement, bandwidth: readonly Bandwidth[]): string =>
  table(
    ['job', 'seconds', 'must move, MB', 'floor, s', 'time / floor', 'moves, MB', 'GB/s', 'share of bandwidth'],
    Object.entries(m.jobs).map(([job, { seconds, floor, touched }]) => {
      const least = floorSeconds(floor, m.threads, bandwidth)
      const share = touched === undefined ? undefined : floorSeconds(touched, m.threads, bandwidth) / seconds
      return [
        job,
        time(seconds),
        (floor / 1e6).toFixed(0),
        time(least),
        fold(seconds / least),
        touched === undefined ? '' : (touched / 1e6).toFixed(0),
        touched === undefined ? '' : (touched / 1e9 / seconds).toFixed(1),
        share === undefined ? '' : `${(100 * share).toFixed(share < 0.095 ? 1 : 0)} %`,
      ]
    }),
  )

const speedUps = (measurements: readonly GrowthMeasurement[]): string => {
  const threads = [...new Set(measurements.filter((m) => m.axis === 'threads').map((m) => m.threads))].sort(
    (a, b) => a - b,
  )
  const rows = jobsOf(measurements).map((job) => {
    const points = pointsOf(measurements, 'threads', job)
    return [
      job,
      ...points.map((p) => time(p.seconds)),
      ...points.slice(1).map((p) => fold(points[0]!.seconds / p.seconds)),
    ]
  })
  return table(
    ['seconds on', ...threads.map(String), ...threads.slice(1).map((n) => `${n} beside ${threads[0]}`)],
    rows,
  )
}

const sizesOf = (m: GrowthMeasurement): string =>
  `${m.rows.toLocaleString('en-US')} rows of ${m.columns.toLocaleString('en-US')} columns`

/** The generated part of docs/performance.md that is on growth. */
export const growthMarkdown = ({ bandwidth, measurements }: GrowthResult): string => {
  const along = (axis: GrowthAxis) => measurements.filter((m) => m.axis === axis)
  const parts: string[] = []
  const [row] = along('rows')
  if (row && along('columns').length)
    parts.push('![Seconds of each job over rows and over columns](pictures/growth.svg)')
  if (row) parts.push(`Rows, at ${row.columns} columns, ${row.threads} threads:`, bySize(measurements, 'rows'))
  const [column] = along('columns')
  if (column)
    parts.push(
      `Columns, at ${column.rows.toLocaleString('en-US')} rows, ${column.threads} threads:`,
      bySize(measurements, 'columns'),
    )
  const [first] = along('threads')
  if (first) parts.push(`Threads, at ${sizesOf(first)}:`, speedUps(measurements))
  const largest = along('rows').sort((a, b) => b.rows - a.rows)[0]
  parts.push(
    'Memory of this machine, GB/s, in compiled kernels:',
    table(
      ['threads', 'read', 'triad'],
      bandwidth.map((b) => [String(b.threads), b.read.toFixed(1), b.triad.toFixed(1)]),
    ),
  )
  if (largest)
    parts.push(
      `Against that memory, at ${sizesOf(largest)}, ${largest.threads} threads:`,
      againstMemory(largest, bandwidth),
    )
  return parts.join('\n\n')
}
