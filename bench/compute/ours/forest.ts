import { forest, margin, random } from 'glasscore'
import { type Adapter, matrixOf, numberOf, timed, timedAll, timedCold } from '../adapter.ts'

/** Binning and the start of the workers are within `fit`. Out-of-bag votes are off, as the peers count none. */
export const run: Adapter['run'] = async ({ train, test, same, threads, seed }) => {
  const options = {
    trees: numberOf(same, 'trees'),
    maxDepth: numberOf(same, 'maxDepth'),
    minLeaf: numberOf(same, 'minLeaf'),
    features: (same['features'] ?? 'sqrt') as 'sqrt' | number,
    output: (same['output'] ?? 'logOdds') as 'logOdds' | 'probability',
    replace: same['replace'] !== false,
    sampleRatio: numberOf({ ratio: 1, ...same }, 'ratio'),
  }
  const plain = forest({ ...options, outOfBag: false })
  const voting = forest({ ...options, outOfBag: true })
  const x = matrixOf(train)
  const fit = await timedCold(threads, (pool) => plain.fit(x, train.target, random(seed), { pool }))
  const { value, pool } = fit
  const predict = await timed(() => margin(value.model, matrixOf(test)))
  return {
    seconds: { fit: fit.seconds, predict: predict.seconds },
    scores: predict.value,
    figures: { nodesPerTree: 2 * (value.report['leavesPerTree'] as number) - 1 },
    also: () =>
      timedAll({
        warm: () => plain.fit(x, train.target, random(seed), { pool }),
        'warm, with out-of-bag votes': () => voting.fit(x, train.target, random(seed), { pool }),
      }),
    close: () => pool.close(),
  }
}
