/** Label bias: good outcomes of the group are written up as bad. What is true of them stays as it is, and is sealed. */
import type { Engine } from '../../engines/engine.ts'
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

/** Table of the outcomes as they were: person_id, observation_date, status. */
export const TRUE_LABELS = 'true_labels'
const WRITTEN_UP = 'written_up'
const COLUMNS = 'person_id, observation_date, status'

/** Numbers of the people who are written up if they belong to the group and are good: each by a draw of their own. */
const drawWrittenUp = ({ people, seed, strength }: LabelBiasOptions): Int32Array => {
  const root = random(seed).fork('population')
  const drawn: number[] = []
  for (let k = 0; k < people; k++) if (root.fork('person', k).fork('label_bias').next() < strength) drawn.push(k)
  return Int32Array.from(drawn)
}

/** Stands between outcomes and the file that they are written to. */
export class LabelBias {
  readonly #engine: Engine

  private constructor(engine: Engine) {
    this.#engine = engine
  }

  /**
   * @param members FROM clause of the people with their protected columns
   * @returns undefined where the strength is 0
   */
  static async open(engine: Engine, members: string, options: LabelBiasOptions): Promise<LabelBias | undefined> {
    if (options.strength === 0) return undefined
    const drawn = `${WRITTEN_UP}_numbers`
    await engine.createTable(drawn, { person: { type: 'INTEGER', values: drawWrittenUp(options) } })
    await engine.run(`CREATE OR REPLACE TABLE ${WRITTEN_UP} AS SELECT p.person_id FROM ${members} AS p
      JOIN ${drawn} AS w ON p.person_id = 'P' || (${FIRST_ID} + w.person) WHERE p.${MEMBERS[options.group]}`)
    await engine.run(`DROP TABLE ${drawn}`)
    await engine.run(
      `CREATE OR REPLACE TABLE ${TRUE_LABELS} (person_id VARCHAR, observation_date DATE, status VARCHAR)`,
    )
    return new LabelBias(engine)
  }

  /**
   * Keeps outcomes as they are in `true_labels`, and returns the query of what is written of them: at all dates of a person alike, as a
   * reviewer with a prejudice would.
   * @param sql a query with person_id, observation_date and status; some of the outcomes at a time, each once
   */
  async writeUp(sql: string): Promise<string> {
    await this.#engine.run(`INSERT INTO ${TRUE_LABELS} SELECT ${COLUMNS} FROM (${sql})`)
    const status = `CASE WHEN status = 'good' AND person_id IN (SELECT person_id FROM ${WRITTEN_UP}) THEN 'bad' ELSE status END`
    return `SELECT * REPLACE (${status} AS status) FROM (${sql}) ORDER BY person_id, observation_date`
  }

  /** The outcomes as they were, in order. */
  readonly truth = `SELECT ${COLUMNS} FROM ${TRUE_LABELS} ORDER BY person_id, observation_date`
}
