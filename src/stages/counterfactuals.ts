import { join } from 'node:path'
import type { Counterfactuals } from '../counterfactuals/counterfactual.ts'
import { counterfactualSearch } from '../counterfactuals/counterfactualSearch.ts'
import { changeReference } from '../counterfactuals/reference.ts'
import type { CounterfactualOptions } from '../counterfactuals/settings.ts'
import { openDuckDB } from '../engines/duckdb.ts'
import { type FactorFrame, takeRows } from '../matrix/frame.ts'
import { DEFAULT_CUTOFF } from '../schema/score.ts'
import { scoreFrame } from '../scores/scorer.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { dataError } from '../util/errors.ts'
import { noProgress, type Progress } from '../util/progress.ts'
import { counterfactualColumns } from './counterfactualColumns.ts'
import { type CounterfactualFigures, counterfactualFigures } from './counterfactualFigures.ts'
import { counterfactualRows } from './counterfactualRows.ts'
import { eventsFolder } from './eventsFolder.ts'
import { type LoadedModel, loadModels } from './findModels.ts'
import { type LoadedFeatures, loadFeatures } from './loadFeatures.ts'
import { checkMissing, unseenWarnings } from './missingFactors.ts'
import { writeTogether } from './modelTables.ts'
import { codingOf, inputsOf, loadPeople, type PeopleOptions, resolvePeople } from './people.ts'
import { replayColumns } from './replayColumns.ts'
import { type ReplayFigures, replayed, replayFigures } from './replayFigures.ts'
import { runStage, type StageContext, type StageOptions, type StageResult } from './stage.ts'

/** What is asked of whom; rules are those of the catalogue, and costs are the stated ones. */
export interface AskedCounterfactuals
  extends Pick<CounterfactualOptions, 'cutoff' | 'months' | 'options' | 'fix' | 'nodes'> {
  /** persons that are asked for, on every date of the people; absent: everybody below the cutoff */
  persons?: readonly string[]
  /** write every option as events and run them through the feature engine */
  replay?: boolean
  /** dataset folder for that; default: that of the people, or of the run that their feature table lies in */
  events?: string
}

export interface CounterfactualStageOptions extends StageOptions, PeopleOptions, AskedCounterfactuals {
  /** model folders, or folders that hold models */
  models: readonly string[]
}

/** What a stage of counterfactuals has found, by model. */
export interface CounterfactualSummary {
  /** rows of the reference population: all people that were loaded */
  reference: number
  cutoff: number
  /** months that may pass */
  months: number
  models: Record<string, CounterfactualFigures & { modelHash: string; replay?: ReplayFigures }>
  warnings: string[]
}

const rowsAsked = (
  frame: FactorFrame,
  { scorer }: LoadedModel,
  { persons, cutoff }: AskedCounterfactuals,
): number[] => {
  const rows = Array.from({ length: frame.rows }, (_, i) => i)
  if (persons === undefined) {
    const { score } = scoreFrame(scorer, frame)
    return rows.filter((i) => score[i]! < (cutoff ?? DEFAULT_CUTOFF))
  }
  const known = new Set(frame.personId)
  const unknown = persons.find((person) => !known.has(person))
  if (unknown !== undefined) throw dataError('no such person among the people', { column: 'person_id', got: unknown })
  const wanted = new Set(persons)
  return rows.filter((i) => wanted.has(frame.personId[i]!))
}

const ask = (
  { frame }: LoadedFeatures,
  { scorer, ...model }: LoadedModel,
  asked: AskedCounterfactuals,
  how: Pick<StageContext, 'threads' | 'signal' | 'progress'>,
): Promise<Counterfactuals[]> => {
  const { persons: _, replay: __, events: ___, ...options } = asked
  const rows = rowsAsked(frame, { scorer, ...model }, asked)
  const told = (count: number): void => how.progress(`counterfactuals ${scorer.name}`, count, rows.length)
  told(0)
  return counterfactualRows(
    { scorer, reference: changeReference(frame), options, frame: takeRows(frame, rows) },
    { threads: how.threads, signal: how.signal, done: told },
  )
}

