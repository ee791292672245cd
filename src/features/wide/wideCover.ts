/** For how many months the sources of each series are complete before each observation date. */
import type { Engine } from '../../engines/engine.ts'
import type { Dataset } from '../../schema/dataset.ts'
import type { TableName } from '../../schema/tables.ts'
import type { Contracts } from '../asOf.ts'
import { firstFilled } from '../missingCases.ts'
import type { FeaturePlan } from '../plan.ts'
import { presentColumns } from '../runPlans.ts'
import { MONTHS } from './cellKeys.ts'
import type { WideSeries } from './wideSeries.ts'

/** Series of the same sources share a group. */
export interface CoverGroups {
  /** by series, in the order they were given */
  ofSeries: Int32Array
  groups: readonly Pick<WideSeries, 'tables' | 'fills' | 'shape'>[]
}

export const coverGroups = (series: readonly WideSeries[]): CoverGroups => {
  const groups: WideSeries[] = []
  const known = new Map<string, number>()
  const ofSeries = Int32Array.from(series, (s) => {
    const key = JSON.stringify([s.tables, s.fills ?? [], s.shape === 'ahead'])
    if (!known.has(key)) known.set(key, groups.push(s) - 1)
    return known.get(key)!
  })
  return { ofSeries, groups }
}

const DAY = 86_400_000
const dayOf = (iso: string): number => Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / DAY

/** Months of 365 / 12 days that lie wholly between a day and t, 24 at most. */
export const coveredMonths = (from: string, to: string, t: string): number => {
  const days = dayOf(t) - dayOf(from)
  if (dayOf(t) > dayOf(to) || days < 1) return -1
  return Math.min(MONTHS, Math.floor((12 * days) / 365))
}

/**
 * The covered months of each date and group, dates x groups: -1 where a table is absent, where it does not cover the day before t, or where
 * a column that a series reads has never been filled for anybody before t although its table has rows.
 * @param dates observation dates, ISO days
 */
export const coverOfDates = async (
  engine: Engine,
  dataset: Dataset,
  contracts: Contracts,
  dates: readonly string[],
  { groups }: CoverGroups,
): Promise<Int16Array> => {
  const columns = groups.flatMap((g) => g.fills ?? [])
  const asking: FeaturePlan = {
    dimension: 'behavior_preference',
    steps: [],
    joins: [],
    factors: [{ factor: 'wide', value: '', missing: [], fills: columns }],
  }
  const fills = await firstFilled(engine, [asking], contracts, await presentColumns(engine, dataset))
  const before = (time: string | null, t: string): boolean => time !== null && time < `${t} 00:00:00`
  const unfilled = ({ table, column }: { table: TableName; column: string }, t: string): boolean => {
    const found = fills.get(`${table}.${column}`)
    return found !== undefined && before(found.row, t) && !before(found.value, t)
  }
  const out = new Int16Array(dates.length * groups.length)
  dates.forEach((t, d) => {
    groups.forEach(({ tables, fills: needed = [], shape }, g) => {
      const months = tables.map((name) => {
        const table = dataset.tables[name]
        return table ? coveredMonths(table.coveredFrom, table.coveredTo, t) : -1
      })
      const least = needed.some((f) => unfilled(f, t)) ? -1 : Math.min(...months)
      // What is still to come has no window back.
      out[d * groups.length + g] = shape === 'ahead' && least >= 0 ? MONTHS : least
    })
  })
  return out
}
