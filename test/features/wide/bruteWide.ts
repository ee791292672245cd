/**
 * The variables of the wide mode a second time: from the raw rows and the name of each series, event by event, without SQL, cells,
 * keys or slices. Slow, for small worlds; NaN where a variable is missing.
 */
import type { WideVariable } from '../../../src/features/wide/wideCatalogue.ts'
import { daysPastDue, settleByQueue } from '../bruteForce.ts'
import { cents, dayNumber, seconds } from '../days.ts'
import type { Row, World } from '../world.ts'

const DAY = 86_400
/** seconds of a month: a twelfth of 365 days */
const MONTH = (365 * DAY) / 12
const EVER = 25

/** Something that happened: how many seconds before t (negative: after), how much (whole units of the amount), to what. */
interface Happened {
  ago: number
  amount: number
  thing: string
}
type Events = Map<string, Happened[]>

const text = (row: Row, column: string): string => String(row[column])
const filled = (row: Row, column: string): boolean => row[column] !== null && row[column] !== undefined
const time = (value: Row[string] | undefined): number => seconds(String(value).padEnd(19, ' 00:00:00'))

/** All that happened to a person as far as it was known before t, by the name of the series. */
export const eventsOf = (world: World, person: string, t: string): Events => {
  const day = dayNumber(t)
  const now = day * DAY
  const events: Events = new Map()
  const add = (series: string, when: number, amount = 0, thing = ''): void => {
    const list = events.get(series) ?? []
    list.push({ ago: now - when, amount, thing })
    events.set(series, list)
  }
  const known = (rows: readonly Row[] | undefined, column: string): Row[] =>
    (rows ?? []).filter((r) => time(r[column]) < now)
  const own = (rows: readonly Row[] | undefined, column: string): Row[] =>
    known(rows, column).filter((r) => r['person_id'] === person)
  const ended = (row: Row, column: string): boolean => filled(row, column) && time(row[column]) < now

  for (const r of own(world.transactions, 'occurred_at')) {
    const when = time(r['occurred_at'])
    if (now - when > 24 * MONTH) continue
    const amount = cents(r['amount'])
    const out = r['direction'] === 'out'
    const scenario = text(r, 'scenario')
    const category = filled(r, 'category') ? text(r, 'category') : undefined
    const consumed = out && !['transfer', 'investment', 'repayment'].includes(scenario)
    const names = ['transactions', out ? 'outflow' : 'inflow', `${out ? 'paid' : 'received'}_${scenario}`]
    if (consumed) names.push('consumption')
    if (category && consumed) names.push(`bought_${category}`)
    if (category && out && scenario === 'online_shopping') names.push(`bought_${category}_online`)
    if (category && out && scenario === 'offline_retail') names.push(`bought_${category}_in_stores`)
    for (const name of names) add(name, when, amount)
    if (filled(r, 'district_id')) add('districts', when, 0, text(r, 'district_id'))
    if (filled(r, 'counterparty_id') && out) add('payees', when, 0, text(r, 'counterparty_id'))
    if (filled(r, 'counterparty_id') && !out && scenario === 'transfer')
      add('senders', when, 0, text(r, 'counterparty_id'))
    if (out && !['bank_fees', 'penalty_interest'].includes(scenario)) add('scenarios', when, 0, scenario)
    if (consumed && category) add('categories', when, 0, category)
  }

  for (const r of own(world.bookings, 'booked_at')) {
    const when = time(r['booked_at'])
    if (now - when > 24 * MONTH) continue
    const fare = cents(r['fare'])
    if (r['kind'] !== 'flight') add(`${text(r, 'kind')}s`, when, fare)
    else {
      add('flights', when, fare)
      if (r['international']) add('flights_international', when, fare)
      else {
        if (r['cabin'] === 'business') add('flights_business_class', when, fare)
        if (r['cabin'] === 'first') add('flights_first_class', when, fare)
        if (Number(r['full_fare'] ?? 0) > 0) {
          add('full_fares', when, cents(r['full_fare']))
          add('fares_paid', when, fare)
        }
      }
    }
  }

  const accounts = own(world.credit_accounts, 'opened_on')
  const itemsOf = (account: Row) =>
    settleByQueue(
      (world.instalments ?? []).filter((i) => i['account_id'] === account['account_id']),
      known(world.repayments, 'paid_on').filter((r) => r['account_id'] === account['account_id']),
    )
  for (const a of accounts) {
    const both = (name: string, when: number, amount: number): void => {
      add(`${name}_credit`, when, amount)
      add(`${name}_${text(a, 'product')}`, when, amount)
    }
    const limit = cents(a['principal_or_limit'])
    const opened = time(a['opened_on'])
    both('opened', opened, limit)
    add('lenders', opened, 0, text(a, 'institution_id'))
    if (ended(a, 'closed_on')) both('closed', time(a['closed_on']), limit)
    else both('open', opened, limit)
    for (const r of known(world.repayments, 'paid_on'))
      if (r['account_id'] === a['account_id'] && cents(r['amount']) > 0)
        both('repaid', time(r['paid_on']), cents(r['amount']))
    for (const item of itemsOf(a)) {
      both(item.due < day ? 'due' : 'ahead', item.due * DAY, item.amount)
      if (daysPastDue(item, item.due + 1) === 1 && item.due + 1 < day) {
        both('overdue', (item.due + 1) * DAY, item.unpaidAtDue)
        if (item.settled !== null) both('late', item.settled * DAY, item.settled - item.due)
      }
      for (const days of [30, 90, 180])
        if (daysPastDue(item, item.due + days) === days && item.due + days < day)
          add(`reached_${days}_days`, (item.due + days) * DAY)
    }
  }
  for (const r of own(world.enquiries, 'enquired_at')) {
    const when = time(r['enquired_at'])
    add('enquiries_any', when)
    add(`enquiries_${text(r, 'purpose')}`, when)
    add(`institutions_${text(r, 'purpose')}`, when, 0, text(r, 'institution_id'))
    if (r['purpose'] !== 'account_review') add('institutions_own', when, 0, text(r, 'institution_id'))
  }

  for (const r of own(world.balances, 'valued_on')) {
    const when = time(r['valued_on'])
    add(`balance_${text(r, 'asset_type')}`, when, cents(r['value']))
    if (!filled(r, 'return_amount') || now - when > 24 * MONTH) continue
    if (['stock_fund', 'bond_fund', 'wealth_product', 'insurance_investment'].includes(text(r, 'asset_type'))) {
      add('returns_products', when, cents(r['return_amount']))
      add(`returns_${text(r, 'asset_type')}`, when, cents(r['return_amount']))
    }
  }
  for (const r of own(world.inferred_attributes, 'known_at'))
    add(`claimed_${text(r, 'attribute')}`, time(r['known_at']), Number(r['value']) * 1_000_000)

  const present: Record<string, Row> = {}
  for (const r of own(world.registrations, 'valid_from')) {
    const kind = text(r, 'kind')
    const from = time(r['valid_from'])
    add(`registered_${kind}`, from)
    add(`values_${kind}`, from, 0, text(r, 'value'))
    if (ended(r, 'valid_to')) add(`ended_${kind}`, time(r['valid_to']))
    else {
      add(`present_${kind}`, from)
      if (!present[kind] || time(present[kind]['valid_from']) < from) present[kind] = r
    }
  }
  const classOf = (kind: string, classes: string[], rest: string): void => {
    const row = present[kind]
    if (!row) return
    const value = text(row, 'value')
    add(`${kind}_is_${classes.includes(value) ? value : rest}`, time(row['valid_from']))
  }
  classOf('employer', ['public', 'listed', 'small_firm', 'self_employed'], 'unknown')
  classOf('occupation', ['clerical', 'student'], 'other')
  for (const r of own(world.people, 'account_opened_on')) add('platform_account', time(r['account_opened_on']))

  for (const c of own(world.contacts, 'since')) {
    const closeness = Math.round(Number(c['closeness']) * 1_000_000)
    add('contacts_new', time(c['since']), closeness)
    if (ended(c, 'until')) {
      add('contacts_ended', time(c['until']), closeness)
      continue
    }
    add('contacts_present', time(c['since']), closeness)
    if (closeness >= 500_000) add('contacts_close', time(c['since']), closeness)
    const other = text(c, 'other_person_id')
    for (const a of known(world.credit_accounts, 'opened_on').filter((a) => a['person_id'] === other))
      for (const item of itemsOf(a))
        if (daysPastDue(item, item.due + 1) === 1 && item.due + 1 < day)
          add('contacts_overdue', (item.due + 1) * DAY, 0, other)
  }
  return events
}

