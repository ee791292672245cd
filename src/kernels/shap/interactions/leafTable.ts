/** What rows get from the leaves of a twig, by the pattern in which they meet the conditions of its players. */
export interface LeafTable {
  /** shapley[k * count + p]: Shapley value of the k-th player of the twig for rows of pattern p */
  shapley: Float64Array
  /** pairs[at * count + p]: interaction index of players k < l of the twig, `at` counting (0, 1), (0, 2), ..., (1, 2), ... */
  pairs: Float64Array
}

/** Pairs of so many players. */
export const pairsOf = (players: number): number => (players * (players - 1)) / 2

/** Position of the pair k < l among those of n players. */
export const pairAt = (n: number, k: number, l: number): number => (k * (2 * n - k - 1)) / 2 + l - k - 1

/** Makes room for `count` patterns of so many players, all 0. */
export const clearTable = (table: LeafTable, players: number, count: number): void => {
  const cells = players * count
  if (table.shapley.length < cells) table.shapley = new Float64Array(2 * cells)
  else table.shapley.fill(0, 0, cells)
  const pairCells = pairsOf(players) * count
  if (table.pairs.length < pairCells) table.pairs = new Float64Array(2 * pairCells)
  else table.pairs.fill(0, 0, pairCells)
}
