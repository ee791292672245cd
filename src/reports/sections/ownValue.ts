/** The person's own value of a factor. */
import type { Child } from '../html.ts'
import { named } from '../labels.ts'
import { type Format, figure, money, plain, type ReportJson } from '../numbers.ts'
import { missingWords, unitWords } from '../words.ts'

/** "CNY", "CNY per month": amounts have cents. */
const CURRENCY = /^[A-Z]{3}( per \w+)?$/
/** Units that are read after their number: 3 flights, 40 days. Others stand in brackets behind it. */
const COUNTED = /^([a-z-]+[^s]s|percent)$/

const formatOf = (unit: string): Format => (CURRENCY.test(unit) ? money : plain)

const unitAfter = (value: number, unit: string): Child => {
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
