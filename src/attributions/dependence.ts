/** How the points of a factor depend on its value: what a chart of dependence is drawn from. */
import { quantile } from '../metrics/bootstrap.ts'
import { binOf, quantileBins } from '../metrics/quantileBins.ts'

/** Points of a factor in some rows: how many rows, and the tenth, half and nine tenths of them in order. */
export interface PointSpread {
  /** 1 or more */
  rows: number
  /** a tenth of the rows have fewer points */
  low: number
  median: number
  /** a tenth of the rows have more points */
  high: number
}

/** The same of rows whose value lies from `from` to `to`, both ends included and both held by some row. */
export interface ValueSpread extends PointSpread {
  from: number
  to: number
}

/** The same of rows with one level of a category; level null: all levels beyond those that stand alone. */
export interface LevelSpread extends PointSpread {
  level: string | null
  /** levels that are put together here, 1 for one that stands alone */
  levels: number
}

/** So many different values have a bin each; more are cut into bins of equal size. */
const FEW_VALUES = 12
const BINS = 20
const MOST_LEVELS = 10

const spreadOf = (points: readonly number[]): PointSpread => {
  const sorted = Float64Array.from(points).sort()
  return {
    rows: sorted.length,
    low: quantile(sorted, 0.1),
    median: quantile(sorted, 0.5),
    high: quantile(sorted, 0.9),
  }
}

/** Edges of the bins: one bin a value where there are few, else about equal numbers of rows; equal values stay together. */
const edgesOf = (values: ArrayLike<number>) => {
  const distinct = new Set<number>()
  for (let i = 0; i < values.length && distinct.size <= FEW_VALUES; i++)
    if (!Number.isNaN(values[i]!)) distinct.add(values[i]!)
  if (distinct.size > FEW_VALUES) return quantileBins(values, BINS)
  return {
    edges: Float64Array.from(distinct)
      .sort()
      .subarray(0, Math.max(0, distinct.size - 1)),
  }
}

/**
 * Points by value of a number: at most 20 bins of about equal size, or one a value where there are at most 12 different ones. Rising by value; NaN is
 * missing and counted apart.
 * @param values one a row; @param points of the same rows
 * @returns missing: null where no row is without a value
 */
export const dependenceOnNumber = (
  values: ArrayLike<number>,
  points: ArrayLike<number>,
): { bins: ValueSpread[]; missing: PointSpread | null } => {
  const cut = edgesOf(values)
  const held = Array.from({ length: cut.edges.length + 2 }, () => ({
    from: Number.POSITIVE_INFINITY,
    to: Number.NEGATIVE_INFINITY,
    points: [] as number[],
  }))
  for (let i = 0; i < values.length; i++) {
    const bin = held[binOf(cut, values[i]!)]!
    bin.points.push(points[i]!)
    bin.from = Math.min(bin.from, values[i]!)
    bin.to = Math.max(bin.to, values[i]!)
  }
  const missing = held.pop()!.points
  return {
    bins: held.flatMap(({ from, to, points: own }) => (own.length ? [{ from, to, ...spreadOf(own) }] : [])),
    missing: missing.length ? spreadOf(missing) : null,
  }
}

/**
 * Points by level of a category, the ten levels with most rows by themselves and the others together; from the fewest points at the
 * median to the most, the others last. null is missing and counted apart.
 * @param values one a row; @param points of the same rows
 * @returns missing: null where no row is without a value
 */
export const dependenceOnLevel = (
  values: readonly (string | null)[],
  points: ArrayLike<number>,
): { levels: LevelSpread[]; missing: PointSpread | null } => {
  const held = new Map<string, number[]>()
  const missing: number[] = []
  values.forEach((value, i) => {
    if (value === null) missing.push(points[i]!)
    else if (held.has(value)) held.get(value)!.push(points[i]!)
    else held.set(value, [points[i]!])
  })
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  const bySize = [...held].sort((a, b) => b[1].length - a[1].length || byText(a[0], b[0]))
  const most = bySize.length <= MOST_LEVELS + 1 ? bySize.length : MOST_LEVELS
  const alone = bySize
    .slice(0, most)
    .map(([level, own]): LevelSpread => ({ level, levels: 1, ...spreadOf(own) }))
    .sort((a, b) => a.median - b.median || byText(a.level!, b.level!))
  const rest = bySize.slice(most)
  const others: LevelSpread[] = rest.length
    ? [{ level: null, levels: rest.length, ...spreadOf(rest.flatMap(([, own]) => own)) }]
    : []
  return { levels: [...alone, ...others], missing: missing.length ? spreadOf(missing) : null }
}
