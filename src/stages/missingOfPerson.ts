import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { dateLiteral, literal } from '../engines/sql.ts'
import { MISSING_REASONS } from '../schema/factor.ts'
import type { LoadedFeatures } from './loadFeatures.ts'
import type { PersonReceipt } from './readReceipts.ts'

/**
 * Why each factor is missing for a row: codes of missing.parquet, or the one reason that a ready table has.
 * @param folder of the feature table
 */
export const missingOfPerson = async (
  engine: Engine,
  folder: string,
  { table }: LoadedFeatures,
  { personId, observationDate }: Pick<PersonReceipt, 'personId' | 'observationDate'>,
): Promise<(factor: string) => string | null> => {
  const file = join(folder, 'missing.parquet')
  if (!existsSync(file))
    return (factor) => {
      const reasons = Object.keys(table.missing[factor] ?? {})
      return reasons.length === 1 ? reasons[0]! : null
    }
  const [row] = await engine.rows<Record<string, number>>(
    `SELECT * FROM read_parquet(${literal(file)})
     WHERE person_id = ${literal(personId)} AND observation_date = ${dateLiteral(observationDate)}`,
  )
  return (factor) => MISSING_REASONS[row?.[factor] ?? 0] ?? null
}
