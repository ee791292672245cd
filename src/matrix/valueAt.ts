import { heldIn } from './factorValues.ts'
import type { FactorFrame } from './frame.ts'

/** The value of a factor in a row: a number, the text of a category, or null where it is missing or the frame lacks the factor. */
export const valueAt = (frame: FactorFrame, factor: string, row: number): number | string | null => {
  const held = heldIn(frame, factor)
  if (held === null) return null
  if (held === 'text') return frame.categories[factor]![row] ?? null
  const value = frame.numbers[factor]![row]!
  return Number.isNaN(value) ? null : value
}
