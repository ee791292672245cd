import type { FactorFrame } from '../matrix/frame.ts'
import type { FactorSpec } from '../schema/factor.ts'

/** What a person has: NaN or null where the value is missing, or the frame does not hold the factor. */
export const ownValue = (frame: FactorFrame, factor: FactorSpec, row: number): number | string | null =>
  factor.kind === 'category'
    ? (frame.categories[factor.name]?.[row] ?? null)
    : (frame.numbers[factor.name]?.[row] ?? Number.NaN)

/** Whether a value is there. */
export const isPresent = (value: number | string | null): boolean => value !== null && !Number.isNaN(value)
