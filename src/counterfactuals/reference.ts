/** What a change is measured in: the spread and the usual range of each factor among the people of a reference population. */
import { numbersOf } from '../matrix/factorValues.ts'
import type { FactorFrame } from '../matrix/frame.ts'

/** A number factor among the people of reference. */
export interface FactorReference {
  /** a change by so much costs 1; more than 0 */
  spread: number
  /** the first and the ninety-ninth percentile: no value is moved beyond them */
  low: number
  high: number
  /** values are moved to whole multiples of it; more than 0 */
  step: number
}

/** By name of factor; factors of text and those without any value have none. */
export type ChangeReference = Readonly<Record<string, FactorReference>>

/** Steps that a spread has, at least. */
const STEPS_OF_SPREAD = 20

/** The largest of 1, 2, 5 times a power of ten that is not above x > 0. */
const roundStep = (x: number): number => {
  const power = 10 ** Math.floor(Math.log10(x))
  const times = [5, 2].find((m) => m * power <= x) ?? 1
  return times * power
}

const quantile = (sorted: Float64Array, share: number): number => sorted[Math.round(share * (sorted.length - 1))]!

const medianDistance = (sorted: Float64Array, middle: number): number => {
  const distances = sorted.map((v) => Math.abs(v - middle)).sort()
  const median = quantile(distances, 0.5)
  return median > 0 ? median : distances.reduce((sum, d) => sum + d, 0) / distances.length
}

const referenceOfFactor = (values: Float64Array): FactorReference | undefined => {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort()
  if (sorted.length === 0) return undefined
  const whole = sorted.every(Number.isInteger)
  const distance = medianDistance(sorted, quantile(sorted, 0.5))
  const spread = Math.max(distance, whole ? 1 : 0) || 1
  const step = Math.max(roundStep(spread / STEPS_OF_SPREAD), whole ? 1 : 0)
  return { spread, low: quantile(sorted, 0.01), high: quantile(sorted, 0.99), step }
}

/**
 * Spread, usual range and step of every number factor of a frame.
 *
 * spread: the median absolute deviation from the median; where that is 0, the mean absolute deviation; at least 1 where all values are
 * whole; 1 where nothing varies. step: the largest of 1, 2, 5 times a power of ten within a twentieth of the spread, at least 1 where all
 * values are whole, so that whole numbers stay whole.
 * @param frame rows of the population that people are compared with, as many as there are; missing values are left out
 */
export const changeReference = (frame: FactorFrame): ChangeReference => {
  const out: Record<string, FactorReference> = {}
  for (const factor of frame.factors) {
    if (factor.kind === 'category') continue
    const reference = referenceOfFactor(numbersOf(frame, factor))
    if (reference) out[factor.name] = reference
  }
  return out
}
