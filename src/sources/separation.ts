/**
 * How well one column alone tells bad from good: the area under the ROC curve, by SQL on counts per value.
 * A column that does it almost perfectly is more likely a consequence of the outcome than a sign of it.
 */
import type { Engine } from '../engines/engine.ts'

/** Above this a column is warned of. */
export const TOO_GOOD = 0.95
/** Levels of a category are put in order of their own bad rate, which flatters; above this many it says nothing. */
const MAX_LEVELS = 50

const auc = (from: string, key: string, order: string, where = 'true'): string => `
  WITH v AS (SELECT ${key} AS x, count(*) FILTER (WHERE bad) AS b, count(*) FILTER (WHERE NOT bad) AS g
    FROM (${from}) WHERE ${where} GROUP BY 1),
  c AS (SELECT b, g, sum(g) OVER (ORDER BY ${order}, x ROWS UNBOUNDED PRECEDING) - g / 2.0 AS below FROM v)
  SELECT (sum(b * below) / nullif(sum(b) * sum(g), 0))::DOUBLE AS auc, count(*)::INTEGER AS levels FROM c`

/**
 * The larger of AUC and 1 - AUC of a column, and of whether it is missing; NaN when it cannot be told.
 *
 * @param bad boolean SQL expression over the relation; NULL rows are left out
 * @param column SQL expression over the relation, numeric or text; NULL is missing
 */
export const separation = async (
  engine: Engine,
  relation: string,
  bad: string,
  column: string,
  numeric: boolean,
): Promise<number> => {
  const from = `SELECT (${bad}) AS bad, (${column}) AS x FROM (${relation}) WHERE (${bad}) IS NOT NULL`
  const order = numeric ? 'x' : 'b / (b + g)'
  const [value] = await engine.rows<{ auc: number | null; levels: number }>(auc(from, 'x', order, 'x IS NOT NULL'))
  const [missing] = await engine.rows<{ auc: number | null }>(auc(from, 'x IS NULL', 'x'))
  const sides = [missing?.auc]
  if (numeric || (value?.levels ?? 0) <= MAX_LEVELS) sides.push(value?.auc)
  const known = sides.filter((a): a is number => typeof a === 'number' && !Number.isNaN(a))
  return known.length ? Math.max(...known.map((a) => Math.max(a, 1 - a))) : Number.NaN
}
