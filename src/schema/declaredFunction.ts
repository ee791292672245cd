/**
 * An additive function with pairs: log-odds = intercept + sum of g(x_j) + sum of weight · a(x_j) · b(x_k). Every curve is bounded, and a
 * missing value has a value of its own. Straight lines between knots and products only, so that every machine finds the same numbers.
 */

/** A curve over numbers: straight between knots, flat beyond the first and the last. */
export interface KnotCurve {
  /** [value of the factor, value of the curve], the former ascending; at least one */
  knots: readonly (readonly [number, number])[]
  /** where the factor is missing */
  missing: number
}

/** A curve over the levels of a category. */
export interface LevelCurve {
  levels: Readonly<Record<string, number>>
  /** of a level that is not listed */
  other: number
  missing: number
}

/** What a factor adds to the log-odds: a line through knots for numbers, or a value for each level. */
export type Curve = KnotCurve | LevelCurve

/** What one factor adds. */
export interface DeclaredTerm {
  factor: string
  curve: Curve
}

/** What two factors add beyond what each adds alone: weight · first curve · second curve. */
export interface DeclaredPair {
  factors: readonly [string, string]
  weight: number
  curves: readonly [Curve, Curve]
}

/** The whole function, as data. A factor that stands in neither list does not matter to it. */
export interface DeclaredFunction {
  format: 'glasscore.declared-function'
  version: 1
  output: 'log-odds of bad'
  intercept: number
  /** at most one a factor */
  terms: readonly DeclaredTerm[]
  pairs: readonly DeclaredPair[]
}

/** Factors of many rows: numbers with NaN, texts with null for missing. A `FactorFrame` is one. */
export interface FactorColumns {
  rows: number
  numbers: Readonly<Record<string, Float64Array>>
  categories: Readonly<Record<string, readonly (string | null)[]>>
}

/** A curve at one value. */
export const curveAt = (curve: Curve, value: number | string | null): number => {
  if ('levels' in curve) {
    if (typeof value !== 'string') return curve.missing
    return Object.hasOwn(curve.levels, value) ? curve.levels[value]! : curve.other
  }
  if (typeof value !== 'number' || Number.isNaN(value)) return curve.missing
  const { knots } = curve
  if (value <= knots[0]![0]) return knots[0]![1]
  for (let k = 1; k < knots.length; k++) {
    const [x, y] = knots[k]!
    if (value > x) continue
    const [x0, y0] = knots[k - 1]!
    return y0 + ((y - y0) * (value - x0)) / (x - x0)
  }
  return knots.at(-1)![1]
}

/** A curve over all rows. @throws Error when the columns lack the factor or hold it as the other kind: ours, not the user's */
export const curveOver = (curve: Curve, factor: string, columns: FactorColumns): Float64Array => {
  const values = 'levels' in curve ? columns.categories[factor] : columns.numbers[factor]
  if (!values) throw new Error(`the declared function needs ${factor} as ${'levels' in curve ? 'text' : 'numbers'}`)
  const out = new Float64Array(columns.rows)
  for (let i = 0; i < out.length; i++) out[i] = curveAt(curve, values[i]!)
  return out
}

/** Every curve over all rows, once. */
export interface DeclaredParts {
  /** in the order of the terms */
  terms: Float64Array[]
  /** in the order of the pairs: the two curves */
  pairs: [Float64Array, Float64Array][]
}

export const declaredParts = (fn: DeclaredFunction, columns: FactorColumns): DeclaredParts => ({
  terms: fn.terms.map(({ factor, curve }) => curveOver(curve, factor, columns)),
  pairs: fn.pairs.map(({ factors: [a, b], curves: [first, second] }) => [
    curveOver(first, a, columns),
    curveOver(second, b, columns),
  ]),
})

/** The function of all rows, from its parts: the terms in order, then the pairs. */
export const declaredLogOdds = (fn: DeclaredFunction, parts: DeclaredParts, rows: number): Float64Array => {
  const out = new Float64Array(rows).fill(fn.intercept)
  for (const values of parts.terms) for (let i = 0; i < rows; i++) out[i]! += values[i]!
  parts.pairs.forEach(([a, b], p) => {
    const { weight } = fn.pairs[p]!
    for (let i = 0; i < rows; i++) out[i]! += weight * a[i]! * b[i]!
  })
  return out
}

/** Factors that the function does not look at at all. */
export const silentFactors = (fn: DeclaredFunction, factors: readonly string[]): string[] => {
  const speaks = new Set([...fn.terms.map((t) => t.factor), ...fn.pairs.flatMap((p) => p.factors)])
  return factors.filter((name) => !speaks.has(name))
}
