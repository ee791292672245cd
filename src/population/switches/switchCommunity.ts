/** Where switches meet the simulation: once a community is drawn, and around the rows of each person. */
import type { Random } from '../../util/random.ts'
import type { Clock } from '../clock.ts'
import type { Community } from '../community.ts'
import type { Months } from '../months.ts'
import type { PopulationRows } from '../partWriter.ts'
import type { Person } from '../person.ts'
import type { Switches } from '../switches.ts'
import { SIMULATED_TABLES, type SimulatedTable } from '../tableQueries.ts'
import { offerNewProduct } from './drift.ts'
import { borrowContacts, sendInCircles } from './gaming.ts'
import { hideLowBalances, loseAtRandom } from './missing.ts'
import { settle, shopAlike } from './proxy.ts'
import { makeStale } from './staleRecords.ts'
import { recordMisconduct, watchCommunity } from './surveillance.ts'
import { thinFiles } from './thinFiles.ts'
import type { Written } from './written.ts'
import { WrongPerson } from './wrongPerson.ts'

/** Around the rows of one person; the people of a community come in the order of their numbers. */
export interface CommunitySwitches {
  /** before the first row of a person is written */
  before(rows: PopulationRows): void
  /** after the last one but for the contacts; @param k the place of the person in the community */
  after(k: number, random: Random, person: Person, months: Months, rows: PopulationRows): void
}

/** The switches that work here; the others are the interaction, in months, and the bias of labels, in outcomes. */
const HERE = [
  'proxy',
  'thinFiles',
  'surveillance',
  'gaming',
  'drift',
  'missingAtRandom',
  'missingNotAtRandom',
  'wrongPerson',
  'staleRecords',
] as const satisfies readonly (keyof Switches)[]

/**
 * Changes the people of a community as the switches say, and returns what is to be done around the rows of each
 * person; undefined when everything is off. @param random the stream of the population
 */
export const switchCommunity = (
  random: Random,
  community: Community,
  clock: Clock,
  switches: Switches,
): CommunitySwitches | undefined => {
  if (HERE.every((name) => switches[name] === 0)) return undefined
  const { group, proxy, surveillance, gaming } = switches
  if (proxy > 0) for (const p of community.people) settle(random.fork('person', p.index), p, group, proxy)
  const borrowed = gaming > 0 ? borrowContacts(random, community, clock, gaming) : undefined
  const done = surveillance > 0 ? watchCommunity(random, community.people, clock, group, surveillance) : undefined
  const wrongPerson = switches.wrongPerson > 0 ? new WrongPerson(switches.wrongPerson) : undefined
  const from = Object.fromEntries(SIMULATED_TABLES.map((t) => [t, 0])) as Record<SimulatedTable, number>
  return {
    before: (rows) => {
      for (const t of SIMULATED_TABLES) from[t] = rows[t].length
    },
    after: (k, stream, person, months, rows) => {
      const written: Written = { person, random: stream, months, clock, group, rows, from }
      // what happens
      if (switches.drift > 0) offerNewProduct(written, switches.drift)
      if (borrowed) {
        sendInCircles(written, gaming)
        community.contacts[k]!.push(...borrowed[k]!)
        community.contacts[k]!.sort((a, b) => a.other - b.other)
      }
      if (proxy > 0) shopAlike(written, proxy)
      // what is written down of it
      if (done) recordMisconduct(written, done[k]!)
      if (switches.staleRecords > 0) makeStale(written, switches.staleRecords)
      if (wrongPerson) wrongPerson.confuse(written)
      if (switches.thinFiles > 0) thinFiles(written, switches.thinFiles)
      if (switches.missingAtRandom > 0) loseAtRandom(written, switches.missingAtRandom)
      if (switches.missingNotAtRandom > 0) hideLowBalances(written, switches.missingNotAtRandom)
    },
  }
}
