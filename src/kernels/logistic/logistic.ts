/**
 * Logistic regression by Newton's method (iteratively reweighted least squares) with an L2 penalty.
 *
 * Minimizes -logLikelihood + l2 / 2 * |beta|^2 with a free intercept: `l2` is 1 / C of scikit-learn. Steps are halved until
 * the objective falls. McCullagh & Nelder, Generalized Linear Models, 2nd ed., section 4.4.
 *
 * Separation (Albert & Anderson, doi:10.1093/biomet/71.1.1): where a combination of columns tells the classes apart, the
 * likelihood has no maximum; the gradient vanishes while the margins keep moving. That is how it is recognized here.
 */
import { choleskyInPlace, choleskyInverse, choleskySolve } from '../numbers/cholesky.ts'
import { type LogisticData, linearMargins, logisticSums, logLikelihood } from './logisticSums.ts'
import { separatingColumns, separatingMargins } from './separation.ts'

export interface LogisticOptions {
  /** penalty, 0 or more */
  l2: number
  maxIterations?: number
  /** largest entry of the gradient, per unit of weight, at which the fit has converged */
  tolerance?: number
}

export interface Separation {
  /** complete: a combination of columns orders all bad rows above all good ones; quasi: but for ties */
  kind: 'none' | 'quasi' | 'complete'
  /** columns that separate alone */
  columns: number[]
}

export interface LogisticFit {
  intercept: number
  coefficients: Float64Array
  iterations: number
  converged: boolean
  /** largest entry of the penalized gradient, per unit of weight */
  gradientNorm: number
  logLikelihood: number
  separation: Separation
  /** the first column whose pivot vanished (-1: none): columns are linearly dependent and l2 is 0 or tiny */
  dependentColumn: number
  /**
   * Intercept first. `penalized`: root diagonal of (X'WX + l2 I)^-1, the curvature of the penalized likelihood; `sandwich`:
   * of (X'WX + l2 I)^-1 X'WX (X'WX + l2 I)^-1, the sampling variance of the penalized estimate. Equal for l2 = 0.
   */
  standardErrors: { penalized: Float64Array; sandwich: Float64Array }
}

/** A margin that still moves by this much when the gradient has vanished runs to infinity. */
const MOVING = 1e-3
const NO_COLUMN = -1

/** @param data both classes with positive weight */
export const fitLogistic = (data: LogisticData, options: LogisticOptions): LogisticFit => {
  const { l2, maxIterations = 100, tolerance = 1e-11 } = options
  const { rows, columns, target, weights } = data
  const n = columns + 1
  let total = 0
  let bad = 0
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i]! : 1
    total += weight
    if (target[i]) bad += weight
  }
  let beta = new Float64Array(n)
  beta[0] = Math.log(bad / (total - bad))
  let margins = linearMargins(data, beta)
  let objective = Number.POSITIVE_INFINITY
  let gradientNorm = Number.POSITIVE_INFINITY
  let movement = Number.POSITIVE_INFINITY
  let iterations = 0
  let dependentColumn = NO_COLUMN
  let sums = logisticSums(data, margins)
  objective = penalized(sums.logLikelihood, beta, l2)
  for (;;) {
    const gradient = penalizedGradient(sums.gradient, beta, l2)
    gradientNorm = largest(gradient) / total
    // One more step after the gradient has vanished polishes the digits and shows whether margins still move.
    if (iterations >= maxIterations || (gradientNorm <= tolerance && movement <= MOVING)) break
    const factor = factorize(sums.information, n, l2)
    if (factor.failed !== NO_COLUMN) dependentColumn = factor.failed - 1
    const step = choleskySolve(factor.l, n, gradient)
    const next = lineSearch(data, beta, step, l2, objective)
    if (!next) break
    iterations++
    movement = largestDifference(next.margins, margins)
    const stalled = next.objective === objective
    ;({ beta, margins, objective } = next)
    sums = logisticSums(data, margins)
    if (gradientNorm <= tolerance && (movement > MOVING || stalled)) {
      gradientNorm = largest(penalizedGradient(sums.gradient, beta, l2)) / total
      break
    }
  }
  const alone = separatingColumns(data)
  const diverges = l2 === 0 && movement > MOVING
  const kind = separatingMargins(data, margins) ? 'complete' : alone.length || diverges ? 'quasi' : 'none'
  return {
    intercept: beta[0]!,
    coefficients: beta.slice(1),
    iterations,
    converged: gradientNorm <= Math.max(tolerance, 1e-8) && movement <= MOVING,
    gradientNorm,
    logLikelihood: sums.logLikelihood,
    separation: { kind, columns: alone },
    dependentColumn,
    standardErrors: standardErrors(sums.information, n, l2),
  }
}

const penalized = (likelihood: number, beta: Float64Array, l2: number): number => {
  let squares = 0
  for (let j = 1; j < beta.length; j++) squares += beta[j]! * beta[j]!
  return 0.5 * l2 * squares - likelihood
}

/** The gradient of the penalized log-likelihood (uphill). */
const penalizedGradient = (gradient: Float64Array, beta: Float64Array, l2: number): Float64Array =>
  gradient.map((g, j) => (j === 0 ? g : g - l2 * beta[j]!))

/** Cholesky factor of the penalized information; where it is singular, a growing ridge is lent to it. */
const factorize = (information: Float64Array, n: number, l2: number): { l: Float64Array; failed: number } => {
  let trace = 0
  for (let j = 0; j < n; j++) trace += information[j * n + j]!
  let failed = NO_COLUMN
  for (let ridge = 0; ; ridge = ridge === 0 ? Math.max((1e-10 * trace) / n, 1e-300) : 10 * ridge) {
    const l = information.slice()
    for (let j = 0; j < n; j++) l[j * n + j]! += (j === 0 ? 0 : l2) + ridge
    const at = choleskyInPlace(l, n)
    if (at === NO_COLUMN) return { l, failed }
    if (failed === NO_COLUMN) failed = at
  }
}

const lineSearch = (data: LogisticData, beta: Float64Array, step: Float64Array, l2: number, objective: number) => {
  for (let size = 1; size > 1e-10; size /= 2) {
    const candidate = beta.map((b, j) => b + size * step[j]!)
    const margins = linearMargins(data, candidate)
    const value = penalized(logLikelihood(data, margins), candidate, l2)
    // Near the optimum the objective is flat to rounding; a full step that does not raise it visibly is taken.
    if (value <= objective + 1e-13 * Math.abs(objective)) return { beta: candidate, margins, objective: value }
  }
  return undefined
}

const largest = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)

const largestDifference = (a: Float64Array, b: Float64Array): number => {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!))
  return most
}

const standardErrors = (information: Float64Array, n: number, l2: number): LogisticFit['standardErrors'] => {
  const { l } = factorize(information, n, l2)
  const inverse = choleskyInverse(l, n)
  const at = (i: number, j: number): number => (i >= j ? information[i * n + j]! : information[j * n + i]!)
  const penalizedErrors = new Float64Array(n)
  const sandwich = new Float64Array(n)
  const product = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const row = inverse.subarray(i * n, (i + 1) * n)
    for (let j = 0; j < n; j++) {
      product[j] = 0
      for (let k = 0; k < n; k++) product[j]! += row[k]! * at(k, j)
    }
    let variance = 0
    for (let j = 0; j < n; j++) variance += product[j]! * row[j]!
    penalizedErrors[i] = Math.sqrt(row[i]!)
    sandwich[i] = Math.sqrt(Math.max(0, variance))
  }
  return { penalized: penalizedErrors, sandwich }
}
