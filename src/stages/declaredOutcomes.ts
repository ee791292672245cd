/**
 * Outcomes drawn from the declared function in place of those that payments decide: the factors of the population are computed, every
 * eligible row is drawn with the probability that the function gives it, and what nobody else may know is sealed beside the data.
 */
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BackgroundSums, type DeclaredBackground, declaredShapley } from '../attributions/declaredShapley.ts'
import type { Engine } from '../engines/engine.ts'
import { writeDataset } from '../engines/folders.ts'
import { identifier, literal } from '../engines/sql.ts'
import { buildFactors } from '../features/buildFactors.ts'
import { sigmoid } from '../kernels/numbers/elementary.ts'
import { outcomesHash, writeTruth } from '../population/truthFolder.ts'
import type { Dataset } from '../schema/dataset.ts'
import {
  type DeclaredFunction,
  type DeclaredParts,
  declaredLogOdds,
  declaredParts,
  silentFactors,
} from '../schema/declaredFunction.ts'
import { DECLARED_FUNCTION } from '../schema/declaredTerms.ts'
import { DIMENSIONS } from '../schema/dimensions.ts'
import { FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'
import { DECLARED_OUTCOME } from '../schema/outcome.ts'
import { interruptedError } from '../util/errors.ts'
import { type Random, random } from '../util/random.ts'
import { dateColumn } from './dateColumn.ts'
import type { StageContext } from './stage.ts'

/** Rows that are in memory at once; no value depends on it. */
const BLOCK = 131_072
const ELIGIBLE = ['good', 'bad', 'indeterminate']
const OUTCOMES_FILE = 'outcomes.parquet'

const FACTORS = FACTOR_CATALOGUE.map((f) => f.name)
const DIMENSION_NAMES = DIMENSIONS.map((d) => d.name as string)
const factorAt = new Map(FACTORS.map((name, j) => [name, j]))
const dimensionAt = new Map(FACTOR_CATALOGUE.map((f) => [f.name, DIMENSION_NAMES.indexOf(f.dimension)]))

/** Rows of a feature folder with everything that the function makes of them. */
interface Block {
  rows: number
  personId: string[]
  observationDate: string[]
  parts: DeclaredParts
  logOdds: Float64Array
  probability: Float64Array
  /** positions of rows that are drawn */
  eligible: Int32Array
}

/** The rows of a feature folder, block by block, in the order of person and date. */
async function* blocksOf(engine: Engine, factors: string, fn: DeclaredFunction, rows: number): AsyncGenerator<Block> {
  const silent = new Set(silentFactors(fn, FACTORS))
  const used = FACTOR_CATALOGUE.filter((f) => !silent.has(f.name))
  const numbers = used.filter((f) => f.kind !== 'category').map((f) => f.name)
  const categories = used.filter((f) => f.kind === 'category').map((f) => f.name)
  const file = (name: string) => literal(join(factors, name))
  const columns = [...numbers, ...categories].map((name) => `f.${identifier(name)}`).join(', ')
  for (let from = 0; from < rows; from += BLOCK) {
    const read = await engine.columns(
      `SELECT f.person_id, f.observation_date::VARCHAR AS observation_date, o.status, ${columns}
FROM read_parquet(${file('features.parquet')}, file_row_number = true) AS f
JOIN read_parquet(${file('outcomes.parquet')}) AS o USING (person_id, observation_date)
WHERE f.file_row_number >= ${from} AND f.file_row_number < ${from + BLOCK} ORDER BY f.file_row_number`,
      numbers,
      ['person_id', 'observation_date', 'status', ...categories],
    )
    const { person_id, observation_date, status, ...texts } = read.texts
    const parts = declaredParts(fn, { rows: read.rows, numbers: read.numbers, categories: texts })
    const logOdds = declaredLogOdds(fn, parts, read.rows)
    yield {
      rows: read.rows,
      personId: person_id as string[],
      observationDate: observation_date as string[],
      parts,
      logOdds,
      probability: logOdds.map(sigmoid),
      eligible: Int32Array.from(status!.keys()).filter((i) => ELIGIBLE.includes(status![i]!)),
    }
  }
}

const keysOf = ({ personId, observationDate }: Block) => ({
  person_id: { type: 'VARCHAR', values: personId } as const,
  observation_date: dateColumn(observationDate),
})

/** A stream a person and date: who else there is, and in which order, is all the same. */
const drawn = (root: Random, { personId, observationDate, probability, rows }: Block): Uint8Array => {
  const bad = new Uint8Array(rows)
  for (let i = 0; i < rows; i++) {
    const day = Date.parse(`${observationDate[i]}T00:00:00Z`) / 86_400_000
    bad[i] = root.fork(personId[i]!, day).next() < probability[i]! ? 1 : 0
  }
  return bad
}

/** Shapley values of all rows, in a Parquet file a block. */
const sealBlocks = async (
  engine: Engine,
  blocks: AsyncIterable<Block>,
  background: DeclaredBackground,
  folder: string,
): Promise<string[]> => {
  const parts: string[] = []
  const fn = DECLARED_FUNCTION
  for await (const block of blocks) {
    const { rows, parts: values } = block
    const factors = declaredShapley(fn, values, rows, background, (f) => factorAt.get(f)!, FACTORS.length)
    const grouped = declaredShapley(fn, values, rows, background, (f) => dimensionAt.get(f)!, DIMENSION_NAMES.length)
    const columns = (names: readonly string[], phi: Float64Array) =>
      Object.fromEntries(
        names.map((name, j) => [name, { type: 'DOUBLE' as const, values: phi.slice(j * rows, (j + 1) * rows) }]),
      )
    await engine.createTable('declared_block', {
      ...keysOf(block),
      log_odds: { type: 'DOUBLE', values: block.logOdds },
      p_bad: { type: 'DOUBLE', values: block.probability },
      ...columns(FACTORS, factors),
      ...columns(DIMENSION_NAMES, grouped),
    })
    const path = join(folder, `sealed-${parts.length}.parquet`)
    await engine.writeParquet('SELECT * FROM declared_block ORDER BY person_id, observation_date', path)
    await engine.run('DROP TABLE declared_block')
    parts.push(path)
  }
  return parts
}

/**
 * Draws the outcomes of a dataset folder anew and seals the truth beside `data`.
 * @param folder the dataset folder while it is being filled; its outcomes table is replaced
 * @param data what the folder will be called: the name of the truth
 * @returns the description of the data set with its new outcomes, which is stored, too
 */
export const redrawOutcomes = async (
  { engine, seed, progress, signal }: StageContext,
  folder: string,
  data: string,
  dataset: Dataset,
): Promise<Dataset> => {
  const fn = DECLARED_FUNCTION
  const scratch = join(folder, 'declared.tmp')
  const { files, ...table } = dataset.tables.outcomes!
  const before = files.map((file) => literal(join(folder, file))).join(', ')
  const options = { folder, dataset, dates: 'outcomes' as const, out: scratch, progress }
  try {
    const { rows } = await buildFactors(engine, { ...options, ...(signal ? { signal } : {}) })
    const root = random(seed).fork('declared outcomes')
    const sums = new BackgroundSums(fn)
    const tables: string[] = []
    for await (const block of blocksOf(engine, scratch, fn, rows)) {
      if (signal?.aborted) throw interruptedError()
      progress('declared outcomes', tables.length * BLOCK, rows)
      sums.add(block.parts, block.eligible)
      const name = `declared_draw_${tables.length}`
      await engine.createTable(name, { ...keysOf(block), bad: { type: 'UTINYINT', values: drawn(root, block) } })
      tables.push(name)
    }
    const draws = tables.map((name) => `SELECT * FROM ${identifier(name)}`).join(' UNION ALL ')
    const status = `CASE WHEN o.status NOT IN (${ELIGIBLE.map(literal).join(', ')}) THEN o.status WHEN d.bad = 1 THEN 'bad' ELSE 'good' END`
    const written = await engine.writeParquet(
      `SELECT o.person_id, o.observation_date, ${status} AS status, ${literal(DECLARED_OUTCOME.name)} AS definition
FROM read_parquet([${before}]) AS o JOIN (${draws}) AS d USING (person_id, observation_date)
ORDER BY o.person_id, o.observation_date`,
      join(folder, OUTCOMES_FILE),
    )
    for (const file of files) if (file !== OUTCOMES_FILE) await rm(join(folder, file))
    for (const inner of new Set(files.map((file) => dirname(file))))
      if (inner !== '.') await rm(join(folder, inner), { recursive: true, force: true })
    await rm(join(folder, 'outcomes'), { recursive: true, force: true })
    for (const name of tables) await engine.run(`DROP TABLE ${identifier(name)}`)
    const background = sums.means()
    const sealed = await sealBlocks(engine, blocksOf(engine, scratch, fn, rows), background, scratch)
    await writeTruth(
      engine,
      data,
      'declared',
      `SELECT * FROM read_parquet([${sealed.map(literal).join(', ')}]) ORDER BY person_id, observation_date`,
      {
        seed,
        outcomesSha256: await outcomesHash(folder, [OUTCOMES_FILE]),
        text: 'log_odds and p_bad: the declared function of the factors of every row. One column a factor and one a dimension: exact Shapley values of the log-odds, interventional, against the background.',
        details: {
          function: fn,
          factors: FACTORS,
          dimensions: DIMENSION_NAMES,
          background: { text: 'all rows that are good or bad, of all observation dates', ...background },
        },
      },
    )
    const redrawn: Dataset = {
      ...dataset,
      outcome: DECLARED_OUTCOME,
      tables: { ...dataset.tables, outcomes: { ...table, files: [OUTCOMES_FILE], rows: written } },
      notes: [
        ...dataset.notes,
        'Outcomes were drawn from the declared function, version 1, of the factors: they follow from no payment, and whatever a model finds beyond the function is chance.',
      ],
    }
    await writeDataset(folder, redrawn)
    return redrawn
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
