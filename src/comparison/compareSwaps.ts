/**
 * Swap sets: whom a change of model would approve and refuse, and how good these are. Held-out rows alone tell it, since
 * only of them the outcome is known to the comparison and not to the models.
 */
import { type Interval, quantile } from '../metrics/bootstrap.ts'
import { ShareTally } from '../metrics/personShare.ts'
import { SCORE_MAX, SCORE_MIN } from '../schema/score.ts'

/** Rows that two models treat in one of four ways. */
export interface SwapCell {
  rows: number
  bads: number
  /** share of bads with its 95 % Wilson interval over persons, see `personShare`; null without rows */
  badRate: Interval | null
}

/** Two models at their cutoffs; approved is who has at least the cutoff. */
export interface SwapSet {
  /** one above the highest score there is: nobody */
  cutoffA: number
  cutoffB: number
  approvedA: number
  approvedB: number
  both: SwapCell
  onlyA: SwapCell
  onlyB: SwapCell
  neither: SwapCell
  /**
   * bad rate of those whom only a approves less that of those whom only b approves: below 0 a chooses better. 95 % interval from
   * the two Wilson intervals (Newcombe 1998, method 10, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I);
   * null where either is empty
   */
  badRateDifference: Interval | null
}

/** Score by a less score by b, in points, over all rows. */
export interface ScoreDifference {
  mean: number
  /** 5, 50 and 95 % of the rows lie below */
  low: number
  median: number
  high: number
  /** share of rows on the same side of the cutoff by both */
  agreement: number
}

/** What happens if b is replaced by a, or the other way round. */
export interface Swap {
  a: string
  b: string
  /** both at the cutoff */
  sameCutoff: SwapSet
  /** b at the cutoff, a at the score that approves about as many: calibrations may differ, and then so does what a score means */
  sameApproval: SwapSet
  scores: ScoreDifference
}

/** A model's whole scores on the rows that are compared. */
export interface ScoredModel {
  name: string
  score: Int32Array
}

/** The rows that every model was measured on. */
export interface SwapRows {
  personId: readonly string[]
  /** 1 = bad */
  target: Uint8Array
}

const cellOf = ({ personId, target }: SwapRows, rows: readonly number[]): SwapCell => {
  const tally = new ShareTally()
  for (const i of rows) tally.add(personId[i]!, target[i]!)
  return { rows: tally.rows, bads: tally.hits, badRate: tally.share() }
}

/** Difference of two shares of different people, from their own intervals. */
export const shareDifference = (a: Interval, b: Interval): Interval => {
  const value = a.value - b.value
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  }
}

const swapSet = (rows: SwapRows, a: Int32Array, cutoffA: number, b: Int32Array, cutoffB: number): SwapSet => {
  const cells: [number[], number[], number[], number[]] = [[], [], [], []]
  for (let i = 0; i < a.length; i++) cells[(a[i]! >= cutoffA ? 0 : 2) + (b[i]! >= cutoffB ? 0 : 1)]!.push(i)
  const [both, onlyA, onlyB, neither] = cells
  const [alone, other] = [cellOf(rows, onlyA), cellOf(rows, onlyB)]
  return {
    cutoffA,
    cutoffB,
    approvedA: both.length + onlyA.length,
    approvedB: both.length + onlyB.length,
    both: cellOf(rows, both),
    onlyA: alone,
    onlyB: other,
    neither: cellOf(rows, neither),
    badRateDifference: alone.badRate && other.badRate && shareDifference(alone.badRate, other.badRate),
  }
}

/** The whole score at which about `approved` rows are approved; of two equally near ones the higher. */
export const cutoffApproving = (score: Int32Array, approved: number): number => {
  const at = new Int32Array(SCORE_MAX - SCORE_MIN + 2)
  for (const s of score) at[s - SCORE_MIN]!++
  let count = 0
  let best = { cutoff: SCORE_MAX + 1, distance: approved }
  for (let cutoff = SCORE_MAX; cutoff >= SCORE_MIN; cutoff--) {
    count += at[cutoff - SCORE_MIN]!
    const distance = Math.abs(count - approved)
    if (distance < best.distance) best = { cutoff, distance }
  }
  return best.cutoff
}

const scoreDifference = (a: Int32Array, b: Int32Array, cutoff: number): ScoreDifference => {
  const differences = Float64Array.from(a, (s, i) => s - b[i]!)
  const sum = differences.reduce((x, y) => x + y, 0)
  let same = 0
  for (let i = 0; i < a.length; i++) if (a[i]! >= cutoff === b[i]! >= cutoff) same++
  differences.sort()
  return {
    mean: sum / a.length,
    low: quantile(differences, 0.05),
    median: quantile(differences, 0.5),
    high: quantile(differences, 0.95),
    agreement: same / a.length,
  }
}

/**
 * The swap sets of two models.
 * @param cutoff a whole score, 350..950
 */
export const swapOf = (rows: SwapRows, a: ScoredModel, b: ScoredModel, cutoff: number): Swap => {
  const sameCutoff = swapSet(rows, a.score, cutoff, b.score, cutoff)
  const own = cutoffApproving(a.score, sameCutoff.approvedB)
  return {
    a: a.name,
    b: b.name,
    sameCutoff,
    sameApproval: swapSet(rows, a.score, own, b.score, cutoff),
    scores: scoreDifference(a.score, b.score, cutoff),
  }
}
