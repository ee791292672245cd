import type { Encoding } from '../matrix/matrix.ts'

/** Texts of a category that the model knows by name, in alphabetical order; what rarer levels share is no value to move to. */
export const levelsKnown = ({ columns }: Encoding, factor: number): string[] => {
  const known = new Set<string>()
  for (const column of columns) {
    if (column.factor !== factor) continue
    const { level, reference, levels = [], others, pooled } = column
    for (const text of pooled ? levels.slice(0, -1) : levels) known.add(text)
    if (level !== undefined && !others) known.add(level)
    if (reference !== undefined) known.add(reference)
  }
  // To a linear encoding a missing value is a level of this name: nothing to move to.
  known.delete('(missing)')
  return [...known].sort()
}
