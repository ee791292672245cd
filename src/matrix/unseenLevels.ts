import { categoriesOf } from './factorValues.ts'
import type { FactorFrame } from './frame.ts'
import type { Encoding } from './matrix.ts'

/** A factor with values that its encoding does not know. */
export interface UnseenLevels {
  factor: string
  /** rows with such a value */
  rows: number
  /** up to three of the values, the most frequent first, ties by name */
  examples: string[]
}

const EXAMPLES = 3

/**
 * Categories of a frame that the training rows did not have: they are 0 in every column of the model, so that a linear model
 * reads them as the most frequent level, or missing in a column of codes. Missing values are not among them, nor are factors that the model does not use, nor
 * factors with a column for rarer levels: there an unseen value is taken as one more rare level.
 * @throws GlasscoreError('data') when the frame lacks a category of the encoding or holds numbers in its place
 */
export const unseenLevels = (encoding: Encoding, frame: FactorFrame): UnseenLevels[] => {
  const known = new Map<number, Set<string>>()
  const open = new Set<number>()
  for (const { factor, level, others, reference, levels: codes, pooled } of encoding.columns) {
    if (codes) known.set(factor, new Set(codes))
    if (others || pooled) open.add(factor)
    if (level === undefined) continue
    const levels = known.get(factor) ?? new Set()
    levels.add(level)
    if (reference !== undefined) levels.add(reference)
    known.set(factor, levels)
  }
  const found: UnseenLevels[] = []
  for (const [index, levels] of known) {
    if (open.has(index)) continue
    const factor = encoding.factors[index]!
    const counts = new Map<string, number>()
    let rows = 0
    for (const value of categoriesOf(frame, factor)) {
      if (value === null || levels.has(value)) continue
      rows++
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    if (rows === 0) continue
    const examples = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, EXAMPLES)
    found.push({ factor: factor.name, rows, examples: examples.map(([value]) => value) })
  }
  return found
}
