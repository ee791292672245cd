/**
 * Rows that take the columns of some players from one row and the others from another: what any model is asked when coalitions are sampled.
 * Batches are column after column: out[j * total + i] is column j of row i.
 */

/**
 * The way from a background row to the explained one along an order of players, and along its reverse; both ends, which all ways share, are
 * left out. Writes 2 x (players - 1) rows from `at` on: row at + t - 1 knows the first t players of the order, row
 * at + players - 1 + t - 1 the last t.
 * @param place place of each player in the order
 * @param known the row whose columns a coalition brings, a number a column
 * @param unknown the row that stands for the others
 */
export const waysOfOrder = (
  out: Float64Array,
  total: number,
  at: number,
  known: Float64Array,
  unknown: Float64Array,
  playerOfColumn: Int32Array,
  place: Int32Array,
): void => {
  const inner = place.length - 1
  for (let j = 0; j < playerOfColumn.length; j++) {
    const q = place[playerOfColumn[j]!]!
    const to = j * total + at
    // There the player is in from t = q + 1 on, on the way back from t = players - q on.
    out.fill(unknown[j]!, to, to + 2 * inner)
    out.fill(known[j]!, to + q, to + inner)
    out.fill(known[j]!, to + inner + (inner - q), to + 2 * inner)
  }
}

/**
 * One row of a coalition.
 * @param inside 1 for players whose columns are those of `known`
 */
export const rowOfCoalition = (
  out: Float64Array,
  total: number,
  at: number,
  known: Float64Array,
  unknown: Float64Array,
  playerOfColumn: Int32Array,
  inside: Uint8Array,
): void => {
  for (let j = 0; j < playerOfColumn.length; j++)
    out[j * total + at] = inside[playerOfColumn[j]!] ? known[j]! : unknown[j]!
}