/**
 * counterfactuals.parquet: person_id, observation_date, model, model_hash, score, answer, option, score_then, months, cost, bound, proved,
 * factor, value, value_then, by, factor_months, factor_cost; a row a change, ordered by model, person, date, option, factor.
 * With `replay` also replayed_score, replayed_reaches, replayed_agrees, replayed_differs (factors), replayed_events, events_before and
 * months_ahead of the option.
 * counterfactuals.json: the same as `counterfactualSearch` gives it, and with `replay` its replays. Changes are measured by the spread among all people that were loaded.
 */
export const counterfactuals = async (
  options: CounterfactualStageOptions,
): Promise<StageResult<CounterfactualSummary>> => {
  const people = resolvePeople(options, options.models)
  const { folders, models } = await loadModels(options.models)
  const { asOf = null, allowMissing = false } = people
  const { persons, cutoff = DEFAULT_CUTOFF, months = 12, options: count = 3, fix = [], nodes } = options
  const search = { cutoff, months, options: count, fix, ...(nodes === undefined ? {} : { nodes }) }
  const asked: AskedCounterfactuals = { ...search, ...(persons ? { persons } : {}) }
  // What the options are is checked before anything is loaded.
  for (const { scorer } of models) counterfactualSearch(scorer, {}, search)
  const events = options.replay ? eventsFolder(people, options.events) : undefined
  const stated = {
    asOf,
    allowMissing,
    ...asked,
    nodes: nodes ?? null,
    persons: persons ?? null,
    ...(events ? { replay: true } : {}),
  }
  return runStage(
    {
      stage: 'counterfactual',
      options: stated,
      inputs: { ...inputsOf(people, folders), ...(events ? { events } : {}) },
    },
    options,
    async (context) => {
      const { engine, folder } = context
      const loaded = await loadPeople(context, people, codingOf(models.map(({ scorer }) => scorer)))
      const summary: CounterfactualSummary = {
        reference: loaded.frame.rows,
        cutoff,
        months,
        models: {},
        warnings: [],
      }
      const all: Counterfactuals[] = []
      const tables: string[] = []
      for (const [i, model] of models.entries()) {
        const { scorer, hash } = model
        summary.warnings.push(...checkMissing(scorer, loaded, allowMissing), ...unseenWarnings(scorer, loaded.frame))
        const found = await ask(loaded, model, asked, context)
        const { progress, signal } = context
        const work = { engine, frame: loaded.frame, scorer, progress, ...(signal ? { signal } : {}) }
        const shown = events ? await replayed({ ...work, data: events, results: found }) : undefined
        const results = shown ?? found
        const columns = { ...counterfactualColumns(results, hash), ...(shown ? replayColumns(shown) : {}) }
        await engine.createTable(`counterfactuals_${i}`, columns)
        tables.push(`counterfactuals_${i}`)
        const figures = counterfactualFigures(results)
        const replay = shown ? { replay: replayFigures(shown) } : {}
        summary.models[scorer.name] = { modelHash: hash, ...figures, ...replay }
        for (const result of results) all.push(result)
      }
      const order = 'model, model_hash, person_id, observation_date, option, factor'
      await writeTogether(engine, tables, order, join(folder, 'counterfactuals.parquet'))
      await writeFileAtomic(join(folder, 'counterfactuals.json'), `${JSON.stringify(all, null, 1)}\n`)
      return summary
    },
  )
}

/**
 * Counterfactuals of persons in a feature table, without a folder: for a look at one.
 * @throws GlasscoreError('data') for a person who is not in the table
 */
export const counterfactualsOf = async (
  options: AskedCounterfactuals & {
    models: readonly string[]
    features: string
    allowMissing?: boolean
    progress?: Progress
    signal?: AbortSignal
  },
): Promise<Counterfactuals[]> => {
  const { models: paths, features, allowMissing = false, progress = noProgress, signal, ...asked } = options
  const { models } = await loadModels(paths)
  const events = asked.replay ? eventsFolder({ features }, asked.events) : undefined
  const engine = await openDuckDB({ threads: 1 })
  try {
    const loaded = await loadFeatures(engine, features)
    const all: Counterfactuals[] = []
    for (const model of models) {
      const { scorer } = model
      checkMissing(scorer, loaded, allowMissing)
      const results = await ask(loaded, model, asked, { threads: 1, progress, signal })
      const { frame } = loaded
      all.push(...(events ? await replayed({ engine, data: events, scorer, frame, results, progress }) : results))
    }
    return all
  } finally {
    engine.close()
  }
}
