/** What the values of each column of a raw file look like, fifty columns a pass. */
import type { Engine } from '../engines/engine.ts'
import { identifier, literalList } from '../engines/sql.ts'
import type { FactorKind } from '../schema/factor.ts'
import { inChunks, longForm } from './longForm.ts'
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

interface Found {
  j: number
  rows: number
  present: number
  numeric: number
  dates: number
  distinct: number
  quantiles: string | null
  whole: boolean
}

const STATISTICS = `j, count(*)::DOUBLE AS rows, count(x)::DOUBLE AS present, count(n)::DOUBLE AS numeric,
  count(CASE WHEN n IS NULL THEN TRY_CAST(x AS TIMESTAMP) END)::DOUBLE AS dates, count(DISTINCT x)::DOUBLE AS distinct,
  quantile_disc(n, [0.0, 0.05, 0.5, 0.95, 1.0])::VARCHAR AS quantiles, coalesce(bool_and(n = floor(n)), false) AS whole`

/**
 * The file is read once for each fifty columns: a wide one is best held in a table first.
 *
 * @param missing missing codes of each column
 */
export const profileColumns = (
  engine: Engine,
  raw: RawFile,
  columns: readonly string[],
  missing: (column: string) => readonly string[],
): Promise<ColumnProfile[]> =>
  inChunks(columns, async (chunk) => {
    const cells = chunk.map((c) => cleanCell(c, missing(c)))
    const found = await readingFile(raw, () =>
      engine.rows<Found>(
        `SELECT ${STATISTICS} FROM (SELECT j, x, CASE WHEN isfinite(TRY_CAST(x AS DOUBLE)) THEN TRY_CAST(x AS DOUBLE) END AS n ` +
          `FROM (${longForm(raw.sql, cells)})) GROUP BY j`,
      ),
    )
    const by = new Map(found.map((f) => [Number(f.j), f]))
    return chunk.map((column, j): ColumnProfile => {
      const f = by.get(j)
      const q = f?.quantiles ? f.quantiles.slice(1, -1).split(', ').map(Number) : []
      const [min = Number.NaN, low = Number.NaN, middle = Number.NaN, high = Number.NaN, max = Number.NaN] = q
      const { rows = 0, present = 0, numeric = 0, dates = 0, distinct = 0, whole = false } = f ?? {}
      return { column, rows, present, numeric, dates, distinct, min, max, low, middle, high, whole }
    })
  })

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
