/**
 * Communities of 512 consecutive people, always simulated whole: who knows whom is drawn inside them, so that it depends
 * neither on how many people there are nor on how the work is cut.
 */
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import { CITY_COUNT, drawPerson, type Person } from './person.ts'
import { NONE, type Rows } from './rows.ts'
import { defaultSwitches, type Switches } from './switches.ts'

export const COMMUNITY = 512

/** A tie seen from one side. Day numbers; `until` is NONE for a tie that lasts. */
export interface Contact {
  other: number
  since: number
  until: number
  /** thousandths */
  closeness: number
}

export interface Community {
  people: Person[]
  /** by position in `people`, ascending by `other` */
  contacts: Contact[][]
}

/** Share of the ordering that is the members' latent risk; the rest is chance. People near each other in it meet. */
const HOMOPHILY = 0.75
const REACH = 24

/** @param random the stream of the population; @param number 0-based */
export const drawCommunity = (
  random: Random,
  number: number,
  clock: Clock,
  switches: Switches = defaultSwitches(),
): Community => {
  const r = random.fork('community', number)
  const city = r.integer(CITY_COUNT)
  const first = number * COMMUNITY
  const people = Array.from({ length: COMMUNITY }, (_, k) =>
    drawPerson(random.fork('person', first + k), first + k, city, clock, switches),
  )
  return { people, contacts: drawContacts(r, people, clock) }
}

const drawContacts = (r: Random, people: readonly Person[], clock: Clock): Contact[][] => {
  const place = people.map((p) => HOMOPHILY * p.risk + (1 - HOMOPHILY) * r.normal())
  const order = people.map((_, k) => k).sort((a, b) => place[a]! - place[b]! || a - b)
  const contacts: Map<number, Contact>[] = people.map(() => new Map())
  for (let rank = 0; rank < order.length; rank++) {
    const a = order[rank]!
    const person = people[a]!
    const ties = 1 + r.poisson(2.6 * Math.exp(0.2 * person.digital))
    for (let t = 0; t < ties; t++) {
      const step = 1 + r.integer(REACH)
      const b = order[(rank + step) % order.length]!
      const other = people[b]!
      const begin = Math.max(person.opened, other.opened, clock.sparseDay)
      // the unsettled meet and part more often
      const restless = Math.exp(-0.35 * (person.stability + other.stability))
      const span = clock.extractDay - begin
      const since = begin + Math.floor(span * r.next() ** (restless > 1 ? 1 : 1.6))
      const until = since + 30 + Math.floor((2600 / restless) * r.exponential())
      const base = 0.1 + 0.85 * r.next()
      if (since >= clock.extractDay || contacts[a]!.has(other.index)) continue
      const end = until < clock.extractDay ? until : NONE
      const level = () => Math.round(1000 * Math.min(1, Math.max(0.02, base + 0.08 * r.normal())))
      contacts[a]!.set(other.index, { other: other.index, since, until: end, closeness: level() })
      contacts[b]!.set(person.index, { other: person.index, since, until: end, closeness: level() })
    }
  }
  return contacts.map((ties) => [...ties.values()].sort((x, y) => x.other - y.other))
}

/** Writes the ties of one person to people below `people`. */
export const writeContacts = (person: Person, contacts: readonly Contact[], people: number, rows: Rows): void => {
  for (const c of contacts) if (c.other < people) rows.add(person.index, c.other, c.since, c.until, c.closeness)
}
