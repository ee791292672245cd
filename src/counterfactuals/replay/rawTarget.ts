import { bandNumber } from '../../schema/bands.ts'
import type { FactorSpec } from '../../schema/factor.ts'
import { bandStart } from '../monthsNeeded.ts'
import type { WantedValue } from './wanted.ts'

/** The least by which a value is above an edge: what is counted is whole, money is in cents. */
const leastAbove = ({ unit }: FactorSpec): number => (unit.includes('CNY') || /^[A-Z]{3}\b/.test(unit) ? 0.01 : 1)

/**
 * What a factor must be for a model to read a value. For a band: the value in it that is nearest to the person's own.
 * @param own as it was measured
 */
export const rawTarget = (spec: FactorSpec, own: WantedValue, to: number | string | null): WantedValue => {
  const { bands } = spec
  if (!bands || typeof to !== 'number' || typeof own !== 'number') return to
  const band = bandNumber(bands, own)
  if (to === band) return own
  if (to > band) return bandStart(bands, to) + leastAbove(spec)
  if (to === 1 && bands.zero) return 0
  return bands.upperEdges[to - (bands.zero ? 2 : 1)] ?? 0
}

/** What a model reads of a value as it was measured. */
export const codedValue = ({ bands }: FactorSpec, raw: WantedValue): WantedValue =>
  bands && typeof raw === 'number' ? bandNumber(bands, raw) : raw
