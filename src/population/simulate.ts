/** The synthetic population, first version: seeded, streamed to Parquet, the same rows for any number of threads. */

import { setImmediate as pause } from 'node:timers/promises'
import type { Engine } from '../engines/engine.ts'
import type { Dataset } from '../schema/dataset.ts'
import { DEFAULT_OUTCOME } from '../schema/outcome.ts'
import { interruptedError, usageError } from '../util/errors.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import { type Random, random } from '../util/random.ts'
import { type Clock, clock, dayNumber, isoDay, observationDates } from './clock.ts'
import { COMMUNITY, drawCommunity, writeContacts } from './community.ts'
import { type CreditFlow, simulateCredit } from './credit.ts'
import { simulateEnquiries } from './enquiries.ts'
import { drawMonths, type Months, makeMonths } from './months.ts'
import { PartWriter, type PopulationRows } from './partWriter.ts'
import { simulatePublicRecords } from './publicRecords.ts'
import { simulateRegistrations } from './registrations.ts'
import { downturn } from './switches/drift.ts'
import { switchCommunity } from './switches/switchCommunity.ts'
import { defaultSwitches, type Switches } from './switches.ts'
import { MAX_PEOPLE, SIMULATED_TABLES, type SimulatedTable } from './tableQueries.ts'
import { simulateTransactions } from './transactions.ts'
import { simulateBalances, simulateInference } from './wealth.ts'

/** How many people, over what time, and where to. */
export interface SimulateOptions extends WorkOptions {
  /** 1 to 80,000,000 */
  people: number
  /** dense months before the last observation date, 12 to 120; default 24 */
  months?: number
  /** of every random stream: the same seed gives the same rows */
  seed: number | string
  /** folder for the Parquet files; made if it is not there */
  out: string
  /** the only observation date; without it there are five quarterly ones */
  asOf?: string
  /** the last of five quarterly observation dates; default 2025-01-01 */
  lastObservation?: string
  /** what is turned on; default `defaultSwitches()` */
  switches?: Switches
  /** rows after which a table goes to its next part file; changes the files, never the rows */
  partRows?: number
}

/** Tables that end with the last observation date; the others go on until the extract date. */
const DENSE: readonly SimulatedTable[] = ['transactions', 'bookings', 'balances', 'public_records']

/**
 * Simulates `people` people and writes the canonical tables (all but `outcomes`, which are derived from instalments and
 * repayments) as Parquet below `out`. Returns the dataset's description with `observationDates`; the caller stores it.
 * A person's rows depend on seed, months, last observation date and the person's number, on nothing else.
 * @throws GlasscoreError('usage') for a number out of range or a bad date; ('interrupted') when `signal` aborts
 */
export const simulate = async (engine: Engine, options: SimulateOptions): Promise<Dataset> => {
  const { people, months = 24, seed, out, progress = noProgress, signal } = options
  const switches = options.switches ?? defaultSwitches()
  whole('people', people, 1, MAX_PEOPLE)
  whole('months', months, 12, 120)
  const dates = observationDates(options)
  const time = clock(dayNumber(dates.at(-1)!, 'lastObservation'), months)
  const root = random(seed).fork('population')
  const writer = new PartWriter(engine, out, people, options.partRows)
  const scratch = makeMonths(time.count, downturn(time, switches.drift))
  const flow: CreditFlow = { repaid: [], disbursed: [], openings: [] }
  const communities = Math.ceil(people / COMMUNITY)
  try {
    for (let c = 0; c < communities; c++) {
      if (signal?.aborted) throw interruptedError()
      simulateCommunity(root, c, people, time, writer.rows, scratch, flow, switches)
      await writer.flush(c === communities - 1)
      progress('simulate people', Math.min(people, (c + 1) * COMMUNITY), people)
      await pause()
    }
  } catch (error) {
    await writer.settle()
    throw error
  }
  return describe(writer, people, months, seed, time, dates)
}

const whole = (option: string, value: number, from: number, to: number): void => {
  if (!Number.isInteger(value) || value < from || value > to)
    throw usageError('out of range', { option, expected: `a whole number from ${from} to ${to}`, got: value })
}

/** One community; only its people below `people` are written. */
const simulateCommunity = (
  root: Random,
  number: number,
  people: number,
  time: Clock,
  rows: PopulationRows,
  months: Months,
  flow: CreditFlow,
  switches: Switches,
): void => {
  const community = drawCommunity(root, number, time)
  const switched = switchCommunity(root, community, time, switches)
  community.people.forEach((person, k) => {
    if (person.index >= people) return
    const r = root.fork('person', person.index)
    const contacts = community.contacts[k]!
    switched?.before(rows)
    rows.people.add(person.index, person.born, person.sex, person.opened, person.migrant ? 1 : 0)
    drawMonths(r, person, time, months)
    simulateCredit(r, person, months, time, rows, flow)
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

const describe = (
  writer: PartWriter,
  people: number,
  months: number,
  seed: number | string,
  time: Clock,
  dates: readonly string[],
): Dataset => {
  const tables: Dataset['tables'] = {}
  for (const name of SIMULATED_TABLES) {
    const dense = DENSE.includes(name)
    const from = name === 'people' ? time.platformDay : dense ? time.denseDay : time.sparseDay
    tables[name] = {
      files: writer.files[name],
      rows: writer.counts[name],
      coveredFrom: isoDay(from),
      coveredTo: isoDay(dense ? time.lastDay : time.extractDay),
    }
  }
  return {
    format: 'glasscore.dataset',
    version: 1,
    name: 'population',
    currency: 'CNY',
    extractDate: isoDay(time.extractDay),
    observationDates: [...dates],
    tables,
    protectedColumns: ['born_on', 'sex', 'household_registration'],
    outcome: DEFAULT_OUTCOME,
    notes: [
      `Simulated: ${people} people, ${months} dense months, seed ${seed}. No row describes a real person.`,
      'Contacts lie inside communities of 512 people; a tie to somebody beyond the last person is left out.',
      'A counterparty X... is a person outside of the data: P... of the same number, had more people been simulated.',
    ],
  }
}
