/** What a person's page is told of each factor: how it may change, how far its slider goes, what can be chosen. */
import { referenceValues } from '../attributions/referenceValues.ts'
import { usedFactors } from '../attributions/usedFactors.ts'
import { catalogueRules } from '../counterfactuals/catalogueRules.ts'
import type { FactorRule } from '../counterfactuals/factorRule.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import type { EncodedColumn } from '../matrix/matrix.ts'
import type { MovableFactor, Value } from '../page/personData.ts'
import { bandCount, bandText } from '../schema/bands.ts'
import type { FactorSpec, MissingReason } from '../schema/factor.ts'
import { type CatalogueFactor, FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'
import { factorTitle } from '../schema/valueText.ts'
import type { Scorer } from '../scores/scorer.ts'

/** Share of the rows that a slider without a stated end shows on each side. */
const SHOWN = 0.99
/** More levels than these are a number. */
const MOST_LEVELS = 40

const catalogue = new Map(FACTOR_CATALOGUE.map((f) => [f.name, f]))

/** The entry of the catalogue, unless another table has a factor under its name. */
const knownAs = ({ name, dimension }: FactorSpec): CatalogueFactor | undefined => {
  const entry = catalogue.get(name)
  return entry?.dimension === dimension ? entry : undefined
}

/** Time adds to what has a rate, and takes away what lies in a window. */
const wayOf = (rule: FactorRule | undefined): MovableFactor['way'] => {
  if (!rule || rule.change === 'free') return 'both'
  if (rule.change === 'fixed') return 'none'
  if (rule.change !== 'time') return rule.change
  return rule.maxChangePerMonth !== undefined ? 'up' : rule.windowDays !== undefined ? 'down' : 'both'
}

/** Up to two digits that count, away from zero. */
const roundOut = (x: number, way: 1 | -1): number => {
  if (x === 0 || !Number.isFinite(x)) return 0
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(x))) - 1)
  return Number(((way > 0 ? Math.ceil(x / unit - 1e-9) : Math.floor(x / unit + 1e-9)) * unit).toPrecision(2))
}

/** Ends of a slider. */
const endsOf = (
  present: Float64Array,
  own: Value,
  { min, max }: Pick<MovableFactor, 'min' | 'max'>,
): { low: number; high: number } => {
  const at = (share: number): number => present[Math.round(share * (present.length - 1))] ?? 0
  const usual = { low: roundOut(Math.min(0, at(1 - SHOWN)), -1), high: roundOut(Math.max(0, at(SHOWN)), 1) }
  const number = typeof own === 'number' ? own : 0
  const low = Math.min(min ?? usual.low, number)
  const high = Math.max(max ?? usual.high, number)
  return { low, high: high > low ? high : low + 1 }
}

const bandLevels = (spec: FactorSpec): MovableFactor['levels'] =>
  spec.bands
    ? bandText(spec.bands)
        .split('; ')
        .slice(0, bandCount(spec.bands))
        .map((text, k) => ({ value: k + 1, text }))
    : null

/** Levels of a category that the model tells apart, and the person's own. */
const categoryLevels = (columns: readonly EncodedColumn[], own: Value): MovableFactor['levels'] => {
  const texts = new Set<string>()
  for (const { role, level, levels, pooled, others, reference } of columns) {
    if (reference !== undefined) texts.add(reference)
    if (role === 'category') for (const text of pooled ? levels!.slice(0, -1) : levels!) texts.add(text)
    else if (role === 'level' && level !== undefined && others === undefined) texts.add(level)
  }
  // What linear encodings put in the place of a missing value is no level.
  texts.delete('(missing)')
  if (typeof own === 'string') texts.add(own)
  return [...texts].sort().map((text) => ({ value: text, text }))
}

const numberLevels = (spec: FactorSpec, { low, high }: { low: number; high: number }): MovableFactor['levels'] => {
  if (spec.bands) return bandLevels(spec)
  if (spec.kind === 'flag')
    return [
      { value: 0, text: 'no' },
      { value: 1, text: 'yes' },
    ]
  if (spec.kind !== 'ordinal' || high - low > MOST_LEVELS) return null
  return Array.from({ length: high - low + 1 }, (_, k) => ({ value: low + k, text: String(low + k) }))
}

/**
 * One entry a factor of the encoding, in its order.
 * @param frame rows that ranges and usual values are taken from
 * @param row the person's own
 * @param missing why each value of the person is missing; null where it is there or that is not known
 */
export const movableFactors = (
  scorer: Scorer,
  frame: FactorFrame,
  row: number,
  missing: readonly (MissingReason | null)[],
): MovableFactor[] => {
  const { factors, columns } = scorer.encoding
  const used = usedFactors(scorer)
  const { rules } = catalogueRules(factors)
  const shares = (scorer.training['missing'] ?? {}) as Record<string, number>
  const references = referenceValues(
    frame,
    factors,
    Uint32Array.from({ length: frame.rows }, (_, i) => i),
  )
  return factors.map((spec, f): MovableFactor => {
    const { name, kind, scale } = spec
    const entry = knownAs(spec)
    const mine = columns.filter(({ factor }) => factor === f)
    const numbers = frame.numbers[name]
    const text = frame.categories[name]?.[row]
    const number = numbers?.[row] ?? Number.NaN
    const own: Value = kind === 'category' ? (text ?? null) : Number.isNaN(number) ? null : number
    const present = (numbers ?? new Float64Array(0)).filter((x) => !Number.isNaN(x)).sort()
    const limits = spec.bands
      ? { min: 1, max: bandCount(spec.bands) }
      : { min: entry?.min ?? null, max: entry?.max ?? null }
    const flag = kind === 'flag' ? { min: 0, max: 1 } : limits
    const ends = endsOf(present, own, flag)
    const whole = kind !== 'category' && present.length > 0 && present.every(Number.isInteger)
    return {
      name,
      title: factorTitle(name),
      used: used[f]!,
      change: entry?.change ?? null,
      way: wayOf(rules[name]),
      maxChangePerMonth: spec.bands ? null : (entry?.maxChangePerMonth ?? null),
      context: entry?.context ?? null,
      ...flag,
      ...ends,
      whole,
      curved: scale === 'log' && ends.high > 100,
      mayBeMissing: own === null || (shares[name] ?? 0) > 0 || mine.some(({ role }) => role === 'missing'),
      levels: kind === 'category' ? categoryLevels(mine, own) : numberLevels(spec, ends),
      own,
      missing: own === null ? (missing[f] ?? null) : null,
      reference: references[f]!,
    }
  })
}
