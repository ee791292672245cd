import { RandomForestClassifier } from 'ml-random-forest'
import { type Adapter, timed } from '../adapter.ts'
import type { Table } from '../data.ts'

const byRow = ({ rows, columns, values }: Table): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => values[j * rows + i]!))

/** Held-out rows that are scored: its prediction is slow as well. */
const SCORED = 20_000

export const run: Adapter['run'] = async ({ train, test, settings, seed }) => {
  const { maxDepth, minNumSamples, ...options } = settings
  const forest = new RandomForestClassifier({
    ...options,
    seed,
    noOOB: true,
    treeOptions: { maxDepth, minNumSamples },
  } as ConstructorParameters<typeof RandomForestClassifier>[0])
  const x = byRow(train)
  const fit = await timed(() => forest.train(x, Array.from(train.target)))
  const scored = byRow(test).slice(0, SCORED)
  const predict = await timed(() => forest.predictProbability(scored, 1))
  return {
    seconds: { fit: fit.seconds, predict: predict.seconds * (test.rows / scored.length) },
    scores: Float64Array.from({ length: test.rows }, (_, i) => predict.value[i] ?? Number.NaN),
  }
}
