import { bandCount } from '../schema/bands.ts'
import { bandStart } from './monthsNeeded.ts'
import type { MoveSource } from './moveSource.ts'
import { ownValue } from './ownValue.ts'
import type { Variable } from './variable.ts'

/** The value of a factor that grows with the months, after so many of them. */
const grown = (
  source: Pick<MoveSource, 'encoding' | 'reference'>,
  index: number,
  own: number,
  days: number,
): number => {
  const { bands, name } = source.encoding.factors[index]!
  if (!bands) return own + ((source.reference[name]?.step ?? 0) >= 1 ? Math.floor(days) : days)
  // Where in its band the value lies is not known: it is sure to be in the next one when the whole band has gone by.
  let band = own
  while (band < bandCount(bands) && bandStart(bands, band + 1) - bandStart(bands, own) < days) band++
  return band
}

/** Months that pass, none first, with every factor that they add to; factors that must stay as they are and missing ones stay. */
export const clockVariable = (source: MoveSource): Variable => {
  const { encoding, settings, frame, row } = source
  const months = Array.from({ length: settings.months + 1 }, (_, month) => month)
  const growing = encoding.factors.flatMap((spec, index) => {
    const rule = settings.rules.rules[spec.name]
    if (rule?.change !== 'time' || rule.maxChangePerMonth === undefined || settings.fix.has(spec.name)) return []
    const own = ownValue(frame, spec, row) as number
    if (spec.kind === 'category' || Number.isNaN(own)) return []
    const { maxChangePerMonth: rate, max = Number.POSITIVE_INFINITY } = rule
    const values = months.map((month) => Math.max(own, Math.min(max, grown(source, index, own, rate * month))))
    return [{ index, values: Float64Array.from(values) }]
  })
  return {
    factors: growing.map(({ index }) => index),
    base: 0,
    values: growing.map(({ values }) => values),
    cost: Float64Array.from(months, (month) => settings.perMonth * month),
    months: Int32Array.from(months),
    group: '(time)',
  }
}
