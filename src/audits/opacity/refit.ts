/** Training the audited model again: on other people, without a dimension, or with one that says nothing. */
import type { Pool } from '../../kernels/pool.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import { onFrames } from '../../models/frameLearner.ts'
import type { FitOptions, Learner } from '../../models/model.ts'
import type { FactorSpec } from '../../schema/factor.ts'
import { DEFAULT_SCALE } from '../../scores/scale.ts'
import type { Scorer } from '../../scores/scorer.ts'
import type { Random } from '../../util/random.ts'

/** Labeled rows. */
export interface LabeledRows {
  frame: FactorFrame
  /** 1 = bad */
  target: Uint8Array
}

/** How the audited model was made, so that it can be made again from other rows or factors. */
export interface Recipe {
  /** names it in tables */
  name: string
  /** the learner with its options, for a table of these factors */
  learner(factors: readonly FactorSpec[]): Learner
}

/** Where the work runs. */
export interface AuditWork {
  pool: Pool
  signal?: AbortSignal | undefined
  /** called with what is done and how much there is of it */
  progress?: ((done: number, all: number) => void) | undefined
}

export const fitOptions = ({ pool, signal }: AuditWork): FitOptions => ({ pool, ...(signal ? { signal } : {}) })

/** A model fitted on all rows given. Its margin is its score: ranking and shares of points do not depend on a calibration that is linear. */
export const refit = async (
  recipe: Recipe,
  { frame, target }: LabeledRows,
  random: Random,
  work: AuditWork,
): Promise<Scorer> => {
  const { model, encoding } = await onFrames(recipe.learner(frame.factors)).fit(frame, target, random, fitOptions(work))
  return {
    name: recipe.name,
    model,
    encoding,
    calibration: { kind: 'platt', slope: 1, intercept: 0 },
    scale: DEFAULT_SCALE,
    training: {},
  }
}
