import { delongInterval } from '../../metrics/delong.ts'
import type { RowView } from './influence.ts'
import { type Bounds, bounds } from './intervals.ts'

/**
 * AUC within a group: the interval of DeLong on log-odds (see `delongInterval`), widened to the quantile of Student's t for the
 * persons of the rarer outcome less one. In groups their number is often small and the variance is estimated from them: with 10,
 * 15 and 30 bads and normal scores the unwidened interval covers 91.5, 92.5 and 93.7 %, the widened one about 94 to 95 %.
 *
 * @param risk greater = riskier; @param view rows with an outcome
 * @returns nulls without one of the outcomes; no interval when it is that of one person
 */
export const aucInGroup = (risk: Float64Array, target: Float64Array, view: RowView): Bounds => {
  const of = (values: ArrayLike<number>) => Float64Array.from(view.rows, (row) => values[row]!)
  const { value, low, high } = delongInterval(of(risk), of(target), of(view.person), 0.95, 'student')
  return bounds(value, low, high)
}
