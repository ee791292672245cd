/** How many factors carry nearly all of an attribution: for one person, and for a model. */
import type { Bounds } from '../fairness/intervals.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { meanOf, overPersons, type Persons } from './overPersons.ts'

/** Factors that are needed for a share of the attribution. */
export interface FactorsNeeded {
  /** the share: 0.95 */
  ofAttribution: number
  /** for one person, mean over people: each has factors of their own */
  people: Bounds
  /** the same factors for everybody: those with the most mean absolute points */
  population: Bounds
  /** factors with points on some row */
  used: number
}

/** Fewest of the values, the largest first, whose sum reaches a share of that of all; 0 where all are 0. */
export const fewestFor = (sizes: Float64Array, share: number): number => {
  const sorted = sizes.slice().sort()
  const all = sorted.reduce((a, b) => a + b, 0)
  if (!(all > 0)) return 0
  let sum = 0
  for (let k = sorted.length - 1; k >= 0; k--) {
    sum += sorted[k]!
    // A hair less: the sum of all need not be the sum in another order.
    if (sum >= share * all * (1 - 1e-12)) return sorted.length - k
  }
  return sorted.length
}

/** Of each row, the fewest factors that carry the share. */
export const neededByRow = ({ players, rows, points }: PointTable, share = 0.95): Int32Array => {
  const sizes = new Float64Array(players)
  return Int32Array.from({ length: rows }, (_, i) => {
    for (let p = 0; p < players; p++) sizes[p] = Math.abs(points[p * rows + i]!)
    return fewestFor(sizes, share)
  })
}

/**
 * How many factors carry a share of the points, for people one by one and for all at once.
 * @param table points of the factors
 */
export const factorsNeeded = (table: PointTable, persons: Persons, share = 0.95): FactorsNeeded => {
  const { players, rows, points } = table
  const byRow = neededByRow(table, share)
  const columns = Array.from({ length: players }, (_, p) => points.subarray(p * rows, (p + 1) * rows).map(Math.abs))
  const used = columns.filter((column) => column.some((v) => v > 0))
  const [people, population] = overPersons(
    (w) => [
      meanOf(byRow, w),
      fewestFor(
        Float64Array.from(used, (column) => meanOf(column, w)),
        share,
      ),
    ],
    persons,
  )
  return { ofAttribution: share, people: people!, population: population!, used: used.length }
}
