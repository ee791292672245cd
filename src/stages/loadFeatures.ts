import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { readFeatureTable } from '../engines/folders.ts'
import { literal } from '../engines/sql.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import { refuseProtected } from '../matrix/refuseProtected.ts'
import type { FeatureTable } from '../schema/dataset.ts'
import { dataError } from '../util/errors.ts'
import { type FrameWork, READING, requireFrame } from './frameMemory.ts'

/** A feature table in memory, without protected attributes. */
export interface LoadedFeatures {
  table: FeatureTable
  frame: FactorFrame
  /** outcome status of each row, null where there is none */
  status: (string | null)[]
}

/**
 * Reads a feature-table folder into memory, in the order of person and date. Groups are not read: protected attributes
 * never come near a matrix.
 * @param work what will be done with it: asks for the memory that this takes
 * @throws GlasscoreError('memory') when its numbers do not fit into the memory of the machine
 */
export const loadFeatures = async (
  engine: Engine,
  folder: string,
  work: FrameWork = READING,
): Promise<LoadedFeatures> => {
  const table = await readFeatureTable(folder)
  refuseProtected(table.factors, table.protectedColumns)
  const numbers = table.factors.filter((f) => f.kind !== 'category').map((f) => f.name)
  const categories = table.factors.filter((f) => f.kind === 'category').map((f) => f.name)
  const file = join(folder, 'features.parquet')
  if (!existsSync(file)) throw dataError('features.parquet is missing', { file: folder })
  const present = new Set(
    (await engine.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM read_parquet(${literal(file)})`)).map(
      (r) => r.column_name,
    ),
  )
  for (const name of ['person_id', 'observation_date', ...numbers, ...categories])
    if (!present.has(name)) throw dataError('a column of features.json is not in the data', { file, column: name })
  const [size] = await engine.rows<{ rows: unknown }>(
    `SELECT count(*)::INTEGER AS rows FROM read_parquet(${literal(file)})`,
  )
  requireFrame(Number(size!.rows), table.factors.length, work)
  const features = await engine.columns(
    `SELECT * FROM read_parquet(${literal(file)}) ORDER BY person_id, observation_date`,
    numbers,
    ['person_id', 'observation_date', ...categories],
  )
  for (const name of numbers)
    for (const value of features.numbers[name]!)
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
        throw dataError('an infinite value', { file, column: name, expected: 'finite numbers or NULL' })
  const { person_id, observation_date, ...texts } = features.texts
  const frame: FactorFrame = {
    rows: features.rows,
    personId: person_id as string[],
    observationDate: observation_date as string[],
    factors: table.factors,
    numbers: features.numbers,
    categories: texts,
  }
  for (let i = 1; i < frame.rows; i++)
    if (frame.personId[i] === frame.personId[i - 1] && frame.observationDate[i] === frame.observationDate[i - 1])
      throw dataError('two rows for one person and date', { file, row: frame.personId[i]! })
  return { table, frame, status: await loadStatus(engine, folder, frame) }
}

const loadStatus = async (engine: Engine, folder: string, frame: FactorFrame): Promise<(string | null)[]> => {
  const file = join(folder, 'outcomes.parquet')
  if (!existsSync(file)) return new Array(frame.rows).fill(null)
  const { texts, rows } = await engine.columns(
    `SELECT person_id, observation_date, status FROM read_parquet(${literal(file)})`,
    [],
    ['person_id', 'observation_date', 'status'],
  )
  const of = new Map<string, string | null>()
  for (let i = 0; i < rows; i++)
    of.set(`${texts['person_id']![i]}\0${texts['observation_date']![i]}`, texts['status']![i]!)
  return frame.personId.map((id, i) => of.get(`${id}\0${frame.observationDate[i]}`) ?? null)
}