const DIVISOR = (series: string): number =>
  series.startsWith('late_') ? 1 : series.startsWith('contacts_') || series.startsWith('claimed_') ? 1_000_000 : 100
const MEMBERS: Record<string, string[]> = {
  balance_liquid: ['cash', 'deposit', 'money_market_fund'],
  balance_products: ['stock_fund', 'bond_fund', 'wealth_product', 'insurance_investment'],
}
const DISTINCT = /^(districts|payees|senders|scenarios|categories|lenders|institutions_|values_|contacts_overdue)/

const exposureOf = (series: string): string | undefined => {
  if (/^(due|ahead|repaid)_/.test(series)) return 'opened_credit'
  if (/^(overdue|late|reached)_/.test(series)) return 'due_credit'
  if (series === 'contacts_overdue') return 'contacts_present'
  return /^(employer|occupation)_is_/.exec(series)?.[1] ? `present_${series.split('_is_')[0]}` : undefined
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/** One variable from the events of a person, whose sources cover everything. */
export const bruteWide = (v: WideVariable, events: Events): number => {
  const of = (series: string): Happened[] => events.get(series) ?? []
  const exposure = exposureOf(v.series)
  if (exposure && of(exposure).length === 0) return Number.NaN
  const forward = v.series.startsWith('ahead_')
  const within = (list: Happened[], months: number): Happened[] =>
    months === EVER ? list : list.filter((e) => (forward ? -e.ago < months * MONTH : e.ago <= months * MONTH))
  const divisor = DIVISOR(v.series)
  const mine = within(of(v.series), v.months)
  const amounts = mine.map((e) => e.amount)
  const count = (list: Happened[]): number =>
    DISTINCT.test(v.series) ? new Set(list.map((e) => e.thing)).size : list.length
  const month = (m: number): Happened[] => of(v.series).filter((e) => e.ago > m * MONTH && e.ago <= (m + 1) * MONTH)
  const months = Array.from({ length: Math.min(v.months, 24) }, (_, m) => month(m))
  const over = (a: number, b: number): number => (b > 0 ? a / b : Number.NaN)
  const days = mine.map((e) => Math.ceil(e.ago / DAY))
  /** at the end of month m back, or of all before the last one */
  const level = (m: number): number => {
    const single = (series: string): number => {
      const past = of(series).filter((e) => e.ago > m * MONTH)
      return past.length ? past.reduce((a, b) => (b.ago < a.ago ? b : a)).amount : Number.NaN
    }
    const parts = (MEMBERS[v.series] ?? []).map((asset) => single(`balance_${asset}`)).filter((x) => !Number.isNaN(x))
    if (MEMBERS[v.series]) return parts.length ? sum(parts) : Number.NaN
    return single(v.series)
  }
  const levels = months.map((_, m) => level(m)).filter((x) => !Number.isNaN(x))
  const isLevel = v.series.startsWith('balance_') || v.series.startsWith('claimed_')
  switch (v.aggregate) {
    case 'count':
      return count(mine)
    case 'sum':
      return sum(amounts) / divisor
    case 'mean':
      return mine.length ? sum(amounts) / mine.length / divisor : Number.NaN
    case 'largest':
      return mine.length ? Math.max(...amounts) / divisor : Number.NaN
    case 'active':
      return months.filter((list) => list.length > 0).length
    case 'peak':
      return Math.max(0, ...months.map((list) => sum(list.map((e) => e.amount)))) / divisor
    case 'variation': {
      const sums = months.map((list) => sum(list.map((e) => e.amount)))
      const mean = sum(sums) / sums.length
      return mean > 0 ? Math.sqrt(sum(sums.map((x) => (x - mean) ** 2)) / sums.length) / mean : Number.NaN
    }
    case 'last': {
      const list = isLevel && MEMBERS[v.series] ? [] : days
      return list.length ? Math.min(...list) : Number.NaN
    }
    case 'first':
      return days.length ? Math.max(...days) : Number.NaN
    case 'flag':
      return mine.length > 0 ? 1 : 0
    case 'countShare':
      return over(mine.length, within(of(v.of!), v.months).length)
    case 'sumShare':
      return over(sum(amounts), sum(within(of(v.of!), v.months).map((e) => e.amount)))
    case 'net':
      return (sum(amounts) - sum(within(of(v.of!), v.months).map((e) => e.amount))) / divisor
    case 'countTrend':
      return over(count(mine) / v.months, count(within(of(v.series), v.longer!)) / v.longer!)
    case 'sumTrend':
      return over(sum(amounts) / v.months, sum(within(of(v.series), v.longer!).map((e) => e.amount)) / v.longer!)
    case 'now':
      return level(0) / divisor
    case 'levelMean':
      return levels.length ? sum(levels) / levels.length / divisor : Number.NaN
    case 'levelLeast':
      return levels.length ? Math.min(...levels) / divisor : Number.NaN
    case 'levelMost':
      return levels.length ? Math.max(...levels) / divisor : Number.NaN
    case 'change':
      return (level(0) - level(v.months)) / divisor
  }
}
