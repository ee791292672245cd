/** What each dimension weighs in the scores of some people, whatever was declared. */

import type { Bounds } from '../fairness/intervals.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { overPersons, type Persons } from './overPersons.ts'

/** Two weights of each player; each adds up to 1 over the players. */
export interface EffectiveWeights {
  /** mean |points| of the player, divided by the sum of those of all */
  share: Bounds[]
  /** covariance of the player's points with the score, divided by the variance of the score: negative where a player works against the others */
  covariance: Bounds[]
}

/**
 * The two weights of every player, first all shares, then all covariances; NaN where all points, or all scores, are alike.
 * Score is base + sum of points, so its variance is the sum of the covariances with the players.
 */
export const weightsOfPlayers = ({ players, rows, points }: PointTable, weights?: Float64Array): Float64Array => {
  const absolute = new Float64Array(players)
  const mean = new Float64Array(players)
  const product = new Float64Array(players)
  const square = new Float64Array(players)
  let [n, scores, squares] = [0, 0, 0]
  for (let i = 0; i < rows; i++) {
    const w = weights ? weights[i]! : 1
    if (w === 0) continue
    let score = 0
    for (let p = 0; p < players; p++) score += points[p * rows + i]!
    n += w
    scores += w * score
    squares += w * score * score
    for (let p = 0; p < players; p++) {
      const value = points[p * rows + i]!
      absolute[p]! += w * Math.abs(value)
      mean[p]! += w * value
      square[p]! += w * value * value
      product[p]! += w * value * score
    }
  }
  const all = absolute.reduce((a, b) => a + b, 0)
  const variance = squares / n - (scores / n) ** 2
  // What is left of a constant score is rounding.
  const defined = variance > 1e-12 * Math.max(squares / n, 1e-300)
  const out = new Float64Array(2 * players)
  for (let p = 0; p < players; p++) {
    out[p] = absolute[p]! / all
    out[players + p] = defined ? (product[p]! / n - (mean[p]! / n) * (scores / n)) / variance : Number.NaN
  }
  return out
}

/**
 * Effective weights with intervals over persons.
 * @param table points of each player (dimension) on each row; those of a row add up to its score less the base
 */
export const effectiveWeights = (table: PointTable, persons: Persons): EffectiveWeights => {
  const all = overPersons((w) => weightsOfPlayers(table, w), persons)
  return { share: all.slice(0, table.players), covariance: all.slice(table.players) }
}

/**
 * Half of the sum of absolute differences between declared weights and shares of the points (total variation distance): the part of the weight that lies
 * elsewhere than declared. A dimension for which nothing is declared counts as declared 0.
 * @returns null where nothing is declared at all
 */
export const distanceOf = (
  table: PointTable,
  declared: readonly (number | null)[],
  persons: Persons,
): Bounds | null => {
  if (declared.every((weight) => weight === null)) return null
  const distance = (w?: Float64Array): number => {
    const shares = weightsOfPlayers(table, w)
    return declared.reduce<number>((sum, weight, p) => sum + Math.abs((weight ?? 0) - shares[p]!), 0) / 2
  }
  return overPersons((w) => [distance(w)], persons)[0]!
}

/** The points of some rows. */
export const takePoints = ({ players, rows, points }: PointTable, at: ArrayLike<number>): PointTable => {
  const out = new Float64Array(players * at.length)
  for (let p = 0; p < players; p++)
    for (let k = 0; k < at.length; k++) out[p * at.length + k] = points[p * rows + at[k]!]!
  return { players, rows: at.length, points: out }
}
