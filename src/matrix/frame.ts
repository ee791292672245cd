import type { FactorSpec } from '../schema/factor.ts'

/** Factors of many rows as they were read: numbers with NaN for missing, categories as text with null for missing. */
export interface FactorFrame {
  rows: number
  personId: string[]
  observationDate: string[]
  factors: readonly FactorSpec[]
  /** by factor name: kinds number, flag, ordinal */
  numbers: Record<string, Float64Array>
  /** by factor name: kind category */
  categories: Record<string, (string | null)[]>
}

/** The rows with the given positions, in that order. */
export const takeRows = (frame: FactorFrame, rows: ArrayLike<number>): FactorFrame => {
  const take = <T>(values: ArrayLike<T>): T[] => Array.from({ length: rows.length }, (_, i) => values[rows[i]!]!)
  return {
    rows: rows.length,
    personId: take(frame.personId),
    observationDate: take(frame.observationDate),
    factors: frame.factors,
    numbers: Object.fromEntries(
      Object.entries(frame.numbers).map(([name, v]) => [
        name,
        Float64Array.from({ length: rows.length }, (_, i) => v[rows[i]!]!),
      ]),
    ),
    categories: Object.fromEntries(Object.entries(frame.categories).map(([name, v]) => [name, take(v)])),
  }
}
