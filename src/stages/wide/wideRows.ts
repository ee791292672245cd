/** Who the rows of a wide table are, and how its variables are columns of a model. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '../../engines/engine.ts'
import { literal } from '../../engines/sql.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import type { Encoding } from '../../matrix/matrix.ts'
import { refuseProtected } from '../../matrix/refuseProtected.ts'
import type { FactorSpec } from '../../schema/factor.ts'
import { FACTOR_CATALOGUE } from '../../schema/factorCatalogue.ts'
import type { WideTable } from '../../schema/wideTable.ts'
import { dataError } from '../../util/errors.ts'

/** The column of `wideRows` with the position of each row in the table; it is no factor of any model. */
export const ROW = 'row'

/** Keys and outcomes of all rows; the only number of a row is its position. */
export const wideRows = async (
  engine: Engine,
  folder: string,
  table: WideTable,
): Promise<{ frame: FactorFrame; status: (string | null)[] }> => {
  const file = join(folder, 'outcomes.parquet')
  if (!existsSync(file)) throw dataError('outcomes.parquet is missing', { file: folder })
  const { rows, texts } = await engine.columns(
    `SELECT * FROM read_parquet(${literal(file)}) ORDER BY person_id, observation_date`,
    [],
    ['person_id', 'observation_date', 'status'],
  )
  if (rows !== table.rows)
    throw dataError('outcomes and bins differ in the number of rows', { file, expected: String(table.rows), got: rows })
  const frame = {
    rows,
    personId: texts['person_id'] as string[],
    observationDate: texts['observation_date'] as string[],
    factors: [],
    numbers: { [ROW]: Float64Array.from({ length: rows }, (_, i) => i) },
    categories: {},
  }
  return { frame, status: texts['status']! }
}

/** Positions in the table of the rows of a frame that was taken from `wideRows`. */
export const positionsOf = (frame: FactorFrame): Int32Array => Int32Array.from(frame.numbers[ROW]!)

/**
 * Variables as the factors of a model, one column each: a model of a wide table scores wide tables alone, and a table of the 70 factors is
 * refused, since it has none of its variables.
 */
export const wideEncoding = (table: WideTable): Encoding => {
  const factors = table.variables.map(
    (v): FactorSpec => ({
      name: v.name,
      dimension: v.dimension,
      kind: v.unit === 'yes/no' ? 'flag' : 'number',
      unit: v.unit,
      scale: 'linear',
      expectedRisk: 'none',
      definition: v.definition,
    }),
  )
  refuseProtected(factors, table.protectedColumns)
  return {
    kind: 'tree',
    factors,
    columns: factors.map(({ name }, factor) => ({ name, factor, role: 'value' })),
    dropped: [],
  }
}

/** From variables to factors to dimensions. */
export interface RollUp {
  /** factors that have a variable, in the order of the catalogue */
  factors: string[]
  /** position of the factor of each variable */
  factorOfVariable: Int32Array
  /** dimensions in order of their first factor */
  dimensions: string[]
  /** position of the dimension of each factor */
  dimensionOfFactor: Int32Array
}

export const rollUpOf = (table: Pick<WideTable, 'variables'>): RollUp => {
  const used = new Set(table.variables.map((v) => v.factor))
  const catalogue = FACTOR_CATALOGUE.filter((f) => used.has(f.name))
  const dimensions: string[] = [...new Set(catalogue.map((f) => f.dimension))]
  const position = new Map(catalogue.map((f, i) => [f.name, i]))
  return {
    factors: catalogue.map((f) => f.name),
    factorOfVariable: Int32Array.from(table.variables, (v) => position.get(v.factor)!),
    dimensions,
    dimensionOfFactor: Int32Array.from(catalogue, (f) => dimensions.indexOf(f.dimension)),
  }
}
