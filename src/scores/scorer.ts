/**
 * A scorer is everything that turns a person's factors into a score, as data: encoding, model, calibration, scale. It is
 * what a model file holds.
 */
import type { Pool, PoolRun } from '../kernels/pool.ts'
import { applyEncoding } from '../matrix/encode.ts'
import { heldFor, heldIn } from '../matrix/factorValues.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import type { Encoding, Matrix } from '../matrix/matrix.ts'
import { type Calibration, calibratedLogOdds, calibratedProbability } from '../models/calibrate.ts'
import { margin, marginOn } from '../models/margin.ts'
import type { Model } from '../models/model.ts'
import { type BandName, bandOf } from '../schema/score.ts'
import { GlasscoreError } from '../util/errors.ts'
import { clampScore, rawScoreOf, roundHalfUp, type Scale } from './scale.ts'

/**
 * Everything between a row of factors and its score: what `saveModel` writes and `loadModel` reads. Immutable data.
 * score = scale(calibration(model(encoding(factors)))).
 */
export interface Scorer {
  /** in tables of scores and receipts; not empty */
  readonly name: string
  /** what was learned; its output is the margin, log-odds of bad */
  readonly model: Model
  /** factors to columns, fitted on the training rows; one coefficient or split column of the model a column */
  readonly encoding: Encoding
  /** margin to calibrated log-odds, fitted on rows that the model had not seen */
  readonly calibration: Calibration
  /** calibrated log-odds to points */
  readonly scale: Scale
  /** plain JSON: seed, options, rows, bads, outcome definition, hash of the features, warnings, package version */
  readonly training: Record<string, unknown>
}

/** Scores of many rows, in the order of the rows. */
export interface Scores {
  /** log-odds of bad as the model sees them, before calibration */
  margin: Float64Array
  /** calibrated probability of bad, 0..1 */
  probability: Float64Array
  /** score before rounding and clamping */
  rawScore: Float64Array
  /** rounded half up, then clamped to the scale */
  score: Int32Array
  /** by `bandOf` */
  band: BandName[]
  /** rows whose score the clamp changed */
  clamped: number
}

/** Raw scores of margins: the one path from a model's output to points, for scores and for their explanation. */
export const rawScoresOfMargins = (
  { calibration, scale }: Pick<Scorer, 'calibration' | 'scale'>,
  margins: Float64Array,
): Float64Array => calibratedLogOdds(calibration, margins).map((logOdds) => rawScoreOf(scale, logOdds))

/** Scores of encoded rows; `x` must have been made by the scorer's own encoding. */
export const scoreMatrix = (scorer: Scorer, x: Matrix): Scores => scoresOfMargins(scorer, margin(scorer.model, x))

/** The same on a pool, to the bit. */
export const scoreMatrixOn = async (scorer: Scorer, x: Matrix, pool: Pool, run?: PoolRun): Promise<Scores> =>
  scoresOfMargins(scorer, await marginOn(scorer.model, x, pool, run))

const scoresOfMargins = (scorer: Scorer, margins: Float64Array): Scores => {
  const rows = margins.length
  const rawScore = rawScoresOfMargins(scorer, margins)
  const score = new Int32Array(rows)
  const band: BandName[] = new Array(rows)
  let clamped = 0
  for (let i = 0; i < rows; i++) {
    if (Number.isNaN(rawScore[i]!))
      throw new GlasscoreError('internal', `model ${scorer.name} gave no number`, { row: i, got: margins[i]! })
    const rounded = roundHalfUp(rawScore[i]!)
    const kept = clampScore(scorer.scale, rounded)
    if (kept !== rounded) clamped++
    score[i] = kept
    band[i] = bandOf(kept)
  }
  return {
    margin: margins,
    probability: calibratedProbability(scorer.calibration, margins),
    rawScore,
    score,
    band,
    clamped,
  }
}

/**
 * The columns of a scorer's encoding for a frame.
 * @throws GlasscoreError('data') naming every factor that the encoding needs and the frame lacks or holds as another kind
 */
export const encodeFor = (scorer: Scorer, frame: FactorFrame): Matrix => {
  const { factors, columns } = scorer.encoding
  const needed = [...new Set(columns.map((column) => column.factor))].map((index) => factors[index]!)
  const absent = needed.filter(({ name }) => heldIn(frame, name) === null)
  const other = needed.filter((factor) => ![null, heldFor(factor)].includes(heldIn(frame, factor.name)))
  if (absent.length + other.length > 0) {
    const kinds = other.map((f) => `${f.name} (${f.kind} in the model, ${heldIn(frame, f.name)} in the table)`)
    const faults = [
      absent.length > 0 &&
        `the table lacks factors that model ${scorer.name} needs: ${absent.map(({ name }) => name).join(', ')}`,
      kinds.length > 0 &&
        `factors that model ${scorer.name} needs are of another kind in the table: ${kinds.join(', ')}`,
    ]
    throw new GlasscoreError('data', faults.filter(Boolean).join('; '), {
      expected: `all ${needed.length} factors of the model`,
      got: `${needed.length - absent.length - other.length} of them`,
    })
  }
  return applyEncoding(scorer.encoding, frame)
}

/**
 * Scores every row of a frame.
 * @throws GlasscoreError('data') when the frame lacks a factor of the model or holds it as another kind
 */
export const scoreFrame = (scorer: Scorer, frame: FactorFrame): Scores => scoreMatrix(scorer, encodeFor(scorer, frame))

/**
 * The same on a pool, to the bit: for many rows.
 * @throws as scoreFrame; GlasscoreError('interrupted') when the signal is raised, ('memory') when the trees do not fit
 */
export const scoreFrameOn = (scorer: Scorer, frame: FactorFrame, pool: Pool, run?: PoolRun): Promise<Scores> =>
  scoreMatrixOn(scorer, encodeFor(scorer, frame), pool, run)
