/** The person's own value of a factor. */
import { COUNTED, CURRENCY } from '../../schema/valueText.ts'
import type { Child } from '../html.ts'
import { named } from '../labels.ts'
import { type Format, figure, money, plain, type ReportJson } from '../numbers.ts'
import { missingWords, unitWords } from '../words.ts'

/** How a value with this unit is written. */
export const formatOf = (unit: string): Format => (CURRENCY.test(unit) ? money : plain)

/** The unit behind a value. */
export const unitAfter = (value: number, unit: string): Child => {
  if (unit === '') return null
  if (unit === 'yes/no' && (value === 0 || value === 1)) return value === 1 ? ' (yes)' : ' (no)'
  if (CURRENCY.test(unit) || COUNTED.test(unit)) return [' ', named(unit)]
  return [' (', named(unitWords(unit)), ')']
}

/** A number in full with its unit, the text of a category, or why there is none. */
export const ownValue = (
  report: ReportJson,
  path: readonly (string | number)[],
  { value, unit, missing }: { value: number | string | null; unit: string; missing?: string | null },
): Child => {
  if (typeof value === 'string') return named(value)
  if (typeof value === 'number') return [figure(report, [...path, 'value'], formatOf(unit)), unitAfter(value, unit)]
  return missing ? ['missing: ', named(missingWords(missing))] : 'missing'
}
