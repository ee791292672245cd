/**
 * `ml-logistic-regression` 2.0.0 of npm as a baseline, on standardized columns, with what it lacks put in from outside: a constant
 * column for the missing intercept, and a step that fits the data.
 */
import { applyEncoding, fitEncoding } from '../../matrix/encode.ts'
import { type FactorFrame, takeRows } from '../../matrix/frame.ts'
import type { Matrix } from '../../matrix/matrix.ts'
import type { FrameLearner } from '../frameLearner.ts'
import { listen } from '../listen.ts'
import { refuseWeights } from '../rowWeights.ts'
import { sampleRows } from './sampleRows.ts'

/** What is used of the package. */
interface PackageMatrix {
  to1DArray(): number[]
}
interface Classifier {
  classifiers: { weights: PackageMatrix }[]
  train(x: PackageMatrix, y: PackageMatrix): void
}
interface LogisticPackage {
  new (options: { numSteps: number; learningRate: number }): Classifier
  load(model: object): Classifier
}

/** Times that power iteration multiplies to find the largest eigenvalue; the step needs it to a few percent only. */
const POWER_ITERATIONS = 30

/** Options of the baseline. */
export interface NpmLogisticOptions {
  /** steps of gradient descent; there is no test of convergence */
  steps: number
  /** training rows at most: a step costs time in proportion to rows */
  cap: number
}

const loadPackage = async (): Promise<LogisticPackage> =>
  (await import('ml-logistic-regression')).default as LogisticPackage

/** Matrices of the package's own kind, which it does not export: a loaded model holds one. */
const matrixIn = (logistic: LogisticPackage, rows: number[][]): PackageMatrix =>
  logistic.load({ name: 'LogisticRegression', numberClasses: 1, classifiers: [{ weights: rows }] }).classifiers[0]!
    .weights

/** Columns of a matrix with a constant one before them, row by row. */
const withConstant = (x: Matrix): number[][] =>
  Array.from({ length: x.rows }, (_, i) => {
    const row = [1]
    for (let j = 0; j < x.columns.length; j++) row.push(x.values[j * x.rows + i]!)
    return row
  })

/** Largest eigenvalue of X'X by power iteration from a fixed start; approached from below. */
const largestEigenvalue = (rows: readonly (readonly number[])[]): number => {
  const columns = rows[0]!.length
  let vector = Float64Array.from({ length: columns }, (_, j) => 1 + (j % 3))
  let value = 0
  for (let k = 0; k < POWER_ITERATIONS; k++) {
    const next = new Float64Array(columns)
    for (const row of rows) {
      let dot = 0
      for (let j = 0; j < columns; j++) dot += row[j]! * vector[j]!
      for (let j = 0; j < columns; j++) next[j]! += dot * row[j]!
    }
    const norm = Math.hypot(...next)
    value = norm / Math.hypot(...vector)
    vector = next.map((v) => v / norm)
  }
  return value
}

/**
 * Largest component of the mean gradient of the log-likelihood at the weights: how far the fixed number of steps stopped from the
 * maximum, which the package does not say.
 */
const remainingGradient = (rows: readonly (readonly number[])[], target: Uint8Array, weights: readonly number[]) => {
  const gradient = new Float64Array(weights.length)
  rows.forEach((row, i) => {
    const score = row.reduce((sum, v, j) => sum + v * weights[j]!, 0)
    const miss = target[i]! - 1 / (1 + Math.exp(-score))
    row.forEach((v, j) => {
      gradient[j]! += (miss * v) / rows.length
    })
  })
  return gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0)
}

/** The baseline `ml-logistic-regression`. */
export const npmLogistic = ({ steps, cap }: NpmLogisticOptions): FrameLearner => ({
  kind: 'ml-logistic-regression',
  options: { steps, cap },
  fit: async (frame, target, random, watch = {}) => {
    refuseWeights('ml-logistic-regression', watch)
    await listen(watch.signal)
    const logistic = await loadPackage()
    const rows = sampleRows(frame, target, { cap, onePerPerson: false }, random)
    const sample = takeRows(frame, rows)
    const outcomes = Uint8Array.from(rows, (i) => target[i]!)
    const encoding = fitEncoding(sample, 'linear')
    const x = withConstant(applyEncoding(encoding, sample))
    // The log-likelihood bends by at most a quarter of X'X, so a step of 4 over its largest eigenvalue always climbs.
    const learningRate = 4 / (1.05 * largestEigenvalue(x))
    const model = new logistic({ numSteps: steps, learningRate })
    model.train(
      matrixIn(logistic, x),
      matrixIn(
        logistic,
        Array.from(outcomes, (y) => [y]),
      ),
    )
    // Classifier 0 tells class 0 from the rest, with the rest as its event: its weights point to the bads.
    const weights = model.classifiers[0]!.weights.to1DArray()
    return {
      margins: (rows: FactorFrame) => {
        const held = applyEncoding(encoding, rows)
        const margins = new Float64Array(held.rows).fill(weights[0]!)
        for (let j = 0; j < held.columns.length; j++)
          for (let i = 0; i < held.rows; i++) margins[i]! += weights[j + 1]! * held.values[j * held.rows + i]!
        return margins
      },
      report: {
        rows: rows.length,
        rowsGiven: frame.rows,
        columns: encoding.columns.length,
        steps,
        learningRate,
        remainingGradient: remainingGradient(x, outcomes, weights),
      },
    }
  },
})
