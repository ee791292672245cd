import { readDataset } from '../engines/folders.ts'
import { buildFactors } from '../features/buildFactors.ts'
import type { Coding } from '../features/codeFactors.ts'
import type { FeatureTable } from '../schema/dataset.ts'
import { usageError } from '../util/errors.ts'
import { checkOptions, featuresOptions } from './config.ts'
import { checkDates } from './people.ts'
import { runStage, type StageOptions, type StageResult } from './stage.ts'

export interface FeaturesOptions extends StageOptions {
  /** dataset folder */
  data: string
  /** observation dates; absent: those of the outcomes table */
  dates?: readonly string[]
  /** das: factors as the published bands in which a lender is told of them; default none, as measured */
  coding?: Coding
}

/** The 70 factors of every person as of each observation date. */
export const features = (options: FeaturesOptions): Promise<StageResult<FeatureTable>> => {
  const dates = options.dates?.length ? [...options.dates].sort() : 'outcomes'
  const { coding } = checkOptions(featuresOptions, { coding: options.coding })
  return runStage(
    { stage: 'features', options: { dates, ...(coding === 'none' ? {} : { coding }) }, inputs: { data: options.data } },
    options,
    async (context) => {
      const { engine, folder, progress, signal } = context
      const dataset = await readDataset(options.data)
      if (dates === 'outcomes' && !dataset.tables.outcomes)
        throw usageError('the data have no outcomes to take observation dates from', {
          file: options.data,
          option: 'as-of',
          expected: 'a date',
        })
      if (dates !== 'outcomes') checkDates(dataset, dates, options.data)
      return buildFactors(engine, {
        folder: options.data,
        dataset,
        dates,
        out: folder,
        coding,
        progress,
        ...(signal ? { signal } : {}),
      })
    },
  )
}
