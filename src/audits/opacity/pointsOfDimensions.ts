import { explain } from '../../attributions/explain.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import type { Scorer } from '../../scores/scorer.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import type { AuditWork } from './refit.ts'

/** Points of dimensions in the given order; 0 for one that the model has never heard of. */
export const pointsOfDimensions = async (
  scorer: Scorer,
  frame: FactorFrame,
  dimensions: readonly string[],
  { pool, signal }: AuditWork,
): Promise<PointTable> => {
  const found = await explain(scorer, frame, { pool, ...(signal ? { signal } : {}) })
  const { rows } = frame
  const points = new Float64Array(dimensions.length * rows)
  dimensions.forEach((name, d) => {
    const at = found.dimensions.indexOf(name)
    if (at >= 0) points.set(found.dimensionPoints.subarray(at * rows, (at + 1) * rows), d * rows)
  })
  return { players: dimensions.length, rows, points }
}
