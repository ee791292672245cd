import { forest, margin, openPool, random } from 'glasscore'
import { type Adapter, matrixOf, numberOf, timed } from '../adapter.ts'

/** Binning and the start of the workers are within `fit`. */
export const run: Adapter['run'] = async ({ train, test, same, threads, seed }) => {
  const learner = forest({
    trees: numberOf(same, 'trees'),
    maxDepth: numberOf(same, 'maxDepth'),
    minLeaf: numberOf(same, 'minLeaf'),
    outOfBag: false,
    features: (same['features'] ?? 'sqrt') as 'sqrt' | number,
    output: (same['output'] ?? 'logOdds') as 'logOdds' | 'probability',
  })
  const fit = await timed(async () => {
    const pool = openPool(threads)
    const fitted = await learner.fit(matrixOf(train), train.target, random(seed), { pool })
    await pool.close()
    return fitted
  })
  const { model, report } = fit.value
  const predict = await timed(() => margin(model, matrixOf(test)))
  return {
    seconds: { fit: fit.seconds, predict: predict.seconds },
    scores: predict.value,
    figures: { nodesPerTree: 2 * (report['leavesPerTree'] as number) - 1 },
  }
}
