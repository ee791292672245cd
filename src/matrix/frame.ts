import type { FactorSpec } from '../schema/factor.ts'

/** Factors of many rows as they were read: numbers with NaN for missing, categories as text with null for missing. */
export interface FactorFrame {
  /** length of every column */
  rows: number
  /** whose row it is; with `observationDate` the key */
  personId: string[]
  /** ISO days */
  observationDate: string[]
  /** what the columns are; each has its values in `numbers` or `categories` */
  factors: readonly FactorSpec[]
  /** by factor name: kinds number, flag, ordinal */
  numbers: Record<string, Float64Array>
  /** by factor name: kind category */
  categories: Record<string, (string | null)[]>
}

const takeNumbers = (values: Float64Array, rows: ArrayLike<number>): Float64Array => {
  const out = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]!]!
  return out
}

const take = <T>(values: readonly T[], rows: ArrayLike<number>): T[] => {
  const out = new Array<T>(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]!]!
  return out
}

/** The rows with the given positions (0-based; may repeat), in that order, copied. */
export const takeRows = (frame: FactorFrame, rows: ArrayLike<number>): FactorFrame => ({
  rows: rows.length,
  personId: take(frame.personId, rows),
  observationDate: take(frame.observationDate, rows),
  factors: frame.factors,
  numbers: Object.fromEntries(Object.entries(frame.numbers).map(([name, v]) => [name, takeNumbers(v, rows)])),
  categories: Object.fromEntries(Object.entries(frame.categories).map(([name, v]) => [name, take(v, rows)])),
})

/** The rows from .. to - 1; numbers are views on those of the frame, not copies. */
export const sliceRows = (frame: FactorFrame, from: number, to: number): FactorFrame => ({
  rows: to - from,
  personId: frame.personId.slice(from, to),
  observationDate: frame.observationDate.slice(from, to),
  factors: frame.factors,
  numbers: Object.fromEntries(Object.entries(frame.numbers).map(([name, v]) => [name, v.subarray(from, to)])),
  categories: Object.fromEntries(Object.entries(frame.categories).map(([name, v]) => [name, v.slice(from, to)])),
})
