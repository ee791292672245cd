/**
 * Many columns as one: statistics of wide files are taken by GROUP BY over (column, value) and not by one expression a
 * column, since the engine's planning time grows faster than the number of expressions.
 */

/** Columns a query: bounds the values that one aggregation holds. */
export const COLUMNS_AT_ONCE = 50

/**
 * SELECT of the position `j` of each cell and its value `x`, in each row beside the columns `beside`.
 *
 * @param cells SQL expressions over the relation, all of one type
 * @param beside SELECT items that every cell of the row carries
 */
export const longForm = (relation: string, cells: readonly string[], beside: readonly string[] = []): string => {
  const items = [`unnest([${cells.map((_, j) => j).join(', ')}]) AS j`, `unnest([${cells.join(', ')}]) AS x`]
  return `SELECT ${[...beside, ...items].join(', ')} FROM (${relation})`
}

/** Runs `work` on at most `COLUMNS_AT_ONCE` items a time and gives all results in order. */
export const inChunks = async <T, R>(
  items: readonly T[],
  work: (chunk: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> => {
  const all: R[] = []
  for (let from = 0; from < items.length; from += COLUMNS_AT_ONCE)
    all.push(...(await work(items.slice(from, from + COLUMNS_AT_ONCE))))
  return all
}
