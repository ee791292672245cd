/**
 * Logistic regression by Newton's method (iteratively reweighted least squares) with a ridge, lasso or elastic-net penalty and signs
 * that coefficients must keep.
 *
 * Minimizes -logLikelihood + l1 |beta|_1 + l2 / 2 |beta|^2 with a free intercept: `l2` is 1 / C of scikit-learn. See solve.ts for
 * the method, separation.ts for data that have no finite fit, sums.ts for who adds up.
 */
import type { Pool, PoolRun } from '../pool.ts'
import { clusterScores } from './clusterScores.ts'
import { compiledSums } from './compiledSums.ts'
import { type StandardErrors, standardErrorsOf } from './covariance.ts'
import { type Dependence, findDependence } from './dependence.ts'
import type { LogisticData } from './logisticData.ts'
import { type Penalty, penaltyOf } from './penalty.ts'
import { readableSums } from './readableSums.ts'
import { rescaled, unscaled } from './scaling.ts'
import { findSeparation, type Separation, separatingColumns } from './separation.ts'
import { type Solution, solve } from './solve.ts'
import { type Answer, type Asking, runLater, runNow, type Sums } from './sums.ts'

export interface LogisticOptions {
  /** quadratic penalty, 0 or more */
  l2: number
  /** penalty on absolute values, 0 or more; by default 0 */
  l1?: number | undefined
  /** one a column: -1 for a coefficient of 0 or less, 1 for 0 or more, 0 for any; absent: any */
  signs?: ArrayLike<number> | undefined
  maxIterations?: number | undefined
  /**
   * largest violation of a condition of optimality (without l1 and signs: entry of the gradient), per unit of weight, for columns
   * centered and scaled to about 1, at which the fit has converged; a last step then polishes it
   */
  tolerance?: number | undefined
  /** where to begin: intercept first; by default at the rate of bad rows */
  start?: Float64Array | undefined
  /** whether standard errors, separation and dependence are computed: by default yes; a fit in the midst of a path does without */
  inference?: boolean | undefined
  /** number of each row's cluster, 0, 1, ...: for cluster-robust standard errors */
  groups?: Int32Array | undefined
}

export interface LogisticFit {
  intercept: number
  coefficients: Float64Array
  iterations: number
  converged: boolean
  /** largest violation of a condition of optimality, per unit of weight, in centered and scaled columns */
  gradientNorm: number
  logLikelihood: number
  separation: Separation
  /** columns that are combinations of earlier ones */
  dependent: Dependence[]
  /** intercept first; absent where there are none: with l1, with a coefficient held at 0 by its sign, or when not asked for */
  standardErrors?: StandardErrors
  /** persons or other clusters that clustered errors rest on */
  clusters?: number
  /** columns whose coefficient its sign holds at 0 */
  held: number[]
}

/** A gradient above this is not converged, whatever the tolerance; steps above the second run to infinity. */
const LOOSEST = 1e-8
const MOVING = 1e-3
/** Steps that may lead to a tolerance: the least curvature by row of a fit that goes nowhere far is above its inverse. */
const FAR = 100

/**
 * On the calling thread, by the readable kernels: for small data.
 * @param data both classes with positive weight
 */
export const fitLogistic = (data: LogisticData, options: LogisticOptions): LogisticFit => {
  const sums = readableSums(data)
  return runNow(fitOn(sums, data, options), sums.answer)
}

/**
 * The same on a pool, by the compiled kernels where it runs them: the same bytes for any number of threads.
 * @throws GlasscoreError('memory') when the sums do not fit; GlasscoreError('interrupted') on a signal
 */
export const fitLogisticOn = async (
  pool: Pool,
  data: LogisticData,
  options: LogisticOptions,
  run: LogisticRun = {},
): Promise<LogisticFit> => {
  const sums = await openSums(pool, data, run)
  try {
    return await runLater(fitOn(sums, data, options), sums.answer)
  } finally {
    sums.close()
  }
}

/** How a fit on a pool runs; `single` forces the approach in single precision on or off. */
export interface LogisticRun extends Pick<PoolRun, 'signal'> {
  single?: boolean | undefined
}

/** Sums over data, for several fits; to be closed. */
export const openSums = async (pool: Pool, data: LogisticData, run: LogisticRun = {}): Promise<Sums> =>
  pool.kernels === 'wasm' ? compiledSums(pool, data, run) : readableSums(data)

/** One fit on sums that are open. */
export function* fitOn(sums: Sums, data: LogisticData, options: LogisticOptions): Asking<LogisticFit> {
  const { l1 = 0, l2, maxIterations = 100, tolerance = 1e-11, inference = true } = options
  const penalty = penaltyOf(sums.scaling, { l1, l2, signs: options.signs })
  const start = options.start ? rescaled(options.start, sums.scaling) : nullModel(sums)
  const solution = yield* solve(sums, penalty, start, { maxIterations, tolerance })
  const { beta } = solution
  const plain = unscaled(beta, sums.scaling)
  const held = Array.from(beta.keys())
    .filter((j) => penalty.signs[j] !== 0 && beta[j] === 0 && wouldMove(solution, j, penalty))
    .map((j) => j - 1)
  const fit: LogisticFit = {
    intercept: plain[0]!,
    coefficients: plain.slice(1),
    iterations: solution.iterations,
    converged: solution.violation <= Math.max(tolerance, LOOSEST) && solution.movement <= MOVING + FAR * tolerance,
    gradientNorm: solution.violation,
    logLikelihood: solution.logLikelihood,
    separation: { kind: 'unknown', columns: [] },
    dependent: [],
    held,
  }
  if (!inference) return fit
  const exact: Answer = yield { kind: 'sums', beta, information: 'all', of: 'all' }
  fit.logLikelihood = exact.logLikelihood
  fit.dependent = yield* findDependence(sums, exact.information)
  fit.separation = yield* findSeparation(sums, beta, exact)
  if (fit.separation.kind === 'quasi' || fit.separation.kind === 'complete') {
    fit.separation.columns = separatingColumns(data)
    if (l1 === 0 && l2 === 0 && !options.signs) fit.converged = false
  }
  if (l1 > 0 || held.length > 0) return fit
  const { groups } = options
  const robust = groups && clusterScores(data, sums.scaling, beta, groups)
  fit.standardErrors = standardErrorsOf(exact.information, penalty, sums.scaling, robust?.meat)
  if (robust) fit.clusters = robust.clusters
  return fit
}

/** The intercept alone, in working coordinates. */
export const nullModel = ({ n, bad, total }: Sums): Float64Array => {
  const beta = new Float64Array(n)
  beta[0] = Math.log(bad / (total - bad))
  return beta
}

/** Whether only its sign keeps a coefficient at 0. */
const wouldMove = ({ gradient }: Solution, j: number, { l1, signs }: Penalty): boolean =>
  signs[j]! > 0 ? gradient[j]! < -l1[j]! : gradient[j]! > l1[j]!
