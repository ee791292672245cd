/** One person's receipts out of those of everybody: explanation.json, explanation.html, and the rows themselves. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { slug } from '../attributions/slug.ts'
import { literal } from '../engines/sql.ts'
import { valueAt } from '../matrix/valueAt.ts'
import type {
  ExplainedDimension,
  ExplainedFactor,
  ExplainedPerson,
  ExplanationOfPerson,
  ReportedBackground,
} from '../reports/explanationReport.ts'
import { bandOf } from '../schema/score.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { dataError } from '../util/errors.ts'
import { canonicalJson, sha256File } from '../util/hash.ts'
import { VERSION } from '../util/version.ts'
import { dimensionPercentiles } from './dimensionPercentiles.ts'
import { type ExplainedModel, type ExplainSummary, explainedAgainst } from './explainSummary.ts'
import { writeExplanationFiles } from './explanationOfAll.ts'
import { type LoadedFeatures, loadFeatures } from './loadFeatures.ts'
import { missingOfPerson } from './missingOfPerson.ts'
import { type PersonReceipt, readLayout, readReceipts } from './readReceipts.ts'
import { readManifest, runStage, type StageOptions, type StageResult } from './stage.ts'

/** Options of `explainPerson`. */
export interface ExplainPersonOptions extends Omit<StageOptions, 'out'> {
  /** folder that `explainScores` wrote */
  receipts: string
  /** whose */
  person: string
  /** feature-table folder that was explained; default the one in the folder of the receipts, which factors as of a date have */
  features?: string
  /** default: the folder of the receipts with `-` and the person behind its name */
  out?: string
}

/** What came of it. */
export interface ExplainPersonSummary {
  personId: string
  observationDate: string
  /** score by model */
  scores: Record<string, number>
}

/** Where the explanation of a person goes unless said otherwise. */
export const personFolder = (receipts: string, person: string): string =>
  `${receipts.replace(/[\\/]+$/, '')}-${/^[A-Za-z0-9_-]{1,80}$/.test(person) ? person : slug(person).slice(-40)}`

const FILE = 'receipts.parquet'

/** @throws GlasscoreError('data') when these are not the factors that the receipts are of */
const checkSame = async (receipts: string, features: string): Promise<void> => {
  const manifest = await readManifest(receipts)
  const hash = manifest?.inputs['features']?.['features.parquet'] ?? manifest?.outputs['features/features.parquet']
  const file = join(features, 'features.parquet')
  if (!existsSync(file)) throw dataError('features.parquet is missing', { file: features })
  if (manifest?.stage === 'explain' && hash === (await sha256File(file))) return
  throw dataError('the receipts are not of this feature table', {
    file: features,
    expected: 'the feature table that was explained, unchanged',
  })
}

/** Where the factors of a person are read. */
interface Source {
  loaded: LoadedFeatures
  /** position of the person's row */
  row: number
  missing: (factor: string) => string | null
}

const factorsOf = ({ loaded, row, missing }: Source, model: ExplainedModel, receipts: readonly PersonReceipt[]) => {
  const specs = new Map(loaded.table.factors.map((f) => [f.name, f]))
  const factors = receipts[0]!.factors
    .map(({ factor }, j) => ({ factor, points: receipts.map((r) => r.factors[j]!.points) }))
    // Other models may use factors that this one has never heard of; one that no column reads need not be in the table.
    .filter(({ factor }) => Object.hasOwn(model.meanAbsolutePoints.factors, factor) && specs.has(factor))
    .map(({ factor, points }): ExplainedFactor => {
      const { dimension, unit, definition } = specs.get(factor)!
      const value = valueAt(loaded.frame, factor, row)
      return {
        factor,
        dimension,
        value,
        unit,
        missing: value === null ? missing(factor) : null,
        definition,
        points,
      }
    })
  return factors.toSorted((a, b) => Math.abs(b.points[0]!) - Math.abs(a.points[0]!))
}

