/** Proxy: the group lives together and buys what others rarely buy, so that a score can tell it without being told. */
import { CATEGORIES, DIRECTIONS, SCENARIOS } from '../../schema/vocabulary.ts'
import type { Random } from '../../util/random.ts'
import { Ledger, MERCHANTS, purpose } from '../ledger.ts'
import { categoryOf, directionOf, withCategory } from '../paymentCode.ts'
import { CITY_DISTRICTS, MEDIAN_INCOME, type Person } from '../person.ts'
import type { SwitchGroup } from '../switches.ts'
import { inGroup } from './inGroup.ts'
import { countRows, firstMonth, type Written } from './written.ts'

/** The first districts of each city are those where the group lives. */
export const ENCLAVE_DISTRICTS = 2
/** Purchases a month of those who buy the category. */
const PURCHASES = 0.8

const OUT = DIRECTIONS.indexOf('out')
const FURNITURE = CATEGORIES.indexOf('furniture')
const HOUSEHOLD_GOODS = CATEGORIES.indexOf('household_goods')
const WAYS = [SCENARIOS.indexOf('online_shopping'), SCENARIOS.indexOf('offline_retail')]
const bought = purpose('out', 'furniture', 'online_shopping')

/** Moves a person into the districts of the group, or out of them. @param random the person's stream */
export const settle = (random: Random, person: Person, group: SwitchGroup, strength: number): void => {
  const r = random.fork('proxy_district')
  const place = person.district % CITY_DISTRICTS
  const city = person.district - place
  const moves = r.next() < strength
  const to = r.next()
  if (!moves) return
  if (inGroup(person, group)) person.district = city + Math.floor(ENCLAVE_DISTRICTS * to)
  else if (place < ENCLAVE_DISTRICTS)
    person.district = city + ENCLAVE_DISTRICTS + Math.floor((CITY_DISTRICTS - ENCLAVE_DISTRICTS) * to)
}

/** Furniture: bought by many of the group; what others would have bought of it are household goods. */
export const shopAlike = (written: Written, strength: number): void => {
  const { person, random, clock, group, rows, from } = written
  const r = random.fork('proxy_category')
  if (inGroup(person, group)) {
    if (r.next() >= strength) return
    const ledger = new Ledger(r, person.index, rows.transactions, countRows(written, 'transactions'))
    const wealth = (person.income / MEDIAN_INCOME) ** 0.45
    for (let m = firstMonth(written); m < clock.last; m++)
      for (let n = r.poisson(PURCHASES); n > 0; n--) {
        const day = clock.start[m]! + r.integer(clock.start[m + 1]! - clock.start[m]!)
        const what = { ...bought, scenario: WAYS[r.integer(WAYS.length)]! }
        ledger.add(what, day, 420 * wealth * Math.exp(0.7 * r.normal()), 1 + r.integer(MERCHANTS), person.district)
      }
    return
  }
  const codes = rows.transactions.column('code')
  for (let row = from.transactions; row < rows.transactions.length; row++) {
    const code = codes[row]!
    if (categoryOf(code) === FURNITURE && directionOf(code) === OUT && r.next() < strength)
      codes[row] = withCategory(code, HOUSEHOLD_GOODS)
  }
}
