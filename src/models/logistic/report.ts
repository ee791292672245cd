/** What a reader should know of a logistic regression: coefficients with errors, how the fit ended, what to be warned of. */
import type { LogisticFit } from '../../kernels/logistic/logistic.ts'
import { normalTail } from '../../metrics/normal.ts'

/** Names a warning lists; the report has them all. */
const NAMED = 3
const firstOf = (names: readonly string[]): string =>
  names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ` and ${names.length - NAMED} more` : '')

export interface ReportContext {
  names: readonly string[]
  l1?: number
  l2: number
  /** columns whose coefficient must be 0 or more (1) or 0 or less (-1) */
  signs?: ArrayLike<number> | undefined
  /** whether errors, separation and dependence were worked out; by default true */
  inference?: boolean
}

/**
 * A fit as plain JSON. A coefficient has `standardError` (penalized information), `sandwichError` (sampling variance of the penalized
 * estimate, rows independent) and, where rows have persons, `clusteredError`; `z` and `pValue` are Wald's, two-sided, from the
 * clustered error where there is one, else the sandwich. Without them `noErrors` says why.
 */
export const logisticReport = (
  fit: LogisticFit,
  { names, l1 = 0, l2, signs, inference = true }: ReportContext,
): Record<string, unknown> => {
  const noErrors = inference ? reasonWithoutErrors(fit, l1, l2, names) : 'not asked for'
  const row = (name: string, coefficient: number, k: number) => ({
    column: name,
    coefficient,
    ...(noErrors ? {} : errorsOf(fit, coefficient, k)),
    ...(k > 0 && fit.held.includes(k - 1) ? { heldAtZero: true } : {}),
  })
  const { kind, columns, direction } = fit.separation
  const separating = columns.map((j) => names[j]!)
  return {
    iterations: fit.iterations,
    converged: fit.converged,
    gradientNorm: fit.gradientNorm,
    logLikelihood: fit.logLikelihood,
    ...(inference
      ? {
          separation: {
            kind,
            columns: separating,
            ...(direction ? { combination: partsOf(direction, names) } : {}),
          },
          dependentColumns: fit.dependent.map(({ column, of }) => ({
            column: names[column]!,
            of: of.map((j) => names[j]!),
          })),
        }
      : {}),
    ...(fit.clusters !== undefined ? { clusters: fit.clusters } : {}),
    ...(noErrors ? { noErrors } : {}),
    ...(signs ? { heldAtZero: fit.held.map((j) => names[j]!) } : {}),
    intercept: row('intercept', fit.intercept, 0),
    coefficients: names.map((name, j) => row(name, fit.coefficients[j]!, j + 1)),
    warnings: warningsOf(fit, names, l1 + l2 > 0, inference),
  }
}

/** Why there are no standard errors, if there are none. */
const reasonWithoutErrors = (
  fit: LogisticFit,
  l1: number,
  l2: number,
  names: readonly string[],
): string | undefined => {
  if (l1 > 0)
    return 'not available: the penalty on absolute values chooses columns, which no standard error accounts for'
  if (fit.held.length > 0)
    return `not available: the required sign holds ${firstOf(fit.held.map((j) => names[j]!))} at 0, so estimates are not normal`
  if (l2 === 0 && (fit.separation.kind === 'quasi' || fit.separation.kind === 'complete'))
    return 'not available: no finite coefficients exist'
  return undefined
}

const errorsOf = ({ standardErrors }: LogisticFit, coefficient: number, k: number) => {
  const { penalized, sandwich, clustered } = standardErrors!
  const error = (clustered ?? sandwich)[k]!
  const known = error > 0
  const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null)
  return {
    standardError: orNull(penalized[k]!),
    sandwichError: orNull(sandwich[k]!),
    ...(clustered ? { clusteredError: orNull(clustered[k]!) } : {}),
    z: known ? coefficient / error : null,
    pValue: known ? 2 * normalTail(Math.abs(coefficient / error)) : null,
  }
}

/** Below this share of the greatest a part of a combination is rounding. */
const NEGLIGIBLE = 1e-6

const partsOf = (direction: Float64Array, names: readonly string[]): { column: string; factor: number }[] => {
  const slopes = direction.subarray(1)
  const most = slopes.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  return names.flatMap((column, j) =>
    Math.abs(slopes[j]!) > NEGLIGIBLE * most ? [{ column, factor: slopes[j]! / most }] : [],
  )
}

/** At most one warning for columns that are combinations of others, however many: the report lists them all. */
const dependenceOf = ({ dependent }: LogisticFit, names: readonly string[], penalized: boolean): string[] => {
  if (dependent.length === 0) return []
  const statements = dependent.map(({ column, of }) =>
    of.length > 0
      ? `column ${names[column]} is a combination of ${firstOf(of.map((j) => names[j]!))}`
      : `column ${names[column]} is constant`,
  )
  const one = statements.length === 1
  const others = one ? '' : `, and so on for ${statements.length - 1} more (dependentColumns in the report)`
  const effect = penalized
    ? `only the penalty sets ${one ? 'its coefficient' : 'their coefficients'} apart from those of the others`
    : `${one ? 'its coefficient is' : 'their coefficients are'} not determined`
  return [`${statements[0]}${others}: ${effect}`]
}

const warningsOf = (fit: LogisticFit, names: readonly string[], penalized: boolean, inference: boolean): string[] => {
  const warnings: string[] = []
  const { kind, columns } = fit.separation
  if (kind === 'quasi' || kind === 'complete') {
    const what = columns.length ? `by ${firstOf(columns.map((j) => names[j]!))}` : 'by a combination of columns'
    const effect = penalized
      ? 'the penalty alone keeps coefficients finite'
      : 'no finite coefficients exist; set l2 above 0'
    const which = kind === 'complete' ? 'good and bad rows' : 'some good and bad rows'
    warnings.push(`${kind} separation ${what}: ${which} are told apart without error; ${effect}`)
  }
  if (inference && kind === 'unknown')
    warnings.push('not enough evidence whether a combination of columns tells good and bad rows apart without error')
  warnings.push(...dependenceOf(fit, names, penalized))
  if (!fit.converged) warnings.push(`the fit did not converge in ${fit.iterations} iterations`)
  return warnings
}
