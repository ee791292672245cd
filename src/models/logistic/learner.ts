import { fitLogistic, type LogisticFit } from '../../kernels/logistic/logistic.ts'
import { type Matrix, matrixColumn } from '../../matrix/matrix.ts'
import { checkFinite, checkNumber, checkTarget } from '../checkOptions.ts'
import type { Learner } from '../model.ts'

/** Penalty of the logistic regression. */
export interface LogisticLearnerOptions {
  /** penalty l2 / 2 * |coefficients|^2 on the encoded (standardized) columns, intercept free; 1 / C of scikit-learn */
  l2?: number
}

/** Mean of every column: the background of a linear model's attributions. */
export const columnMeans = (x: Matrix): Float64Array =>
  Float64Array.from(x.columns, (_, j) => matrixColumn(x, j).reduce((a, b) => a + b, 0) / x.rows)

/**
 * Logistic regression by Newton's method; see kernels/logistic/.
 *
 * The report gives each coefficient with its standard error from the penalized information (`standardError`) and from the
 * sandwich that is the sampling variance of the penalized estimate (`sandwichError`); they agree for l2 = 0. Both take rows as
 * independent. Separation is a finding, not an error: with a penalty a warning, without one also `converged: false`.
 */
export const logistic = (options: LogisticLearnerOptions = {}): Learner => {
  const l2 = checkNumber('l2', options.l2 ?? 1, { min: 0, max: 1e12 })
  return {
    kind: 'logistic',
    encoding: 'linear',
    options: { l2 },
    fit: async (x, target) => {
      checkTarget(x, target)
      checkFinite(x)
      const fit = fitLogistic({ values: x.values, rows: x.rows, columns: x.columns.length, target }, { l2 })
      return {
        model: {
          kind: 'logistic',
          intercept: fit.intercept,
          coefficients: fit.coefficients,
          means: columnMeans(x),
        },
        report: logisticReport(
          fit,
          x.columns.map((c) => c.name),
          l2,
        ),
      }
    },
  }
}

/** Names a warning lists; the report has them all. */
const NAMED = 3
const firstOf = (names: readonly string[]): string =>
  names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ` and ${names.length - NAMED} more` : '')

/** A fit as plain JSON: coefficients with errors, how it ended, and what to be warned of. */
export const logisticReport = (fit: LogisticFit, names: readonly string[], l2: number): Record<string, unknown> => {
  const { penalized, sandwich } = fit.standardErrors
  const row = (name: string, coefficient: number, k: number) => ({
    column: name,
    coefficient,
    standardError: penalized[k]!,
    sandwichError: sandwich[k]!,
  })
  const warnings: string[] = []
  const { kind, columns } = fit.separation
  const separating = columns.map((j) => names[j]!)
  if (kind !== 'none') {
    const what = separating.length ? `by ${firstOf(separating)}` : 'by a combination of columns'
    const effect =
      l2 > 0 ? 'the penalty alone keeps coefficients finite' : 'no finite coefficients exist; set l2 above 0'
    const which = kind === 'complete' ? 'good and bad rows' : 'some good and bad rows'
    warnings.push(`${kind} separation ${what}: ${which} are told apart without error; ${effect}`)
  }
  if (fit.dependentColumn >= 0)
    warnings.push(`column ${names[fit.dependentColumn]} is a combination of others: its coefficient is not determined`)
  if (!fit.converged) warnings.push(`the fit did not converge in ${fit.iterations} iterations`)
  return {
    iterations: fit.iterations,
    converged: fit.converged,
    gradientNorm: fit.gradientNorm,
    logLikelihood: fit.logLikelihood,
    separation: { kind, columns: separating },
    intercept: row('intercept', fit.intercept, 0),
    coefficients: names.map((name, j) => row(name, fit.coefficients[j]!, j + 1)),
    warnings,
  }
}
