import { checkRecord } from '../../kernels/checkInput.ts'
import { fitOn, type LogisticFit, openSums } from '../../kernels/logistic/logistic.ts'
import type { LogisticData } from '../../kernels/logistic/logisticData.ts'
import { penaltyAtLambda } from '../../kernels/logistic/path.ts'
import { runLater } from '../../kernels/logistic/sums.ts'
import { type EncodedColumn, type Matrix, matrixColumn } from '../../matrix/matrix.ts'
import type { FactorSpec } from '../../schema/factor.ts'
import { usageError } from '../../util/errors.ts'
import { checkFit } from '../checkFit.ts'
import { checkChoice, checkFactors, checkFinite, checkFlag, checkNames, checkNumber } from '../checkOptions.ts'
import type { Learner } from '../model.ts'
import { type ClassWeight, checkClassWeight, rowWeights } from '../rowWeights.ts'
import { choosePenalty, type ElasticNet } from './choosePenalty.ts'
import { logisticReport } from './report.ts'

/** Elastic net in the terms of glmnet: mean log loss + lambda (alpha |b|_1 + (1 - alpha) / 2 |b|^2), intercept free. */
export interface ElasticNetOptions {
  /** 1: lasso, 0: ridge, between: both; by default 1 */
  alpha?: number | undefined
  /**
   * strength, 0 or more; or chosen by cross-validation over persons: the least log loss (`best`), or the strongest penalty within
   * one standard error of it (the default)
   */
  lambda?: number | 'best' | 'oneStandardError' | undefined
  /** penalties on the path, 2 to 1000; by default 60 */
  steps?: number | undefined
  /** weakest penalty of the path as a share of the strongest; by default 1e-4, or 1e-2 for more columns than rows */
  ratio?: number | undefined
  /** by default 5 */
  folds?: number | undefined
}

/** Penalty, signs, weights and solver of the logistic regression. */
export interface LogisticLearnerOptions {
  /**
   * penalty l2 / 2 * |coefficients|^2 on the encoded (standardized) columns, intercept free; 1 / C of scikit-learn; by
   * default 1, or 0 where l1 is given
   */
  l2?: number | undefined
  /** penalty l1 * sum of |coefficients|; by default 0 */
  l1?: number | undefined
  /** in place of l1 and l2 */
  elasticNet?: ElasticNetOptions | undefined
  /**
   * signs that coefficients of a factor's values must keep: `expectedRisk` takes them from the factors, or a factor's name with
   * `up` (more of it, more risk) or `down`; the coefficients of missing indicators and levels are free
   */
  signs?: 'expectedRisk' | Readonly<Record<string, 'up' | 'down'>> | undefined
  /** factors of the encoding, in its order; `signs` needs them */
  factors?: readonly FactorSpec[] | undefined
  classWeight?: ClassWeight | undefined
  /** entry of the gradient per unit of weight, of columns centered and scaled to deviations near 1, at which the fit has converged; by default 1e-11 */
  tolerance?: number | undefined
  /** Newton steps at most; by default 100 */
  maxIterations?: number | undefined
  /** whether standard errors, separation and dependent columns are worked out; by default true */
  inference?: boolean | undefined
}

const OPTIONS = {
  l2: true,
  l1: true,
  elasticNet: true,
  signs: true,
  factors: true,
  classWeight: true,
  tolerance: true,
  maxIterations: true,
  inference: true,
} as const

/** Mean of every column: the background of a linear model's attributions. */
export const columnMeans = (x: Matrix): Float64Array =>
  Float64Array.from(x.columns, (_, j) => matrixColumn(x, j).reduce((a, b) => a + b, 0) / x.rows)

/**
 * Logistic regression by proximal Newton; see kernels/logistic/.
 *
 * The report gives each coefficient with its standard error from the penalized information (`standardError`), from the
 * sandwich that is the sampling variance of the penalized estimate (`sandwichError`; they agree for l2 = 0), and, where rows have
 * persons, robust against rows of a person depending on each other (`clusteredError`), with Wald's z and two-sided p-value. There are
 * none under a penalty on absolute values, or where a required sign holds a coefficient at 0. Separation is a finding, not an error:
 * with a penalty a warning, without one also `converged: false`.
 *
 * @throws GlasscoreError('usage') for an option out of range, or a sign for an unknown factor
 */
