/** Principal reasons of many rows as numbers: the choice of `principalReasons`, for many explanations of the same people. */
import { checkNumber } from '../models/checkOptions.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { dataError } from '../util/errors.ts'
import { MOST_REASONS } from './reasons.ts'
import { reasonWords } from './reasonWords.ts'

/** The reason groups of factors. */
export interface ReasonGroups {
  /** in the order of their first factor */
  names: string[]
  /** words of each: those of its first factor */
  texts: string[]
  /** group of each factor, as a position in `names` */
  groupOf: Int32Array
}

/** Groups of factors that give the same reason; a factor of another table than the catalogue's is its own group. */
export const reasonGroups = (factors: readonly FactorSpec[]): ReasonGroups => {
  const names: string[] = []
  const texts: string[] = []
  const groupOf = Int32Array.from(factors, ({ name, dimension, definition }) => {
    const { group, text } = reasonWords({ factor: name, dimension, definition })
    const known = names.indexOf(group)
    if (known >= 0) return known
    texts.push(text)
    return names.push(group) - 1
  })
  return { names, texts, groupOf }
}

/** Points of many rows with what says which of them may be reasons. */
export interface PointsOfRows {
  rows: number
  /** factors x rows: points[f * rows + i], as of receipts */
  points: ArrayLike<number>
  /** group of each factor */
  groupOf: Int32Array
  /** whether the factor counts for this row (see `reasonFactors`) */
  scored: (factor: number, row: number) => boolean
  /** whether the row has a value of the factor */
  present: (factor: number, row: number) => boolean
}

/** Reasons of many rows; lists are rows x most, largest loss first, -1 or 0 where a row has fewer. */
export interface ReasonsOfRows {
  rows: number
  most: number
  /** position among the groups, -1 for none */
  group: Int32Array
  /** the factor of the group that took the most, -1 for none */
  factor: Int32Array
  /** sum over the scored factors of the group */
  points: Float64Array
  /** 1 where some value took points, 0 where they were taken for want of values alone */
  known: Uint8Array
  /** of each row: groups that took points and are no reason, because each of the reasons took more */
  further: Int32Array
}

/**
 * The groups that took the most points away from each row, as `principalReasons` chooses them.
 * @param most reasons of a row at most, 1 or more
 * @throws GlasscoreError('usage') for another number; ('data') for points that are no finite number
 */
export const principalGroups = (of: PointsOfRows, most = MOST_REASONS): ReasonsOfRows => {
  checkNumber('most', most, { min: 1, whole: true })
  const { rows, points, groupOf, scored, present } = of
  const factors = groupOf.length
  const groups = groupOf.reduce((largest, g) => Math.max(largest, g + 1), 0)
  const out: ReasonsOfRows = {
    rows,
    most,
    group: new Int32Array(rows * most).fill(-1),
    factor: new Int32Array(rows * most).fill(-1),
    points: new Float64Array(rows * most),
    known: new Uint8Array(rows * most),
    further: new Int32Array(rows),
  }
  const sum = new Float64Array(groups)
  const worst = new Int32Array(groups)
  const known = new Uint8Array(groups)
  /** groups with a scored factor, in the order of the first of them: among equal sums the earlier comes first */
  const met: number[] = []
  for (let i = 0; i < rows; i++) {
    met.length = 0
    worst.fill(-1)
    for (let f = 0; f < factors; f++) {
      const value = points[f * rows + i]!
      if (!Number.isFinite(value))
        throw dataError('a factor has no points', { row: i, expected: 'a finite number', got: value })
      if (!scored(f, i)) continue
      const g = groupOf[f]!
      if (worst[g]! < 0) {
        met.push(g)
        sum[g] = value
        worst[g] = f
        known[g] = 0
      } else {
        sum[g]! += value
        if (value < points[worst[g]! * rows + i]!) worst[g] = f
      }
      if (value < 0 && present(f, i)) known[g] = 1
    }
    // The sort is stable.
    const losses = met.filter((g) => sum[g]! < 0).sort((a, b) => sum[a]! - sum[b]!)
    out.further[i] = Math.max(0, losses.length - most)
    losses.slice(0, most).forEach((g, rank) => {
      const at = i * most + rank
      out.group[at] = g
      out.factor[at] = worst[g]!
      out.points[at] = sum[g]!
      out.known[at] = known[g]!
    })
  }
  return out
}
