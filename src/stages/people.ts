/** The people that a score or an explanation is asked for: a feature table that is there, or the factors as of a date. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readDataset } from '../engines/folders.ts'
import { buildFactors } from '../features/buildFactors.ts'
import type { Coding } from '../features/codeFactors.ts'
import type { Dataset } from '../schema/dataset.ts'
import type { Scorer } from '../scores/scorer.ts'
import { usageError } from '../util/errors.ts'
import { type LoadedFeatures, loadFeatures } from './loadFeatures.ts'
import type { StageContext } from './stage.ts'

export interface PeopleOptions {
  /** feature-table folder */
  features?: string
  /** dataset folder; needs asOf */
  data?: string
  /** observation date, YYYY-MM-DD */
  asOf?: string
  /** score people even if nobody here can have some factors that a model was trained on */
  allowMissing?: boolean
}

/** The run folder (with run.json) that a model, training or run folder lies in, when the run has a dataset. */
const runOf = (path: string): string | undefined => {
  let folder = resolve(path)
  for (let level = 0; level < 4; level++) {
    if (existsSync(join(folder, 'run.json')))
      return existsSync(join(folder, 'data', 'dataset.json')) ? folder : undefined
    folder = dirname(folder)
  }
  return undefined
}

/** The one run that all models come from; undefined where one comes from elsewhere or they come from several. */
export const runOfModels = (models: readonly string[]): string | undefined => {
  const runs = new Set(models.map(runOf))
  return runs.size === 1 ? [...runs][0] : undefined
}

/** Completes and checks whom to score: with a date alone, the people of the run that the models come from. */
export const resolvePeople = (options: PeopleOptions, models: readonly string[]): PeopleOptions => {
  const { features, data, asOf, allowMissing = false } = options
  if (features && !data && !asOf) return { features, allowMissing }
  if (asOf && !features) {
    const run = data ? undefined : runOfModels(models)
    const folder = data ?? (run && join(run, 'data'))
    if (folder) return { data: folder, asOf, allowMissing }
  }
  throw usageError('whom to score is not clear', {
    option: 'features',
    expected:
      '--features FOLDER; or --data FOLDER with --as-of DATE; or --as-of DATE alone for models of one run that has data',
  })
}

/** The inputs of a stage on people with models: what its key depends on. */
export const inputsOf = (people: PeopleOptions, models: readonly string[]): Record<string, string> => ({
  ...(people.features ? { features: people.features } : {}),
  ...(people.data ? { data: people.data } : {}),
  ...Object.fromEntries(models.map((folder, i) => [`model ${i}`, folder])),
})

/** No date may lie after the day on which the source was extracted: nobody knows the world then. */
export const checkDates = (dataset: Dataset, dates: readonly string[], file: string): void => {
  const late = dates.find((d) => d > dataset.extractDate)
  if (late !== undefined)
    throw usageError('the date lies after the end of the data', {
      file,
      option: 'as-of',
      expected: `a date up to ${dataset.extractDate}, the day of the extract`,
      got: late,
    })
}

/** The coding of the factors that models were trained on: das where any of them has bands. */
export const codingOf = (scorers: readonly Scorer[]): Coding =>
  scorers.some(({ encoding }) => encoding.factors.some((f) => f.bands)) ? 'das' : 'none'

/** The feature-table folder of the people, once `loadPeople` has made it. */
export const peopleFolder = ({ folder }: Pick<StageContext, 'folder'>, { features }: PeopleOptions): string =>
  features ?? join(folder, 'features')

/**
 * Loads the factors; those made as of a date are kept in the stage's folder beside its result.
 * @param coding of factors made as of a date; those of a folder are as they are
 */
export const loadPeople = async (
  context: StageContext,
  options: PeopleOptions,
  coding: Coding,
): Promise<LoadedFeatures> => {
  if (options.features) return loadFeatures(context.engine, options.features)
  const folder = peopleFolder(context, options)
  const dataset = await readDataset(options.data!)
  checkDates(dataset, [options.asOf!], options.data!)
  await buildFactors(context.engine, {
    folder: options.data!,
    dataset,
    dates: [options.asOf!],
    out: folder,
    coding,
    progress: context.progress,
    ...(context.signal ? { signal: context.signal } : {}),
  })
  return loadFeatures(context.engine, folder)
}
