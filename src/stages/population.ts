/** The people that a score or an explanation is asked for: a feature table that is there, or the factors as of a date. */
import { join } from 'node:path'
import { readDataset } from '../engines/folders.ts'
import { buildFactors } from '../features/buildFactors.ts'
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

export const checkPeople = (options: PeopleOptions): Record<string, string> => {
  const { features, data, asOf } = options
  if (features && !data && !asOf) return { features }
  if (data && asOf && !features) return { data }
  throw usageError('whom to score is not clear', {
    option: 'features',
    expected: 'either --features FOLDER, or --data FOLDER together with --as-of DATE',
  })
}

/** Loads the factors; those made as of a date are kept in the stage's folder beside its result. */
export const loadPeople = async (context: StageContext, options: PeopleOptions): Promise<LoadedFeatures> => {
  if (options.features) return loadFeatures(context.engine, options.features)
  const folder = join(context.folder, 'features')
  await buildFactors(context.engine, {
    folder: options.data!,
    dataset: await readDataset(options.data!),
    dates: [options.asOf!],
    out: folder,
    progress: context.progress,
    ...(context.signal ? { signal: context.signal } : {}),
  })
  return loadFeatures(context.engine, folder)
}
