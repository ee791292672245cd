/** What explanations of any model by sampling share: options, background, the sum of draws with their errors. */
import { checkRun, checkWhole } from '../kernels/checkInput.ts'
import { studentQuantile } from '../metrics/studentQuantile.ts'
import { checkRandom } from '../models/checkFit.ts'
import { checkNumber } from '../models/checkOptions.ts'
import { interruptedError, usageError } from '../util/errors.ts'
import type { WorkOptions } from '../util/progress.ts'
import type { Random } from '../util/random.ts'
import { byRow } from './byRow.ts'
import { type DrawnBackground, drawBackground } from './drawnBackground.ts'
import { checkPlayers, type PlayerColumns } from './playerColumns.ts'
import { ask, type Predict } from './predict.ts'
import { columnsOf, type RowBlock } from './rowBlock.ts'

/** How any model is asked. */
export interface AskingOptions extends PlayerColumns, WorkOptions {
  /** rows that the model is asked for together, at most; default 8,192. No value depends on it */
  batchRows?: number
}

/** Options of every explanation by sampling. */
export interface SamplingOptions extends AskingOptions {
  /** the background is drawn from `fork('background')`, row i from `fork('row', from + i)`: a row has the same values in any block of rows */
  random: Random
  /** predictions for each explained row, at most (of background rows and the rows themselves not counted) */
  budget?: number
  /** position of the first row among all that are explained; default 0 */
  from?: number
  /** coverage of the intervals, between 0.5 and 1; default 0.95 */
  level?: number
  /** false: sample even where enumerating all coalitions would take no more predictions; default true */
  enumerate?: boolean
}

export const ASKING_OPTIONS = {
  playerOfColumn: true,
  players: true,
  batchRows: true,
  progress: true,
  signal: true,
} as const

export const SAMPLING_OPTIONS = {
  ...ASKING_OPTIONS,
  random: true,
  budget: true,
  from: true,
  level: true,
  enumerate: true,
} as const

/** Shapley values of rows with their errors. base + values of a row = its output, to rounding. */
export interface SampledValues {
  /** mean output over the background rows that were used: the same for all rows explained */
  base: number
  /** output of each row explained */
  outputs: Float64Array
  /** players x rows, player-major: values[p * rows + i] */
  values: Float64Array
  /** standard error of each value; 0 where all coalitions were enumerated */
  standardErrors: Float64Array
  /** interval of each value by Student's t */
  low: Float64Array
  high: Float64Array
  /** coverage of the interval */
  level: number
  /** all coalitions against all background rows: no error */
  exact: boolean
  /** pairs of antithetic draws for each row; 0 where exact */
  pairs: number
  /** positions of the background rows that were used */
  backgroundRows: Int32Array
  /** predictions for each row explained, but for its own and those of the background */
  predictions: number
}

/** Model, rows, background and players, checked. */
export interface Asking extends Required<PlayerColumns> {
  predict: Predict
  columns: number
  /** rows explained, a row at a time */
  rows: Float64Array[]
  /** rows of the background, all of them */
  background: Float64Array[]
  batchRows: number
  signal: AbortSignal | undefined
  progress: NonNullable<WorkOptions['progress']> | undefined
}

/** @throws GlasscoreError('usage') for options and rows that do not fit */
export const checkAsking = (predict: Predict, rows: RowBlock, background: RowBlock, options: AskingOptions): Asking => {
  checkRun(options)
  if (typeof predict !== 'function')
    throw usageError('there is no model to ask', {
      option: 'predict',
      expected: 'a function of values and rows',
      got: typeof predict,
    })
  const columns = columnsOf('background', background)
  const width = columnsOf('rows', rows)
  if (width !== columns)
    throw usageError('rows and background differ in columns', {
      option: 'rows',
      expected: `${columns} columns`,
      got: width,
    })
  const { batchRows = 8192, signal, progress } = options
  checkNumber('batchRows', batchRows, { min: 1, max: 2 ** 31, whole: true })
  return {
    predict,
    columns,
    ...checkPlayers(options, columns),
    rows: byRow(rows.values, rows.rows),
    background: byRow(background.values, background.rows),
    batchRows,
    signal,
    progress,
  }
}

/** Coverage of intervals where nothing else is asked for. */
export const DEFAULT_LEVEL = 0.95

/** @throws GlasscoreError('usage') for options of sampling that do not fit */
export const checkSampling = ({ random, from, level, budget }: SamplingOptions): void => {
  checkRandom(random)
  if (from !== undefined) checkWhole('from', from)
  if (level !== undefined) checkNumber('level', level, { min: 0.5, max: 0.9999 })
  if (budget !== undefined) checkWhole('budget', budget, 1)
}

