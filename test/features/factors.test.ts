/** Every factor of the catalogue on a world small enough to compute by hand, and every way in which it can be missing. */
import { describe, expect, it } from 'vitest'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { TABLE_NAMES } from '../../src/schema/tables.ts'
import { buildWorld, type Row, type World } from './world.ts'

/** t - 30 = 06-01, t - 90 = 04-02, t - 180 = 01-03, t - 365 = 2023-07-02, all of 2024 but the last */
const T = '2024-07-01'
const names = FACTOR_CATALOGUE.map((f) => f.name)

const transaction = (
  occurred_at: string,
  amount: number,
  direction: string,
  scenario: string,
  more: Row = {},
): Row => ({
  occurred_at,
  amount,
  direction,
  scenario,
  ...more,
})
const numbered = (rows: Row[], key: string, more: Row = {}): Row[] =>
  rows.map((r, i) => ({ [key]: `${key}${i}`, ...more, ...r }))
const account = (account_id: string, product: string, opened_on: string, person_id = 'P'): Row => ({
  account_id,
  person_id,
  institution_id: 'I1',
  product,
  opened_on,
  closed_on: null,
  principal_or_limit: 1000,
})

const world: World = {
  people: [
    { person_id: 'P', account_opened_on: '2020-07-01' },
    { person_id: 'Q', account_opened_on: '2030-01-01' },
    { person_id: 'R', account_opened_on: '2030-01-01' },
  ],
  enquiries: numbered(
    [
      { institution_id: 'I1', enquired_at: '2024-06-30 23:59:59', purpose: 'application' },
      { institution_id: 'I1', enquired_at: '2024-06-01 00:00:00', purpose: 'authorization' },
      { institution_id: 'I2', enquired_at: '2024-05-31 23:59:59', purpose: 'application' },
      { institution_id: 'I3', enquired_at: '2024-02-01 12:00:00', purpose: 'application' },
      { institution_id: 'I4', enquired_at: '2024-06-15 12:00:00', purpose: 'account_review' },
      { institution_id: 'I5', enquired_at: '2024-07-01 00:00:00', purpose: 'application' },
      { institution_id: 'I6', enquired_at: '2024-01-02 00:00:00', purpose: 'application' },
    ],
    'enquiry_id',
    { person_id: 'P' },
  ),
  credit_accounts: [
    account('loan', 'loan', '2023-01-01'),
    account('shop', 'pay_later', '2024-05-01'),
    account('card', 'credit_card', '2022-07-02'),
    account('old', 'loan', '2022-07-02', 'Q'),
    account('future', 'loan', '2024-07-01'),
  ],
  instalments: [
    // settled 20 days late; never settled, 50 unpaid at the end of the due day; settled late by 200 days
    { account_id: 'loan', due_on: '2023-09-01', due_amount: 100 },
    { account_id: 'loan', due_on: '2024-05-10', due_amount: 100 },
    { account_id: 'card', due_on: '2023-08-01', due_amount: 30 },
    // a promise kept, paid on the due day
    { account_id: 'shop', due_on: '2024-06-01', due_amount: 60 },
    // due on t - 1: not overdue before t; due on t - 2: overdue on t - 1
    { account_id: 'card', due_on: '2024-06-30', due_amount: 10 },
    { account_id: 'card', due_on: '2024-06-29', due_amount: 7 },
    { account_id: 'old', due_on: '2023-01-01', due_amount: 5 },
  ],
  repayments: numbered(
    [
      { account_id: 'loan', paid_on: '2023-09-21', amount: 100 },
      { account_id: 'loan', paid_on: '2024-05-10', amount: 50 },
      { account_id: 'card', paid_on: '2024-02-17', amount: 30 },
      { account_id: 'shop', paid_on: '2024-06-01', amount: 60 },
      { account_id: 'loan', paid_on: '2024-07-01', amount: 50 },
    ],
    'repayment_id',
  ),
  transactions: numbered(
    [
      transaction('2024-06-30 12:00:00', 200, 'out', 'dining', { category: 'games', district_id: 'D1' }),
      transaction('2024-06-01 00:00:00', 100, 'out', 'online_shopping', {
        category: 'baby_products',
        district_id: 'D2',
      }),
      transaction('2024-05-31 23:59:59', 300, 'out', 'utilities', { category: 'utilities' }),
      transaction('2024-04-02 00:00:00', 50, 'out', 'phone_topup'),
      transaction('2024-01-03 00:00:00', 150, 'out', 'online_shopping', { category: 'furniture', district_id: 'D1' }),
      transaction('2023-07-02 00:00:00', 1200, 'out', 'travel_booking', { category: 'travel' }),
      transaction('2023-12-01 08:00:00', 1000, 'out', 'other', { category: 'cars' }),
      transaction('2024-06-20 08:00:00', 300, 'out', 'transfer', { counterparty_id: 'C9' }),
      transaction('2024-06-21 08:00:00', 60, 'in', 'transfer', { counterparty_id: 'C1' }),
      transaction('2024-06-22 08:00:00', 40, 'in', 'transfer', { counterparty_id: 'C2' }),
      transaction('2024-03-01 08:00:00', 500, 'out', 'repayment'),
      transaction('2024-03-02 08:00:00', 5000, 'in', 'salary'),
      transaction('2023-07-01 23:59:59', 9999, 'out', 'donation', { category: 'games', district_id: 'D7' }),
      transaction('2024-07-01 00:00:00', 9999, 'out', 'donation', { category: 'games', district_id: 'D8' }),
      transaction('2024-02-14 10:00:00', 20, 'out', 'donation', { category: 'charity' }),
    ],
    'transaction_id',
    { person_id: 'P' },
  ),
  bookings: numbered(
    [
      {
        booked_at: '2024-06-01 10:00:00',
        kind: 'flight',
        international: false,
        cabin: 'business',
        fare: 800,
        full_fare: 1000,
      },
      {
        booked_at: '2024-05-01 10:00:00',
        kind: 'flight',
        international: false,
        cabin: 'first',
        fare: 300,
        full_fare: 900,
      },
      {
        booked_at: '2024-04-01 10:00:00',
        kind: 'flight',
        international: true,
        cabin: 'business',
        fare: 1,
        full_fare: 900,
      },
      { booked_at: '2024-03-01 10:00:00', kind: 'train', international: false, fare: 90 },
      { booked_at: '2023-07-01 23:59:59', kind: 'flight', international: false, cabin: 'first', fare: 1, full_fare: 2 },
    ],
    'booking_id',
    { person_id: 'P' },
  ),
  inferred_attributes: [
    { person_id: 'P', attribute: 'car_likelihood', known_at: '2023-01-01 00:00:00', value: 1 },
    { person_id: 'P', attribute: 'car_likelihood', known_at: '2024-06-30 23:59:59', value: 3 },
    { person_id: 'P', attribute: 'car_likelihood', known_at: '2024-07-01 00:00:00', value: 2 },
    { person_id: 'P', attribute: 'house_likelihood', known_at: '2021-01-01 00:00:00', value: 2 },
  ],
  balances: [
    // deposit 100 stands until 2024-06-16, then 400; cash from 06-26
    { person_id: 'P', asset_type: 'deposit', valued_on: '2020-01-01', value: 100, return_amount: 55 },
    { person_id: 'P', asset_type: 'deposit', valued_on: '2024-06-16', value: 400 },
    { person_id: 'P', asset_type: 'deposit', valued_on: '2024-07-01', value: 90000 },
    { person_id: 'P', asset_type: 'cash', valued_on: '2024-06-26', value: 60 },
    { person_id: 'P', asset_type: 'house', valued_on: '2024-01-01', value: 1000000, return_amount: 9 },
    // held for the last 73 days: 1000, a fifth of a year
    { person_id: 'P', asset_type: 'stock_fund', valued_on: '2024-04-19', value: 1000, return_amount: 0 },
    { person_id: 'P', asset_type: 'bond_fund', valued_on: '2024-04-19', value: 0, return_amount: 30 },
    { person_id: 'P', asset_type: 'stock_fund', valued_on: '2024-06-30', value: 1000, return_amount: 20 },
  ],
  registrations: [
    { kind: 'employer', valid_from: '2019-01-01', value: 'public', valid_to: '2023-01-01' },
    { kind: 'employer', valid_from: '2023-01-01', value: 'listed', valid_to: '2024-07-01' },
    { kind: 'employer', valid_from: '2024-07-01', value: 'small_firm' },
    { kind: 'occupation', valid_from: '2019-01-01', value: 'clerical' },
    { kind: 'phone', valid_from: '2019-01-01', value: '111', valid_to: '2023-07-02' },
    { kind: 'phone', valid_from: '2023-07-02', value: '222', valid_to: '2024-03-23' },
    { kind: 'phone', valid_from: '2024-03-23', value: '333' },
    { kind: 'address', valid_from: '2024-06-01', value: 'A1' },
  ].map((r) => ({ person_id: 'P', ...r })),
  contacts: [
    // close a year ago: Q, R, S, U; of them Q and R still are
    { other_person_id: 'Q', since: '2022-01-01', closeness: 0.6 },
    { other_person_id: 'R', since: '2022-01-01', until: '2024-07-01', closeness: 0.9 },
    { other_person_id: 'S', since: '2022-01-01', until: '2024-06-30', closeness: 0.9 },
    { other_person_id: 'U', since: '2022-01-01', until: '2023-07-02', closeness: 0.5 },
    { other_person_id: 'V', since: '2023-07-02', closeness: 0.5 },
    { other_person_id: 'W', since: '2022-01-01', closeness: 0.4 },
  ].map((r) => ({ person_id: 'P', ...r })),
}

