/** Small random worlds around an observation date, dense in the cases that break: windows, midnights, late and early payments. */
import type { Random } from '../../src/util/random.ts'
import { dayNumber, isoDay } from './days.ts'
import type { Row, World } from './world.ts'

const EDGES = [0, 1, 29, 30, 31, 90, 91, 180, 181, 364, 365, 366]

/** People, and around t (from 500 days before to 120 after) everything else. */
export const randomWorld = (random: Random, t: string, people = 8): World => {
  const day = dayNumber(t)
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)]!
  /** days before t: often a window edge, sometimes in the future */
  const ago = (reach = 500): number =>
    random.next() < 0.35 ? pick(EDGES) : random.next() < 0.2 ? -random.integer(120) : random.integer(reach)
  const date = (reach?: number): string => isoDay(day - ago(reach))
  const time = (reach?: number): string => `${date(reach)} ${pick(['00:00:00', '23:59:59', '12:34:56', '10:00:00'])}`
  const money = (top: number): number => random.integer(top * 100) / 100
  const ids = Array.from({ length: people }, (_, i) => `P${i}`)
  const rows = (mean: number, make: (person: string, i: number) => Row): Row[] => {
    let n = 0
    return ids.flatMap((person) =>
      random.next() < 0.15 ? [] : Array.from({ length: random.poisson(mean) }, () => make(person, n++)),
    )
  }
  /** rows whose key is a person and a day */
  const once = (made: Row[], key: (r: Row) => string): Row[] => [...new Map(made.map((r) => [key(r), r])).values()]

  const accounts: Row[] = rows(2, (person_id, i) => {
    const opened = day - ago(700)
    return {
      account_id: `A${i}`,
      person_id,
      institution_id: `I${random.integer(3)}`,
      product: pick(['loan', 'credit_card', 'pay_later', 'rental']),
      opened_on: isoDay(opened),
      closed_on: random.next() < 0.5 ? isoDay(opened + 30 + random.integer(600)) : null,
      principal_or_limit: money(5000),
    }
  })
  const instalments: Row[] = []
  const repayments: Row[] = []
  for (const account of accounts) {
    const opened = dayNumber(String(account['opened_on']))
    const step = pick([7, 30, 45])
    const amount = money(500) + 1
    let paid = 0
    for (let k = 1; k <= 1 + random.integer(14); k++) {
      const due = opened + k * step
      instalments.push({
        account_id: account['account_id']!,
        due_on: isoDay(due),
        due_amount: random.next() < 0.05 ? 0 : amount,
      })
      const habit = random.next()
      const parts = habit < 0.15 ? [] : habit < 0.3 ? [0.5, 0.5] : habit < 0.35 ? [2] : [1]
      for (const part of parts) {
        const late = random.next() < 0.35 ? pick([1, 2, 29, 30, 31, 89, 90, 91, 180, 200]) : -random.integer(5)
        repayments.push({
          repayment_id: `R${account['account_id']}-${paid++}`,
          account_id: account['account_id']!,
          paid_on: isoDay(due + late),
          amount: Math.round(amount * part * 100) / 100,
        })
      }
    }
  }
  return {
    people: ids.map((person_id) => ({
      person_id,
      born_on: isoDay(random.integer(10_000)),
      sex: pick(['f', 'm']),
      account_opened_on: isoDay(day - 1 - ago(900)),
    })),
    registrations: once(
      rows(10, (person_id) => {
        const from = day - ago(700)
        return {
          person_id,
          kind: pick(['phone', 'phone', 'address', 'employer', 'occupation']),
          valid_from: isoDay(from),
          value: pick(['public', 'listed', 'clerical', 'student', 'V1', 'V2']),
          valid_to: random.next() < 0.6 ? isoDay(Math.max(from + 1, day - ago())) : null,
        }
      }),
      (r) => `${r['person_id']}|${r['kind']}|${r['valid_from']}`,
    ),
    transactions: rows(60, (person_id, i) => ({
      transaction_id: `T${i}`,
      person_id,
      occurred_at: time(),
      amount: random.next() < 0.03 ? 0 : money(3000),
      direction: pick(['in', 'out', 'out']),
      category: pick([null, 'baby_products', 'games', 'furniture', 'cars', 'travel', 'charity', 'books']),
      scenario: pick([
        'online_shopping',
        'dining',
        'utilities',
        'phone_topup',
        'donation',
        'transfer',
        'investment',
        'repayment',
        'bank_fees',
        'penalty_interest',
        'cash_withdrawal',
        'card_withdrawal',
        'other',
      ]),
      counterparty_id: pick([null, 'C1', 'C2', 'C3', 'C4']),
      district_id: pick([null, 'D1', 'D2', 'D3']),
    })),
    bookings: rows(5, (booking, i) => ({
      booking_id: `B${i}`,
      person_id: booking,
      booked_at: time(),
      kind: pick(['flight', 'flight', 'train']),
      international: random.next() < 0.3,
      cabin: pick([null, 'economy', 'business', 'first']),
      fare: money(900),
      full_fare: pick([null, 0, 1000, 777.77]),
    })),
    credit_accounts: accounts,
    instalments,
    repayments,
    enquiries: rows(5, (person_id, i) => ({
      enquiry_id: `E${i}`,
      person_id,
      institution_id: `I${random.integer(4)}`,
      enquired_at: time(250),
      purpose: pick(['application', 'authorization', 'account_review']),
    })),
    balances: once(
      rows(12, (person_id) => ({
        person_id,
        asset_type: pick(['cash', 'deposit', 'money_market_fund', 'stock_fund', 'bond_fund', 'house']),
        valued_on: date(),
        value: money(20_000) - 2000,
        return_amount: random.next() < 0.5 ? money(50) - 10 : null,
      })),
      (r) => `${r['person_id']}|${r['asset_type']}|${r['valued_on']}`,
    ),
    contacts: once(
      rows(5, (person_id) => {
        const since = day - ago(700)
        return {
          person_id,
          other_person_id: pick(ids.filter((p) => p !== person_id)),
          since: isoDay(since),
          until: random.next() < 0.4 ? isoDay(Math.max(since + 1, day - ago())) : null,
          closeness: random.integer(1001) / 1000,
        }
      }),
      (r) => `${r['person_id']}|${r['other_person_id']}|${r['since']}`,
    ),
    inferred_attributes: once(
      rows(3, (person_id) => ({
        person_id,
        attribute: pick(['car_likelihood', 'house_likelihood', 'mood']),
        known_at: time(),
        value: 1 + random.integer(3),
        produced_by: 'm1',
      })),
      (r) => `${r['person_id']}|${r['attribute']}|${r['known_at']}`,
    ),
    public_records: [],
  }
}
