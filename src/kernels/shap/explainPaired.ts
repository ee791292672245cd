import { GlasscoreError } from '../../util/errors.ts'
import { stretches } from '../numbers/stretches.ts'
import type { Pool, PoolRun } from '../pool.ts'
import { decodeRows, rowsOf, sharedRows, type TreeRows } from '../trees/rankRows.ts'
import type { TreeArrays } from '../trees/tree.ts'
import type { PairedValues } from './pairedTrees.ts'

/** Pairs of a row and a background row in one part: progress moves and a signal is heard between parts. */
const PART_PAIRS = 200

/** Trees and a game on them. */
export interface PairedGame {
  trees: readonly TreeArrays[]
  /** for every column the player that owns it, 0..players-1 */
  playerOfColumn: Int32Array
  players: number
}

/**
 * Interventional Shapley values of the sum of all trees, on a pool, with the spread over the background rows (pairedTrees.ts). No limit to the
 * players on a path; time grows as rows x background rows.
 * @returns of all rows of `source`; the same bytes for any number of threads and however rows are cut
 * @throws GlasscoreError('data') for a background without rows
 */
export const explainPairedOn = async (
  { trees, playerOfColumn, players }: PairedGame,
  background: TreeRows,
  source: TreeRows,
  pool: Pool,
  options?: PoolRun,
): Promise<PairedValues> => {
  const others = rowsOf(background)
  if (others === 0) throw new GlasscoreError('data', 'the background has no rows', { expected: 'at least 1' })
  const rows = rowsOf(source)
  const numbers = (of: TreeRows) => {
    const held = 'binned' in of ? decodeRows(of.binned) : of
    return sharedRows(held, pool.threads) as typeof held
  }
  const job = { trees, playerOfColumn, players, background: numbers(background), source: numbers(source) }
  const parts = stretches(0, rows, Math.max(1, Math.floor(PART_PAIRS / others)))
  const whole = { means: new Float64Array(players * rows), deviations: new Float64Array(players * rows) }
  const place = ({ means, deviations }: PairedValues, part: number): void => {
    const { from, to } = parts[part]!
    const count = to - from
    for (let j = 0; j < players; j++) {
      whole.means.set(means.subarray(j * count, (j + 1) * count), j * rows + from)
      whole.deviations.set(deviations.subarray(j * count, (j + 1) * count), j * rows + from)
    }
  }
  await pool.runEach('pairedTrees', job, parts, place, options)
  return whole
}
