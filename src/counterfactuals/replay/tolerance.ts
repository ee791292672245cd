import type { FactorSpec } from '../../schema/factor.ts'
import type { WantedValue } from './wanted.ts'

/** Money is paid in whole cents, so sums and means of it are met to a cent; counts, days, flags, levels, bands and texts are met exactly. */
const CENT = 0.0100001
/** Ratios of whole cents, days or tenths of fares cannot be met better by everybody: absolute, and relative to the value. */
const RATIO = 1e-4

const isMoney = ({ unit }: FactorSpec): boolean => /^[A-Z]{3}\b/.test(unit)
const RATIOS: readonly string[] = ['share 0..1', 'share per year', 'tenths of full fare', 'ratio', 'percent', 'index']

/** Whether a replayed value is the promised one. */
export const sameValue = (spec: FactorSpec, promised: WantedValue, replayed: WantedValue): boolean => {
  if (typeof promised !== 'number' || typeof replayed !== 'number') return promised === replayed
  const off = Math.abs(promised - replayed)
  if (spec.bands) return off === 0
  if (isMoney(spec)) return off <= CENT
  return RATIOS.includes(spec.unit) ? off <= RATIO * (1 + Math.abs(promised)) : off < 1e-9
}
