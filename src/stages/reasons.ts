/**
 * Principal reasons of everybody, or of one person, against a background, with evidence: how often each stays a reason when the model is
 * trained again and the background drawn again, and what the model says once it is repaired.
 */
import { join } from 'node:path'
import { canExplain } from '../attributions/explain.ts'
import { isWideFolder } from '../formats/wideTable.ts'
import { type FactorFrame, takeRows } from '../matrix/frame.ts'
import type { PersonReasons, ReasonsReport, ReasonsSummary } from '../reports/reasonsReport.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { dataError, usageError } from '../util/errors.ts'
import { canonicalJson } from '../util/hash.ts'
import { random } from '../util/random.ts'
import { VERSION } from '../util/version.ts'
import { type LoadedModel, loadModels } from './findModels.ts'
import type { LoadedFeatures } from './loadFeatures.ts'
import { missingCodes } from './missingCodes.ts'
import { checkMissing, unseenWarnings } from './missingFactors.ts'
import { codingOf, inputsOf, loadPeople, type PeopleOptions, peopleFolder, resolvePeople } from './people.ts'
import { REASONS_JSON } from './readReasons.ts'
import { type QuestionedModel, reasonEvidence } from './reasonEvidence.ts'
import type { AskedPeople } from './reasonRows.ts'
import { type ReasonSettings, type ReasonsOptions, reasonSettings } from './reasonSettings.ts'
import { reasonsOfPerson, summaryOfReasons } from './reasonSummary.ts'
import { reasonsOfModel } from './reasonsOfModel.ts'
import { type FoundReasons, storeReasons, writeReasons } from './reasonTable.ts'
import { repairReasons } from './repairReasons.ts'
import { runStage, type StageContext, type StageResult } from './stage.ts'
import { backgroundTable, stageBackground } from './stageBackground.ts'
import { type TrainedRows, trainedRows } from './trainAgain.ts'
import { type NoTraining, type TrainingSource, trainingSource } from './trainingSource.ts'

/** The files of a folder of reasons, beside reasons.json. */
export const REASONS_PARQUET = 'reasons.parquet'
/** of one person */
export const REASONS_HTML = 'reasons.html'

/** The rows that are asked for, and why values of them are missing. @throws GlasscoreError('data') for an unknown person */
const askedPeople = async (
  { engine }: StageContext,
  folder: string,
  loaded: LoadedFeatures,
  person: string | null,
): Promise<AskedPeople> => {
  const { frame } = loaded
  const missingOf = await missingCodes(engine, folder, loaded)
  if (person === null) return { frame, missingOf }
  const rows = rowsOf(frame, person)
  if (rows.length === 0)
    throw dataError('no such person', {
      file: folder,
      column: 'person_id',
      expected: 'a person of the table',
      got: person,
    })
  return { frame: takeRows(frame, rows), missingOf: (factor, row) => missingOf(factor, rows[row]!) }
}

const rowsOf = ({ personId }: FactorFrame, person: string): number[] =>
  personId.flatMap((id, i) => (id === person ? [i] : []))

type Sources = ReadonlyMap<string, TrainingSource | NoTraining>

const sourcesOf = async (models: readonly LoadedModel[], candidates: readonly string[]): Promise<Sources> => {
  const found = new Map<string, TrainingSource | NoTraining>()
  for (const model of models) found.set(model.scorer.name, await trainingSource(model, candidates))
  return found
}

/** Folders of training tables and manifests of trainings: inputs of the stage. */
const inputsOfSources = (sources: Sources, people: PeopleOptions): Record<string, string> => {
  const found = [...sources.values()].flatMap((source) => ('why' in source ? [] : [source]))
  const tables = [...new Set(found.map(({ features }) => features))].filter((folder) => folder !== people.features)
  const trainings = [...new Set(found.map(({ folder }) => folder))]
  return {
    ...Object.fromEntries(tables.map((folder, i) => [`trained on ${i}`, folder])),
    ...Object.fromEntries(trainings.map((folder, i) => [`training ${i}`, join(folder, 'metrics.json')])),
  }
}

/** Training rows by training, each found once. */
class TrainedOnce {
  readonly #rows = new Map<string, TrainedRows>()

  async of(context: StageContext, source: TrainingSource, people: PeopleOptions, loaded: LoadedFeatures) {
    const known = this.#rows.get(source.folder)
    if (known) return known
    const rows = await trainedRows(context, source, source.features === people.features ? loaded : undefined)
    this.#rows.set(source.folder, rows)
    return rows
  }
}

const NOT_ASSESSED = 'no training table: not assessed how often its reasons stay when it is trained again'

/**
 * Writes reasons.parquet (a row a reason), reasons.json (the summary; of one person everything) and, for one person, reasons.html.
 *
 * @throws GlasscoreError('usage') for options that are out of range, a wide table, and a background without rows of its own; ('data') for an
 *   unknown person and an empty background; ('model') where a path of a tree has more than 16 distinct factors
 */
