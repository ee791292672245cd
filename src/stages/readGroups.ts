import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ProtectedGroup } from '../attributions/backgrounds.ts'
import type { Engine } from '../engines/engine.ts'
import { identifier, literal } from '../engines/sql.ts'
import { dataError } from '../util/errors.ts'

/**
 * The protected columns of a feature-table folder, one text or null a row, in the order of person and date, which is that of `loadFeatures`.
 * They are for audits and reference groups, never for a matrix.
 * @returns none where the table has no protected columns
 * @throws GlasscoreError('data') when the rows are not those of the features
 */
export const readGroups = async (engine: Engine, folder: string): Promise<ProtectedGroup[]> => {
  const file = join(folder, 'groups.parquet')
  if (!existsSync(file)) return []
  const features = join(folder, 'features.parquet')
  const names = (await engine.rows<{ column_name: string }>(`DESCRIBE FROM read_parquet(${literal(file)})`))
    .map((c) => c.column_name)
    .filter((name) => name !== 'person_id' && name !== 'observation_date')
  // Names of attributes are data; as g0, g1, ... they cannot be those of the other columns.
  const columns = names.map((name, k) => `, g.${identifier(name)}::VARCHAR AS g${k}`).join('')
  const { rows, texts } = await engine.columns(
    `SELECT f.person_id${columns}
FROM (SELECT person_id, observation_date FROM read_parquet(${literal(features)})) AS f
LEFT JOIN read_parquet(${literal(file)}) AS g USING (person_id, observation_date)
ORDER BY f.person_id, f.observation_date`,
    [],
    ['person_id', ...names.map((_, k) => `g${k}`)],
  )
  const [counted] = await engine.rows<{ n: number }>(
    `SELECT count(*)::INTEGER AS n FROM read_parquet(${literal(features)})`,
  )
  if (counted!.n !== rows)
    throw dataError('two rows of groups for one person and date', { file, expected: `${counted!.n} rows`, got: rows })
  return names.map((name, k) => ({ name, values: texts[`g${k}`]! }))
}
