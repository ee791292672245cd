/**
 * Receipts: scores as sums of whole points. base + points of all factors + scale limit = score, in every row; and the same
 * with the dimensions in the place of the factors.
 */
import { clampScore, roundHalfUp } from '../scores/scale.ts'
import { usageError } from '../util/errors.ts'
import type { Explanation } from './explanation.ts'
import { LargestRemainder } from './largestRemainder.ts'

/** Receipts of many rows, in columns: an `Explanation` in whole points. */
export interface Receipts
  extends Pick<Explanation, 'model' | 'rows' | 'semantics' | 'backgroundId' | 'link' | 'dimensions'> {
  /** the rounded base: one whole number for model, semantics and background */
  base: number
  /** names, in the order of the encoding */
  factors: readonly string[]
  /** factors x rows: points[f * rows + i] */
  points: Int32Array
  /** dimensions x rows, rounded on their own to the same score */
  dimensionPoints: Int32Array
  /** clamped minus unclamped score; 0 for scores inside the range */
  scaleLimit: Int32Array
  /** base + points + scale limit, SCORE_MIN..SCORE_MAX */
  score: Int32Array
}

/**
 * Rounds an explanation. base = floor(x + 1/2); factor points are rounded down, and the units missing to the rounded score
 * go to the factors with the largest fractions (Hamilton's method of largest remainders), ties by the order of the encoding.
 */
export const receipts = (explanation: Explanation): Receipts => {
  const { rows, rawScore, scale, factors, dimensions } = explanation
  const base = roundHalfUp(explanation.base)
  const points = new Int32Array(factors.length * rows)
  const dimensionPoints = new Int32Array(dimensions.length * rows)
  const scaleLimit = new Int32Array(rows)
  const score = new Int32Array(rows)
  const byFactor = new LargestRemainder(factors.length)
  const byDimension = new LargestRemainder(dimensions.length)
  for (let i = 0; i < rows; i++) {
    const rounded = roundHalfUp(rawScore[i]!)
    byFactor.round(explanation.points, points, i, rows, rounded - base)
    byDimension.round(explanation.dimensionPoints, dimensionPoints, i, rows, rounded - base)
    score[i] = clampScore(scale, rounded)
    scaleLimit[i] = score[i]! - rounded
  }
  return {
    model: explanation.model,
    rows,
    semantics: explanation.semantics,
    backgroundId: explanation.backgroundId,
    link: explanation.link,
    base,
    factors: factors.map((factor) => factor.name),
    points,
    dimensions,
    dimensionPoints,
    scaleLimit,
    score,
  }
}

/** Rows whose points do not add up to their score; 0 in receipts that are in order. */
export interface ReceiptCheck {
  /** rows added up */
  rows: number
  /** base + factors + scale limit differs from the score */
  failing: number
  /** base + dimensions + scale limit differs from the score */
  failingDimensions: number
  /** position of the first failing row, null when there is none */
  first: number | null
}

/**
 * Adds up every receipt again, from the numbers in it alone.
 * @throws GlasscoreError('usage') when the columns differ in length
 */
export const checkReceipts = (r: Receipts): ReceiptCheck => {
  if (r.points.length !== r.factors.length * r.rows || r.dimensionPoints.length !== r.dimensions.length * r.rows)
    throw usageError('receipts have the wrong length', {
      expected: `${r.factors.length} factors x ${r.rows} rows and ${r.dimensions.length} dimensions x ${r.rows} rows`,
      got: `${r.points.length} and ${r.dimensionPoints.length} numbers`,
    })
  const check: ReceiptCheck = { rows: r.rows, failing: 0, failingDimensions: 0, first: null }
  for (let i = 0; i < r.rows; i++) {
    const target = r.score[i]! - r.base - r.scaleLimit[i]!
    let factors = 0
    for (let f = 0; f < r.factors.length; f++) factors += r.points[f * r.rows + i]!
    let dimensions = 0
    for (let d = 0; d < r.dimensions.length; d++) dimensions += r.dimensionPoints[d * r.rows + i]!
    if (factors !== target) check.failing++
    if (dimensions !== target) check.failingDimensions++
    if ((factors !== target || dimensions !== target) && check.first === null) check.first = i
  }
  return check
}
