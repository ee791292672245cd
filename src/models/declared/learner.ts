/**
 * The score as it is advertised: one sub-score a dimension, added with published weights.
 *
 * Each dimension's sub-score is a penalized logistic regression on the columns of its factors, standardized over the training
 * rows; the margin is the weighted mean of the standardized sub-scores, moved so that the average training row has the
 * training rate. All of it is linear, so the model ends as one set of coefficients. Its scale is set by calibration.
 */
import { checkRecord } from '../../kernels/checkInput.ts'
import { fitLogisticOn } from '../../kernels/logistic/logistic.ts'
import { type LogisticData, linearMargins } from '../../kernels/logistic/logisticData.ts'
import { type Matrix, matrixColumn } from '../../matrix/matrix.ts'
import { DIMENSIONS } from '../../schema/dimensions.ts'
import type { FactorSpec } from '../../schema/factor.ts'
import { dataError, usageError } from '../../util/errors.ts'
import { type CheckedFit, checkFit } from '../checkFit.ts'
import { checkFactors, checkFinite, checkNames, checkNumber } from '../checkOptions.ts'
import { columnMeans } from '../logistic/learner.ts'
import { logisticReport } from '../logistic/report.ts'
import type { Learner } from '../model.ts'
import { refuseWeights } from '../rowWeights.ts'

/** Dimensions, weights and penalty of the declared model. */
export interface DeclaredOptions {
  /** factors of the encoding, in its order: they tell which column belongs to which dimension */
  factors: readonly FactorSpec[]
  /** dimensions with their weights; by default the five advertised ones, 35/25/20/15/5 */
  dimensions?: readonly { name: string; weight: number }[]
  /** other weights for some dimensions, e.g. { behavior_preference: 20, fulfillment_capacity: 25 } */
  weights?: Readonly<Record<string, number>>
  /** penalty of each sub-score's regression */
  l2?: number
}

const OPTIONS = { factors: true, dimensions: true, weights: true, l2: true } as const

interface SubScore {
  dimension: string
  weight: number
  columns: number[]
  intercept: number
  coefficients: Float64Array
  mean: number
  deviation: number
  report: Record<string, unknown>
}

/**
 * The score as advertised: a logistic sub-score for each dimension, standardized on the training rows, summed with fixed weights.
 * @throws GlasscoreError('usage') for a weight of an unknown dimension, or out of range
 */
export const declared = (options: DeclaredOptions): Learner => {
  checkNames<DeclaredOptions>(options, OPTIONS)
  checkFactors(options.factors)
  if (options.weights !== undefined) checkRecord('weights', options.weights, 'names of dimensions, each with a number')
  const l2 = checkNumber('l2', options.l2 ?? 1, { min: 0, max: 1e12 })
  const dimensions = (options.dimensions ?? DIMENSIONS).map(({ name, weight }) => ({
    name,
    weight: checkNumber(`weights.${name}`, options.weights?.[name] ?? weight, { min: 0, max: 1e6 }),
  }))
  const known = new Set(dimensions.map((d) => d.name))
  for (const name of Object.keys(options.weights ?? {}))
    if (!known.has(name))
      throw usageError('a weight for an unknown dimension', {
        option: 'weights',
        expected: `one of ${[...known].join(', ')}`,
        got: name,
      })
  return {
    kind: 'declared',
    encoding: 'linear',
    options: { l2, weights: Object.fromEntries(dimensions.map((d) => [d.name, d.weight])) },
    fit: async (x, target, random, given) => {
      const fitOptions = checkFit(x, target, random, given)
      const { bad } = fitOptions
      checkFinite(x)
      refuseWeights('the declared model', fitOptions)
      const dropped: { dimension: string; reason: string }[] = []
      const subScores: SubScore[] = []
      for (const { name, weight } of dimensions) {
        const columns = x.columns.flatMap((c, j) => (options.factors[c.factor]?.dimension === name ? [j] : []))
        if (weight === 0) dropped.push({ dimension: name, reason: 'weight 0' })
        else if (columns.length === 0) dropped.push({ dimension: name, reason: 'no factor of it varies in training' })
        else {
          const sub = await fitSubScore(x, target, columns, l2, fitOptions)
          if (sub.deviation > 0) subScores.push({ dimension: name, weight, ...sub })
          else dropped.push({ dimension: name, reason: 'its sub-score is the same for every training row' })
        }
      }
      if (subScores.length === 0)
        throw dataError('the declared model finds no factor of any of its dimensions', {
          expected: `factors with one of the dimensions ${[...known].join(', ')}`,
          got: [...new Set(options.factors.map((f) => f.dimension))].join(', '),
          hint: 'name groups in the mapping and weights for them',
        })
      const total = subScores.reduce((sum, s) => sum + s.weight, 0)
      const coefficients = new Float64Array(x.columns.length)
      let intercept = Math.log(bad / (x.rows - bad))
      for (const s of subScores) {
        const share = s.weight / total / s.deviation
        intercept += share * (s.intercept - s.mean)
        s.columns.forEach((j, k) => {
          coefficients[j] = share * s.coefficients[k]!
        })
      }
      const used = new Set(subScores.flatMap((s) => s.columns))
      return {
        model: { kind: 'declared', intercept, coefficients, means: columnMeans(x) },
        report: {
          dimensions: subScores.map((s) => ({
            dimension: s.dimension,
            declaredWeight: s.weight,
            weight: s.weight / total,
            mean: s.mean,
            deviation: s.deviation,
            subScore: s.report,
          })),
          dropped,
          unusedColumns: x.columns.filter((_, j) => !used.has(j)).map((c) => c.name),
          warnings: dropped.map((d) => `dimension ${d.dimension} is left out, the other weights grow: ${d.reason}`),
        },
      }
    },
  }
}

const fitSubScore = async (
  x: Matrix,
  target: Uint8Array,
  columns: number[],
  l2: number,
  { pool, signal, groups }: CheckedFit,
) => {
  const values = new Float64Array(new SharedArrayBuffer(8 * columns.length * x.rows))
  columns.forEach((j, k) => {
    values.set(matrixColumn(x, j), k * x.rows)
  })
  const data: LogisticData = { values, rows: x.rows, columns: columns.length, target }
  const fit = await fitLogisticOn(pool, data, { l2, groups }, { signal })
  const margins = linearMargins(data, Float64Array.of(fit.intercept, ...fit.coefficients))
  const mean = margins.reduce((a, b) => a + b, 0) / x.rows
  const deviation = Math.sqrt(margins.reduce((a, b) => a + (b - mean) ** 2, 0) / x.rows)
  const report = logisticReport(fit, { names: columns.map((j) => x.columns[j]!.name), l2 })
  return { columns, intercept: fit.intercept, coefficients: fit.coefficients, mean, deviation, report }
}
