/** Whether columns or margins tell two classes apart without error, ties aside. */
import type { LogisticData } from './logisticSums.ts'

interface Range {
  low: number
  high: number
}

const rangesOf = (data: LogisticData, values: Float64Array, offset: number): [good: Range, bad: Range] => {
  const good = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY }
  const bad = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY }
  for (let i = 0; i < data.rows; i++) {
    if (data.weights?.[i] === 0) continue
    const x = values[offset + i]!
    const range = data.target[i] ? bad : good
    if (x < range.low) range.low = x
    if (x > range.high) range.high = x
  }
  return [good, bad]
}

/** Columns on which the ranges of good and bad rows at most touch: any of them alone drives a coefficient to infinity. */
export const separatingColumns = (data: LogisticData): number[] => {
  const found: number[] = []
  for (let j = 0; j < data.columns; j++) {
    const [good, bad] = rangesOf(data, data.values, j * data.rows)
    const varies = Math.min(good.low, bad.low) < Math.max(good.high, bad.high)
    if (varies && (good.high <= bad.low || bad.high <= good.low)) found.push(j)
  }
  return found
}

/** Whether every bad row has a greater margin than every good one. */
export const separatingMargins = (data: LogisticData, margins: Float64Array): boolean => {
  const [good, bad] = rangesOf(data, margins, 0)
  return good.high < bad.low
}
