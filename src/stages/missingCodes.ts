/** Why values are missing, for every row of a feature table. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { identifier, literal } from '../engines/sql.ts'
import { MISSING_REASONS, type MissingReason } from '../schema/factor.ts'
import { dataError } from '../util/errors.ts'
import type { LoadedFeatures } from './loadFeatures.ts'

/** The reason why a value of a row is missing; null where it is there or nothing is known of it. */
export type MissingOf = (factor: string, row: number) => MissingReason | null

const isReason = (text: string): text is MissingReason => (MISSING_REASONS as readonly string[]).includes(text)

/**
 * Reads the codes of missing.parquet, or of a ready table the one reason that it states of a factor.
 * @param folder of the feature table
 * @returns in the order of the rows of the table
 * @throws GlasscoreError('data') when missing.parquet has other rows than the table
 */
export const missingCodes = async (
  engine: Engine,
  folder: string,
  { table, frame }: LoadedFeatures,
): Promise<MissingOf> => {
  const file = join(folder, 'missing.parquet')
  if (!existsSync(file)) {
    const only = new Map(
      Object.entries(table.missing).flatMap(([name, counts]) => {
        const reasons = Object.keys(counts).filter(isReason)
        return reasons.length === 1 ? [[name, reasons[0]!] as const] : []
      }),
    )
    return (factor) => only.get(factor) ?? null
  }
  const described = await engine.rows<{ column_name: string }>(`DESCRIBE FROM read_parquet(${literal(file)})`)
  const present = new Set(described.map((column) => column.column_name))
  const names = table.factors.map((f) => f.name).filter((name) => present.has(name))
  const list = names.map((name) => `, ${identifier(name)}`).join('')
  const { rows, numbers, texts } = await engine.columns(
    `SELECT person_id, observation_date${list} FROM read_parquet(${literal(file)}) ORDER BY person_id, observation_date`,
    names,
    ['person_id', 'observation_date'],
  )
  const differs = frame.personId.findIndex(
    (id, i) => id !== texts['person_id']![i] || frame.observationDate[i] !== texts['observation_date']![i],
  )
  if (differs >= 0 || rows !== frame.rows)
    throw dataError('these are not the rows of the features', {
      file,
      expected: `${frame.rows} rows, of the same persons and dates`,
      got: differs >= 0 ? `another person or date in the place of ${frame.personId[differs]}` : `${rows} rows`,
    })
  const codes = new Map(names.map((name) => [name, Uint8Array.from(numbers[name]!)]))
  return (factor, row) => {
    const code = codes.get(factor)?.[row] ?? 0
    return code === 0 ? null : (MISSING_REASONS[code] ?? null)
  }
}
