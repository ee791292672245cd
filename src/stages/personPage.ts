/** The page of one person whose values can be moved: one HTML file with the model in it. */
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { explain } from '../attributions/explain.ts'
import { checkExplainable } from '../attributions/explainer.ts'
import { receipts } from '../attributions/receipt.ts'
import { usedFactors } from '../attributions/usedFactors.ts'
import { type ChangeReference, changeReference } from '../counterfactuals/reference.ts'
import { openDuckDB } from '../engines/duckdb.ts'
import type { Engine } from '../engines/engine.ts'
import { dateLiteral, identifier, literal } from '../engines/sql.ts'
import { decodeScorer, readModelFiles } from '../formats/modelFile.ts'
import type { Pool } from '../kernels/pool.ts'
import { type FactorFrame, takeRows } from '../matrix/frame.ts'
import type { DimensionPlaces, PersonData } from '../page/personData.ts'
import { DIMENSIONS } from '../schema/dimensions.ts'
import { type FactorSpec, MISSING_REASONS, type MissingReason } from '../schema/factor.ts'
import { type BandName, bandOf, DEFAULT_CUTOFF, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'
import type { Scorer } from '../scores/scorer.ts'
import { openPool } from '../threads/openPool.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { dataError, usageError } from '../util/errors.ts'
import { sha256 } from '../util/hash.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import { VERSION } from '../util/version.ts'
import { findModels } from './findModels.ts'
import { explainFailure } from './knownErrors.ts'
import { type LoadedFeatures, loadFeatures } from './loadFeatures.ts'
import { checkMissing, unseenWarnings } from './missingFactors.ts'
import { movableFactors } from './movableFactors.ts'
import { personProgram } from './personProgram.ts'

/** Options of `personPage`. */
export interface PersonPageOptions extends WorkOptions {
  /** model folder, or a folder that holds one model */
  model: string
  /** feature-table folder */
  features: string
  /** person_id */
  person: string
  /** observation date, YYYY-MM-DD; default the latest of the person */
  asOf?: string
  /** who has at least this score is selected; 350..950, default 650 */
  cutoff?: number
  /** the file to write; default person-ID.html */
  out?: string
  /** default 1; never changes a byte */
  threads?: number
}

/** What came of it. */
export interface PersonPageResult {
  file: string
  bytes: number
  personId: string
  observationDate: string
  model: string
  score: number
  band: BandName
  cutoff: number
  /** factors with a control; those that are locked; those that the model does not read */
  factors: { controls: number; locked: number; unread: number }
  notes: string[]
}

/** Rows of the table that are explained for the percentiles of dimensions, at most: every so-manieth of a larger one. */
const EXPLAINED = 5000
/** With fewer rows a percentile says little. */
const FEWEST = 20
/** What lies beyond these shares of the rows has the percentile of the last one before. */
const TAIL = 0.005

const TITLES = new Map<string, string>(DIMENSIONS.map(({ name, title }) => [name, title]))

/** The one model of a path. */
const modelFolder = async (path: string): Promise<string> => {
  const folders = await findModels(path)
  if (folders.length === 1) return folders[0]!
  throw usageError('there are several models here', {
    option: 'MODEL',
    expected: `one of ${folders.join(', ')}`,
    got: path,
  })
}

/** The row of a person. @throws when there is none, or none on the date */
const rowOf = ({ personId, observationDate }: FactorFrame, features: string, person: string, asOf?: string): number => {
  const rows = personId.flatMap((id, i) => (id === person ? [i] : []))
  if (rows.length === 0) throw dataError('no such person', { file: features, column: 'person_id', got: person })
  const found = asOf === undefined ? rows.at(-1) : rows.find((i) => observationDate[i] === asOf)
  if (found !== undefined) return found
  throw usageError('the person was not observed on this date', {
    option: 'as-of',
    expected: rows.map((i) => observationDate[i]!).join(', '),
    got: asOf,
  })
}

/** Why values of the person are missing, as missing.parquet has it. */
const missingReasons = async (
  engine: Engine,
  { table }: LoadedFeatures,
  features: string,
  factors: readonly FactorSpec[],
  person: string,
  date: string,
): Promise<(MissingReason | null)[]> => {
  const file = join(features, 'missing.parquet')
  const there = new Set(table.factors.map(({ name }) => name))
  const known = factors.filter(({ name }) => there.has(name))
  if (!existsSync(file) || known.length === 0)
    return factors.map(({ name }) => {
      const reasons = Object.keys(table.missing[name] ?? {}) as MissingReason[]
      return reasons.length === 1 ? reasons[0]! : null
    })
  const [row] = await engine.rows<Record<string, number>>(
    `SELECT ${known.map(({ name }) => identifier(name)).join(', ')} FROM read_parquet(${literal(file)})
     WHERE person_id = ${literal(person)} AND observation_date = ${dateLiteral(date)}`,
  )
  return factors.map(({ name }) => MISSING_REASONS[row?.[name] ?? 0]!)
}

/** Mid-ranks of whole points. */
const placesOf = (name: string, points: Int32Array): DimensionPlaces => {
  const title = TITLES.get(name) ?? name
  const sorted = points.toSorted()
  const n = sorted.length
  if (n < FEWEST) return { name, title, from: 0, midRanks: [] }
  const from = sorted[Math.floor(TAIL * n)]!
  const to = sorted[Math.ceil((1 - TAIL) * n) - 1]!
  const midRanks = Array.from({ length: to - from + 1 }, (_, k) => {
    let below = 0
    let same = 0
    for (const value of sorted) {
      if (value < from + k) below++
      else if (value === from + k) same++
      else break
    }
    return Math.round((1000 * (below + same / 2)) / n) / 1000
  })
  return { name, title, from, midRanks }
}

/** Every so-manieth row, at most `EXPLAINED`. */
const someRows = (rows: number): Uint32Array => {
  const step = Math.max(1, Math.ceil(rows / EXPLAINED))
  return Uint32Array.from({ length: Math.ceil(rows / step) }, (_, k) => k * step)
}

const checkCutoff = (cutoff: number): void => {
  if (!Number.isInteger(cutoff) || cutoff < SCORE_MIN || cutoff > SCORE_MAX)
    throw usageError('invalid cutoff', {
      option: 'cutoff',
      expected: `a whole number from ${SCORE_MIN} to ${SCORE_MAX}`,
      got: cutoff,
    })
}

/** A name that every file system takes; what is lost of an identifier is made up for by its hash, so that no two persons share a file. */
const fileNameOf = (person: string): string => {
  const plain = person.replaceAll(/[^\w.-]+/g, '_').slice(0, 80)
  return `person-${plain}${plain === person ? '' : `-${sha256(person).slice(0, 8)}`}.html`
}

/** Spread and range of the factors that the model reads. */
const spreadsOf = (scorer: Scorer, frame: FactorFrame): ChangeReference => {
  const used = usedFactors(scorer)
  const names = new Set(scorer.encoding.factors.flatMap(({ name }, f) => (used[f] ? [name] : [])))
  return changeReference({ ...frame, factors: frame.factors.filter(({ name }) => names.has(name)) })
}

/** A dimension of the explanation and how the page places its points. */
const explainPeople = async (
  scorer: Scorer,
  frame: FactorFrame,
  row: number,
  pool: Pool,
  { progress = noProgress, signal }: WorkOptions,
) => {
  const watched = { pool, ...(signal ? { signal } : {}) }
  const own = await explain(scorer, takeRows(frame, [row]), watched)
  const some = someRows(frame.rows)
  const all = receipts(await explain(scorer, takeRows(frame, some), { ...watched, progress }))
  const n = some.length
  return {
    own,
    explained: n,
    dimensions: all.dimensions.map((name, d) => placesOf(name, all.dimensionPoints.subarray(d * n, (d + 1) * n))),
  }
}

const makePage = async (
  options: PersonPageOptions,
  engine: Engine,
  pool: Pool,
): Promise<Omit<PersonPageResult, 'file'> & { html: string }> => {
  const { features, person, asOf, cutoff = DEFAULT_CUTOFF } = options
  const folder = await modelFolder(options.model)
  const program = await personProgram()
  const { json, bin } = await readModelFiles(folder)
  const scorer = decodeScorer(json, bin, folder)
  checkExplainable(scorer)
  const loaded = await loadFeatures(engine, features)
  const { frame } = loaded
  const row = rowOf(frame, features, person, asOf)
  const observationDate = frame.observationDate[row]!
  const notes = [...checkMissing(scorer, loaded, true), ...unseenWarnings(scorer, takeRows(frame, [row]))]
  const { factors } = scorer.encoding
  const why = await missingReasons(engine, loaded, features, factors, person, observationDate)
  const { own, explained, dimensions } = await explainPeople(scorer, frame, row, pool, options)
  const score = receipts(own).score[0]!
  const data: PersonData = {
    personId: person,
    observationDate,
    model: scorer.name,
    modelHash: sha256(json),
    cutoff,
    score,
    factors: movableFactors(scorer, frame, row, why),
    dimensions,
    spreads: spreadsOf(scorer, frame),
  }
  // Loaded here alone: other commands do not wait for it.
  const { renderPersonPage } = await import('../reports/personPage.ts')
  const html = renderPersonPage({
    data,
    factors,
    json,
    bin,
    program,
    semantics: own.semantics,
    backgroundId: own.backgroundId,
    link: own.link,
    kind: scorer.model.kind,
    rows: frame.rows,
    explained,
    notes,
    version: VERSION,
  })
  const controls = data.factors.filter(({ used }) => used)
  return {
    html,
    bytes: Buffer.byteLength(html),
    personId: person,
    observationDate,
    model: scorer.name,
    score,
    band: bandOf(score),
    cutoff,
    factors: {
      controls: controls.length,
      locked: controls.filter(({ change }) => change === 'fixed').length,
      unread: data.factors.length - controls.length,
    },
    notes,
  }
}

/**
 * Writes the page of a person: one HTML file in which the model travels and runs. What it shows of the person's own values is what the
 * library says of them. Equal input gives equal bytes.
 * @throws GlasscoreError('usage') for several models, isotonic calibration, a date without an observation or a cut-off that is no score,
 *   ('data') for an unknown person or a table that lacks factors of the model, ('model') for a damaged model
 */
export const personPage = async (options: PersonPageOptions): Promise<PersonPageResult> => {
  checkCutoff(options.cutoff ?? DEFAULT_CUTOFF)
  const { threads = 1, person, out = fileNameOf(person) } = options
  if ((await stat(out).catch(() => undefined))?.isDirectory())
    throw usageError('a folder has this name', { option: 'out', expected: 'a file to write', got: out })
  const pool = openPool(threads)
  let engine: Engine | undefined
  try {
    engine = await openDuckDB({ threads })
    const { html, ...result } = await makePage(options, engine, pool)
    await writeFileAtomic(out, html)
    return { file: out, ...result }
  } catch (error) {
    throw explainFailure(error)
  } finally {
    engine?.close()
    await pool.close()
  }
}
