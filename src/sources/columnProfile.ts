/** What the values of each column of a raw file look like, in one pass. */
import type { Engine } from '../engines/engine.ts'
import { identifier, literalList } from '../engines/sql.ts'
import type { FactorKind } from '../schema/factor.ts'
import { type RawFile, readingFile } from './rawFile.ts'

export interface ColumnProfile {
  column: string
  rows: number
  /** neither empty nor a missing code */
  present: number
  /** of these, how many are numbers */
  numeric: number
  /** how many are days or times and not numbers */
  dates: number
  distinct: number
  min: number
  max: number
  /** quantiles 0.05, 0.5, 0.95 of the numbers */
  low: number
  middle: number
  high: number
  /** all numbers are whole */
  whole: boolean
}

/** A cell with blanks cut off, NULL when empty or one of the missing codes. */
export const cleanCell = (column: string, missing: readonly string[]): string => {
  const cell = `nullif(trim(${identifier(column)}), '')`
  return missing.length ? `CASE WHEN ${cell} IN ${literalList(missing)} THEN NULL ELSE ${cell} END` : cell
}

/**
 * @param missing missing codes of each column
 */
export const profileColumns = async (
  engine: Engine,
  raw: RawFile,
  columns: readonly string[],
  missing: (column: string) => readonly string[],
): Promise<ColumnProfile[]> => {
  if (columns.length === 0) return []
  const cells = columns.map((c, j) => `${cleanCell(c, missing(c))} AS s${j}`).join(', ')
  const numbers = columns
    .map((_, j) => `CASE WHEN isfinite(TRY_CAST(s${j} AS DOUBLE)) THEN TRY_CAST(s${j} AS DOUBLE) END AS n${j}`)
    .join(', ')
  const parts = columns.flatMap((_, j) => [
    `count(s${j})::DOUBLE AS present${j}`,
    `count(n${j})::DOUBLE AS numeric${j}`,
    `count(CASE WHEN n${j} IS NULL THEN TRY_CAST(s${j} AS TIMESTAMP) END)::DOUBLE AS dates${j}`,
    `count(DISTINCT s${j})::DOUBLE AS distinct${j}`,
    `quantile_disc(n${j}, [0.0, 0.05, 0.5, 0.95, 1.0])::VARCHAR AS q${j}`,
    `coalesce(bool_and(n${j} = floor(n${j})), false) AS whole${j}`,
  ])
  const [row] = await readingFile(raw, () =>
    engine.rows<Record<string, unknown>>(
      `SELECT count(*)::DOUBLE AS rows, ${parts.join(', ')} FROM (SELECT *, ${numbers} FROM (SELECT ${cells} FROM (${raw.sql})))`,
    ),
  )
  return columns.map((column, j) => {
    const text = row![`q${j}`]
    const q = typeof text === 'string' ? (text.slice(1, -1).split(', ').map(Number) as number[]) : []
    return {
      column,
      rows: Number(row!['rows']),
      present: Number(row![`present${j}`]),
      numeric: Number(row![`numeric${j}`]),
      dates: Number(row![`dates${j}`]),
      distinct: Number(row![`distinct${j}`]),
      min: q[0] ?? Number.NaN,
      low: q[1] ?? Number.NaN,
      middle: q[2] ?? Number.NaN,
      high: q[3] ?? Number.NaN,
      max: q[4] ?? Number.NaN,
      whole: row![`whole${j}`] === true,
    }
  })
}

/** The share of numbers from which a column counts as numeric; the rest are then bad values, not categories. */
const MOSTLY = 0.99

/** The kind that the values suggest: 0/1 a flag, numbers a number, anything else a category. */
export const inferKind = (p: ColumnProfile): FactorKind => {
  if (p.present === 0) return 'number'
  if (p.numeric < MOSTLY * p.present) return 'category'
  return p.distinct === 2 && p.min === 0 && p.max === 1 ? 'flag' : 'number'
}

/** `log` for amounts: never negative, reaching 1,000 or more, with an upper side over twice as long as the lower one. */
export const inferScale = (p: ColumnProfile): 'log' | 'linear' =>
  p.min >= 0 && p.max >= 1000 && p.high - p.middle > 2 * (p.middle - p.low) ? 'log' : 'linear'
