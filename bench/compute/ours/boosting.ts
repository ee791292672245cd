import { boosting, margin, random } from 'glasscore'
import { type Adapter, matrixOf, numberOf, timed, timedAll, timedCold } from '../adapter.ts'

/** Binning and the start of the workers are within `fit`. */
export const run: Adapter['run'] = async ({ train, test, same, threads, seed }) => {
  const learner = boosting({
    rounds: numberOf(same, 'trees'),
    maxLeaves: numberOf(same, 'leaves'),
    learningRate: numberOf(same, 'learningRate'),
    minLeaf: numberOf(same, 'minLeaf'),
    lambda: numberOf(same, 'lambda'),
    validationShare: 0,
  })
  const x = matrixOf(train)
  const fit = await timedCold(threads, (pool) => learner.fit(x, train.target, random(seed), { pool }))
  const { value, pool } = fit
  const predict = await timed(() => margin(value.model, matrixOf(test)))
  return {
    seconds: { fit: fit.seconds, predict: predict.seconds },
    scores: predict.value,
    also: () => timedAll({ warm: () => learner.fit(x, train.target, random(seed), { pool }) }),
    close: () => pool.close(),
  }
}
