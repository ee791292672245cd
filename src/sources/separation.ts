/**
 * How well one column alone tells bad from good: the area under the ROC curve, by SQL on counts per value.
 * A column that does it almost perfectly is more likely a consequence of the outcome than a sign of it.
 */
import type { Engine } from '../engines/engine.ts'
import { inChunks, longForm } from './longForm.ts'

/** Above this a column is warned of. */
export const TOO_GOOD = 0.95
/** Levels of a category are put in order of their own bad rate, which flatters; above this many it says nothing. */
const MAX_LEVELS = 50

/** A column to be looked at. */
export interface SeparatingColumn {
  /** SQL expression over the relation, numeric or text; NULL is missing */
  sql: string
  numeric: boolean
}

interface Found {
  j: number
  auc: number | null
  levels: number
  /** bad and good rows with a value, and without */
  b: number
  g: number
  b0: number
  g0: number
}

/** The larger of AUC and 1 - AUC of the column and of whether it is missing. */
const larger = (f: Found, numeric: boolean): number => {
  const pairs = (f.b + f.b0) * (f.g + f.g0)
  const sides = [(f.b * (f.g / 2) + f.b0 * (f.g + f.g0 / 2)) / pairs]
  if (f.auc !== null && (numeric || f.levels <= MAX_LEVELS)) sides.push(f.auc)
  const known = sides.filter((a) => !Number.isNaN(a))
  return known.length ? Math.max(...known.map((a) => Math.max(a, 1 - a))) : Number.NaN
}

const ofOneKind = async (
  engine: Engine,
  relation: string,
  bad: string,
  cells: readonly string[],
  numeric: boolean,
): Promise<number[]> => {
  const order = numeric ? 'x' : 'b / (b + g)'
  const typed = cells.map((c) => `(${c})::${numeric ? 'DOUBLE' : 'VARCHAR'}`)
  const found = await engine.rows<Found>(`
  WITH v AS (SELECT j, x, count(*) FILTER (WHERE bad) AS b, count(*) FILTER (WHERE NOT bad) AS g
    FROM (${longForm(`SELECT * FROM (${relation}) WHERE (${bad}) IS NOT NULL`, typed, [`(${bad}) AS bad`])}) GROUP BY j, x),
  c AS (SELECT j, x, b, g, sum(g) OVER (PARTITION BY j, x IS NULL ORDER BY ${order}, x ROWS UNBOUNDED PRECEDING) - g / 2.0 AS below
    FROM v)
  SELECT j, (sum(b * below) FILTER (x IS NOT NULL) /
      nullif(sum(b) FILTER (x IS NOT NULL) * sum(g) FILTER (x IS NOT NULL), 0))::DOUBLE AS auc,
    count(x)::INTEGER AS levels, coalesce(sum(b) FILTER (x IS NOT NULL), 0)::DOUBLE AS b,
    coalesce(sum(g) FILTER (x IS NOT NULL), 0)::DOUBLE AS g, coalesce(sum(b) FILTER (x IS NULL), 0)::DOUBLE AS b0,
    coalesce(sum(g) FILTER (x IS NULL), 0)::DOUBLE AS g0
  FROM c GROUP BY j`)
  const by = new Map(found.map((f) => [Number(f.j), larger(f, numeric)]))
  return cells.map((_, j) => by.get(j) ?? Number.NaN)
}

/**
 * For each column the larger of AUC and 1 - AUC of its values, and of whether it is missing; NaN when it cannot be told.
 *
 * @param bad boolean SQL expression over the relation; NULL rows are left out
 */
export const separations = async (
  engine: Engine,
  relation: string,
  bad: string,
  columns: readonly SeparatingColumn[],
): Promise<number[]> => {
  const all = new Array<number>(columns.length).fill(Number.NaN)
  for (const numeric of [true, false]) {
    const at = [...columns.keys()].filter((i) => columns[i]!.numeric === numeric)
    const values = await inChunks(at, (chunk) =>
      ofOneKind(
        engine,
        relation,
        bad,
        chunk.map((i) => columns[i]!.sql),
        numeric,
      ),
    )
    at.forEach((i, k) => {
      all[i] = values[k]!
    })
  }
  return all
}
