/** Score bands and protected groups as parts of the people. */
import { BANDS, bandOf } from '../../schema/score.ts'
import type { ProtectedColumn } from '../fairness/auditRows.ts'
import { groupByAttribute, mergeSmallest } from '../fairness/groupings.ts'

/** Fewer persons are too few for weights of their own, and fewer good or bad ones for a fall of AUC. */
export const LEAST_PERSONS = 50
export const LEAST_OUTCOMES = 20

/** People of one score band, or of one group of a protected column. */
export interface GroupPart {
  /** `score band`, or the name of a protected column */
  by: string
  group: string
  /** positions among the rows that are explained */
  rows: readonly number[]
  /** positions among the held-out rows; at least one */
  heldRows: readonly number[]
}

/** Whether weights of their own can be said of these rows. */
export const enoughPersons = (personId: readonly string[], rows: readonly number[]): boolean =>
  new Set(rows.map((k) => personId[k]!)).size >= LEAST_PERSONS

/** Whether a fall of AUC can be said of these people. */
export const enoughOutcomes = (target: Uint8Array): boolean => {
  const bads = target.reduce((sum, bad) => sum + bad, 0)
  return Math.min(bads, target.length - bads) >= LEAST_OUTCOMES
}

const positions = (of: ArrayLike<number>, wanted: number): number[] => {
  const found: number[] = []
  for (let k = 0; k < of.length; k++) if (of[k] === wanted) found.push(k)
  return found
}

/**
 * The parts, bands first, each group that somebody is in.
 * @param score of every held-out row
 * @param groups protected columns of the held-out rows
 * @param explained held-out rows that are explained
 */
export const groupParts = (
  score: ArrayLike<number>,
  groups: readonly ProtectedColumn[],
  explained: ArrayLike<number>,
): GroupPart[] => {
  const bands = BANDS.map((band) => band.name)
  const position = new Map<string, number>(bands.map((name, k) => [name, k]))
  const groupings = [
    { by: 'score band', labels: bands, of: Array.from(score, (s) => position.get(bandOf(s))!) },
    ...groups.map((column) => {
      const grouping = mergeSmallest(groupByAttribute(column, undefined))
      return { by: column.name, labels: grouping.groups.map((g) => g.label), of: grouping.of }
    }),
  ]
  return groupings.flatMap(({ by, labels, of }) => {
    const among = Array.from(explained, (i) => of[i]!)
    return labels
      .map((group, g): GroupPart => ({ by, group, rows: positions(among, g), heldRows: positions(of, g) }))
      .filter(({ heldRows }) => heldRows.length > 0)
  })
}
