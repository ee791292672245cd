/** Factors in a few bins each, as surrogates read them: cut on training rows, applied to any. */
import { categoriesOf, heldFor, numbersOf } from '../../matrix/factorValues.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import { quantile } from '../../metrics/bootstrap.ts'
import type { FactorSpec } from '../../schema/factor.ts'

/** One factor in bins: 0 is missing, 1 .. bins - 1 in order. */
export interface FactorBins {
  name: string
  bins: number
  /** the bin of every row */
  codes(frame: FactorFrame): Uint8Array
}

/** Levels with fewer training rows share a bin. */
const RARE = 20

const numberBins = (factor: FactorSpec, frame: FactorFrame, most: number): FactorBins => {
  const sorted = numbersOf(frame, factor)
    .filter((v) => !Number.isNaN(v))
    .sort()
  const edges = [...new Set(Array.from({ length: most - 1 }, (_, k) => quantile(sorted, (k + 1) / most)))].filter(
    (edge) => edge < sorted[sorted.length - 1]!,
  )
  return {
    name: factor.name,
    bins: edges.length + 2,
    codes: (rows) =>
      Uint8Array.from(numbersOf(rows, factor), (v) => {
        if (Number.isNaN(v)) return 0
        let [from, to] = [0, edges.length]
        while (from < to) {
          const middle = (from + to) >> 1
          if (v > edges[middle]!) from = middle + 1
          else to = middle
        }
        return from + 1
      }),
  }
}

const categoryBins = (factor: FactorSpec, frame: FactorFrame, y: Float64Array, most: number): FactorBins => {
  const sums = new Map<string, { n: number; sum: number }>()
  categoriesOf(frame, factor).forEach((value, i) => {
    if (value === null) return
    const entry = sums.get(value) ?? { n: 0, sum: 0 }
    entry.n++
    entry.sum += y[i]!
    sums.set(value, entry)
  })
  const kept = [...sums]
    .filter(([, { n }]) => n >= RARE)
    .sort(([a, x], [b, z]) => z.n - x.n || (a < b ? -1 : 1))
    .slice(0, most - 1)
    // By what is fitted: splits of a tree are then splits of an order (Breiman et al. 1984, Classification and Regression Trees, theorem 9.6).
    .sort(([a, x], [b, z]) => x.sum / x.n - z.sum / z.n || (a < b ? -1 : 1))
  const code = new Map(kept.map(([value], k) => [value, k + 1]))
  const other = kept.length + 1
  return {
    name: factor.name,
    bins: other + 1,
    codes: (rows) =>
      Uint8Array.from(categoriesOf(rows, factor), (value) => (value === null ? 0 : (code.get(value) ?? other))),
  }
}

/**
 * Bins of every factor of a frame.
 * @param y what is fitted on them, one a row: levels of categories are ordered by its mean
 * @param most bins of a factor beside the missing one, at most 254
 */
export const factorBins = (frame: FactorFrame, y: Float64Array, most: number): FactorBins[] =>
  frame.factors.map((factor) =>
    heldFor(factor) === 'text' ? categoryBins(factor, frame, y, most) : numberBins(factor, frame, most),
  )
