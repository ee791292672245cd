/** One community after another: the work of a thread. */
import { type Random, random } from '../util/random.ts'
import { type Clock, clock } from './clock.ts'
import { COMMUNITY, drawCommunity, writeContacts } from './community.ts'
import { type CreditFlow, makeFlow, writeCredit } from './creditRows.ts'
import { simulateEnquiries } from './enquiries.ts'
import { type Life, live, makeLife } from './life.ts'
import type { PopulationRows } from './partWriter.ts'
import { simulatePublicRecords } from './publicRecords.ts'
import { simulateRegistrations } from './registrations.ts'
import { downturn } from './switches/drift.ts'
import { switchCommunity } from './switches/switchCommunity.ts'
import type { Switches } from './switches.ts'
import { simulateTransactions } from './transactions.ts'
import { simulateBalances, simulateInference } from './wealth.ts'

/** All that the rows of a population depend on; plain data, since it travels to other threads. */
export interface Setup {
  people: number
  /** dense months before the last observation date */
  months: number
  /** day number of the last observation date */
  lastDay: number
  seed: number | string
  switches: Switches
}

/** What a thread keeps from person to person. */
export interface Simulator {
  readonly people: number
  readonly root: Random
  readonly time: Clock
  readonly life: Life
  readonly flow: CreditFlow
  readonly switches: Switches
}

export const makeSimulator = ({ people, months, lastDay, seed, switches }: Setup): Simulator => {
  const time = clock(lastDay, months)
  return {
    people,
    root: random(seed).fork('population'),
    time,
    life: makeLife(time, downturn(time, switches.drift)),
    flow: makeFlow(),
    switches,
  }
}

export const countCommunities = (people: number): number => Math.ceil(people / COMMUNITY)

/** Appends the rows of one community; only those of its people below `people`. */
export const simulateCommunity = (simulator: Simulator, number: number, rows: PopulationRows): void => {
  const { people, root, time, life, flow, switches } = simulator
  const community = drawCommunity(root, number, time, switches)
  const switched = switchCommunity(root, community, time, switches)
  community.people.forEach((person, k) => {
    if (person.index >= people) return
    const r = root.fork('person', person.index)
    const contacts = community.contacts[k]!
    switched?.before(rows)
    rows.people.add(person.index, person.born, person.sex, person.opened, person.migrant ? 1 : 0)
    live(r, person, time, life)
    const { months } = life
    writeCredit(person, life.credit, time, rows, flow)
    simulateTransactions(r, person, months, contacts, flow, time, rows)
    simulateBalances(r, person, months, time, rows.balances)
    simulateInference(r, person, time, rows.inferred_attributes)
    simulateRegistrations(r, person, months, time, rows.registrations)
    simulateEnquiries(r, person, months, time, flow, rows.enquiries)
    simulatePublicRecords(r, person, months, time, rows.public_records)
    switched?.after(k, r, person, months, rows)
    writeContacts(person, contacts, people, rows.contacts)
  })
}
