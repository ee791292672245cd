/** Whether reasons follow from the points of a receipt, found again on a plain route that shares nothing with the code that chooses. */
import type { FactorSpec, MissingReason } from '../schema/factor.ts'
import { FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'
import { MOST_REASONS } from './reasons.ts'

/** What a factor did to one person. */
export interface ReasonEvidence {
  factor: Pick<FactorSpec, 'name' | 'dimension'>
  /** of the receipt */
  points: number
  /** whether the model reads it */
  read: boolean
  /** why the person has no value, 'present' or null where there is one or nothing is known */
  missing: MissingReason | null
}

/** A reason as it was given. */
export interface GivenReason {
  group: string
  factor: string
  points: number
}

const groupIn = ({ name, dimension }: ReasonEvidence['factor']): string => {
  const entry = FACTOR_CATALOGUE.find((known) => known.name === name && known.dimension === dimension)
  return entry === undefined ? name : entry.reasonGroup
}

/**
 * The faults of one person's reasons: more than `most`, fewer than there are, a group twice, points that are not those of the group, a factor
 * that was not scored or did not take the most in its group, an order that is not that of the losses, a larger loss that was skipped.
 * @returns a sentence for each fault; none when the reasons are in order
 */
export const checkReasons = (
  evidence: readonly ReasonEvidence[],
  reasons: readonly GivenReason[],
  most = MOST_REASONS,
): string[] => {
  const faults: string[] = []
  const members: Record<string, ReasonEvidence[]> = Object.create(null)
  for (const one of evidence) {
    if (!one.read || one.missing === 'absent_table' || one.missing === 'not_covered') continue
    const group = groupIn(one.factor)
    members[group] = [...(members[group] ?? []), one]
  }
  const lost = (group: string): number => (members[group] ?? []).reduce((sum, one) => sum + one.points, 0)
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a))
  if (reasons.length > most) faults.push(`${reasons.length} reasons, more than ${most}`)
  const named = reasons.map((r) => r.group)
  if (new Set(named).size < named.length) faults.push('a group is named twice')
  reasons.forEach(({ group, factor, points }, k) => {
    const own = (members[group] ?? []).find((one) => one.factor.name === factor)
    if (own === undefined) faults.push(`${factor} was not scored, or is not of the group ${group}`)
    else if ((members[group] ?? []).some((one) => one.points < own.points))
      faults.push(`${factor} is not what took most in ${group}`)
    if (!near(lost(group), points)) faults.push(`${group} has other points`)
    if (!(points < 0)) faults.push(`${group} took nothing`)
    if (k > 0 && points < reasons[k - 1]!.points) faults.push(`${group} took more than the reason before it`)
  })
  const others = Object.keys(members).filter((group) => !named.includes(group) && lost(group) < 0)
  if (reasons.length < most && others.length > 0) faults.push(`${others[0]} is left out, though there is room`)
  const least = Math.max(...reasons.map((r) => r.points))
  const larger = others.find((group) => lost(group) < least && !near(lost(group), least))
  if (reasons.length >= most && larger !== undefined) faults.push(`${larger} took more than a reason and was skipped`)
  return faults
}
