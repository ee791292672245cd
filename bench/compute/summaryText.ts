/** The sentences above the tables: what of the list is met, equal, failed, and on how many seeds it rests. */
import { failuresOf, type LineSeeds } from './journal.ts'
import type { Comparison, Measurement } from './summary.ts'
import { fold } from './tables.ts'
import { type Verdict, verdictOf } from './verdict.ts'

/** What a verdict other than `met` adds to the name of a line. */
const WHY: Readonly<Partial<Record<Verdict, string>>> = {
  unequal: ', not equal',
  differs: ', values differ',
  notCompared: ', not compared',
}

const targetsText = (timed: readonly Comparison[]): string => {
  const of = (verdict: Verdict) => timed.filter((c) => verdictOf(c) === verdict)
  const count = (verdict: Verdict) => of(verdict).length
  const counts = [
    `${count('met')} met`,
    `${count('missed')} missed`,
    `${count('unequal')} that do not count for a lower AUC or a larger gradient`,
    `${count('differs')} for other values`,
    `${count('notCompared')} because AUC, gradient or values were not compared`,
  ]
  const names = (['missed', 'unequal', 'differs', 'notCompared'] as const).flatMap((verdict) =>
    of(verdict).map((c) => `${c.job} beside ${c.peer} (${fold(c.ratio)} of ${c.target} ×${WHY[verdict] ?? ''})`),
  )
  return `Targets: ${counts.join(', ')}.${names.length ? ` Not met: ${names.join('; ')}.` : ''}`
}

/** Of the jobs that compare AUC alone. */
const realAucText = (onAuc: readonly Comparison[]): string | undefined => {
  const bad = onAuc.filter((c) => !c.auc?.equal)
  if (onAuc.length === 0) return undefined
  if (bad.length === 0) return `AUC on real sets: equal in all of ${onAuc.length} comparisons.`
  const names = bad.map(
    (c) => `${c.job} beside ${c.peer} (${c.auc ? (c.auc.ours - c.auc.theirs).toFixed(4) : 'not compared'})`,
  )
  return `AUC on real sets: not equal in ${bad.length} of ${onAuc.length} comparisons: ${names.join('; ')}.`
}

/** Longest reason that is shown. */
const REASON = 160

const failedText = (measurements: readonly Measurement[]): string | undefined => {
  const failures = failuresOf(measurements).map(({ job, by, runs, reason }) => {
    const one = reason.replace(/[`\s]+/g, ' ').slice(0, REASON)
    return `${job} by ${by}, ${runs} ${runs === 1 ? 'run' : 'runs'} (first: \`${one}\`)`
  })
  return failures.length ? `Failed: ${failures.join('; ')}.` : undefined
}

/** Over the whole list: targets, AUC on real sets where it is not equal, and runs that ended without a result. */
export const summaryOf = (comparisons: readonly Comparison[], measurements: readonly Measurement[]): string =>
  [targetsText(comparisons), realAucText(comparisons.filter((c) => c.compares === 'auc')), failedText(measurements)]
    .filter(Boolean)
    .join(' ')

/** On how many seeds the tables rest; line by line where that is not the same number for all. */
export const seedsText = (seeds: readonly LineSeeds[], repeats: number): string => {
  const fewer = seeds.filter(({ n }) => n !== repeats)
  if (fewer.length === 0) return `${repeats} seeds`
  const numbers = [...new Set(fewer.map(({ n }) => n))].sort((a, b) => b - a)
  const texts = numbers.map((n) => {
    const peers = new Map<string, string[]>()
    for (const { job, peer, n: own } of fewer) if (own === n) peers.set(job, [...(peers.get(job) ?? []), peer])
    return `${n} for ${[...peers].map(([job, names]) => `${job} beside ${names.join(', ')}`).join(' and ')}`
  })
  return `Seeds (n): ${[...(fewer.length < seeds.length ? [`${repeats} unless said`] : []), ...texts].join('; ')}`
}