export const logistic = (options: LogisticLearnerOptions = {}): Learner => {
  checkNames<LogisticLearnerOptions>(options, OPTIONS)
  const net = options.elasticNet === undefined ? undefined : checkNet(options.elasticNet)
  if (net && (options.l1 !== undefined || options.l2 !== undefined))
    throw usageError('two penalties at once', { option: 'elasticNet', expected: 'either elasticNet, or l1 and l2' })
  const l1 = checkNumber('l1', options.l1 ?? 0, { min: 0, max: 1e12 })
  const l2 = checkNumber('l2', options.l2 ?? (l1 > 0 ? 0 : 1), { min: 0, max: 1e12 })
  const classWeight = checkClassWeight(options.classWeight)
  const { tolerance, maxIterations, inference } = checkSolver(options)
  const { signs: wanted, factors } = options
  checkSigns(wanted, factors)
  return {
    kind: 'logistic',
    encoding: 'linear',
    options: {
      ...(net ? { elasticNet: net } : { l2, ...(l1 > 0 ? { l1 } : {}) }),
      ...(wanted ? { signs: wanted } : {}),
      ...(classWeight ? { classWeight } : {}),
      ...(tolerance === SOLVER.tolerance ? {} : { tolerance }),
      ...(maxIterations === SOLVER.maxIterations ? {} : { maxIterations }),
      ...(inference ? {} : { inference }),
    },
    fit: async (x, target, random, given) => {
      const fitOptions = checkFit(x, target, random, given)
      const { pool, signal, groups, sampleWeight } = fitOptions
      checkFinite(x)
      const weights = rowWeights(target, classWeight, sampleWeight)
      const data: LogisticData = { values: x.values, rows: x.rows, columns: x.columns.length, target, weights }
      const signs = wanted && signsOf(wanted, x.columns, factors!)
      const sums = await openSums(pool, data, { signal })
      let fit: LogisticFit
      let penalty = { l1, l2 }
      let path: Record<string, unknown> = {}
      try {
        let start: Float64Array | undefined
        if (net) {
          const { start: near, ...choice } = await choosePenalty(sums, data, net, signs, random, fitOptions)
          start = near
          path = { elasticNet: { alpha: net.alpha, rule: net.lambda, ...choice } }
          penalty = penaltyAtLambda(choice.lambda, net.alpha, sums.total)
        }
        const solver = { tolerance, maxIterations, inference }
        fit = await runLater(fitOn(sums, data, { ...penalty, ...solver, signs, groups, start }), sums.answer)
      } finally {
        sums.close()
      }
      const names = x.columns.map((c) => c.name)
      return {
        model: {
          kind: 'logistic',
          intercept: fit.intercept,
          coefficients: fit.coefficients,
          means: columnMeans(x),
        },
        report: { ...path, ...logisticReport(fit, { names, ...penalty, signs, inference }) },
      }
    },
  }
}

const NET_OPTIONS = { alpha: true, lambda: true, steps: true, ratio: true, folds: true } as const

const checkNet = (net: ElasticNetOptions): ElasticNet => {
  checkNames<ElasticNetOptions>(net, NET_OPTIONS, 'elasticNet.')
  return {
    alpha: checkNumber('elasticNet.alpha', net.alpha ?? 1, { min: 0, max: 1 }),
    lambda:
      typeof net.lambda === 'number'
        ? checkNumber('elasticNet.lambda', net.lambda, { min: 0, max: 1e12 })
        : checkChoice<'best' | 'oneStandardError'>('elasticNet.lambda', net.lambda ?? 'oneStandardError', [
            'best',
            'oneStandardError',
          ]),
    steps: checkNumber('elasticNet.steps', net.steps ?? 60, { min: 2, max: 1000, whole: true }),
    ratio: net.ratio === undefined ? undefined : checkNumber('elasticNet.ratio', net.ratio, { above: 0, max: 0.99 }),
    folds: checkNumber('elasticNet.folds', net.folds ?? 5, { min: 2, max: 100, whole: true }),
  }
}

const SOLVER = { tolerance: 1e-11, maxIterations: 100 } as const

const checkSolver = ({ tolerance, maxIterations, inference = true }: LogisticLearnerOptions) => ({
  tolerance: checkNumber('tolerance', tolerance ?? SOLVER.tolerance, { above: 0, max: 1e-3 }),
  maxIterations: checkNumber('maxIterations', maxIterations ?? SOLVER.maxIterations, {
    min: 1,
    max: 10_000,
    whole: true,
  }),
  inference: checkFlag('inference', inference),
})

const checkSigns = (signs: LogisticLearnerOptions['signs'], factors: LogisticLearnerOptions['factors']): void => {
  if (factors !== undefined) checkFactors(factors)
  if (signs === undefined) return
  if (!factors)
    throw usageError('signs of coefficients need the factors of the encoding', {
      option: 'factors',
      expected: 'the factors, in the order of the encoding',
    })
  if (signs === 'expectedRisk') return
  checkRecord('signs', signs, 'expectedRisk, or names of factors, each with up or down')
  const known = new Map(factors.map((f) => [f.name, f]))
  for (const [name, sign] of Object.entries(signs)) {
    checkChoice(`signs.${name}`, sign, ['up', 'down'])
    if (known.get(name)?.kind === 'category' || !known.has(name))
      throw usageError('a sign for an unknown factor', {
        option: `signs.${name}`,
        expected: 'a factor with numbers',
        got: name,
      })
  }
}

/** One a column: 1, -1, or 0 where any sign will do. */
const signsOf = (
  signs: NonNullable<LogisticLearnerOptions['signs']>,
  columns: readonly EncodedColumn[],
  factors: readonly FactorSpec[],
): Int8Array =>
  Int8Array.from(columns, ({ factor, role }) => {
    const known = factors[factor]
    if (!known)
      throw usageError('a column of a factor that there is not', {
        option: 'factors',
        expected: `${factor + 1} or more, in the order of the encoding`,
        got: factors.length,
      })
    const { name, expectedRisk } = known
    const sign = signs === 'expectedRisk' ? expectedRisk : signs[name]
    if (role !== 'value' || !sign || sign === 'none') return 0
    return sign === 'up' ? 1 : -1
  })
