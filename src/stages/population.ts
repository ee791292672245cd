/** The people that a score or an explanation is asked for: a feature table that is there, or the factors as of a date. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readDataset } from '../engines/folders.ts'
import { buildFactors } from '../features/buildFactors.ts'
import type { FactorFrame } from '../matrix/frame.ts'
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
}

/**
 * The run folder that a model, training or run folder belongs to: the nearest one upward with a dataset in `data/`.
 */
export const runOf = (path: string): string | undefined => {
  let folder = resolve(path)
  for (let level = 0; level < 4; level++) {
    if (existsSync(join(folder, 'data', 'dataset.json'))) return folder
    folder = dirname(folder)
  }
  return undefined
}

/** Completes and checks whom to score: with a date alone, the people of the run that the models come from. */
export const resolvePeople = (options: PeopleOptions, models: readonly string[]): PeopleOptions => {
  const { features, data, asOf } = options
  if (features && !data && !asOf) return { features }
  if (asOf && !features) {
    const run = data ? undefined : models.map(runOf).find((found) => found !== undefined)
    const folder = data ?? (run && join(run, 'data'))
    if (folder) return { data: folder, asOf }
  }
  throw usageError('whom to score is not clear', {
    option: 'features',
    expected:
      '--features FOLDER; or --data FOLDER with --as-of DATE; or --as-of DATE alone for models of a run that has data',
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

/** Factors that a model reads and that are missing for everybody here: its scores then rest on the others. */
export const missingThroughout = (scorer: Scorer, frame: FactorFrame): string[] => {
  const used = new Set(scorer.encoding.columns.map((c) => c.factor))
  const missing = scorer.encoding.factors.filter((factor, i) => {
    if (!used.has(i)) return false
    return factor.kind === 'category'
      ? frame.categories[factor.name]?.every((v) => v === null)
      : frame.numbers[factor.name]?.every(Number.isNaN)
  })
  if (missing.length === 0) return []
  const names = missing.slice(0, 5).map((f) => f.name)
  const more = missing.length > names.length ? ` and ${missing.length - names.length} more` : ''
  return [
    `${scorer.name}: ${missing.length} of the ${used.size} factors it reads are missing for everybody here (${names.join(', ')}${more}); missing.parquet says why`,
  ]
}

/** Loads the factors; those made as of a date are kept in the stage's folder beside its result. */
export const loadPeople = async (context: StageContext, options: PeopleOptions): Promise<LoadedFeatures> => {
  if (options.features) return loadFeatures(context.engine, options.features)
  const folder = join(context.folder, 'features')
  const dataset = await readDataset(options.data!)
  checkDates(dataset, [options.asOf!], options.data!)
  await buildFactors(context.engine, {
    folder: options.data!,
    dataset,
    dates: [options.asOf!],
    out: folder,
    progress: context.progress,
    ...(context.signal ? { signal: context.signal } : {}),
  })
  return loadFeatures(context.engine, folder)
}