const consumption = 200 + 100 + 300 + 50 + 150 + 1200 + 1000 + 20
/** Month slices back from t: the first reaches back 30.4 days to 05-31 14:00, the last to 2023-07-02. */
const slices = [600, 0, 50, 0, 20, 150, 1000, 0, 0, 0, 0, 1200]
const mean = consumption / 12

const expected: Record<string, number | string> = {
  institutions_visited_1m: 1,
  institutions_visited_3m: 2,
  institutions_visited_6m: 3,
  repaid_amount_1m: 0,
  repaid_amount_3m: 50,
  repaid_amount_6m: 80,
  repaid_amount_1y: 180,
  repayment_months_1y: 4,
  repayment_months_total: 4,
  credit_history_days: 730,
  promises_kept_1y: 1,
  // became overdue on 06-30 (7), 05-11 (50 unpaid), 2023-09-02 (100), 2023-08-02 (30)
  overdue_cases_1m: 1,
  overdue_cases_3m: 2,
  overdue_cases_6m: 2,
  overdue_cases_12m: 4,
  overdue_amount_1m: 7,
  overdue_amount_3m: 57,
  overdue_amount_6m: 57,
  overdue_amount_12m: 187,
  // the loan's second instalment is 51 days past due on 06-30; the card's was 200 days late on 2024-02-17
  reached_m1_3m: 1,
  reached_m1_6m: 1,
  reached_m1_12m: 1,
  reached_m3_12m: 1,
  reached_m6_12m: 1,
  reached_m3_2y: 1,
  reached_m6_2y: 1,
  reached_m3_5y: 1,
  reached_m6_5y: 1,
  delivery_districts_1y: 2,
  // dining, online shopping, utilities, top-up, travel, other, transfer, repayment, donation
  payment_scenarios_1y: 9,
  transactions_1y: 13,
  transaction_amount_1y: consumption + 300 + 60 + 40 + 500 + 5000,
  baby_products_share_1y: 100 / consumption,
  games_share_1y: 200 / consumption,
  furniture_share_1y: 150 / consumption,
  cars_share_1y: 1000 / consumption,
  travel_share_1y: 1200 / consumption,
  flights_1y: 3,
  international_flights_1y: 1,
  business_class_flights_1y: 1,
  first_class_flights_1y: 1,
  // (8 + 3.333333) / 2
  mean_fare_discount_1y: 11.333333 / 2,
  donations_1y: 1,
  car_likelihood: 3,
  house_likelihood: 2,
  // deposit 15 days of 100 and 15 of 400, cash 60 for 5 days
  mean_liquid_assets_1m: (15 * 100 + 15 * 400 + 5 * 60) / 30,
  mean_liquid_assets_3m: (75 * 100 + 15 * 400 + 5 * 60) / 90,
  mean_liquid_assets_6m: (165 * 100 + 15 * 400 + 5 * 60) / 180,
  mean_liquid_assets_1y: (350 * 100 + 15 * 400 + 5 * 60) / 365,
  payments_total_1m: 600,
  payments_total_3m: 950,
  payments_total_6m: 1620,
  consumption_1m: 300,
  consumption_3m: 650,
  consumption_6m: 820,
  mean_utility_bill_1y: 25,
  phone_topups_1y: 1,
  phone_topup_amount_1y: 50,
  // 3,020 lies in (3,000, 6,000]
  consumption_tier: 2,
  product_return_1y: 50 / 1000,
  employer_type: 'listed',
  occupation: 'clerical',
  phone_tenure_days: 100,
  phone_numbers_1y: 2,
  address_tenure_days: 30,
  consumption_variability_1y: Math.sqrt(slices.reduce((s, x) => s + (x - mean) ** 2, 0) / 12) / mean,
  account_age_days: 1461,
  contact_stability_1y: 50,
  social_influence_index: ((100 * Math.log(3)) / Math.log(101)) * (100 / 400),
  // Q is overdue since 2023; R, V and W are not
  credit_environment_index: (0.9 + 0.5 + 0.4) / (0.6 + 0.9 + 0.5 + 0.4),
}

