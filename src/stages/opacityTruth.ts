/** The part of an audit of opacity that only simulated people with outcomes from the declared function have. */
import { explain } from '../attributions/explain.ts'
import {
  type ModelPoints,
  type OpacityAgainstTruth,
  opacityAgainstTruth,
} from '../audits/opacity/opacityAgainstTruth.ts'
import { pointsOfDimensions } from '../audits/opacity/pointsOfDimensions.ts'
import type { LabeledRows } from '../audits/opacity/refit.ts'
import { closedForm } from '../audits/recovery/closedForm.ts'
import { hasTruth, openTruth } from '../audits/recovery/openTruth.ts'
import type { Random } from '../util/random.ts'
import { checkDataOfRun } from './auditRecovery.ts'
import type { OpacityOfRun } from './opacityOfRun.ts'
import type { RunParts } from './reportParts.ts'
import type { StageContext } from './stage.ts'

/**
 * Opens the truth beside the data of a run, where there is one that the factors decide.
 * @returns null without such a truth: then it is not known what the weights should be
 * @throws GlasscoreError when the data that lie there are not those of the run
 */
export const opacityTruth = async (
  { engine, pool, signal }: StageContext,
  parts: RunParts,
  data: string,
  { dimensions, train, models }: OpacityOfRun,
  looked: LabeledRows,
  drawing: { replicates: number; random: Random },
): Promise<OpacityAgainstTruth | null> => {
  if (!(await hasTruth(data))) return null
  await checkDataOfRun(parts, data)
  const truth = await openTruth(data)
  if (truth.head.kind !== 'declared') return null
  const closed = await closedForm(engine, truth, looked.frame, dimensions, train.frame)
  const run = { pool, ...(signal ? { signal } : {}) }
  const points: ModelPoints[] = []
  for (const { scorer } of models) {
    const own = await explain(scorer, looked.frame, run)
    points.push({
      model: scorer.name,
      factors: { players: own.factors.length, rows: looked.frame.rows, points: own.points },
      dimensions: await pointsOfDimensions(scorer, looked.frame, dimensions, { pool, signal }),
    })
  }
  return opacityAgainstTruth(
    `the function that these outcomes were drawn from, by its closed form against ${closed.background}`,
    { factors: closed.factors, dimensions: closed.dimensions },
    points,
    { personId: looked.frame.personId, target: looked.target, ...drawing },
  )
}
