/** What a series of the wide mode is: cells of some keys, what they mean, and whose variables are made of them. */
import type { TableName } from '../../schema/tables.ts'

/** How a value is read off a series; the kernel computes it (kernels/cells/cellProgram.ts), templates.ts says what it means. */
export type Aggregate =
  | 'count'
  | 'sum'
  | 'mean'
  | 'largest'
  | 'active'
  | 'peak'
  | 'variation'
  | 'last'
  | 'first'
  | 'flag'
  | 'countShare'
  | 'sumShare'
  | 'net'
  | 'countTrend'
  | 'sumTrend'
  | 'now'
  | 'levelMean'
  | 'levelLeast'
  | 'levelMost'
  | 'change'

/**
 * Which templates a series is put into. money: things that happen, with amounts; events: without; distinct: different things seen;
 * standing: what there is at t; ahead: what is known before t to come; flag: whether there is any at t; age: of one thing; level: values that stand until the next
 */
export type SeriesShape = 'money' | 'events' | 'distinct' | 'standing' | 'ahead' | 'flag' | 'age' | 'level'

export interface WideSeries {
  /** beginning of the names of its variables */
  name: string
  /** what is counted or added up, as a noun phrase */
  about: string
  /** sources: where one is absent, or does not cover a window, variables are missing */
  tables: readonly TableName[]
  /** columns that may be empty, without which the series means nothing */
  fills?: readonly { table: TableName; column: string }[]
  shape: SeriesShape
  /** unit of amounts and levels: money in the currency of the data, days, sums of closeness, levels of a claim; '' where there are none */
  unit: 'money' | 'days' | 'closeness' | 'level' | ''
  /** keys of its cells; none for a sum of levels */
  keys: readonly number[]
  /** series of levels that it adds up */
  members?: readonly string[]
  /** of which series its counts and sums are shares */
  of?: string
  /** another series for the difference of sums */
  less?: string
  /** a series without which, at any time, there was no exposure: variables are missing */
  exposure?: string
  /** whether all that was ever known counts as a window, too; else the longest window are 24 months */
  ever: boolean
  /** windows in months; absent: those of the templates. Empty: only what has no window or looks at everything */
  windows?: readonly number[]
  /** the factor that a variable belongs to; months is 25 for everything there ever was */
  factor(aggregate: Aggregate, months: number): string
}

/** Factors that differ in their window: the one whose window holds as many months, the last one for longer ones. */
export const byWindow =
  (...factors: readonly (readonly [months: number, factor: string])[]) =>
  (months: number): string =>
    (factors.find(([most]) => months <= most) ?? factors.at(-1)!)[1]

export const isTrend = (aggregate: Aggregate): boolean =>
  aggregate === 'countTrend' || aggregate === 'sumTrend' || aggregate === 'variation'
export const isOfAmounts = (aggregate: Aggregate): boolean =>
  ['sum', 'mean', 'largest', 'peak', 'net', 'sumShare', 'sumTrend', 'variation'].includes(aggregate)
