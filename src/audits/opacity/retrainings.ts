/** The audited model trained again on other samples of the same people: what it might as well have been. */
import { explain } from '../../attributions/explain.ts'
import { usedFactors } from '../../attributions/usedFactors.ts'
import { type FactorFrame, takeRows } from '../../matrix/frame.ts'
import { auc } from '../../metrics/auc.ts'
import { type CalibrationKind, fitCalibration } from '../../models/calibrate.ts'
import { type Scorer, scoreFrameOn } from '../../scores/scorer.ts'
import { GlasscoreError, interruptedError } from '../../util/errors.ts'
import type { Random } from '../../util/random.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { weightsOfPlayers } from './effectiveWeights.ts'
import { marginsOf } from './marginsOf.ts'
import { pointsOfDimensions } from './pointsOfDimensions.ts'
import { type AuditWork, type LabeledRows, type Recipe, refit } from './refit.ts'

/** One training on a bootstrap sample of the persons. */
export interface Retraining {
  /** on all held-out rows */
  auc: number
  /** raw and whole scores of the rows looked at */
  rawScore: Float64Array
  score: Int32Array
  /** points of the factors on them */
  points: PointTable
  /** whether the model reads each factor */
  used: readonly boolean[]
  /** share of mean |points| by dimension */
  shares: Float64Array
}

/** What is trained again, and which rows it is looked at. */
export interface RetrainingInput {
  recipe: Recipe
  train: LabeledRows
  held: LabeledRows
  /** some of the held-out rows */
  looked: FactorFrame
  dimensions: readonly string[]
  /** how many trainings */
  count: number
  calibration: CalibrationKind
  random: Random
}

/** Rows of persons drawn with replacement, and those of persons that were not drawn. */
export const drawPersons = (personId: readonly string[], random: Random): { drawn: Int32Array; left: Int32Array } => {
  const rowsOf = new Map<string, number[]>()
  personId.forEach((id, i) => {
    const rows = rowsOf.get(id)
    if (rows) rows.push(i)
    else rowsOf.set(id, [i])
  })
  const persons = [...rowsOf.values()]
  const times = new Int32Array(persons.length)
  for (let k = 0; k < persons.length; k++) times[random.integer(persons.length)]!++
  const drawn: number[] = []
  const left: number[] = []
  persons.forEach((rows, k) => {
    if (times[k] === 0) left.push(...rows)
    for (let t = 0; t < times[k]!; t++) drawn.push(...rows)
  })
  return { drawn: Int32Array.from(drawn), left: Int32Array.from(left) }
}

const rowsOf = ({ frame, target }: LabeledRows, at: Int32Array): LabeledRows => ({
  frame: takeRows(frame, at),
  target: Uint8Array.from(at, (i) => target[i]!),
})

/** A figure of one training, or why there is none. */
const once = async (input: RetrainingInput, b: number, work: AuditWork): Promise<Retraining> => {
  const { recipe, train, held, looked, dimensions, calibration, random } = input
  const stream = random.fork('retraining', b)
  const { drawn, left } = drawPersons(train.frame.personId, stream.fork('persons'))
  const fitted = await refit(recipe, rowsOf(train, drawn), stream.fork('fit'), work)
  const unseen = rowsOf(train, left)
  const scorer: Scorer = {
    ...fitted,
    calibration: fitCalibration(calibration, await marginsOf(fitted, unseen.frame, work), unseen.target),
  }
  const { signal, pool } = work
  const { rawScore, score } = await scoreFrameOn(scorer, looked, pool, { signal })
  const { points, factors } = await explain(scorer, looked, { pool, ...(signal ? { signal } : {}) })
  const weights = weightsOfPlayers(await pointsOfDimensions(scorer, looked, dimensions, work))
  return {
    auc: auc(await marginsOf(fitted, held.frame, work), held.target),
    rawScore,
    score,
    points: { players: factors.length, rows: looked.rows, points },
    used: usedFactors(scorer),
    shares: weights.slice(0, dimensions.length),
  }
}

/**
 * Trains the model again and again on bootstrap samples of the persons, each calibrated on the persons that its sample left out. Training b draws
 * from `random.fork('retraining', b)`.
 * @returns those that could be trained and calibrated, and how many could not
 * @throws GlasscoreError('usage') for a calibration that makes steps
 */
export const retrainings = async (
  input: RetrainingInput,
  work: AuditWork,
): Promise<{ done: Retraining[]; failed: number }> => {
  if (input.calibration === 'isotonic')
    throw new GlasscoreError('usage', 'steps cannot be split into points', { option: 'calibration', got: 'isotonic' })
  const done: Retraining[] = []
  let failed = 0
  for (let b = 0; b < input.count; b++) {
    if (work.signal?.aborted) throw interruptedError()
    work.progress?.(b, input.count)
    try {
      done.push(await once(input, b, work))
    } catch (error) {
      if (!(error instanceof GlasscoreError && (error.kind === 'training' || error.kind === 'data'))) throw error
      failed++
    }
  }
  work.progress?.(input.count, input.count)
  return { done, failed }
}
