/**
 * The 70 factors a second time, written from their definitions: row by row, day by day, without SQL and without looking at
 * the plans. Slow, for small worlds; NaN or null where the factor is missing.
 */
import { cents, dayNumber, seconds } from './days.ts'
import type { Row, World } from './world.ts'

type Value = number | string | null
const DAY = 86_400
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const text = (row: Row, column: string): string => String(row[column])

interface Item {
  due: number
  amount: number
  /** first day at whose end it was settled, or null */
  settled: number | null
  /** unpaid at the end of the due day */
  unpaidAtDue: number
}

/** Pays instalments oldest first, payment by payment, into a queue: no cumulative sums. */
export const settleByQueue = (instalments: readonly Row[], repayments: readonly Row[]): Item[] => {
  const items = instalments
    .filter((i) => cents(i['due_amount']) > 0)
    .map((i) => ({ due: dayNumber(text(i, 'due_on')), amount: cents(i['due_amount']), left: cents(i['due_amount']) }))
    .sort((a, b) => a.due - b.due)
    .map((i) => ({ ...i, settled: null as number | null, unpaidAtDue: i.amount }))
  const payments = repayments
    .map((r) => ({ day: dayNumber(text(r, 'paid_on')), amount: cents(r['amount']) }))
    .sort((a, b) => a.day - b.day)
  for (const payment of payments) {
    let money = payment.amount
    for (const item of items) {
      if (money === 0) break
      const part = Math.min(money, item.left)
      if (part === 0) continue
      item.left -= part
      money -= part
      if (payment.day <= item.due) item.unpaidAtDue = item.left
      if (item.left === 0) item.settled = payment.day
    }
  }
  return items
}

/** Days past due of an item on the morning of a day. */
export const daysPastDue = (item: { due: number; settled: number | null }, day: number): number =>
  day > item.due && (item.settled === null || item.settled >= day) ? day - item.due : 0

/** Whether some day of [from, to) has an item `days` or more past due: looks at every day. */
const reachedOnSomeDay = (items: readonly Item[], days: number, from: number, to: number): boolean => {
  for (let day = from; day < to; day++) if (items.some((i) => daysPastDue(i, day) >= days)) return true
  return false
}