describe('factors computed by hand', () => {
  it('expects all 70', () => {
    expect(Object.keys(expected)).toEqual(names)
  })

  it('agree, each', async () => {
    const { rows, reasons } = await buildWorld(world, [T])
    expect(rows.length).toBe(1)
    for (const name of names) {
      const want = expected[name]!
      // doubles divided in another order: a few units in the last place
      if (typeof want === 'number') expect(rows[0]![name], name).toBeCloseTo(want, 9)
      else expect(rows[0]![name], name).toBe(want)
      expect(reasons[0]![name]).toBe('present')
    }
  })
})

it('counts the scenarios that a person chooses, not charges that the bank imposes', async () => {
  const people = ['A', 'B', 'C']
  const used: Record<string, string[]> = {
    A: ['bank_fees', 'penalty_interest'],
    B: ['cash_withdrawal', 'card_withdrawal', 'bank_fees'],
    C: ['dining', 'dining', 'penalty_interest'],
  }
  const transactions = numbered(
    people.flatMap((person_id) =>
      used[person_id]!.map((s) => ({ ...transaction('2024-06-01', 5, 'out', s), person_id })),
    ),
    'transaction_id',
  )
  const { rows } = await buildWorld(
    { people: people.map((person_id) => ({ person_id, account_opened_on: '2020-07-01' })), transactions },
    [T],
  )
  expect(rows.map((r) => r['payment_scenarios_1y'])).toEqual([0, 2, 1])
  // charges are payments all the same
  expect(rows.map((r) => r['payments_total_1m'])).toEqual([10, 15, 15])
})

