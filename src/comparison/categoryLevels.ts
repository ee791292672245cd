/** Categories as counts: what takes the place of bins for text. */
import { LEVELS_KEPT } from '../matrix/levels.ts'

/** Position of the level of a value: first the missing one, then the most frequent levels, last all rarer and unknown ones. */
export type LevelOf = (value: string | null) => number

/**
 * Levels of a category as statistics use them: the most frequent ones each for itself, as in encodings, the rarer ones together,
 * missing values as a level of their own.
 * @param values of the rows that the levels are taken from
 * @returns the number of positions, and the position of a value
 */
export const levelsOf = (values: Iterable<string | null>): { count: number; levelOf: LevelOf } => {
  const rows = new Map<string, number>()
  for (const value of values) if (value !== null) rows.set(value, (rows.get(value) ?? 0) + 1)
  const kept = [...rows].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, LEVELS_KEPT)
  const positions = new Map(kept.map(([level], k) => [level, k + 1]))
  const rarer = kept.length + 1
  return { count: rarer + 1, levelOf: (value) => (value === null ? 0 : (positions.get(value) ?? rarer)) }
}
