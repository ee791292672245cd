/**
 * Shapley values as a weighted regression on coalitions (Lundberg & Lee 2017, arXiv:1705.07874), from pairs of a coalition and its
 * complement drawn with the kernel's probabilities (Covert & Lee 2021, arXiv:2012.01536, who give paired sampling and the variance).
 */
import { choleskyLeavingOut, choleskySolve } from '../numbers/cholesky.ts'

/** Pairs of one row. */
export interface PairedCoalitions {
  players: number
  /** pairs x players: 1 for those of the coalition */
  inside: Uint8Array
  /** value of each coalition over that of the empty one */
  value: Float64Array
  /** the same of its complement */
  complement: Float64Array
  /** the same of all players */
  total: Float64Array
}

/** Probability of each size 1 .. players - 1 of a coalition, at size - 1: proportional to 1 / (size x (players - size)). */
export const sizeProbabilities = (players: number): Float64Array => {
  const odds = Float64Array.from({ length: players - 1 }, (_, k) => 1 / ((k + 1) * (players - k - 1)))
  const sum = odds.reduce((a, b) => a + b, 0)
  return odds.map((p) => p / sum)
}

/** Half less the probability that two given players are both in a coalition: what a change of one player is divided by. */
const halfLessBoth = (players: number): number => {
  const sizes = sizeProbabilities(players)
  let both = 0
  sizes.forEach((p, k) => {
    both += (p * (k + 1) * k) / (players * (players - 1))
  })
  return 0.5 - both
}

/** Pairs x players: of each pair its mean over coalition and complement, less the mean over players, over `halfLessBoth`. */
const spread = ({ players, inside }: PairedCoalitions, of: Float64Array, complement: Float64Array): Float64Array => {
  const out = new Float64Array(inside.length)
  const divisor = halfLessBoth(players)
  for (let m = 0; m < of.length; m++) {
    let size = 0
    for (let p = 0; p < players; p++) size += inside[m * players + p]!
    const half = (of[m]! - complement[m]!) / 2 / divisor
    for (let p = 0; p < players; p++) out[m * players + p] = half * (inside[m * players + p]! - size / players)
  }
  return out
}

/**
 * Draws whose mean is without bias (Covert & Lee 2021, section 3.2): the moments of coalitions are their exact ones.
 * @returns pairs x players; those of a pair sum to its total
 */
export const unbiasedDraws = (pairs: PairedCoalitions): Float64Array => {
  const { players, value, complement, total } = pairs
  if (players === 1) return total.slice()
  const draws = spread(pairs, value, complement)
  for (let m = 0; m < total.length; m++)
    for (let p = 0; p < players; p++) draws[m * players + p]! += total[m]! / players
  return draws
}

/**
 * Draws whose mean is the least squares solution whose values sum to the mean total, and whose spread is that of its linearization:
 * the solution and, for each pair, what it pulls at it.
 * @returns pairs x players; null when the pairs are too few to tell the players apart
 */
export const leastSquaresDraws = (pairs: PairedCoalitions): Float64Array | null => {
  const { players, inside, value, complement, total } = pairs
  const count = total.length
  if (players === 1) return total.slice()
  const moments = new Float64Array(players * players)
  const products = new Float64Array(players)
  for (let m = 0; m < count; m++) {
    for (let p = 0; p < players; p++) {
      const has = inside[m * players + p]!
      products[p]! += (has ? value[m]! : complement[m]!) / (2 * count)
      for (let q = 0; q <= p; q++) if (inside[m * players + q] === has) moments[p * players + q]! += 1 / (2 * count)
    }
  }
  if (choleskyLeavingOut(moments, players, 1e-9).length > 0) return null
  const mean = total.reduce((a, b) => a + b, 0) / count
  const ones = choleskySolve(moments, players, new Float64Array(players).fill(1))
  const phi = choleskySolve(moments, players, products)
  const sum = (x: Float64Array): number => x.reduce((a, b) => a + b, 0)
  const pull = (sum(phi) - mean) / sum(ones)
  for (let p = 0; p < players; p++) phi[p]! -= pull * ones[p]!
  const rest = new Float64Array(count)
  const restOfComplement = new Float64Array(count)
  for (let m = 0; m < count; m++) {
    rest[m] = value[m]!
    restOfComplement[m] = complement[m]!
    for (let p = 0; p < players; p++) {
      if (inside[m * players + p]) rest[m]! -= phi[p]!
      else restOfComplement[m]! -= phi[p]!
    }
  }
  const draws = spread(pairs, rest, restOfComplement)
  for (let p = 0; p < players; p++) {
    // Zero but for rounding: the normal equations.
    let drift = 0
    for (let m = 0; m < count; m++) drift += draws[m * players + p]! / count
    for (let m = 0; m < count; m++) draws[m * players + p]! += phi[p]! - drift + (total[m]! - mean) / players
  }
  return draws
}
