/** Payments of one person on their way to the transaction table. */
import { CATEGORIES, type Category, DIRECTIONS, SCENARIOS, type Scenario } from '../schema/vocabulary.ts'
import type { Random } from '../util/random.ts'
import { paymentCode } from './paymentCode.ts'
import { NONE, type Rows } from './rows.ts'

const MAX_YUAN = 10_000_000

/** Second of the day (UTC) at the edges of 64 equal shares of a day's activity; China is eight hours ahead. */
const SECONDS = (() => {
  const byHour = [5, 6, 6, 7, 9, 8, 6, 6, 6, 7, 9, 10, 10, 8, 6, 4, 2, 1, 0.5, 0.3, 0.3, 0.5, 1, 3]
  const total = byHour.reduce((a, b) => a + b, 0)
  const edges = new Float64Array(65)
  let hour = 0
  let before = 0
  for (let k = 0; k <= 64; k++) {
    const target = (total * k) / 64
    while (hour < 23 && before + byHour[hour]! < target) before += byHour[hour++]!
    edges[k] = 3600 * (hour + Math.min(1, (target - before) / byHour[hour]!))
  }
  return edges
})()

/** A second of the day, 0 to 86399, by the rhythm of the day. */
export const secondOfDay = (r: Random): number => {
  const u = 64 * r.next()
  const k = Math.floor(u)
  return Math.min(86_399, Math.floor(SECONDS[k]! + (u - k) * (SECONDS[k + 1]! - SECONDS[k]!)))
}

/** What a payment is: codes of direction, category and scenario. */
export interface Purpose {
  direction: number
  category: number
  scenario: number
}

export const purpose = (direction: 'in' | 'out', category: Category, scenario: Scenario): Purpose => ({
  direction: DIRECTIONS.indexOf(direction),
  category: CATEGORIES.indexOf(category),
  scenario: SCENARIOS.indexOf(scenario),
})

/** Counterparties: merchants are 1 to MERCHANTS, bodies (employers, utilities, banks) above, people below zero. */
export const MERCHANTS = 40_000
export const body = (number: number): number => MERCHANTS + 1 + number
export const otherPerson = (index: number): number => -1 - index

export class Ledger {
  readonly random: Random
  #rows: Rows
  #person: number
  #sequence: number

  /** @param sequence the number of the first payment: how many of the person there are already */
  constructor(random: Random, person: number, rows: Rows, sequence = 0) {
    this.random = random
    this.#sequence = sequence
    this.#person = person
    this.#rows = rows
  }

  /** One payment at a drawn time of the day. @param district NONE where nothing is delivered or visited */
  add(what: Purpose, day: number, yuan: number, counterparty: number, district = NONE): void {
    this.#rows.add(
      this.#person,
      this.#sequence++,
      day * 86_400 + secondOfDay(this.random),
      Math.max(1, Math.round(100 * Math.min(yuan, MAX_YUAN))),
      paymentCode(what.direction, what.category, what.scenario, district),
      counterparty,
    )
  }
}
