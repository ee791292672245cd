import { type LinearModel, logistic, margin, type Pool, random } from 'glasscore'
import { fitLogisticOn } from '../../../src/kernels/logistic/logistic.ts'
import { type Adapter, matrixOf, numberOf, timed, timedAll, timedCold } from '../adapter.ts'

/**
 * The fit alone, to `tolerance` of the job: the peers compute neither standard errors nor a test of separation. What the learner
 * adds (those, means of columns, its own tighter tolerance) is in a row for information.
 */
export const run: Adapter['run'] = async ({ train, test, same, threads, seed }) => {
  const l2 = numberOf(same, 'l2')
  const alone = (pool: Pool) =>
    fitLogisticOn(pool, train, { l2, tolerance: numberOf(same, 'tolerance'), inference: false })
  const fit = await timedCold(threads, alone)
  const { intercept, coefficients, iterations } = fit.value
  const { pool } = fit
  const model: LinearModel = { kind: 'logistic', intercept, coefficients, means: new Float64Array(train.columns) }
  const predict = await timed(() => margin(model, matrixOf(test)))
  return {
    seconds: { fit: fit.seconds, predict: predict.seconds },
    scores: predict.value,
    linear: model,
    figures: { iterations },
    also: () =>
      timedAll({
        warm: () => alone(pool),
        'warm, with standard errors': () => logistic({ l2 }).fit(matrixOf(train), train.target, random(seed), { pool }),
      }),
    close: () => pool.close(),
  }
}
