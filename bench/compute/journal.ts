/** The journal of measurements, one a line of JSON: which of them stand for the list of jobs, and which are still to come. */
import { existsSync, readFileSync } from 'node:fs'
import { type JobList, variantOf } from './jobs.ts'
import { type Measurement, onOneMachine } from './summary.ts'

export const readJournal = (file: string): Measurement[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Measurement)
    : []

/** A run of ours or of a peer, before or after it was measured. */
export type Run = Pick<Measurement, 'job' | 'by' | 'variant' | 'threads' | 'seed'>

export const keyOf = ({ job, by, variant, threads, seed }: Run): string =>
  JSON.stringify([job, by, variant, threads, seed])

/** A line of the tables: a job beside one of its peers. */
export interface Line {
  job: string
  peer: string
  variant: string
  threads: number
}

/** All lines of the list; `threads` in place of its own. */
export const linesOf = (list: JobList, threads?: number): Line[] =>
  Object.entries(list.jobs).flatMap(([name, job]) =>
    Object.keys(job.peers).map((peer) => ({
      job: name,
      peer,
      variant: variantOf(job, peer).key,
      threads: threads ?? job.threads ?? list.threads,
    })),
  )

/** What lines need: the peer and ours, with each seed. Lines may share runs of ours. */
export const runsOf = (lines: readonly Line[], repeats: number): Run[] =>
  lines.flatMap(({ job, peer, variant, threads }) =>
    Array.from({ length: repeats }, (_, i) => i + 1).flatMap((seed) =>
      [peer, 'ours'].map((by) => ({ job, by, variant, threads, seed })),
    ),
  )

/** One measurement for each of these runs and machine: the last that succeeded, or else the last that failed. What is not among them is left out. */
export const currentOf = (measurements: readonly Measurement[], runs: readonly Run[]): Measurement[] => {
  const wanted = new Set(runs.map(keyOf))
  const current = new Map<string, Measurement>()
  for (const m of measurements) {
    if (!wanted.has(keyOf(m))) continue
    const key = JSON.stringify([keyOf(m), m.on])
    if (m.seconds || !current.get(key)?.seconds) current.set(key, m)
  }
  return [...current.values()]
}

/** A journal without these runs, which are about to be measured anew on this machine; other seeds, peers, jobs and machines keep theirs. */
export const without = (measurements: readonly Measurement[], runs: readonly Run[], on?: string): Measurement[] => {
  const replaced = new Set(runs.map(keyOf))
  return measurements.filter((m) => m.on !== on || !replaced.has(keyOf(m)))
}

/** A line with the number of seeds that both of its sides have ended with a result, on one machine. */
export interface LineSeeds {
  job: string
  peer: string
  n: number
}

export const seedsOf = (lines: readonly Line[], measurements: readonly Measurement[], repeats: number): LineSeeds[] => {
  const good = measurements.filter((m) => m.seconds)
  return lines.map((line) => {
    const wanted = new Set(runsOf([line], repeats).map(keyOf))
    const { both } = onOneMachine(
      good.filter((m) => wanted.has(keyOf(m))),
      line.peer,
    )
    return { job: line.job, peer: line.peer, n: new Set(both.map((m) => m.seed)).size }
  })
}

/** Whether every line has every seed: only then a run may replace the committed tables by itself. */
export const isWhole = (seeds: readonly LineSeeds[], repeats: number): boolean =>
  seeds.length > 0 && seeds.every(({ n }) => n === repeats)

/** Runs that ended without a result, by job and by whom, with the reason that the first one gave. */
export const failuresOf = (
  measurements: readonly Measurement[],
): { job: string; by: string; runs: number; reason: string }[] => {
  const failures = new Map<string, { job: string; by: string; runs: number; reason: string }>()
  for (const { job, by, failed } of measurements) {
    if (failed === undefined) continue
    const key = JSON.stringify([job, by])
    const before = failures.get(key)
    if (before) before.runs++
    else failures.set(key, { job, by, runs: 1, reason: failed })
  }
  return [...failures.values()]
}
