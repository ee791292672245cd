import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDuckDB } from '../engines/duckdb.ts'
import { literal } from '../engines/sql.ts'
import { dataError } from '../util/errors.ts'
import type { ReceiptLayout } from './receiptColumns.ts'

/** One person's score, split to the last point: base + factors + scaleLimit = score, and the same over dimensions. */
export interface PersonReceipt {
  model: string
  modelHash: string
  personId: string
  observationDate: string
  semantics: string
  backgroundId: string
  link: string
  base: number
  factors: { factor: string; points: number }[]
  /** points of the game of dimensions; members: the sum of the points of its factors, null in folders of earlier versions */
  dimensions: { dimension: string; points: number; members: number | null }[]
  scaleLimit: number
  score: number
}

/** Names of the columns of receipts.parquet. */
export const readLayout = async (folder: string): Promise<ReceiptLayout> => {
  const file = join(folder, 'receipts.json')
  try {
    const layout = JSON.parse(await readFile(file, 'utf8')) as ReceiptLayout
    if (Array.isArray(layout.factors) && Array.isArray(layout.dimensions)) return layout
  } catch (cause) {
    throw dataError('the columns of the receipts cannot be read', {
      file,
      expected: 'the file that glasscore explain wrote',
      cause,
    })
  }
  throw dataError('the columns of the receipts cannot be read', {
    file,
    expected: 'the file that glasscore explain wrote',
  })
}

/**
 * The receipts of a person in a folder that explainScores wrote, by model, date and background.
 * @throws when the person is not in it
 */
export const readReceipts = async (folder: string, personId: string): Promise<PersonReceipt[]> => {
  const file = join(folder, 'receipts.parquet')
  if (!existsSync(file))
    throw dataError('no receipts here', { file: folder, expected: 'a folder that glasscore explain wrote' })
  const layout = await readLayout(folder)
  const members = new Map(layout.members?.map(({ name, column }) => [name, column]))
  const engine = await openDuckDB({ threads: 1 })
  try {
    const rows = await engine.rows<Record<string, unknown>>(
      `SELECT * FROM read_parquet(${literal(file)}) WHERE person_id = ${literal(personId)} ORDER BY model, observation_date, background_id`,
    )
    if (rows.length === 0) throw dataError('no such person', { file, column: 'person_id', got: personId })
    return rows.map((row) => ({
      model: row['model'] as string,
      modelHash: row['model_hash'] as string,
      personId,
      observationDate: row['observation_date'] as string,
      semantics: row['semantics'] as string,
      backgroundId: row['background_id'] as string,
      link: row['link'] as string,
      base: row['base'] as number,
      factors: layout.factors.map(({ name, column }) => ({ factor: name, points: row[column] as number })),
      dimensions: layout.dimensions.map(({ name, column }) => {
        const sum = members.get(name)
        return {
          dimension: name,
          points: row[column] as number,
          members: sum === undefined ? null : (row[sum] as number),
        }
      }),
      scaleLimit: row['scale_limit'] as number,
      score: row['score'] as number,
    }))
  } finally {
    engine.close()
  }
}
