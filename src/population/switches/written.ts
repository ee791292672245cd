/** A person whose rows have just been written: what switches change, add to and drop from. */
import type { Random } from '../../util/random.ts'
import type { Clock } from '../clock.ts'
import type { Months } from '../months.ts'
import type { PopulationRows } from '../partWriter.ts'
import type { Person } from '../person.ts'
import type { SwitchGroup } from '../switches.ts'
import type { SimulatedTable } from '../tableQueries.ts'

export interface Written {
  person: Person
  /** the person's stream; every switch draws from a fork of its own */
  random: Random
  months: Months
  clock: Clock
  group: SwitchGroup
  rows: PopulationRows
  /** the first row of the person, by table; the last one is the last of the table */
  from: Record<SimulatedTable, number>
}

/** How many rows of a table the person has; also the next serial number where rows are numbered as they come. */
export const countRows = ({ rows, from }: Written, table: SimulatedTable): number => rows[table].length - from[table]

/** The person's first dense month with an account on the platform. */
export const firstMonth = ({ person, clock }: Written): number =>
  Math.max(clock.dense, clock.monthOf(person.opened) + 1)

/** Numbers the rows of a table anew from 0, so that what was dropped leaves no gap. */
export const renumber = ({ rows, from }: Written, table: SimulatedTable): void => {
  const sequence = rows[table].column('sequence')
  for (let row = from[table]; row < rows[table].length; row++) sequence[row] = row - from[table]
}