/** The receipts of one model on one date, background beside background in the order of the summary. */
const personOf = (
  source: Source,
  name: string,
  model: ExplainedModel,
  receipts: readonly PersonReceipt[],
  percentiles: readonly (readonly number[])[],
): ExplainedPerson => {
  const { score, scaleLimit } = receipts[0]!
  const against = explainedAgainst(model)
  return {
    name,
    modelHash: model.modelHash,
    linear: model.linear,
    score,
    band: bandOf(score),
    scaleLimit,
    backgrounds: against.map(
      ({ backgroundId, background: sentence, backgroundRows: rows, semantics, link, base }): ReportedBackground => ({
        backgroundId,
        sentence,
        rows,
        semantics,
        link,
        base,
      }),
    ),
    factors: factorsOf(source, model, receipts),
    dimensions: receipts[0]!.dimensions
      .map(({ dimension }, d) => ({
        dimension,
        against: receipts.map(
          (r, b): ExplainedDimension => ({
            points: r.dimensions[d]!.points,
            members: r.dimensions[d]!.members!,
            percentile: percentiles[b]![d]!,
          }),
        ),
      }))
      .filter(({ dimension }) => Object.hasOwn(model.dimensionForms, dimension)),
  }
}

/**
 * Explains one person from receipts that are there: the latest date in explanation.json and explanation.html, by every model, background
 * beside background; all dates in receipts.parquet. Percentiles are among the rows explained.
 *
 * @throws GlasscoreError('data') for an unknown person, and when the receipts are not of this feature table
 */
export const explainPerson = async (options: ExplainPersonOptions): Promise<StageResult<ExplainPersonSummary>> => {
  const { receipts: folder, person, features = join(folder, 'features'), out, ...stage } = options
  const mine = await readReceipts(folder, person)
  await checkSame(folder, features)
  const dates = [...new Set(mine.map((r) => r.observationDate))].sort()
  const observationDate = dates.pop()!
  const file = join(folder, FILE)
  const layout = await readLayout(folder)
  const seed = (await readManifest(folder))!.seed
  const inputs = { receipts: folder, features }
  const to = { ...stage, seed, out: out ?? personFolder(folder, person) }
  return runStage({ stage: 'explain person', options: { person }, inputs }, to, async (context) => {
    const { engine } = context
    const summary = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')) as ExplainSummary
    const loaded = await loadFeatures(engine, features)
    const { frame, table } = loaded
    const row = frame.personId.findIndex((id, i) => id === person && frame.observationDate[i] === observationDate)
    const models: ExplainedPerson[] = []
    for (const [name, model] of Object.entries(summary.models)) {
      const own = mine.filter((r) => r.model === name && r.observationDate === observationDate)
      const receipts = explainedAgainst(model).map((a) => own.find((r) => r.backgroundId === a.backgroundId)!)
      const percentiles: number[][] = []
      for (const receipt of receipts) percentiles.push(await dimensionPercentiles(engine, file, layout, receipt))
      const missing = await missingOfPerson(engine, features, loaded, receipts[0]!)
      models.push(personOf({ loaded, row, missing }, name, model, receipts, percentiles))
    }
    const report: ExplanationOfPerson = {
      format: 'glasscore.explanation',
      version: 1,
      kind: 'person',
      glasscore: VERSION,
      seed,
      source: table.name,
      rows: summary.rows,
      personId: person,
      observationDate,
      earlierDates: dates,
      models,
      notes: summary.notes,
      inputs: {
        'features.parquet': await sha256File(join(features, 'features.parquet')),
        [FILE]: await sha256File(file),
      },
    }
    await engine.writeParquet(
      `SELECT * FROM read_parquet(${literal(file)}) WHERE person_id = ${literal(person)}
       ORDER BY model, model_hash, background_id, observation_date`,
      join(context.folder, FILE),
    )
    await writeFileAtomic(join(context.folder, 'receipts.json'), `${canonicalJson(layout, 2)}\n`)
    await writeExplanationFiles(context.folder, report)
    return { personId: person, observationDate, scores: Object.fromEntries(models.map((m) => [m.name, m.score])) }
  })
}
