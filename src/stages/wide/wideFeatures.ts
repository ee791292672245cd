import { readDataset } from '../../engines/folders.ts'
import type { WideTable } from '../../schema/wideTable.ts'
import { usageError } from '../../util/errors.ts'
import type { FeaturesOptions } from '../features.ts'
import { checkDates } from '../people.ts'
import { runStage, type StageResult } from '../stage.ts'
import { buildWide } from './buildWide.ts'

/** A wide table in short. */
export interface WideSummary {
  name: string
  rows: number
  variables: number
  /** variables by dimension and by factor */
  dimensions: Record<string, number>
  factors: Record<string, number>
  waterfall: WideTable['waterfall']
  warnings: string[]
}

const countBy = (table: WideTable, key: 'dimension' | 'factor'): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const variable of table.variables) counts[variable[key]] = (counts[variable[key]] ?? 0) + 1
  return counts
}

/**
 * The wide table of a dataset folder: some 10,000 variables of every person as of each observation date, as bytes (docs/wide.md).
 * @throws GlasscoreError('memory') when the bytes do not fit into the memory of the kernels
 */
export const wideFeatures = (options: FeaturesOptions): Promise<StageResult<WideSummary>> => {
  const dates = options.dates?.length ? [...options.dates].sort() : 'outcomes'
  const spec = { stage: 'features', options: { dates, wide: true }, inputs: { data: options.data } }
  return runStage(spec, options, async ({ engine, pool, folder, progress, signal }) => {
    const dataset = await readDataset(options.data)
    if (dates === 'outcomes' && !dataset.tables.outcomes)
      throw usageError('the data have no outcomes to take observation dates from', {
        file: options.data,
        option: 'as-of',
        expected: 'a date',
      })
    if (dates !== 'outcomes') checkDates(dataset, dates, options.data)
    const table = await buildWide(engine, pool, {
      folder: options.data,
      dataset,
      dates,
      out: folder,
      progress,
      ...(signal ? { signal } : {}),
    })
    return {
      name: table.name,
      rows: table.rows,
      variables: table.variables.length,
      dimensions: countBy(table, 'dimension'),
      factors: countBy(table, 'factor'),
      waterfall: table.waterfall,
      warnings: table.warnings,
    }
  })
}