export const reasons = async (options: ReasonsOptions): Promise<StageResult<ReasonsSummary>> => {
  const settings = reasonSettings(options)
  const people = resolvePeople(options, options.models)
  if (people.features !== undefined && isWideFolder(people.features))
    throw usageError('reasons are made of a table of factors', {
      option: 'features',
      expected: 'a feature-table folder that is not wide',
      got: people.features,
    })
  const { folders, models } = await loadModels(options.models)
  const candidates = [options.trainedOn, people.features].filter((folder) => folder !== undefined)
  const sources: Sources = settings.retrainings > 0 ? await sourcesOf(models, candidates) : new Map()
  const inputs = {
    ...inputsOf(people, folders),
    ...(settings.backgroundFeatures === null ? {} : { background: settings.backgroundFeatures }),
    ...inputsOfSources(sources, people),
  }
  const { asOf = null, allowMissing = false } = people
  const { backgroundFeatures: _, ...rest } = settings
  const spec = { stage: 'reasons', options: { asOf, allowMissing, ...rest }, inputs }
  return runStage(spec, options, (context) => findReasons(context, { settings, people, models, sources }))
}

const findReasons = async (
  context: StageContext,
  asked: { settings: ReasonSettings; people: PeopleOptions; models: readonly LoadedModel[]; sources: Sources },
): Promise<ReasonsSummary> => {
  const { settings, people, models, sources } = asked
  const { engine, folder, seed, progress } = context
  const { cutoff, person, background: spec, backgroundRows } = settings
  const loaded = await loadPeople(context, people, codingOf(models.map(({ scorer }) => scorer)))
  const features = peopleFolder(context, people)
  const whom = await askedPeople(context, features, loaded, person)
  const table = await backgroundTable(context, settings, { folder: features, loaded })
  const { retrainings, backgroundDraws } = settings
  const { allowMissing = false } = people
  const summary: ReasonsSummary = {
    rows: whom.frame.rows,
    cutoff,
    retrainings,
    backgroundDraws,
    models: {},
    notes: [],
  }
  const questioned: QuestionedModel[] = []
  const trained = new TrainedOnce()
  for (const model of models) {
    const { scorer } = model
    summary.notes.push(...checkMissing(scorer, loaded, allowMissing), ...unseenWarnings(scorer, loaded.frame))
    if (!canExplain(scorer)) {
      summary.notes.push(`${scorer.name}: isotonic calibration makes steps, which no sum of points follows; no reasons`)
      continue
    }
    const backgroundOf: QuestionedModel['backgroundOf'] = (of) =>
      stageBackground(context, of, spec, table, { rows: backgroundRows, allowMissing })
    const background = await backgroundOf(scorer)
    summary.notes.push(...background.notes)
    const reasoned = await reasonsOfModel(context, model, whom, background)
    const source = sources.get(scorer.name)
    if (source && 'why' in source) summary.notes.push(`${scorer.name}: ${NOT_ASSESSED} (${source.why})`)
    const rows = source && !('why' in source) ? await trained.of(context, source, people, loaded) : undefined
    questioned.push({
      reasoned,
      backgroundOf,
      trained: rows && source && !('why' in source) ? { source, rows } : undefined,
    })
  }
  const evidence = await reasonEvidence(context, questioned, whom, {
    retrainings,
    backgroundDraws,
    others: person !== null,
    random: random(seed).fork('reasons'),
  })
  const shown: PersonReasons[] = []
  const tables: string[] = []
  for (const [k, { reasoned }] of questioned.entries()) {
    const { kept, failures, ...done } = evidence[k]!
    const { name } = reasoned.scorer
    const found: FoundReasons = { reasoned, kept, repairs: await repairReasons(context, reasoned, whom) }
    summary.models[name] = summaryOfReasons(found, done, cutoff)
    summary.notes.push(...failures.map((text) => `${name}: ${text}`))
    tables.push(`reasons_${k}`)
    await storeReasons(engine, tables.at(-1)!, found, whom, cutoff)
    if (person !== null)
      for (let row = 0; row < whom.frame.rows; row++) shown.push(reasonsOfPerson(found, whom, row, cutoff))
  }
  progress('write reasons', 0, 1)
  if (tables.length > 0) await writeReasons(engine, tables, join(folder, REASONS_PARQUET))
  const report: ReasonsReport = {
    format: 'glasscore.reasons',
    version: 1,
    glasscore: VERSION,
    seed,
    outcome: loaded.table.outcome.text,
    ...summary,
    people: shown,
  }
  const text = `${canonicalJson(report, 2)}\n`
  await writeFileAtomic(join(folder, REASONS_JSON), text)
  if (person !== null) {
    // Loaded here alone: other commands do not wait for it. The page is made from the JSON as it was written.
    const { renderReasons } = await import('../reports/reasonsPage.ts')
    await writeFileAtomic(join(folder, REASONS_HTML), renderReasons(JSON.parse(text) as ReasonsReport))
  }
  return summary
}
