import { orderByScore } from './auc.ts'
import type { Interval } from './bootstrap.ts'
import { normalQuantile } from './normal.ts'
import { onLogOdds } from './onLogOdds.ts'
import { studentQuantile } from './studentQuantile.ts'
import { wilson } from './wilson.ts'

/** How many standard errors the interval is wide: those of the normal, or of Student's t for the persons of the rarer outcome less one. */
export type ReachQuantile = 'normal' | 'student'

/**
 * AUC with an interval by formula, where a bootstrap would take too long: DeLong, DeLong & Clarke-Pearson 1988
 * (doi:10.2307/2531595) with the ranks of Sun & Xu 2014 (doi:10.1109/LSP.2014.2337313), for rows of one person with the sums over
 * persons of Obuchowski 1997 (doi:10.2307/2533958). The interval is symmetric on the scale of log-odds, so it stays within 0..1.
 *
 * @param scores greater = riskier; @param target 1 = bad, 0 = good
 * @param groups person of each row, as text or number; absent: every row is a person
 * @param level coverage, between 0 and 1
 * @param quantile `student` where persons of an outcome are few and the variance comes from them
 * @returns NaN for all three when either outcome is absent, and for the ends when all rows of one are of one person
 */
export const delongInterval = (
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  groups?: ArrayLike<string | number> | undefined,
  level = 0.95,
  quantile: ReachQuantile = 'normal',
): Interval => {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN }
  const placed = placements(scores, target)
  if (!placed) return none
  const { placement, bads } = placed
  let wins = 0
  for (let i = 0; i < placement.length; i++) if (target[i]) wins += placement[i]!
  const value = wins / bads
  const { variance, fewest } = varianceOf(placed, value, target, groups)
  if (Number.isNaN(variance)) return { ...none, value }
  return { value, ...ends(value, variance, fewest, level, quantile) }
}

/** Placements of rows, or differences of them, and the rows of both outcomes. */
interface Placed {
  placement: Float64Array
  goods: number
  bads: number
}

/** Variance of the mean placement of bad rows, NaN with fewer than two persons of an outcome, and the persons of the rarer one. */
const varianceOf = (
  { placement, goods, bads }: Placed,
  value: number,
  target: ArrayLike<number>,
  groups: ArrayLike<string | number> | undefined,
): { variance: number; fewest: number } => {
  // Sums by person of what each row adds beyond the mean, bad and good rows apart.
  const persons = new Map<string | number, { bad: number; good: number; hasBad: boolean; hasGood: boolean }>()
  for (let i = 0; i < placement.length; i++) {
    const id = groups ? groups[i]! : i
    let sum = persons.get(id)
    if (!sum) {
      sum = { bad: 0, good: 0, hasBad: false, hasGood: false }
      persons.set(id, sum)
    }
    if (target[i]) {
      sum.bad += placement[i]! - value
      sum.hasBad = true
    } else {
      sum.good += placement[i]! - value
      sum.hasGood = true
    }
  }
  let [badPersons, goodPersons] = [0, 0]
  let [badSquares, goodSquares, products] = [0, 0, 0]
  for (const { bad, good, hasBad, hasGood } of persons.values()) {
    badSquares += bad * bad
    goodSquares += good * good
    products += bad * good
    if (hasBad) badPersons++
    if (hasGood) goodPersons++
  }
  const fewest = Math.min(badPersons, goodPersons)
  if (fewest < 2) return { variance: Number.NaN, fewest }
  const [m, n, all] = [badPersons, goodPersons, persons.size]
  const variance =
    ((m / (m - 1)) * badSquares) / (bads * bads) +
    ((n / (n - 1)) * goodSquares) / (goods * goods) +
    ((2 * all) / (all - 1)) * (products / (bads * goods))
  return { variance, fewest }
}

/**
 * The fall of AUC from one ranking of rows to others, each compared with the first: the mean of the differences over the others, and its
 * standard error from drawing the persons (paired, DeLong's; see delongInterval).
 *
 * @param others at least one
 * @returns NaN where an outcome is absent; the error also where all rows of one are of one person
 */
export const aucFalls = (
  scores: ArrayLike<number>,
  others: readonly ArrayLike<number>[],
  target: ArrayLike<number>,
  groups?: ArrayLike<string | number> | undefined,
): { falls: number[]; error: number; fewest: number } => {
  const first = placements(scores, target)
  if (!first) return { falls: others.map(() => Number.NaN), error: Number.NaN, fewest: 0 }
  const meanOfBad = (placement: Float64Array): number => {
    let sum = 0
    for (let i = 0; i < placement.length; i++) if (target[i]) sum += placement[i]!
    return sum / first.bads
  }
  const value = meanOfBad(first.placement)
  const placement = new Float64Array(first.placement.length)
  const falls = others.map((other) => {
    const its = placements(other, target)!.placement
    for (let i = 0; i < placement.length; i++) placement[i]! += (first.placement[i]! - its[i]!) / others.length
    return value - meanOfBad(its)
  })
  const { variance, fewest } = varianceOf({ ...first, placement }, meanOfBad(placement), target, groups)
  return { falls, error: Math.sqrt(Math.max(0, variance)), fewest }
}

/**
 * For a bad row the share of goods with a smaller score, for a good row the share of bads with a greater one, ties by half.
 */
const placements = (scores: ArrayLike<number>, target: ArrayLike<number>): Placed | undefined => {
  const { order, tieEnds } = orderByScore(scores)
  let bads = 0
  for (const i of order) if (target[i]) bads++
  const goods = order.length - bads
  if (bads === 0 || goods === 0) return undefined
  const placement = new Float64Array(order.length)
  let [goodBelow, badBelow, p] = [0, 0, 0]
  for (const end of tieEnds) {
    let badHere = 0
    for (let q = p; q < end; q++) if (target[order[q]!]) badHere++
    const goodHere = end - p - badHere
    for (; p < end; p++) {
      const i = order[p]!
      placement[i] = target[i] ? (goodBelow + goodHere / 2) / goods : (bads - badBelow - badHere / 2) / bads
    }
    goodBelow += goodHere
    badBelow += badHere
  }
  return { placement, goods, bads }
}

const ends = (
  value: number,
  variance: number,
  fewest: number,
  level: number,
  quantile: ReachQuantile,
): { low: number; high: number } => {
  if (value === 0 || value === 1) {
    // No pair in the other order: as much is known as of a share of 0 or 1 among the persons of the rarer outcome.
    const { low, high } = wilson(value * fewest, fewest, level)
    return { low, high }
  }
  const p = (1 + level) / 2
  const errors = quantile === 'student' ? studentQuantile(p, fewest - 1) : normalQuantile(p)
  return onLogOdds(value, (errors * Math.sqrt(Math.max(0, variance))) / (value * (1 - value)))
}
