import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { literal } from '../engines/sql.ts'
import { CAUSAL_COLUMNS, PROBABILITY_UNIT } from '../population/causalTruth.ts'
import { DEFAULT_PATHS } from '../population/defaultProbability.ts'
import { causalEffects } from '../population/effects.ts'
import { NONE } from '../population/rows.ts'
import type { Setup } from '../population/simulateCommunity.ts'
import { personId } from '../population/tableQueries.ts'
import { EFFECTS_FILE, TRUTH_FORMAT, TRUTH_VERSION, truthFolder, writeTruth } from '../population/truthFolder.ts'
import { DEFAULT_OUTCOME } from '../schema/outcome.ts'
import { releaseTemporary, temporaryName, writeFileAtomic } from '../util/atomic.ts'
import { canonicalJson } from '../util/hash.ts'
import { VERSION } from '../util/version.ts'

/** Rows that wait in memory before they go to a file. */
const PART_ROWS = 1_000_000
const RELATION = 'causal_rows'

const probability = (column: string): string =>
  `CASE WHEN "${column}" > ${NONE} THEN "${column}"::DOUBLE / ${PROBABILITY_UNIT} END`

/** People whose lives are lived again under each intervention, at most a quarter of all, and paths each. */
const EFFECT_PEOPLE = 2000
const EFFECT_PATHS = 8

/** Takes the causal truth of a population in pieces and seals it beside the data: `DATA.truth/causal.parquet` and causal.json. */
export class CausalSeal {
  readonly paths = DEFAULT_PATHS
  readonly #engine: Engine
  readonly #data: string
  readonly #folder: string
  readonly #parts: string[] = []
  #waiting: Int32Array[][] = []
  #rows = 0

  private constructor(engine: Engine, data: string, folder: string) {
    this.#engine = engine
    this.#data = data
    this.#folder = folder
  }

  /** @param data the dataset folder, as it will be called. `discard` must be called in the end */
  static async open(engine: Engine, data: string): Promise<CausalSeal> {
    const folder = temporaryName(`${data}.scratch`)
    await mkdir(folder, { recursive: true })
    return new CausalSeal(engine, data, folder)
  }

  /** Rows must come in the order of person and date: the files keep it, so that nothing is sorted and memory does not grow. */
  async add(columns: Int32Array[]): Promise<void> {
    this.#waiting.push(columns)
    this.#rows += columns[0]!.length
    if (this.#rows >= PART_ROWS) await this.#writePart()
  }

  async #writePart(): Promise<void> {
    const columns = Object.fromEntries(
      CAUSAL_COLUMNS.map((name, j) => {
        const values = new Int32Array(this.#rows)
        let at = 0
        for (const piece of this.#waiting) {
          values.set(piece[j]!, at)
          at += piece[j]!.length
        }
        return [name, { type: 'INTEGER' as const, values }]
      }),
    )
    this.#waiting = []
    this.#rows = 0
    const file = join(this.#folder, `part-${this.#parts.length}.parquet`)
    await this.#engine.createTable(RELATION, columns)
    await this.#engine.writeParquet(`SELECT * FROM ${RELATION}`, file)
    await this.#engine.run(`DROP TABLE ${RELATION}`)
    this.#parts.push(file)
  }

  /** Writes the files. @param outcomesSha256 of the outcomes that this is the truth of; @param details what was simulated */
  async close(seed: number, outcomesSha256: string, details: Record<string, unknown>): Promise<void> {
    if (this.#rows > 0 || this.#parts.length === 0) await this.#writePart()
    await writeTruth(
      this.#engine,
      this.#data,
      'causal',
      `SELECT ${personId()} AS person_id, DATE '1970-01-01' + "day" AS observation_date, ${probability('bad')} AS p_bad,
       ${probability('indeterminate')} AS p_indeterminate, ${probability('error')} AS standard_error
       FROM read_parquet([${this.#parts.map(literal).join(', ')}])`,
      {
        seed,
        outcomesSha256,
        text: 'p_bad and p_indeterminate: probabilities of turning bad and of being indeterminate among the eligible, given the latent state at the beginning of the observation date: traits, mood, shocks and arrears that last, accounts, what is due and plans. Shocks, episodes and openings from then on are integrated out. standard_error: Monte Carlo error of p_bad. NULL for those who are excluded or cannot be eligible. P(bad | good or bad) is p_bad / (1 - p_indeterminate); its AUC is the latent ceiling.',
        details: { ...details, paths: this.paths, outcome: DEFAULT_OUTCOME },
      },
    )
  }

  /** Writes effects.json beside it: what each cause does, by intervention. @param setup of the population */
  async closeEffects(setup: Setup, observationDate: string): Promise<void> {
    const people = Math.min(Math.ceil(setup.people / 4), EFFECT_PEOPLE)
    const effects = causalEffects(setup, { people, paths: EFFECT_PATHS })
    const text =
      'Average change of the probability of being 90 or more days past due on some day of the year after the observation date, over all people, borrowers or not, when a cause is set from outside and every draw stays the same. Intervals are 95 %, from the spread of the differences between people.'
    const file = {
      format: TRUTH_FORMAT,
      version: TRUTH_VERSION,
      kind: 'effects',
      glasscore: VERSION,
      seed: setup.seed,
      text,
      details: { people, paths: EFFECT_PATHS, observationDate, switches: setup.switches },
      effects,
    }
    await writeFileAtomic(join(truthFolder(this.#data), EFFECTS_FILE), `${canonicalJson(file, 2)}\n`)
  }

  async discard(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
    releaseTemporary(this.#folder)
  }
}
