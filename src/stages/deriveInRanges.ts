/** The outcomes of a simulated population, one range of people after the other: memory does not grow with their number. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { registerDataset } from '../engines/dataset.ts'
import type { Engine } from '../engines/engine.ts'
import { type DeriveOutcomesOptions, deriveOutcomes, OUTCOMES_TABLE } from '../features/outcomes.ts'
import { datasetRanges, partFile } from '../population/fileRanges.ts'
import type { LabelBias } from '../population/switches/labelBias.ts'
import type { Dataset, DatasetTable } from '../schema/dataset.ts'
import { interruptedError } from '../util/errors.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'

export interface DeriveInRangesOptions extends WorkOptions {
  folder: string
  dataset: Dataset
  /** dense months that the population was simulated with */
  months: number
  outcomes: DeriveOutcomesOptions
  /** what writes some of them up */
  bias?: LabelBias | undefined
}

const PREFIX = 'raw_'

/**
 * Derives the outcomes and writes them below `folder`, a file for each of the longest ranges of people. What is owed and paid of
 * a person lies in the files of the person's range, so the rows are those of the whole derived at once.
 * @returns the table for the dataset's description, and how many rows there are by status, in order of the statuses and before any bias
 */
export const deriveInRanges = async (
  engine: Engine,
  options: DeriveInRangesOptions,
): Promise<{ table: DatasetTable; counts: { status: string; n: number }[] }> => {
  const { folder, dataset, months, outcomes, progress = noProgress, signal } = options
  const ranges = datasetRanges(dataset, months)
  await mkdir(join(folder, 'outcomes'), { recursive: true })
  const files: string[] = []
  const found = new Map<string, number>()
  let rows = 0
  for (const [k, range] of ranges.entries()) {
    if (signal?.aborted) throw interruptedError()
    progress('outcomes', k, ranges.length)
    await registerDataset(engine, folder, range, PREFIX)
    const derived = await deriveOutcomes(engine, outcomes, PREFIX)
    const sql = options.bias ? await options.bias.writeUp(derived) : derived
    const file = partFile('outcomes', k)
    rows += await engine.writeParquet(sql, join(folder, file))
    files.push(file)
    const counts = await engine.rows<{ status: string; n: number }>(
      `SELECT status, count(*) AS n FROM ${OUTCOMES_TABLE} GROUP BY status`,
    )
    for (const { status, n } of counts) found.set(status, (found.get(status) ?? 0) + n)
  }
  progress('outcomes', ranges.length, ranges.length)
  const coveredFrom = outcomes.dates[0]!
  const coveredTo = outcomes.coveredTo ?? dataset.extractDate
  const counts = [...found].map(([status, n]) => ({ status, n })).sort((a, b) => (a.status < b.status ? -1 : 1))
  return { table: { files, rows, coveredFrom, coveredTo }, counts }
}
