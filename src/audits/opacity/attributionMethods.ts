/** Points of the same people by several methods. */
import type { Background } from '../../attributions/background.ts'
import { explain } from '../../attributions/explain.ts'
import { referenceValues } from '../../attributions/referenceValues.ts'
import { usedFactors } from '../../attributions/usedFactors.ts'
import { heldFor } from '../../matrix/factorValues.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import { isTreeModel } from '../../models/model.ts'
import { type Scorer, scoreFrameOn } from '../../scores/scorer.ts'
import { GlasscoreError } from '../../util/errors.ts'
import type { MethodDisagreement, MethodPoints } from './methodDisagreement.ts'
import type { AuditWork } from './refit.ts'

/** Points by every method that the model allows. */
export interface AttributionMethods extends Pick<MethodDisagreement, 'methods' | 'without'> {
  points: MethodPoints[]
}

/**
 * What a reader finds who changes one factor at a time: the score less the score with the factor at its usual value. No share of the score, since what factors do
 * together is in none of them, or in several.
 */
export const oneAtATime = async (
  scorer: Scorer,
  frame: FactorFrame,
  train: FactorFrame,
  { pool, signal }: AuditWork,
): Promise<Float64Array> => {
  const { rows, factors } = frame
  const all = Int32Array.from({ length: train.rows }, (_, i) => i)
  const usual = referenceValues(train, factors, all)
  const used = usedFactors(scorer)
  const whole = await scoreFrameOn(scorer, frame, pool, { signal })
  const points = new Float64Array(factors.length * rows)
  for (const [f, factor] of factors.entries()) {
    if (!used[f]) continue
    const text = heldFor(factor) === 'text'
    const numbers = text
      ? frame.numbers
      : { ...frame.numbers, [factor.name]: new Float64Array(rows).fill((usual[f] as number | null) ?? Number.NaN) }
    const categories = text
      ? { ...frame.categories, [factor.name]: new Array<string | null>(rows).fill(usual[f] as string | null) }
      : frame.categories
    const { rawScore } = await scoreFrameOn(scorer, { ...frame, numbers, categories }, pool, { signal })
    for (let i = 0; i < rows; i++) points[f * rows + i] = whole.rawScore[i]! - rawScore[i]! + 0
  }
  return points
}

/**
 * Points by the model's own method (path-dependent for trees, against the training mean for linear models), interventionally against each background, and
 * one factor at a time.
 * @param train rows whose medians are usual
 * @param backgrounds with a sentence each
 */
export const attributionMethods = async (
  scorer: Scorer,
  frame: FactorFrame,
  train: FactorFrame,
  backgrounds: readonly (Background & { text: string })[],
  work: AuditWork,
): Promise<AttributionMethods> => {
  const { pool, signal } = work
  const run = { pool, ...(signal ? { signal } : {}) }
  const table = (points: Float64Array) => ({ players: frame.factors.length, rows: frame.rows, points })
  const own = await explain(scorer, frame, run)
  const tree = isTreeModel(scorer.model)
  const found: AttributionMethods = {
    methods: [
      {
        method: tree ? 'path_dependent' : 'training_mean',
        text: tree
          ? 'tree SHAP against the training rows as the trees have counted them'
          : 'Shapley values of the linear model against the training mean',
      },
    ],
    without: [],
    points: [{ method: tree ? 'path_dependent' : 'training_mean', points: table(own.points) }],
  }
  for (const { text, ...background } of backgrounds) {
    try {
      const { points } = await explain(scorer, frame, { ...run, background })
      found.methods.push({ method: background.id, text })
      found.points.push({ method: background.id, points: table(points) })
    } catch (error) {
      if (!(error instanceof GlasscoreError && error.kind === 'model')) throw error
      found.without.push({ method: background.id, reason: error.what })
    }
  }
  found.methods.push({
    method: 'one_at_a_time',
    text: 'the score less the score with one factor at the median (most frequent level) of the training rows',
  })
  found.points.push({ method: 'one_at_a_time', points: table(await oneAtATime(scorer, frame, train, work)) })
  return found
}
