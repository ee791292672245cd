/** Backgrounds of a stage: their rows, taken from a feature table that is in memory. */
import { join } from 'node:path'
import type { Background } from '../attributions/background.ts'
import type { BackgroundSpec } from '../attributions/backgroundSpec.ts'
import { type BackgroundSource, chooseBackground } from '../attributions/backgrounds.ts'
import { takeRows } from '../matrix/frame.ts'
import { refuseProtected } from '../matrix/refuseProtected.ts'
import { type Scorer, scoreFrameOn } from '../scores/scorer.ts'
import { sha256File } from '../util/hash.ts'
import { random } from '../util/random.ts'
import type { ResolvedBackgrounds } from './backgroundChoice.ts'
import { type LoadedFeatures, loadFeatures } from './loadFeatures.ts'
import { checkMissing } from './missingFactors.ts'
import { readGroups } from './readGroups.ts'
import type { StageContext } from './stage.ts'

/** A feature table that backgrounds are taken from. */
export interface BackgroundTable extends LoadedFeatures {
  folder: string
  /** SHA-256 of its features.parquet where it is not the table that is explained, else null */
  elsewhere: string | null
}

/** Rows to measure against, with their identity and what they are in a sentence. */
export interface StageBackground extends Background {
  /** how many rows it has */
  rows: number
  /** how many rows the rule names, before a sample of them was drawn */
  outOf: number
  sentence: string
  /** what is wrong with the table of the rows and was allowed; nothing where it is the table that is explained */
  notes: string[]
}

/** How many rows, and from what table. */
export interface StageBackgroundOptions {
  /** rows at most, drawn by the seed; null for all of them */
  rows: number | null
  /** take a table in which some factors of the model are missing for everybody */
  allowMissing: boolean
}

/**
 * The table that backgrounds are taken from: the one that is explained, or that of `backgroundFeatures`.
 * @param explained the feature-table folder that is explained, as it was loaded
 */
export const backgroundTable = async (
  { engine }: Pick<StageContext, 'engine'>,
  { backgroundFeatures }: Pick<ResolvedBackgrounds, 'backgroundFeatures'>,
  explained: { folder: string; loaded: LoadedFeatures },
): Promise<BackgroundTable> => {
  if (backgroundFeatures === null) return { ...explained.loaded, folder: explained.folder, elsewhere: null }
  const loaded = await loadFeatures(engine, backgroundFeatures)
  const elsewhere = await sha256File(join(backgroundFeatures, 'features.parquet'))
  return { ...loaded, folder: backgroundFeatures, elsewhere }
}

/**
 * Makes a background. Those near a cut-off are found by the scores of the model that is explained; the rows of a sample are drawn by the
 * seed of the stage, the same for every model where the rule names the same rows.
 *
 * @throws GlasscoreError('data') when no row is of the background, the table lacks a factor of the model, or a protected column that chooses
 *   rows is an input of the model; ('usage') for a protected column that the table does not have
 */
export const stageBackground = async (
  { engine, pool, seed, signal }: Pick<StageContext, 'engine' | 'pool' | 'seed' | 'signal'>,
  scorer: Scorer,
  spec: BackgroundSpec,
  table: BackgroundTable,
  { rows: most, allowMissing }: StageBackgroundOptions,
): Promise<StageBackground> => {
  const { frame, elsewhere } = table
  const notes = elsewhere === null ? [] : checkMissing(scorer, table, allowMissing).map((note) => `background: ${note}`)
  const source: BackgroundSource = { frame }
  if (spec.kind === 'near_cutoff') source.scores = (await scoreFrameOn(scorer, frame, pool, { signal })).score
  if (spec.kind === 'reference_group') {
    source.groups = await readGroups(engine, table.folder)
    if (source.groups.some(({ name }) => name === spec.column)) refuseProtected(scorer.encoding.factors, [spec.column])
  }
  const sample = most === null ? undefined : { rows: most, random: random(seed).fork('background') }
  const chosen = chooseBackground(spec, source, sample)
  const { size: rows, outOf } = chosen
  const digits = elsewhere?.slice(0, 8)
  const known = chosen.rows.filter((i) => table.status[i] === 'good' || table.status[i] === 'bad').length
  const sentence = `${chosen.sentence} Good or bad were ${known.toLocaleString('en-US')} of them; the others have no such outcome.`
  return {
    id: digits ? `${chosen.id}_table_${digits}` : chosen.id,
    frame: rows === frame.rows ? frame : takeRows(frame, chosen.rows),
    rows,
    outOf,
    sentence: digits
      ? `${sentence} They are taken from the feature table ${table.table.name} (SHA-256 ${digits}...).`
      : sentence,
    notes,
  }
}
