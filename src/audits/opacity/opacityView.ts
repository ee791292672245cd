/** The model and the rows of an audit, explained once for all parts. */
import { explain } from '../../attributions/explain.ts'
import { usedFactors } from '../../attributions/usedFactors.ts'
import { type FactorFrame, takeRows } from '../../matrix/frame.ts'
import { scoreFrameOn } from '../../scores/scorer.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import type { OpacityInput } from './opacityInput.ts'
import type { Persons } from './overPersons.ts'
import { pointsOfDimensions } from './pointsOfDimensions.ts'
import type { AuditWork } from './refit.ts'

/** What several parts of an audit read. */
export interface OpacityView {
  input: OpacityInput
  /** without progress: parts that are one step */
  quiet: AuditWork
  /** the rows looked at */
  frame: FactorFrame
  persons: Persons
  /** their points by factor, and by dimension */
  points: PointTable
  table: PointTable
  semantics: string
  backgroundId: string
  /** whether the model reads the factor */
  used: readonly boolean[]
  rawScore: Float64Array
  score: Int32Array
  /** raw scores of the training rows */
  trainScore: Float64Array
}

/** Explains and scores what the parts look at. */
export const opacityView = async (input: OpacityInput, { pool, signal }: AuditWork): Promise<OpacityView> => {
  const { scorer, dimensions, train, held, looked, settings, random } = input
  const quiet: AuditWork = { pool, signal }
  const frame = takeRows(held.frame, looked)
  const explained = await explain(scorer, frame, { pool, ...(signal ? { signal } : {}) })
  const { rawScore, score } = await scoreFrameOn(scorer, frame, pool, { signal })
  return {
    input,
    quiet,
    frame,
    persons: {
      personId: frame.personId,
      target: Uint8Array.from(looked, (i) => held.target[i]!),
      replicates: settings.replicates,
      random: random.fork('bootstrap'),
    },
    points: { players: frame.factors.length, rows: frame.rows, points: explained.points },
    table: await pointsOfDimensions(scorer, frame, dimensions, quiet),
    semantics: explained.semantics,
    backgroundId: explained.backgroundId,
    used: usedFactors(scorer),
    rawScore,
    score,
    trainScore: (await scoreFrameOn(scorer, train.frame, pool, { signal })).rawScore,
  }
}