/** All factors of a person at t (ISO day). */
export const bruteFactors = (world: World, person: string, t: string): Record<string, Value> => {
  const day = dayNumber(t)
  const now = day * DAY
  const known = (rows: readonly Row[] | undefined, column: string): Row[] =>
    (rows ?? []).filter((r) => seconds(text(r, column).padEnd(19, ' 00:00:00')) < now)
  const own = (rows: Row[]): Row[] => rows.filter((r) => r['person_id'] === person)
  const age = (row: Row, column: string): number => now - seconds(text(row, column).padEnd(19, ' 00:00:00'))
  const within = (rows: Row[], column: string, days: number): Row[] => rows.filter((r) => age(r, column) <= days * DAY)
  const month = (row: Row, column: string): number => Math.ceil(age(row, column) / ((365 * DAY) / 12)) - 1
  const distinct = (rows: Row[], column: string): number =>
    new Set(rows.map((r) => r[column]).filter((v) => v !== null && v !== undefined)).size
  const out: Record<string, Value> = {}

  // credit history
  const accountsOf = (who: string): Row[] =>
    known(world.credit_accounts, 'opened_on').filter((a) => a['person_id'] === who)
  const itemsOf = (account: Row): Item[] =>
    settleByQueue(
      (world.instalments ?? []).filter((i) => i['account_id'] === account['account_id']),
      known(world.repayments, 'paid_on').filter((r) => r['account_id'] === account['account_id']),
    )
  const accounts = accountsOf(person)
  const isOf = (row: Row, products: string[]): boolean => products.includes(text(row, 'product'))
  const enquiries = own(known(world.enquiries, 'enquired_at')).filter((e) => e['purpose'] !== 'account_review')
  for (const [w, d] of [
    ['1m', 30],
    ['3m', 90],
    ['6m', 180],
  ] as const)
    out[`institutions_visited_${w}`] = distinct(within(enquiries, 'enquired_at', d), 'institution_id')
  const repayments = known(world.repayments, 'paid_on').flatMap((r) => {
    const account = accounts.find((a) => a['account_id'] === r['account_id'])
    return account && cents(r['amount']) > 0 ? [{ ...r, product: account['product']! }] : []
  })
  const loansAndCards = ['loan', 'credit_card']
  for (const [w, d] of [
    ['1m', 30],
    ['3m', 90],
    ['6m', 180],
    ['1y', 365],
  ] as const)
    out[`repaid_amount_${w}`] = accounts.some((a) => isOf(a, loansAndCards))
      ? sum(
          within(repayments, 'paid_on', d)
            .filter((r) => isOf(r, loansAndCards))
            .map((r) => cents(r['amount'])),
        ) / 100
      : null
  const months = new Set(repayments.map((r) => month(r, 'paid_on')))
  out['repayment_months_1y'] = accounts.length ? [...months].filter((m) => m < 12).length : null
  out['repayment_months_total'] = accounts.length ? months.size : null
  out['credit_history_days'] = accounts.length
    ? day - Math.min(...accounts.map((a) => dayNumber(text(a, 'opened_on'))))
    : null
  const promised = accounts.filter((a) => isOf(a, ['loan', 'pay_later', 'rental']))
  out['promises_kept_1y'] = promised.length
    ? promised.filter((a) => {
        const items = itemsOf(a)
        if (items.length === 0 || items.some((i) => i.settled === null || i.settled > i.due)) return false
        return Math.max(...items.map((i) => i.settled!)) >= day - 365
      }).length
    : null
  const items = accounts.flatMap(itemsOf)
  const exposed = items.some((i) => i.due < day)
  for (const [w, d] of [
    ['1m', 30],
    ['3m', 90],
    ['6m', 180],
    ['12m', 365],
  ] as const) {
    // an item became overdue on the first day with one day past due
    const cases = items.filter((i) => daysPastDue(i, i.due + 1) === 1 && i.due + 1 < day && i.due + 1 >= day - d)
    out[`overdue_cases_${w}`] = exposed ? cases.length : null
    out[`overdue_amount_${w}`] = exposed ? sum(cases.map((i) => i.unpaidAtDue)) / 100 : null
  }
  for (const [name, days, window] of [
    ['m1_3m', 30, 90],
    ['m1_6m', 30, 180],
    ['m1_12m', 30, 365],
    ['m3_12m', 90, 365],
    ['m6_12m', 180, 365],
    ['m3_2y', 90, 730],
    ['m6_2y', 180, 730],
    ['m3_5y', 90, 1825],
    ['m6_5y', 180, 1825],
  ] as const)
    out[`reached_${name}`] = exposed ? Number(reachedOnSomeDay(items, days, day - window, day)) : null

  // transactions
  const year = within(own(known(world.transactions, 'occurred_at')), 'occurred_at', 365)
  const amount = (rows: Row[]): number => sum(rows.map((r) => cents(r['amount'])))
  const outflow = year.filter((r) => r['direction'] === 'out')
  const consumption = outflow.filter((r) => !['transfer', 'investment', 'repayment'].includes(text(r, 'scenario')))
  out['delivery_districts_1y'] = distinct(year, 'district_id')
  out['payment_scenarios_1y'] = distinct(
    outflow.filter((r) => !['bank_fees', 'penalty_interest'].includes(text(r, 'scenario'))),
    'scenario',
  )
  out['transactions_1y'] = year.length
  out['transaction_amount_1y'] = amount(year) / 100
  const consumed = amount(consumption)
  for (const c of ['baby_products', 'games', 'furniture', 'cars', 'travel'])
    out[`${c}_share_1y`] = consumed ? amount(consumption.filter((r) => r['category'] === c)) / consumed : null
  out['donations_1y'] = outflow.filter((r) => r['scenario'] === 'donation' || r['category'] === 'charity').length
  for (const [w, d] of [
    ['1m', 30],
    ['3m', 90],
    ['6m', 180],
  ] as const) {
    out[`payments_total_${w}`] = amount(within(outflow, 'occurred_at', d)) / 100
    out[`consumption_${w}`] = amount(within(consumption, 'occurred_at', d)) / 100
  }
  out['mean_utility_bill_1y'] = amount(outflow.filter((r) => r['scenario'] === 'utilities')) / 1200
  const topups = outflow.filter((r) => r['scenario'] === 'phone_topup')
  out['phone_topups_1y'] = topups.length
  out['phone_topup_amount_1y'] = amount(topups) / 100
  const edges = [3000, 6000, 10000, 15000, 20000, 26000, 36000, 60000, 120000]
  out['consumption_tier'] = year.length ? 1 + edges.filter((e) => consumed > e * 100).length : null
  const monthly = Array.from({ length: 12 }, (_, m) => amount(consumption.filter((r) => month(r, 'occurred_at') === m)))
  const mean = sum(monthly) / 12
  out['consumption_variability_1y'] = consumed ? Math.sqrt(sum(monthly.map((x) => (x - mean) ** 2)) / 12) / mean : null
  const transfers = year.filter((r) => r['scenario'] === 'transfer')
  const inward = transfers.filter((r) => r['direction'] === 'in')
  out['social_influence_index'] = amount(transfers)
    ? (((100 * Math.log1p(distinct(inward, 'counterparty_id'))) / Math.log1p(100)) * amount(inward)) / amount(transfers)
    : null

  // bookings
  const flights = within(own(known(world.bookings, 'booked_at')), 'booked_at', 365).filter(
    (b) => b['kind'] === 'flight',
  )
  const domestic = flights.filter((b) => !b['international'])
  out['flights_1y'] = flights.length
  out['international_flights_1y'] = flights.length - domestic.length
  out['business_class_flights_1y'] = domestic.filter((b) => b['cabin'] === 'business').length
  out['first_class_flights_1y'] = domestic.filter((b) => b['cabin'] === 'first').length
  const fares = domestic.filter((b) => Number(b['full_fare'] ?? 0) > 0)
  out['mean_fare_discount_1y'] = fares.length
    ? sum(fares.map((b) => (10 * Number(b['fare'])) / Number(b['full_fare']))) / fares.length
    : null

  // balances: the level of every day
  const balances = own(known(world.balances, 'valued_on'))
  const meanLevel = (types: string[], days: number): number | null => {
    const levels: number[] = []
    for (let d = day - days; d < day; d++) {
      const last = types.flatMap((type) => {
        const sofar = balances.filter((b) => b['asset_type'] === type && dayNumber(text(b, 'valued_on')) <= d)
        return sofar.sort((a, b) => (text(a, 'valued_on') < text(b, 'valued_on') ? -1 : 1)).slice(-1)
      })
      if (last.length) levels.push(sum(last.map((b) => cents(b['value']))))
    }
    return levels.length ? sum(levels) / levels.length / 100 : null
  }
  const liquid = ['cash', 'deposit', 'money_market_fund']
  for (const [w, d] of [
    ['1m', 30],
    ['3m', 90],
    ['6m', 180],
    ['1y', 365],
  ] as const)
    out[`mean_liquid_assets_${w}`] = meanLevel(liquid, d)
  const products = ['stock_fund', 'bond_fund', 'wealth_product', 'insurance_investment']
  const held = meanLevel(products, 365)
  const valued = within(balances, 'valued_on', 365).filter((b) => products.includes(text(b, 'asset_type')))
  const returns = valued.filter((b) => b['return_amount'] !== null)
  out['product_return_1y'] =
    held === null || held <= 0 || (valued.length > 0 && returns.length === 0)
      ? null
      : sum(returns.map((b) => cents(b['return_amount']))) / 100 / held

  // registrations, inferred attributes, people
  const registered = (kind: string): Row[] =>
    own(known(world.registrations, 'valid_from')).filter((r) => r['kind'] === kind)
  const ended = (end: Row[string] | undefined, at: number): boolean => typeof end === 'string' && dayNumber(end) < at
  const present = (kind: string): Row | undefined =>
    registered(kind)
      .filter((r) => !ended(r['valid_to'], day))
      .sort((a, b) => (text(a, 'valid_from') < text(b, 'valid_from') ? 1 : -1))[0]
  const classOf = (row: Row | undefined, classes: string[], other: string): string | null =>
    row ? (classes.includes(text(row, 'value')) ? text(row, 'value') : other) : null
  out['employer_type'] = classOf(present('employer'), ['public', 'listed', 'small_firm', 'self_employed'], 'unknown')
  out['occupation'] = classOf(present('occupation'), ['clerical', 'student'], 'other')
  for (const kind of ['phone', 'address']) {
    const row = present(kind)
    out[`${kind}_tenure_days`] = row ? day - dayNumber(text(row, 'valid_from')) : null
  }
  out['phone_numbers_1y'] = distinct(
    registered('phone').filter((r) => !ended(r['valid_to'], day) || dayNumber(text(r, 'valid_to')) > day - 365),
    'value',
  )
  for (const attribute of ['car_likelihood', 'house_likelihood']) {
    const claims = own(known(world.inferred_attributes, 'known_at')).filter((r) => r['attribute'] === attribute)
    const last = claims.sort((a, b) => seconds(text(b, 'known_at')) - seconds(text(a, 'known_at')))[0]
    out[attribute] = last ? Number(last['value']) : null
  }
  const platform = own(known(world.people, 'account_opened_on'))[0]
  out['account_age_days'] = platform ? day - dayNumber(text(platform, 'account_opened_on')) : null

  // contacts
  const contacts = own(known(world.contacts, 'since'))
  const at = (rows: Row[], when: number): Row[] =>
    rows.filter((c) => dayNumber(text(c, 'since')) < when && !ended(c['until'], when))
  const close = (rows: Row[]): Set<string> =>
    new Set(rows.filter((c) => Number(c['closeness']) >= 0.5).map((c) => text(c, 'other_person_id')))
  const before = close(at(contacts, day - 365))
  const still = close(at(contacts, day))
  out['contact_stability_1y'] = before.size
    ? (100 * [...before].filter((p) => still.has(p)).length) / before.size
    : null
  const latest = new Map(
    at(contacts, day)
      .sort((a, b) => (text(a, 'since') < text(b, 'since') ? -1 : 1))
      .map((c) => [text(c, 'other_person_id'), Number(c['closeness'])]),
  )
  const weight = sum([...latest.values()])
  const clean = [...latest].filter(([p]) => !reachedOnSomeDay(accountsOf(p).flatMap(itemsOf), 1, day - 365, day))
  out['credit_environment_index'] = weight ? sum(clean.map(([, c]) => c)) / weight : null
  return out
}
