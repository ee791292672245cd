/** Mean liquid assets over four windows, and the return on financial products. */
import { FINANCIAL_PRODUCTS, LIQUID_ASSETS } from '../../schema/vocabulary.ts'
import type { Balance, History } from './history.ts'
import type { Recipe } from './recipe.ts'
import { nestedSums, type Wanted } from './wanted.ts'

const LIQUID = ['1m', '3m', '6m', '1y'].map((w) => `mean_liquid_assets_${w}`)
const WINDOWS = [30, 90, 180, 365] as const

const isLiquid = ({ asset_type: type }: Balance): boolean => (LIQUID_ASSETS as readonly string[]).includes(type)
const isProduct = ({ asset_type: type }: Balance): boolean => (FINANCIAL_PRODUCTS as readonly string[]).includes(type)

/** Cents times days that stand in [day - from, day - to), of balances of one or more types. */
const valueDays = ({ day }: History, rows: readonly Balance[], from: number, to: number): number => {
  let sum = 0
  const types = new Set(rows.map((row) => row.asset_type))
  for (const type of types) {
    const own = rows.filter((row) => row.asset_type === type).sort((a, b) => a.valued_on - b.valued_on)
    own.forEach((row, i) => {
      const begin = Math.max(row.valued_on, day - from)
      const end = Math.min(own[i + 1]?.valued_on ?? day, day - to)
      if (end > begin) sum += row.value * (end - begin)
    })
  }
  return sum
}

/** Makes sure that a type has a row on a day on which it already has a value, so that what follows can be changed alone. */
const cutAt = (history: History, type: string, on: number): void => {
  const rows = history.balances.filter((row) => row.asset_type === type && row.valued_on <= on)
  const last = rows.reduce<Balance | undefined>((a, b) => (a && a.valued_on > b.valued_on ? a : b), undefined)
  if (!last || last.valued_on === on || on >= history.day) return
  history.balances.push({ own: -1, asset_type: type, valued_on: on, value: last.value, return_amount: null })
}

/** Adds so many cents times days to a type between two ages, the same every day and a cent more on the last ones. */
const raise = (history: History, type: string, from: number, to: number, amount: number): void => {
  const days = from - to
  const each = Math.floor(amount / days)
  const more = amount - each * days
  const [begin, end] = [history.day - from, history.day - to]
  for (const on of [begin, end - more, end]) cutAt(history, type, on)
  for (const row of history.balances)
    if (row.asset_type === type && row.valued_on >= begin && row.valued_on < end)
      row.value += each + (row.valued_on >= end - more ? 1 : 0)
}

const liquidAssets = (history: History, wanted: Wanted): void => {
  if (!wanted.moved(...LIQUID)) return
  const rows = history.balances.filter((row) => isLiquid(row) && row.valued_on < history.day)
  if (rows.length === 0) return
  const first = history.day - Math.min(...rows.map((row) => row.valued_on))
  const days = WINDOWS.map((window) => Math.min(window, first))
  const sums = LIQUID.map((factor, k) => Math.round(wanted.number(factor) * 100 * days[k]!))
  const moved = LIQUID.map((factor) => wanted.moved(factor))
  // A negative sum of a stretch would be money owed: own ones may stay, none is made.
  const floors = days.map((d, k) => Math.min(0, valueDays(history, rows, d, days[k - 1] ?? 0)))
  const above = (part: number): number => floors.slice(0, part + 1).reduce((a, b) => a + b, 0)
  const nested = nestedSums(
    sums.map((sum, k) => sum - above(k)),
    moved,
    wanted.givesWay,
  ).map((sum, k) => sum + above(k))
  nested.forEach((sum, k) => {
    const [from, to] = [days[k]!, days[k - 1] ?? 0]
    if (from === to) return
    const before = valueDays(history, history.balances.filter(isLiquid), from, to)
    let change = sum - (nested[k - 1] ?? 0) - before
    if (change === 0) return
    // The type that holds most there can give most; what it lacks the next one gives.
    const types = [...new Set(rows.filter((row) => row.valued_on <= history.day - from).map((row) => row.asset_type))]
    const held = types
      .map((type) => ({
        type,
        sum: valueDays(
          history,
          history.balances.filter((row) => row.asset_type === type),
          from,
          to,
        ),
      }))
      .sort((a, b) => b.sum - a.sum || (a.type < b.type ? -1 : 1))
    held.forEach(({ type, sum: value }, i) => {
      const part = change >= 0 || i === held.length - 1 ? change : Math.max(change, -Math.max(0, value))
      if (part !== 0) raise(history, type, from, to, part)
      change -= part
    })
  })
}

const productReturn = (history: History, wanted: Wanted): void => {
  const factor = 'product_return_1y'
  if (!wanted.moved(factor) || Number.isNaN(wanted.number(factor))) return
  const { day } = history
  const rows = history.balances.filter((row) => isProduct(row) && row.valued_on < day)
  const first = day - Math.min(...rows.map((row) => row.valued_on))
  const days = Math.min(365, first)
  const mean = valueDays(history, rows, days, 0) / days
  const inYear = rows.filter((row) => row.valued_on >= day - 365 && row.return_amount !== null)
  const change = Math.round(wanted.number(factor) * mean) - inYear.reduce((sum, row) => sum + row.return_amount!, 0)
  const [row] = inYear.sort((a, b) => b.valued_on - a.valued_on)
  if (row) {
    row.return_amount! += change
    return
  }
  // Nothing was valued in the year: the value that stands is valued once more, with its return.
  const last = rows.sort((a, b) => b.valued_on - a.valued_on)[0]
  if (!last) return
  history.balances.push({
    own: -1,
    asset_type: last.asset_type,
    valued_on: day - 1,
    value: last.value,
    return_amount: change,
  })
}

export const balances: Recipe = {
  name: 'balances',
  about: 'liquid assets stand higher or lower by one amount on all days of a stretch between windows; a return is paid',
  factors: [...LIQUID, 'product_return_1y'],
  tables: ['balances'],
  apply: (history, wanted) => {
    liquidAssets(history, wanted)
    productReturn(history, wanted)
  },
}
