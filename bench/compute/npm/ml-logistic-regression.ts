import { createRequire } from 'node:module'
import LogisticRegression from 'ml-logistic-regression'
import { type Adapter, type Settings, timed } from '../adapter.ts'
import type { Table } from '../data.ts'

/** As far as it is used here. */
interface Matrix {
  readonly rows: number
  readonly columns: number
}

/** The package takes matrices of its own dependency, found where it finds them itself: ours does not depend on them. */
const resolver = createRequire(import.meta.url)
const { Matrix } = createRequire(resolver.resolve('ml-logistic-regression'))('ml-matrix') as {
  Matrix: { new (rows: number[][]): Matrix; columnVector(values: number[]): Matrix }
}

/** With a column of ones, as it has no intercept. */
const matrix = ({ rows, columns, values }: Table): Matrix =>
  new Matrix(
    Array.from({ length: rows }, (_, i) => [...Array.from({ length: columns }, (_, j) => values[j * rows + i]!), 1]),
  )

/** What the package gives beside its declared interface: a model a class, each scoring "not this class". */
interface OneAgainstAll {
  classifiers: { testScores(rows: Matrix): number[] }[]
  train(x: Matrix, y: Matrix): void
}

const Package = LogisticRegression as unknown as new (options: Settings) => OneAgainstAll

/** Two classes are two models to it, and both are trained: that is what its user waits for. */
export const run: Adapter['run'] = async ({ train, test, settings }) => {
  const x = matrix(train)
  const fit = await timed(() => {
    const model = new Package(settings)
    model.train(x, Matrix.columnVector(Array.from(train.target)))
    return model
  })
  const rows = matrix(test)
  const predict = await timed(() => fit.value.classifiers[0]!.testScores(rows))
  return { seconds: { fit: fit.seconds, predict: predict.seconds }, scores: Float64Array.from(predict.value) }
}
