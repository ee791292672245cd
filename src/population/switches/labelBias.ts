/** Label bias: good outcomes of the group are written up as bad. What is true of them stays as it is. */
import type { Engine } from '../../engines/engine.ts'
import { identifier } from '../../engines/sql.ts'
import { random } from '../../util/random.ts'
import type { SwitchGroup } from '../switches.ts'
import { FIRST_ID } from '../tableQueries.ts'

/** Whose outcomes are written up, and how many of them. */
export interface LabelBiasOptions {
  people: number
  /** of the population */
  seed: number | string
  /** share of the members of the group whose good outcomes are written up as bad, 0 to 1 */
  strength: number
  group: SwitchGroup
}

const MEMBERS: Record<SwitchGroup, string> = {
  migrant: `household_registration = 'migrant'`,
  female: `sex = 'female'`,
}

/** Numbers of the people who are written up if they belong to the group and are good: each by a draw of their own. */
const drawWrittenUp = ({ people, seed, strength }: LabelBiasOptions): Int32Array => {
  const root = random(seed).fork('population')
  const drawn: number[] = []
  for (let k = 0; k < people; k++) if (root.fork('person', k).fork('label_bias').next() < strength) drawn.push(k)
  return Int32Array.from(drawn)
}

/**
 * Turns good outcomes of the group into bad ones, in place: at all dates of a person alike, as a reviewer with a prejudice
 * would.
 * @param outcomes table with person_id and status
 * @param members table of people with the protected columns
 */
export const biasLabels = async (
  engine: Engine,
  outcomes: string,
  members: string,
  options: LabelBiasOptions,
): Promise<void> => {
  if (options.strength === 0) return
  await engine.createTable('written_up', { person: { type: 'INTEGER', values: drawWrittenUp(options) } })
  await engine.run(`UPDATE ${identifier(outcomes)} SET status = 'bad' WHERE status = 'good' AND person_id IN (
    SELECT p.person_id FROM ${identifier(members)} AS p JOIN written_up AS w ON p.person_id = 'P' || (${FIRST_ID} + w.person)
    WHERE p.${MEMBERS[options.group]})`)
  await engine.run('DROP TABLE written_up')
}