/** Why a factor is missing for somebody about whom there is nothing; the others are 0. */
const WITHOUT_ROWS: Record<string, string> = {
  ...Object.fromEntries(names.filter((n) => /^(repa|promises|overdue|reached)/.test(n)).map((n) => [n, 'no_exposure'])),
  ...Object.fromEntries(names.filter((n) => /_share_1y$|variability/.test(n)).map((n) => [n, 'zero_denominator'])),
  ...Object.fromEntries(
    names
      .filter((n) =>
        /likelihood|liquid|^credit_history|discount|tier|return|employer|^occ|tenure|contact|social|environ/.test(n),
      )
      .map((n) => [n, 'no_rows']),
  ),
}

describe('missing values have a reason', () => {
  const nobody: World = { people: [{ person_id: 'P', account_opened_on: '2020-07-01' }] }

  it('without rows: zero for counts and sums over covered tables, a reason for the rest', async () => {
    const { rows, reasons } = await buildWorld(nobody, [T])
    for (const f of FACTOR_CATALOGUE.filter((f) => f.name !== 'account_age_days')) {
      expect(reasons[0]![f.name], f.name).toBe(WITHOUT_ROWS[f.name] ?? 'present')
      expect(rows[0]![f.name], f.name).toBe(f.name in WITHOUT_ROWS ? null : 0)
      if (f.noRowsMeans === 'zero') expect(rows[0]![f.name]).toBe(0)
    }
  })

  it('absent tables', async () => {
    const absent = TABLE_NAMES.filter((t) => t !== 'people')
    const { rows, reasons, table } = await buildWorld(world, [T], { absent })
    const without = names.filter((n) => n !== 'account_age_days')
    for (const name of without) expect([rows[0]![name], reasons[0]![name]], name).toEqual([null, 'absent_table'])
    expect(rows[0]!['account_age_days']).toBe(1461)
    expect(table.unavailable.map((u) => u.factor)).toEqual(without)
    expect(table.unavailable.find((u) => u.factor === 'games_share_1y')!.reason).toMatch(/no transactions/)
    expect(table.missing['games_share_1y']).toEqual({ absent_table: 1 })
  })

  it('windows that start before the cover, or end after it', async () => {
    const all = TABLE_NAMES.filter((t) => t !== 'outcomes')
    const cover = (from: string, to: string) => Object.fromEntries(all.map((t) => [t, [from, to] as [string, string]]))
    const late = await buildWorld(world, [T], { covered: cover('2010-01-01', '2024-06-30') })
    for (const name of names) expect(late.reasons[0]![name], name).toBe('not_covered')
    expect(late.table.waterfall.find((w) => w.step === 'covered')!.rows).toBe(0)
    // from t - 30: the one-month windows and the factors without a window remain
    const short = await buildWorld(world, [T], { covered: cover('2024-06-01', '2024-07-01') })
    for (const f of FACTOR_CATALOGUE) {
      const days = f.name === 'consumption_tier' ? 365 : (f.windowDays ?? 0)
      expect(short.reasons[0]![f.name], f.name).toBe(days > 30 ? 'not_covered' : 'present')
    }
    const shorter = await buildWorld(world, [T], { covered: cover('2024-06-02', '2024-07-01') })
    expect(shorter.reasons[0]!['payments_total_1m']).toBe('not_covered')
  })

  it('columns that the source does not fill before t', async () => {
    const later: Row = { ...transaction(`${T} 00:00:00`, 1, 'out', 'dining'), transaction_id: 'later', person_id: 'P' }
    const plain = numbered([transaction('2024-06-01 00:00:00', 10, 'out', 'dining')], 'transaction_id', {
      person_id: 'P',
    })
    const filled = { ...later, category: 'games', district_id: 'D', counterparty_id: 'C' }
    const { reasons } = await buildWorld({ ...nobody, transactions: [...plain, filled] }, [T])
    const columns = names.filter((n) => /_share_1y$|districts|social/.test(n))
    for (const name of columns) expect(reasons[0]![name], name).toBe('missing_in_source')
    expect(reasons[0]!['consumption_1m']).toBe('present')
  })

  it('flights without full fares, products without returns', async () => {
    const flight = { person_id: 'P', kind: 'flight', international: false, fare: 5 }
    const booked = [
      { ...flight, booking_id: 'B1', booked_at: '2024-06-01 00:00:00', full_fare: null },
      { ...flight, booking_id: 'B2', person_id: 'X', booked_at: '2024-06-01 00:00:00', full_fare: 9 },
    ]
    const fund = { person_id: 'P', asset_type: 'stock_fund', valued_on: '2024-06-01', value: 10 }
    const held = [fund, { ...fund, person_id: 'X', return_amount: 1 }]
    const found = await buildWorld({ ...nobody, bookings: booked, balances: held }, [T])
    expect(found.reasons[0]!['mean_fare_discount_1y']).toBe('missing_in_source')
    expect(found.reasons[0]!['product_return_1y']).toBe('missing_in_source')
    const free = await buildWorld(
      { ...nobody, bookings: [{ ...booked[0]!, full_fare: 0 }], balances: [{ ...fund, value: 0, return_amount: 1 }] },
      [T],
    )
    expect(free.reasons[0]!['mean_fare_discount_1y']).toBe('zero_denominator')
    expect(free.reasons[0]!['product_return_1y']).toBe('zero_denominator')
  })
})
