import { boosting, margin, openPool, random } from 'glasscore'
import { type Adapter, matrixOf, numberOf, timed } from '../adapter.ts'

/** Binning and the start of the workers are within `fit`. */
export const run: Adapter['run'] = async ({ train, test, same, threads, seed }) => {
  const learner = boosting({
    rounds: numberOf(same, 'trees'),
    maxLeaves: numberOf(same, 'leaves'),
    learningRate: numberOf(same, 'learningRate'),
    minLeaf: numberOf(same, 'minLeaf'),
    // No peer has a penalty on leaves.
    lambda: 0,
    validationShare: 0,
  })
  const fit = await timed(async () => {
    const pool = openPool(threads)
    const fitted = await learner.fit(matrixOf(train), train.target, random(seed), { pool })
    await pool.close()
    return fitted
  })
  const predict = await timed(() => margin(fit.value.model, matrixOf(test)))
  return { seconds: { fit: fit.seconds, predict: predict.seconds }, scores: predict.value }
}