/** Outputs of some rows, batch by batch. */
export const outputsOf = async (job: Asking, rows: readonly Float64Array[]): Promise<Float64Array> => {
  const outputs = new Float64Array(rows.length)
  for (let first = 0; first < rows.length; first += job.batchRows) {
    const some = rows.slice(first, first + job.batchRows)
    const values = new Float64Array(some.length * job.columns)
    some.forEach((row, i) => {
      for (let j = 0; j < job.columns; j++) values[j * some.length + i] = row[j]!
    })
    outputs.set(await ask(job.predict, values, some.length), first)
  }
  return outputs
}

/** Draws of one row: pairs x players, and what was already taken off their degrees of freedom. */
export interface RowDraws {
  draws: Float64Array
  /** parameters that the draws were fitted with, besides their mean */
  fitted: number
}

/** A row to explain, its stream, and what the model says of it and of the background rows in use. */
export interface ExplainedRow {
  row: Float64Array
  output: number
  stream: Random
  drawn: DrawnBackground
  /** output of each background row in use, in the order of `drawn.rows` */
  outputs: Float64Array
}

/** Background row of a draw: draws go round the rows in use. */
export const placeOfDraw = ({ rows }: DrawnBackground, draw: number): number => draw % rows.length

/** Draws for all rows, one row at a time, and their means with errors. */
export const sampleRows = async (
  job: Asking,
  options: SamplingOptions,
  wanted: number,
  predictionsOfPair: number,
  drawsOf: (explained: ExplainedRow) => Promise<RowDraws>,
): Promise<SampledValues> => {
  const { random, from = 0, level = DEFAULT_LEVEL } = options
  const { players } = job
  const count = job.rows.length
  const drawn = drawBackground(job.background.length, wanted, random)
  const pairs = drawn.rows.length * drawn.each
  if (pairs < 2)
    throw usageError('one pair of draws has no error', { option: 'budget', expected: 'two pairs or more', got: pairs })
  const outputs = await outputsOf(
    job,
    Array.from(drawn.rows, (i) => job.background[i]!),
  )
  const own = await outputsOf(job, job.rows)
  const result: SampledValues = {
    base: outputs.reduce((sum, output) => sum + output, 0) / outputs.length,
    outputs: own,
    values: new Float64Array(players * count),
    standardErrors: new Float64Array(players * count),
    low: new Float64Array(players * count),
    high: new Float64Array(players * count),
    level,
    exact: false,
    pairs,
    backgroundRows: drawn.rows,
    predictions: pairs * predictionsOfPair,
  }
  const quantileAt = quantilesOf((1 + level) / 2)
  for (let i = 0; i < count; i++) {
    if (job.signal?.aborted) throw interruptedError()
    const stream = random.fork('row', from + i)
    const { draws, fitted } = await drawsOf({ row: job.rows[i]!, output: own[i]!, stream, drawn, outputs })
    placeMeans(result, draws, fitted, drawn, quantileAt, i)
    job.progress?.('explain', i + 1, count)
  }
  return result
}

/**
 * Means of draws with their errors: of the spread between draws, or of that within background rows where all rows are in use. Rows whose
 * draws spread more count for more, so degrees of freedom are those of Satterthwaite 1946, doi:10.2307/3002019.
 */
const placeMeans = (
  result: SampledValues,
  draws: Float64Array,
  fitted: number,
  drawn: DrawnBackground,
  quantileAt: (freedom: number) => number,
  i: number,
): void => {
  const rows = result.outputs.length
  const players = result.values.length / rows
  const pairs = draws.length / players
  const strata = drawn.each > 1 ? drawn.rows.length : 1
  const each = pairs / strata
  // What is left of the freedom when parameters have been fitted to the draws.
  const left = (pairs - strata - fitted) / (pairs - strata)
  const means = new Float64Array(strata)
  const squares = new Float64Array(strata)
  for (let p = 0; p < players; p++) {
    means.fill(0)
    squares.fill(0)
    for (let d = 0; d < pairs; d++) means[d % strata]! += draws[d * players + p]! / each
    for (let d = 0; d < pairs; d++) squares[d % strata]! += (draws[d * players + p]! - means[d % strata]!) ** 2
    let value = 0
    let sum = 0
    let fourth = 0
    for (let s = 0; s < strata; s++) {
      value += means[s]! / strata
      sum += squares[s]!
      fourth += squares[s]! ** 2
    }
    const error = Math.sqrt(sum / (strata * (each - 1)) / left / pairs)
    const freedom = fourth > 0 ? ((sum * sum) / fourth) * (each - 1) * left : 1
    const wide = quantileAt(Math.max(1, Math.floor(freedom)))
    const at = p * rows + i
    result.values[at] = value
    result.standardErrors[at] = error
    result.low[at] = value - wide * error
    result.high[at] = value + wide * error
  }
}

/** Student's quantiles of one probability by whole degrees of freedom, each worked out once. */
const quantilesOf = (p: number): ((freedom: number) => number) => {
  const known = new Map<number, number>()
  return (freedom) => {
    const quantile = known.get(freedom) ?? studentQuantile(p, freedom)
    known.set(freedom, quantile)
    return quantile
  }
}
