import { type LinearModel, logistic, margin, openPool, random } from 'glasscore'
import { type Adapter, matrixOf, numberOf, timed } from '../adapter.ts'

export const run: Adapter['run'] = async ({ train, test, same, threads, seed }) => {
  const fit = await timed(async () => {
    const pool = openPool(threads)
    const fitted = await logistic({ l2: numberOf(same, 'l2') }).fit(matrixOf(train), train.target, random(seed), {
      pool,
    })
    await pool.close()
    return fitted
  })
  const model = fit.value.model as LinearModel
  const predict = await timed(() => margin(model, matrixOf(test)))
  return {
    seconds: { fit: fit.seconds, predict: predict.seconds },
    scores: predict.value,
    linear: model,
    figures: { iterations: fit.value.report['iterations'] as number },
  }
}
