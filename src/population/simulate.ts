/** The synthetic population: seeded, streamed to Parquet, the same bytes for any number of threads. */

import type { Engine } from '../engines/engine.ts'
import type { Dataset } from '../schema/dataset.ts'
import { DEFAULT_OUTCOME } from '../schema/outcome.ts'
import { interruptedError, usageError } from '../util/errors.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import { simulateBlocks } from './blocks.ts'
import { type Clock, clock, dayNumber, isoDay, observationDates } from './clock.ts'
import { COMMUNITY } from './community.ts'
import { PartWriter } from './partWriter.ts'
import { countCommunities, type Setup } from './simulateCommunity.ts'
import { defaultSwitches, type Switches } from './switches.ts'
import { MAX_PEOPLE, SIMULATED_TABLES, type SimulatedTable } from './tableQueries.ts'

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
  /** threads that simulate and files that are written side by side; default those of the engine. Changes no byte */
  threads?: number
  /** communities that a thread simulates at a time, default 1. Changes no byte: for tests */
  block?: number
}

/** Tables that end with the last observation date; the others go on until the extract date. */
const DENSE: readonly SimulatedTable[] = ['transactions', 'bookings', 'balances', 'public_records']

/** More files at a time take memory and gain nothing: Node has four threads to wait for the engine. */
const MAX_WRITERS = 4

/**
 * Simulates `people` people and writes the canonical tables (all but `outcomes`, which are derived from instalments and
 * repayments) as Parquet below `out`. Returns the dataset's description with `observationDates`; the caller stores it.
 * A person's rows depend on seed, months, last observation date and the person's number, on nothing else; files are cut at
 * fixed numbers (`fileRanges.ts`).
 * @throws GlasscoreError('usage') for a number out of range or a bad date; ('interrupted') when `signal` aborts
 */
export const simulate = async (engine: Engine, options: SimulateOptions): Promise<Dataset> => {
  const { people, months = 24, seed, out, progress = noProgress, signal, threads = engine.threads, block = 1 } = options
  whole('people', people, 1, MAX_PEOPLE)
  whole('months', months, 12, 120)
  whole('threads', threads, 1, 256)
  whole('block', block, 1, MAX_PEOPLE)
  const dates = observationDates(options)
  const { switches = defaultSwitches() } = options
  const setup: Setup = { people, months, lastDay: dayNumber(dates.at(-1)!, 'lastObservation'), seed, switches }
  const communities = countCommunities(people)
  const writers = Math.min(threads, MAX_WRITERS)
  const writer = await PartWriter.open(engine, { out, people, months, communities, writers })
  const stop = (): void => writer.interrupt()
  signal?.addEventListener('abort', stop)
  try {
    for await (const made of simulateBlocks(setup, { threads, size: block, signal })) {
      await writer.add(made)
      progress('simulate people', Math.min(people, (made.first + made.count) * COMMUNITY), people)
    }
    await writer.end()
  } catch (error) {
    // a file that was stopped fails with an error of the engine
    throw signal?.aborted ? interruptedError() : error
  } finally {
    signal?.removeEventListener('abort', stop)
    await writer.close()
  }
  return describe(writer, people, months, seed, clock(setup.lastDay, months), dates)
}

const whole = (option: string, value: number, from: number, to: number): void => {
  if (!Number.isInteger(value) || value < from || value > to)
    throw usageError('out of range', { option, expected: `a whole number from ${from} to ${to}`, got: value })
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
