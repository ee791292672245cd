import type { Difference, FourFifths, NoAnswer } from './findings.ts'
import type { Bounds } from './intervals.ts'
import type { Rate } from './rate.ts'

/**
 * The four-fifths line of the Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4(D): a selection rate below
 * 0.8 of that of the group with the highest rate is held to be evidence of adverse impact. A rule of thumb of United States
 * employment law, taken over to credit as a line to measure at, not as a finding of law.
 */
export const FOUR_FIFTHS = 0.8

/** The first cell with fewer persons than asked for, the smallest first. */
const smallCell = (group: Rate, reference: Rate, minCell: number): NoAnswer | null => {
  const cells = [
    { of: 'group', cell: 'selected', persons: group.persons.hits },
    { of: 'group', cell: 'not selected', persons: group.persons.misses },
    { of: 'reference', cell: 'selected', persons: reference.persons.hits },
    { of: 'reference', cell: 'not selected', persons: reference.persons.misses },
  ] as const
  const smallest = [...cells].sort((a, b) => a.persons - b.persons)[0]!
  return smallest.persons < minCell ? { because: 'cell', ...smallest } : null
}

/** The four-fifths answer: none where a cell is small or the interval lies on both sides of the line. */
export const fourFifths = (
  ratio: Bounds,
  group: Rate,
  reference: Rate,
  minCell: number,
): { fourFifths: FourFifths; noAnswer: NoAnswer | null } => {
  const noAnswer = smallCell(group, reference, minCell)
  if (noAnswer) return { fourFifths: 'not enough evidence', noAnswer }
  const { low, high } = ratio
  if (high !== null && high < FOUR_FIFTHS) return { fourFifths: 'below four fifths', noAnswer: null }
  if (low !== null && low >= FOUR_FIFTHS) return { fourFifths: 'at or above four fifths', noAnswer: null }
  return { fourFifths: 'not enough evidence', noAnswer: { because: 'interval' } }
}

/** The answer on a difference of two rates; none where either is of fewer persons than asked for. */
export const differs = ({ low, high }: Bounds, group: Rate, reference: Rate, minCell: number): Difference => {
  if (Math.min(group.persons.all, reference.persons.all) < minCell || low === null || high === null)
    return 'not enough evidence'
  if (low > 0) return 'higher'
  return high < 0 ? 'lower' : 'no difference shown'
}
