/** Columns that are hard to bin, from a small generator of our own so that they never change. */
import { Generator } from '../../../src/kernels/numbers/generator.ts'

const uniform = (generator: Generator): number => generator.below(2 ** 30) / 2 ** 30

export type ColumnName = keyof typeof MAKERS

const MAKERS = {
  different: (u: () => number) => u() + u() - 1,
  skewed: (u: () => number) => Math.trunc(1e6 * u() ** 8) / 100,
  zeroInflated: (u: () => number) => (u() < 0.9 ? 0 : u() * 1000),
  aroundZero: (u: () => number) => (u() < 0.5 ? (u() < 0.5 ? 0 : -0) : u() - 0.5),
  mostlyMissing: (u: () => number) => (u() < 0.995 ? Number.NaN : u()),
  halfMissing: (u: () => number) => (u() < 0.5 ? Number.NaN : Math.trunc(u() * 3000)),
  infinite: (u: () => number) =>
    u() < 0.01
      ? Number.POSITIVE_INFINITY
      : u() < 0.01
        ? Number.NEGATIVE_INFINITY
        : u() * 1e308 * 1.7 * (u() < 0.5 ? -1 : 1),
  tiny: (u: () => number) => Math.trunc(u() * 5000) * Number.MIN_VALUE * (u() < 0.5 ? -1 : 1),
  flag: (u: () => number) => (u() < 0.3 ? 1 : 0),
  fewAndRare: (u: () => number) => (u() < 0.0001 ? 1000 + Math.trunc(u() * 50) : Math.trunc(u() * 200)),
  fewThenMany: (u: () => number) => (u() < 0.001 ? u() : 5),
  thousand: (u: () => number) => Math.trunc(u() * 1000),
  empty: () => Number.NaN,
  constant: () => 7,
}
export const COLUMN_NAMES = Object.keys(MAKERS) as ColumnName[]

export const madeColumn = (name: ColumnName, rows: number, seed = 1): Float64Array => {
  const generator = new Generator(Uint32Array.of(seed, rows, name.length, 77))
  const u = () => uniform(generator)
  return Float64Array.from({ length: rows }, () => MAKERS[name](u))
}

/** The columns beside each other. */
export const besideEachOther = (columns: readonly Float64Array[]): Float64Array => {
  const rows = columns[0]!.length
  const values = new Float64Array(rows * columns.length)
  columns.forEach((column, j) => {
    values.set(column, j * rows)
  })
  return values
}
