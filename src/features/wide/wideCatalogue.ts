/** The variables of the wide mode: every series in every template of its shape, each belonging to one factor and so to one dimension. */
import type { DimensionName } from '../../schema/dimensions.ts'
import { FACTOR_CATALOGUE } from '../../schema/factorCatalogue.ts'
import type { TableName } from '../../schema/tables.ts'
import { SLICES } from './cellKeys.ts'
import { CREDIT_SERIES } from './creditSeries.ts'
import { PERSON_SERIES } from './personSeries.ts'
import { TEMPLATES, type Template, type Use, usesOf } from './templates.ts'
import { TRANSACTION_SERIES } from './transactionSeries.ts'
import type { Aggregate, WideSeries } from './wideSeries.ts'

/** One variable of the wide mode. */
export interface WideVariable {
  /** unique; letters, digits and underscores */
  name: string
  /** one of the 70 factors */
  factor: string
  /** the dimension of that factor */
  dimension: DimensionName
  tables: readonly TableName[]
  series: string
  aggregate: Aggregate
  /** months of 365 / 12 days back from t; 25: all there ever was */
  months: number
  /** the other series, of shares and differences */
  of?: string
  /** months of the longer window, of trends */
  longer?: number
  /** unit of the value; CNY stands for the currency of the data set */
  unit: string
  /** the value where the sources cover the window and have no rows for it */
  noRows: Template['noRows']
  /** one sentence */
  definition: string
}

/** All series; members and bases stand before what is made of them. */
export const WIDE_SERIES: readonly WideSeries[] = [...TRANSACTION_SERIES, ...CREDIT_SERIES, ...PERSON_SERIES]

const windowName = (months: number): string => (months === SLICES ? 'ever' : `${months}m`)
const windowText = (months: number, forward: boolean): string => {
  if (months === SLICES) return forward ? 'all time after t' : 'all that was known before t'
  return `the ${months === 1 ? 'month' : `${months} months`} ${forward ? 'from' : 'before'} t`
}

const SUFFIX: Readonly<Record<Aggregate, string>> = {
  count: 'count',
  sum: 'sum',
  mean: 'mean',
  largest: 'largest',
  active: 'active_months',
  peak: 'peak_month',
  variation: 'variation',
  last: 'days_since_last',
  first: 'days_since_first',
  flag: '',
  countShare: 'share_of_count',
  sumShare: 'share_of_sum',
  net: 'net',
  countTrend: 'count_trend',
  sumTrend: 'sum_trend',
  now: 'now',
  levelMean: 'mean_level',
  levelLeast: 'least_level',
  levelMost: 'greatest_level',
  change: 'change',
}
const WITHOUT_WINDOW: readonly Aggregate[] = ['last', 'first', 'flag', 'now']

const nameOf = (series: WideSeries, { aggregate, months, longer }: Use): string =>
  [
    series.name,
    SUFFIX[aggregate],
    ...(WITHOUT_WINDOW.includes(aggregate) ? [] : [windowName(months)]),
    ...(longer === undefined ? [] : [windowName(longer)]),
  ]
    .filter(Boolean)
    .join('_')

const AMOUNT_UNIT = { money: 'CNY', days: 'days', closeness: 'closeness', level: 'level', '': '' } as const

const unitOf = (series: WideSeries, template: Template): string => {
  const amount = AMOUNT_UNIT[series.unit]
  if (template.unit === 'amount a thing') return `${amount} each`
  return template.unit === 'amount' ? amount : template.unit
}

const dimensions = new Map(FACTOR_CATALOGUE.map((f) => [f.name, f.dimension]))

const variablesOf = (series: WideSeries, about: ReadonlyMap<string, string>): WideVariable[] => {
  const forward = series.shape === 'ahead'
  const sides = {
    ever: series.ever,
    of: series.of !== undefined,
    less: series.less !== undefined,
    levels: series.members !== undefined,
  }
  return usesOf(series.shape, { ...sides, windows: series.windows }).map((use): WideVariable => {
    const { aggregate, months, longer } = use
    const template = TEMPLATES[aggregate]
    const of =
      aggregate === 'net' ? series.less : aggregate === 'countShare' || aggregate === 'sumShare' ? series.of : undefined
    const factor = series.factor(aggregate, months)
    const dimension = dimensions.get(factor)
    if (!dimension) throw new Error(`variables of ${series.name} belong to ${factor}, which is no factor`)
    return {
      name: nameOf(series, use),
      factor,
      dimension,
      tables: series.tables,
      series: series.name,
      aggregate,
      months,
      ...(of === undefined ? {} : { of }),
      ...(longer === undefined ? {} : { longer }),
      unit: unitOf(series, template),
      noRows: template.noRows,
      definition: template.meaning
        .replace('{series}', series.about)
        .replace('{of}', of === undefined ? '' : about.get(of)!)
        .replace('{window}', windowText(months, forward))
        .replace('{longer}', longer === undefined ? '' : windowText(longer, forward)),
    }
  })
}

let made: readonly WideVariable[] | undefined

/** All variables, in the order of the columns of a wide table: the same list whatever the data. */
export const wideCatalogue = (): readonly WideVariable[] => {
  const about = new Map(WIDE_SERIES.map((s) => [s.name, s.about]))
  made ??= WIDE_SERIES.flatMap((series) => variablesOf(series, about))
  return made
}
