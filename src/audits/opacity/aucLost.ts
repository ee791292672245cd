import { aucFalls } from '../../metrics/delong.ts'
import { studentQuantile } from '../../metrics/studentQuantile.ts'
import { type Bounds, bounds } from '../fairness/intervals.ts'
import type { LabeledRows } from './refit.ts'

/** Fall of AUC from one ranking to another with its interval over persons (DeLong, paired, Student's t). */
export const aucLost = (whole: Float64Array, other: Float64Array, { frame, target }: LabeledRows): Bounds => {
  const { falls, error, fewest } = aucFalls(whole, [other], target, frame.personId)
  const reach = error * studentQuantile(0.975, Math.max(1, fewest - 1))
  return bounds(falls[0]!, falls[0]! - reach, falls[0]! + reach)
}
