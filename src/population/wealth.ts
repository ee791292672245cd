/** Monthly balances with returns, and what other models infer about houses and cars. */
import { ASSET_TYPES } from '../schema/vocabulary.ts'
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import type { Months } from './months.ts'
import { MEDIAN_INCOME, type Person } from './person.ts'
import { NONE, type Rows } from './rows.ts'

const asset = (name: (typeof ASSET_TYPES)[number]): number => ASSET_TYPES.indexOf(name)
const [CASH, DEPOSIT, MONEY_FUND] = [asset('cash'), asset('deposit'), asset('money_market_fund')]
const [HOUSE, CAR] = [asset('house'), asset('car')]
/** Financial products: mean monthly return, its spread, and how readily people hold them. */
const PRODUCTS = [
  { asset: asset('stock_fund'), mean: 0.005, spread: 0.04, edge: 0.9 },
  { asset: asset('bond_fund'), mean: 0.003, spread: 0.008, edge: 1.1 },
  { asset: asset('wealth_product'), mean: 0.0028, spread: 0.001, edge: 0.8 },
  { asset: asset('insurance_investment'), mean: 0.0025, spread: 0.003, edge: 1.2 },
] as const
/** Largest amount in cents that an integer column holds. */
const MAX_CENTS = 2_000_000_000

const toCents = (yuan: number): number => Math.min(MAX_CENTS, Math.round(100 * yuan))

/** @param random the person's stream. Writes the valuations at the beginning of each dense month. */
export const simulateBalances = (random: Random, person: Person, months: Months, clock: Clock, rows: Rows): void => {
  const r = random.fork('balances')
  // liquid assets in months of income; reserves follow capacity and willingness, and run down under stress
  const reserve = 0.2 + 0.16 * person.capacity + 0.14 * person.willingness + 0.1 * person.literacy + 0.95 * r.normal()
  const usesDeposit = r.next() < 0.86
  const usesFund = person.digital + 0.6 * r.normal() > -0.25
  const shareCash = 0.1 + 0.25 * r.next()
  const shareDeposit = usesDeposit ? (usesFund ? 0.2 + 0.6 * r.next() : 1) : 0
  const held = PRODUCTS.filter(
    (p) => 0.55 * person.capacity + 0.35 * person.literacy + 0.2 * person.digital + 0.7 * r.normal() > p.edge,
  ).map((p) => ({ ...p, value: person.income * Math.exp(0.4 + 0.5 * person.capacity + 0.8 * r.normal()) }))
  const houseValue = 620_000 * Math.exp(0.5 * Math.log(person.income / MEDIAN_INCOME) + 0.4 * r.normal())
  const carValue = 95_000 * Math.exp(0.5 * Math.log(person.income / MEDIAN_INCOME) + 0.4 * r.normal())
  let drift = 0.35 * r.normal()
  let strain = 0
  const first = Math.max(clock.dense, clock.monthOf(person.opened) + 1)
  for (let m = Math.max(0, first - 6); m < clock.last; m++) {
    drift = 0.88 * drift + 0.17 * r.normal()
    strain = 0.6 * strain + 0.4 * months.stress[m]!
    if (m < first) continue
    const day = clock.start[m]!
    const liquid = person.income * Math.exp(reserve + drift - 0.25 * strain)
    const cash = liquid * (shareDeposit > 0 || usesFund ? shareCash : 1)
    const deposit = (liquid - cash) * shareDeposit
    const fund = liquid - cash - deposit
    rows.add(person.index, CASH, day, toCents(cash), NONE)
    if (usesDeposit) {
      // the hard-pressed overdraw now and then
      const overdrawn = strain > 1 && r.next() < 0.1
      rows.add(person.index, DEPOSIT, day, overdrawn ? -toCents(0.05 * person.income) : toCents(deposit), NONE)
    }
    if (usesFund) rows.add(person.index, MONEY_FUND, day, toCents(fund), toCents(fund * 0.0017))
    for (const p of held) {
      // those who understand money choose and time better
      const rate = p.mean + 0.0006 * person.literacy + p.spread * r.normal()
      const gain = p.value * rate
      p.value = Math.max(100, p.value + gain + 0.02 * person.income * r.normal())
      rows.add(person.index, p.asset, day, toCents(p.value), Math.max(-MAX_CENTS, toCents(gain)))
    }
    if ((m - first) % 6 === 0) {
      if (person.house) rows.add(person.index, HOUSE, day, toCents(houseValue), NONE)
      if (person.car) rows.add(person.index, CAR, day, toCents(carValue * 0.99 ** (m - first)), NONE)
    }
  }
}

/**
 * Levels 1 to 3 for the likelihood of owning a car and a house: a noisy reading of the truth and of wealth, once a year.
 * @param random the person's stream. Writes until the extract date.
 */
export const simulateInference = (random: Random, person: Person, clock: Clock, rows: Rows): void => {
  const r = random.fork('inference')
  const wealth = Math.log(person.income / MEDIAN_INCOME)
  const level = (owns: boolean): number => {
    const signal = (owns ? 1 : 0) + 0.35 * wealth + 0.08 * person.willingness + 0.6 * r.normal()
    return signal < 0.3 ? 1 : signal < 0.95 ? 2 : 3
  }
  for (let m = Math.max(0, clock.monthOf(person.opened) + 1) + r.integer(2); m < clock.count; m += 12) {
    const second = (clock.start[m]! + r.integer(28)) * 86_400 + r.integer(86_400)
    rows.add(person.index, 0, second, level(person.car))
    rows.add(person.index, 1, second, level(person.house))
  }
}
