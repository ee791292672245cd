/** Values of factors in words. */
import { money, plain } from '../util/numberFormats.ts'
import type { FactorSpec } from './factor.ts'

/** "CNY", "CNY per month": amounts have cents. */
export const CURRENCY = /^[A-Z]{3}( per \w+)?$/
/** Units that are read after their number: 3 flights, 40 days. Others stand in brackets behind it. */
export const COUNTED = /^([a-z-]+[^s]s|percent)$/

/** A number as it is in the data, without its unit. */
export const numberText = (value: number, unit: string): string => (CURRENCY.test(unit) ? money : plain)(value)

/** "3 flights", "0.25", "120.50 CNY", "no value"; units that say what a number is of and not how many are left out. */
export const valueText = (value: number | string | null, { kind, unit }: Pick<FactorSpec, 'kind' | 'unit'>): string => {
  if (value === null) return 'no value'
  if (typeof value === 'string') return value.trim() || '(blank)'
  if (kind === 'flag' && (value === 0 || value === 1)) return value === 1 ? 'yes' : 'no'
  const text = numberText(value, unit)
  return CURRENCY.test(unit) || COUNTED.test(unit)
    ? `${text} ${value === 1 ? unit.replace(/([^s])s$/, '$1') : unit}`
    : text
}

/** "institutions_visited_1m" → "institutions visited, 1 month": the name of a factor for reading. */
export const factorTitle = (name: string): string => {
  const window = /^(.+)_(\d+)([my])$/.exec(name)
  const words = (text: string): string => text.replaceAll('_', ' ').trim() || name
  if (!window) return words(name)
  const [, stem, n, unit] = window
  return `${words(stem!)}, ${n} ${unit === 'm' ? 'month' : 'year'}${n === '1' ? '' : 's'}`
}
