import { decisionTree, margin, random } from 'glasscore'
import { type Adapter, matrixOf, numberOf, timed } from '../adapter.ts'

export const run: Adapter['run'] = async ({ train, test, same, seed }) => {
  const learner = decisionTree({
    maxDepth: numberOf(same, 'maxDepth'),
    minLeaf: numberOf(same, 'minLeaf'),
    pruning: 'none',
  })
  const fit = await timed(() => learner.fit(matrixOf(train), train.target, random(seed)))
  const predict = await timed(() => margin(fit.value.model, matrixOf(test)))
  return { seconds: { fit: fit.seconds, predict: predict.seconds }, scores: predict.value }
}
