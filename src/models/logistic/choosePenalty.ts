/**
 * How strong the penalty of an elastic net should be: the log loss of rows whose person was not seen, by cross-validation over persons
 * along the path of penalties. `best` takes the least loss; `oneStandardError` the strongest penalty whose loss exceeds it by no more
 * than one standard error of the paired difference, taken over persons.
 */
import { fitOn, type LogisticFit } from '../../kernels/logistic/logistic.ts'
import { type LogisticData, linearMargins } from '../../kernels/logistic/logisticData.ts'
import { lambdaPath, largestLambda, penaltyAtLambda } from '../../kernels/logistic/path.ts'
import { runLater, type Sums } from '../../kernels/logistic/sums.ts'
import { softplus } from '../../kernels/numbers/elementary.ts'
import { stratifiedFolds } from '../../matrix/splits.ts'
import { usageError } from '../../util/errors.ts'
import type { Random } from '../../util/random.ts'
import type { FitOptions } from '../model.ts'

export interface ElasticNet {
  /** share of the penalty on absolute values: 1 lasso, 0 ridge */
  alpha: number
  lambda: number | 'best' | 'oneStandardError'
  /** penalties on the path, and the least as a share of the largest */
  steps: number
  ratio: number | undefined
  folds: number
}

export interface PenaltyChoice {
  lambda: number
  folds: number
  /** from the strongest penalty to the weakest: coefficients that are not 0, and the mean loss of unseen rows (absent without folds) */
  path: { lambda: number; nonzero: number; logLoss?: number }[]
}

/** Fits on the way need no more digits than a choice does. */
const ON_THE_WAY = { tolerance: 1e-7, inference: false } as const

const betaOf = (fit: LogisticFit): Float64Array => Float64Array.of(fit.intercept, ...fit.coefficients)

/** Fits along a path, each from the one before. */
const fitPath = async (
  sums: Sums,
  data: LogisticData,
  lambdas: readonly number[],
  alpha: number,
  signs: ArrayLike<number> | undefined,
): Promise<Float64Array[]> => {
  const betas: Float64Array[] = []
  for (const lambda of lambdas) {
    const start = betas.at(-1)
    const options = { ...penaltyAtLambda(lambda, alpha, sums.total), signs, ...ON_THE_WAY, ...(start ? { start } : {}) }
    betas.push(betaOf(await runLater(fitOn(sums, data, options), sums.answer)))
  }
  return betas
}

/**
 * @returns the choice, and the coefficients on the path at or before it, to start from
 */
export const choosePenalty = async (
  sums: Sums,
  data: LogisticData,
  net: ElasticNet,
  signs: ArrayLike<number> | undefined,
  random: Random,
  { groups, progress }: FitOptions,
): Promise<PenaltyChoice & { start: Float64Array | undefined }> => {
  const largest = await runLater(largestLambda(sums, net.alpha, signs), sums.answer)
  const ratio = net.ratio ?? (data.rows > data.columns ? 1e-4 : 1e-2)
  const { lambda: wanted } = net
  const whole = lambdaPath(largest, ratio, net.steps)
  const lambdas = typeof wanted === 'number' ? [...whole.filter((l) => l > wanted), wanted] : whole
  const betas = await fitPath(sums, data, lambdas, net.alpha, signs)
  const path = lambdas.map((lambda, k) => ({ lambda, nonzero: betas[k]!.subarray(1).filter((b) => b !== 0).length }))
  if (typeof wanted === 'number') return { lambda: wanted, folds: 0, path, start: betas.at(-2) }

  const persons = groups ?? Int32Array.from(data.target.keys())
  const folds = Math.min(net.folds, fewestPersons(persons, data))
  if (folds < 2)
    throw usageError('too few persons to choose a penalty by cross-validation', {
      option: 'elasticNet.lambda',
      expected: 'two persons or more with each outcome',
      hint: 'name a number',
    })
  const foldOf = stratifiedFolds(Array.from(persons, String), data.target, folds, random)
  const byFold: Float64Array[][] = []
  for (let fold = 0; fold < folds; fold++) {
    progress?.('penalties', fold, folds)
    sums.weigh(Float64Array.from(foldOf, (f, i) => (f === fold ? 0 : (data.weights?.[i] ?? 1))))
    byFold.push(await fitPath(sums, data, lambdas, net.alpha, signs))
  }
  sums.weigh(data.weights)
  progress?.('penalties', folds, folds)
  const lossesAt = (k: number) =>
    unseenLosses(
      data,
      foldOf,
      byFold.map((fits) => fits[k]!),
    )
  const means = lambdas.map((_, k) => lossesAt(k).reduce((a, b) => a + b, 0) / sums.total)
  const best = means.reduce((least, mean, k) => (mean < means[least]! ? k : least), 0)
  let chosen = best
  if (wanted === 'oneStandardError') {
    const bestLosses = lossesAt(best)
    for (let k = best - 1; k >= 0; k--) {
      if (means[k]! - means[best]! > errorOfDifference(lossesAt(k), bestLosses, persons) / sums.total) break
      chosen = k
    }
  }
  return {
    lambda: lambdas[chosen]!,
    folds,
    path: path.map((step, k) => ({ ...step, logLoss: means[k]! })),
    start: betas[chosen],
  }
}

/** Weighted loss of every row by the fit that did not see it. */
const unseenLosses = (data: LogisticData, foldOf: ArrayLike<number>, betas: readonly Float64Array[]): Float64Array => {
  const losses = new Float64Array(data.rows)
  betas.forEach((beta, fold) => {
    const margins = linearMargins(data, beta)
    for (let i = 0; i < data.rows; i++) {
      if (foldOf[i] !== fold) continue
      losses[i] = (data.weights?.[i] ?? 1) * softplus(data.target[i] ? -margins[i]! : margins[i]!)
    }
  })
  return losses
}

/** Standard error of a sum of differences of losses that are independent between persons. */
const errorOfDifference = (a: Float64Array, b: Float64Array, persons: Int32Array): number => {
  const sums = new Float64Array(persons.reduce((most, p) => Math.max(most, p), 0) + 1)
  for (let i = 0; i < a.length; i++) sums[persons[i]!]! += a[i]! - b[i]!
  const mean = sums.reduce((x, y) => x + y, 0) / sums.length
  const squares = sums.reduce((x, y) => x + (y - mean) ** 2, 0)
  return Math.sqrt((squares * sums.length) / Math.max(1, sums.length - 1))
}

/** Persons with the outcome that fewer have; one with both counts as bad, as in stratifiedFolds. Rows without weight do not count. */
const fewestPersons = (persons: Int32Array, data: LogisticData): number => {
  const all = new Set<number>()
  const bad = new Set<number>()
  for (let i = 0; i < data.rows; i++) {
    if (data.weights?.[i] === 0) continue
    all.add(persons[i]!)
    if (data.target[i]) bad.add(persons[i]!)
  }
  return Math.min(all.size - bad.size, bad.size)
}
