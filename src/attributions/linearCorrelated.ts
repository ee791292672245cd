/**
 * Attributions of a linear model that know its columns are correlated: observational (conditional) Shapley values. The value of a coalition
 * is what the model is expected to say when the coalition's columns are known and the others are what usually goes with them, under a normal
 * distribution of the background (Aas, Jullum & Loland 2021, doi:10.1016/j.artint.2021.103502; for linear models Chen, Janizek, Lundberg &
 * Lee 2020, arXiv:2006.16234). A column that the model does not read may be given a share for what it tells of others; `linear.ts` has the
 * values that never do that.
 */
import { checkArray, checkRecord } from '../kernels/checkInput.ts'
import { addGaussianOrder, gaussianWeights, KnownColumns } from '../kernels/shap/gaussianGame.ts'
import { studentQuantile } from '../metrics/studentQuantile.ts'
import { checkRandom } from '../models/checkFit.ts'
import { checkNames, checkNumber } from '../models/checkOptions.ts'
import type { LinearModel } from '../models/model.ts'
import { usageError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'
import type { GaussianBackground } from './gaussianBackground.ts'
import { checkPlayers, type PlayerColumns } from './playerColumns.ts'
import { checkAllFinite, columnsOf, type RowBlock } from './rowBlock.ts'

/** Players of the game, and how many coalitions are looked at. */
export interface CorrelatedOptions extends PlayerColumns {
  /** up to so many players all coalitions are enumerated; 0..20, default 16 */
  enumerateUpTo?: number
  /** orders drawn beyond that, in pairs of an order and its reverse, rounded up to a multiple of 64; default 1,024 */
  permutations?: number
  /** for the orders: `fork('order', k)` is the k-th pair; only needed beyond enumeration */
  random?: Random
}

/** Shapley values of rows: base + those of a row = the margin. */
export interface CorrelatedValues {
  /** players x rows, player-major: values[p * rows + i] */
  values: Float64Array
  /** of each value, from the orders drawn; null where all coalitions were enumerated and there is none */
  standardErrors: Float64Array | null
  /** 95 % intervals with Student's t; null where there is no error */
  low: Float64Array | null
  high: Float64Array | null
}

/** The game of one linear model against one background, for any rows. */
export interface CorrelatedGame {
  /** margin of the mean of the background */
  readonly base: number
  readonly players: number
  /** false: orders were drawn */
  readonly exact: boolean
  /** orders drawn, 0 where exact */
  readonly permutations: number
  /** players x columns, row-major: value of a player = its row times (row - means). Its columns sum to the coefficients */
  readonly weights: Float64Array
  /** @throws GlasscoreError('usage') for rows of another width, ('data') for missing or infinite values */
  of(rows: RowBlock): CorrelatedValues
}

/** Batches of orders whose spread is the error; the interval is Student's with one degree less. */
const BATCHES = 32
const LEVEL = 0.95

const checkModel = (model: Pick<LinearModel, 'intercept' | 'coefficients'>, background: GaussianBackground): number => {
  checkRecord('model', model, 'a linear model: intercept and coefficients')
  checkArray('model.coefficients', model.coefficients, 'Float64Array')
  checkNumber('model.intercept', model.intercept, {})
  checkRecord('background', background, 'a background, from gaussianBackground')
  checkArray('background.means', background.means, 'Float64Array')
  checkArray('background.covariance', background.covariance, 'Float64Array')
  const columns = model.coefficients.length
  if (background.means.length !== columns || background.covariance.length !== columns * columns)
    throw usageError('the background has other columns than the model', {
      option: 'background',
      expected: `${columns} means and ${columns} x ${columns} covariances`,
      got: `${background.means.length} and ${background.covariance.length}`,
    })
  return columns
}

/** weights x (rows - means), players x rows. */
const applyWeights = (weights: Float64Array, means: Float64Array, { values, rows }: RowBlock): Float64Array => {
  const columns = means.length
  const players = weights.length / columns
  const out = new Float64Array(players * rows)
  for (let p = 0; p < players; p++)
    for (let j = 0; j < columns; j++) {
      const weight = weights[p * columns + j]!
      if (weight === 0) continue
      for (let i = 0; i < rows; i++) out[p * rows + i]! += weight * (values[j * rows + i]! - means[j]!)
    }
  return out
}

/**
 * Prepares the game: exactly up to `enumerateUpTo` players, else over drawn orders, each with its reverse (antithetic pairs; Mitchell,
 * Cooper, Frank & Holmes 2022, JMLR 23). Orders are shared by all rows, so errors of different rows go together; each is right for its row.
 *
 * @param model margin = intercept + sum of coefficient x column
 * @param background from `gaussianBackground`, of the same columns
 * @throws GlasscoreError('usage') for what does not fit the model, for a covariance that is not positive definite, and when orders are to be
 *   drawn without `random`
 */
export const correlatedGame = (
  model: Pick<LinearModel, 'intercept' | 'coefficients'>,
  background: GaussianBackground,
  options: CorrelatedOptions = {},
): CorrelatedGame => {
  checkNames<CorrelatedOptions>(options, {
    playerOfColumn: true,
    players: true,
    enumerateUpTo: true,
    permutations: true,
    random: true,
  })
  const columns = checkModel(model, background)
  const { playerOfColumn, players } = checkPlayers(options, columns)
  const { coefficients, intercept } = model
  const { means, covariance } = background
  const { enumerateUpTo = 16, permutations = 1024, random } = options
  checkNumber('enumerateUpTo', enumerateUpTo, { min: 0, max: 20, whole: true })
  checkNumber('permutations', permutations, { min: 1, max: 2 ** 31, whole: true })
  const game = { coefficients, covariance, playerOfColumn, players }
  const base = coefficients.reduce((sum, beta, j) => sum + beta * means[j]!, intercept)
  const checked = (rows: RowBlock): RowBlock => {
    const width = columnsOf('rows', rows)
    if (width !== columns)
      throw usageError('rows have other columns than the model', {
        option: 'rows',
        expected: columns.toString(),
        got: width,
      })
    checkAllFinite('rows', rows)
    return rows
  }
  if (players <= enumerateUpTo) {
    const weights = gaussianWeights(game)
    const of = (rows: RowBlock): CorrelatedValues => ({
      values: applyWeights(weights, means, checked(rows)),
      standardErrors: null,
      low: null,
      high: null,
    })
    return { base, players, exact: true, permutations: 0, weights, of }
  }
  if (random === undefined)
    throw usageError('orders of so many players are drawn', {
      option: 'random',
      expected: `a stream of random numbers, as random(1), for more than ${enumerateUpTo} players`,
      got: random,
    })
  checkRandom(random)
  const pairs = Math.ceil(permutations / 2 / BATCHES)
  const batches = drawBatches(game, pairs, random)
  const weights = new Float64Array(players * columns)
  for (const batch of batches) for (let k = 0; k < weights.length; k++) weights[k]! += batch[k]! / BATCHES
  const of = (rows: RowBlock): CorrelatedValues => withErrors(weights, batches, means, checked(rows))
  return { base, players, exact: false, permutations: 2 * pairs * BATCHES, weights, of }
}

/** Means of weights over the pairs of each batch. */
const drawBatches = (
  game: ConstructorParameters<typeof KnownColumns>[0],
  pairs: number,
  random: Random,
): Float64Array[] => {
  const { players, coefficients } = game
  const known = new KnownColumns(game)
  return Array.from({ length: BATCHES }, (_, b) => {
    const weights = new Float64Array(players * coefficients.length)
    for (let k = 0; k < pairs; k++) {
      const order = random.fork('order', b * pairs + k).shuffle(Int32Array.from({ length: players }, (_, p) => p))
      addGaussianOrder(known, order, weights, 1 / (2 * pairs))
      addGaussianOrder(known, order.reverse(), weights, 1 / (2 * pairs))
    }
    return weights
  })
}

const withErrors = (
  weights: Float64Array,
  batches: readonly Float64Array[],
  means: Float64Array,
  rows: RowBlock,
): CorrelatedValues => {
  const values = applyWeights(weights, means, rows)
  const squares = new Float64Array(values.length)
  for (const batch of batches) {
    const own = applyWeights(batch, means, rows)
    for (let k = 0; k < own.length; k++) squares[k]! += (own[k]! - values[k]!) ** 2
  }
  const standardErrors = squares.map((sum) => Math.sqrt(sum / (BATCHES - 1) / BATCHES))
  const wide = studentQuantile((1 + LEVEL) / 2, BATCHES - 1)
  return {
    values,
    standardErrors,
    low: values.map((value, k) => value - wide * standardErrors[k]!),
    high: values.map((value, k) => value + wide * standardErrors[k]!),
  }
}
