/**
 * Gaming: risky people buy a boost of their score. Money goes round between them and shops that exist for it, so that they look
 * busy, and safe people let themselves be named as their contacts.
 */
import type { Random } from '../../util/random.ts'
import type { Clock } from '../clock.ts'
import type { Community, Contact } from '../community.ts'
import { body, Ledger, purpose } from '../ledger.ts'
import type { Person } from '../person.ts'
import { NONE } from '../rows.ts'
import { countRows, type Written } from './written.ts'

/** Who is this risky may buy: about a fifth of all people. */
export const RISKY = 0.9
/** Share of the community, the safest, who lend their names. */
const LENDERS = 0.1
const NAMES = { least: 8, more: 8 }
/** The shops of the trade; each buyer is served by a few. */
const SHOPS = { first: 2000, count: 40, each: 3 }
/** What the trade keeps of each round trip. */
const FEE = 0.02
/** Round trips a month, and days until the money is back. */
const TRIPS = { least: 3, mean: 4 }
const LONGEST_DAYS = 5

const BOUGHT = purpose('out', 'household_goods', 'online_shopping')
const BACK = purpose('in', 'other', 'transfer')

/** The day from which somebody plays, in the second half of the dense months; undefined for most. @param random the person's stream */
export const boughtBoost = (random: Random, person: Person, clock: Clock, strength: number): number | undefined => {
  const r = random.fork('gaming')
  const buys = r.next() < strength
  const months = clock.last - clock.dense
  const month = clock.dense + Math.floor(months * (0.5 + 0.35 * r.next()))
  const day = clock.start[month]! + r.integer(28)
  return buys && person.risk > RISKY && person.opened < day ? day : undefined
}

/**
 * Names for those who buy, by place in the community and on both sides. They are ties in name only: no money goes over them.
 * @param random the stream of the population
 */
export const borrowContacts = (
  random: Random,
  { people, contacts }: Community,
  clock: Clock,
  strength: number,
): Contact[][] => {
  const borrowed: Contact[][] = people.map(() => [])
  const safest = people
    .map((_, k) => k)
    .sort((a, b) => people[a]!.risk - people[b]!.risk || a - b)
    .slice(0, Math.floor(people.length * LENDERS))
  people.forEach((person, k) => {
    const stream = random.fork('person', person.index)
    const since = boughtBoost(stream, person, clock, strength)
    if (since === undefined) return
    const r = stream.fork('borrowed_contacts')
    const known = new Set([...contacts[k]!, ...borrowed[k]!].map((c) => c.other))
    for (let n = NAMES.least + r.integer(NAMES.more); n > 0; n--) {
      const lender = safest[r.integer(safest.length)]!
      const other = people[lender]!
      const closeness = 850 + r.integer(150)
      if (lender === k || other.opened > since || known.has(other.index)) continue
      known.add(other.index)
      borrowed[k]!.push({ other: other.index, since, until: NONE, closeness })
      borrowed[lender]!.push({ other: person.index, since, until: NONE, closeness })
    }
  })
  return borrowed
}

/** Money that goes round: to a shop, and back within days, less what the trade keeps. */
export const sendInCircles = (written: Written, strength: number): void => {
  const { person, random, clock, rows } = written
  const since = boughtBoost(random, person, clock, strength)
  if (since === undefined) return
  const r = random.fork('circles')
  const ledger = new Ledger(r, person.index, rows.transactions, countRows(written, 'transactions'))
  const shops = Array.from({ length: SHOPS.each }, () => body(SHOPS.first + r.integer(SHOPS.count)))
  for (let m = clock.monthOf(since); m < clock.last; m++)
    for (let n = TRIPS.least + r.poisson(TRIPS.mean - TRIPS.least); n > 0; n--) {
      const day = clock.start[m]! + r.integer(28)
      const back = day + 1 + r.integer(LONGEST_DAYS)
      const yuan = 200 + 1800 * r.next()
      const shop = shops[r.integer(shops.length)]!
      if (day < since || back >= clock.lastDay) continue
      ledger.add(BOUGHT, day, yuan, shop, person.district)
      ledger.add(BACK, back, (1 - FEE) * yuan, shop)
    }
}
