/** What is read off a series: each template with its meaning, its unit and what no rows mean. */
import { MONTHS, SLICES } from './cellKeys.ts'
import type { Aggregate, SeriesShape } from './wideSeries.ts'

export interface Template {
  /** of `meaning`: {series} is what is counted, {of} what it is compared with, {window} and {longer} are windows */
  meaning: string
  /** of the value; amount: the unit of the series */
  unit: 'count' | 'amount' | 'amount a thing' | 'months' | 'days' | 'ratio' | 'yes/no'
  /** the value where the sources cover the window and have no rows for it */
  noRows: 'zero' | 'missing'
}

export const TEMPLATES: Readonly<Record<Aggregate, Template>> = {
  count: { meaning: 'number of {series} in {window}', unit: 'count', noRows: 'zero' },
  sum: { meaning: 'sum of {series} in {window}', unit: 'amount', noRows: 'zero' },
  mean: { meaning: 'mean of {series} in {window}', unit: 'amount a thing', noRows: 'missing' },
  largest: { meaning: 'largest single amount of {series} in {window}', unit: 'amount', noRows: 'missing' },
  active: { meaning: 'months with {series} among those of {window}', unit: 'months', noRows: 'zero' },
  peak: { meaning: 'largest sum of {series} in a month of {window}, 0 at least', unit: 'amount', noRows: 'zero' },
  variation: {
    meaning:
      'standard deviation over mean of the monthly sums of {series} in {window}; missing unless they add up to more than 0',
    unit: 'ratio',
    noRows: 'missing',
  },
  last: { meaning: 'days from the latest of {series} in {window} to t', unit: 'days', noRows: 'missing' },
  first: { meaning: 'days from the first of {series} in {window} to t', unit: 'days', noRows: 'missing' },
  flag: { meaning: 'whether there is a {series}', unit: 'yes/no', noRows: 'zero' },
  countShare: {
    meaning: 'number of {series} over number of {of}, both in {window}',
    unit: 'ratio',
    noRows: 'missing',
  },
  sumShare: {
    meaning: 'sum of {series} over sum of {of}, both in {window}; missing unless the latter is above 0',
    unit: 'ratio',
    noRows: 'missing',
  },
  net: { meaning: 'sum of {series} less sum of {of}, both in {window}', unit: 'amount', noRows: 'zero' },
  countTrend: {
    meaning: 'number a month of {series} in {window} over that in {longer}',
    unit: 'ratio',
    noRows: 'missing',
  },
  sumTrend: {
    meaning: 'sum a month of {series} in {window} over that in {longer}; missing unless the latter is above 0',
    unit: 'ratio',
    noRows: 'missing',
  },
  now: { meaning: '{series} at t', unit: 'amount', noRows: 'missing' },
  levelMean: {
    meaning: 'mean of the {series} at the ends of the months of {window}, those at which it was known',
    unit: 'amount',
    noRows: 'missing',
  },
  levelLeast: {
    meaning: 'least {series} at the end of a month of {window}',
    unit: 'amount',
    noRows: 'missing',
  },
  levelMost: {
    meaning: 'greatest {series} at the end of a month of {window}',
    unit: 'amount',
    noRows: 'missing',
  },
  change: { meaning: '{series} at t less that at the beginning of {window}', unit: 'amount', noRows: 'missing' },
}

/** Windows of counts and sums, in months. */
export const WINDOWS = [1, 2, 3, 6, 12, 24] as const
/** Windows of what is measured month against month. */
const STEADINESS = [6, 12, 24] as const
/** A short window against a longer one. */
const TRENDS = [
  [1, 3],
  [3, 6],
  [3, 12],
  [6, 12],
  [12, 24],
] as const

/** One use of a template: months of the window (25: all there ever was), and of the longer one of a trend. */
export interface Use {
  aggregate: Aggregate
  months: number
  longer?: number
}

export interface SeriesSides {
  ever: boolean
  of: boolean
  less: boolean
  /** whether it is a sum of levels, which has no latest valuation */
  levels: boolean
  windows?: readonly number[] | undefined
}

const over = (aggregate: Aggregate, windows: readonly number[]): Use[] =>
  windows.map((months) => ({ aggregate, months }))
const trends = (aggregate: Aggregate): Use[] => TRENDS.map(([months, longer]) => ({ aggregate, months, longer }))

/** The uses of the templates on a series of a shape. */
export const usesOf = (shape: SeriesShape, { ever, of, less, levels, windows = WINDOWS }: SeriesSides): Use[] => {
  const whole = ever ? SLICES : MONTHS
  const all = ever ? [...windows, SLICES] : windows
  const ages = [...over('last', [whole]), ...over('first', [whole])]
  const counts = [
    ...over('count', all),
    ...over(
      'active',
      windows.filter((k) => k > 1),
    ),
    ...trends('countTrend'),
    ...ages,
  ]
  const shares = of ? over('countShare', all) : []
  switch (shape) {
    case 'events':
      return [...counts, ...shares]
    case 'money':
      return [
        ...counts,
        ...shares,
        ...over('sum', all),
        ...over('mean', all),
        ...over('largest', all),
        ...over('peak', STEADINESS),
        ...over('variation', STEADINESS),
        ...trends('sumTrend'),
        ...(of ? over('sumShare', all) : []),
        ...(less ? over('net', all) : []),
      ]
    case 'distinct':
      return [...over('count', all), ...trends('countTrend')]
    case 'standing':
      return [...over('count', all), ...over('sum', all), ...ages]
    case 'ahead':
      return [...over('count', all), ...over('sum', all)]
    case 'flag':
      return over('flag', [SLICES])
    case 'age':
      return over('first', [SLICES])
    case 'level':
      return [
        ...over('now', [SLICES]),
        ...over(
          'levelMean',
          windows.filter((k) => k > 1),
        ),
        ...over(
          'levelLeast',
          windows.filter((k) => k > 1),
        ),
        ...over(
          'levelMost',
          windows.filter((k) => k > 1),
        ),
        ...over('change', windows),
        ...(levels ? [] : over('last', [SLICES])),
      ]
  }
}
