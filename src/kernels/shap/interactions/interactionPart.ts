/**
 * Pairwise SHAP interaction values of some rows (Lundberg et al., doi:10.1038/s42256-019-0138-9), exact. The interaction index of two players is
 *
 *     I_ij = sum over coalitions S without both of |S|! (n - |S| - 2)! / (n - 1)! times f(S + i + j) - f(S + i) - f(S + j) + f(S)
 *
 * and the values are phi_ij = phi_ji = I_ij / 2, with main effects phi_ii = phi_i - sum of the others: rows of the matrix add up to the Shapley
 * values phi_i. An ensemble is a sum of leaves, and index and value are linear in the game, so each leaf is worked out on its own, once a pattern
 * of conditions met (coverTable.ts, backgroundTable.ts), and rows look up what is theirs.
 */
import { backgroundTable } from './backgroundTable.ts'
import { coverTable } from './coverTable.ts'
import type { MatrixRows } from './decideNode.ts'
import { clearTable, type LeafTable } from './leafTable.ts'
import type { InteractionPlan } from './planInteractions.ts'
import { triangleAt, triangleSize } from './triangle.ts'
import { type Twig, visitTwigs } from './visitTwigs.ts'

export interface InteractionJob {
  plan: InteractionPlan
  matrix: MatrixRows
  /**
   * values: of all pairs, main effects among them, triangle x rows (triangle.ts, of the owners used). sums: the sums over the rows of their
   * absolute values, a triangle. pairs: of chosen pairs, pairs x rows
   */
  wanted: 'values' | 'sums' | 'pairs'
  /** chosen pairs: two different positions in `used` each, one pair after the other; no pair twice, in either order */
  pairs: Int32Array
}

/** Adds to rows what their patterns have in a table. */
const lookUp = (out: Float64Array, to: number, table: Float64Array, at: number, of: Int32Array, rows: number): void => {
  for (let r = 0; r < rows; r++) out[to + r]! += table[at + of[r]!]!
}

/** A task for the pool: what `wanted` says, for rows from .. to - 1; they depend on no other rows. */
export const interactionPart = (
  { plan, matrix, wanted, pairs }: InteractionJob,
  { from, to }: { from: number; to: number },
): Float64Array => {
  const { ownerOf, background } = plan
  const owners = plan.used.length
  const rows = to - from
  const chosen = wanted === 'pairs'
  const size = chosen ? pairs.length / 2 : triangleSize(owners)
  const indices = new Float64Array(size * rows)
  const shapley = new Float64Array(chosen ? 0 : owners * rows)
  if (rows === 0) return wanted === 'sums' ? new Float64Array(size) : indices
  // Where the index of two owners is added up; -1: it is not asked for, or both are one.
  const placeOf = new Int32Array(owners * owners).fill(-1)
  const place = (i: number, j: number, at: number): void => {
    placeOf[i * owners + j] = at
    placeOf[j * owners + i] = at
  }
  if (chosen) for (let k = 0; k < size; k++) place(pairs[2 * k]!, pairs[2 * k + 1]!, k)
  else for (let i = 0; i < owners; i++) for (let j = 0; j < i; j++) place(i, j, triangleAt(owners, i, j))

  const table: LeafTable = { shapley: new Float64Array(0), pairs: new Float64Array(0) }
  const isAsked = (players: readonly number[]): boolean =>
    players.some((a, k) => players.some((b, l) => l < k && placeOf[ownerOf[a]! * owners + ownerOf[b]!]! >= 0))

  const addTwig = ({ players, count, of }: Twig): void => {
    let at = 0
    for (let k = 0; k < players.length; k++) {
      const owner = ownerOf[players[k]!]!
      if (!chosen) lookUp(shapley, owner * rows, table.shapley, k * count, of, rows)
      for (let l = k + 1; l < players.length; l++, at += count) {
        const to = placeOf[owner * owners + ownerOf[players[l]!]!]!
        if (to >= 0) lookUp(indices, to * rows, table.pairs, at, of, rows)
      }
    }
  }

  plan.trees.forEach((tree, k) => {
    visitTwigs(tree, plan, matrix, { from, to }, (twig) => {
      const { players, count, leaves } = twig
      if (chosen && !isAsked(players)) return
      clearTable(table, players.length, count)
      for (const leaf of leaves)
        if (background) {
          const position = background.leavesFrom[k]! + leaf.leaf
          backgroundTable(leaf, count, background, position, plan.beta, plan.betaSize, table)
        } else coverTable(leaf, count, table)
      addTwig(twig)
    })
  })
  for (let i = 0; i < indices.length; i++) indices[i]! *= 0.5
  if (chosen) return indices
  placeMainEffects(indices, shapley, owners, rows)
  return wanted === 'values' ? indices : absoluteSums(indices, size, rows)
}

/** phi_ii = phi_i - sum over j != i of phi_ij. */
const placeMainEffects = (values: Float64Array, shapley: Float64Array, owners: number, rows: number): void => {
  for (let i = 0; i < owners; i++) {
    const main = triangleAt(owners, i, i) * rows
    for (let r = 0; r < rows; r++) values[main + r] = shapley[i * rows + r]!
    for (let j = 0; j < owners; j++) {
      if (j === i) continue
      const at = triangleAt(owners, i, j) * rows
      for (let r = 0; r < rows; r++) values[main + r]! -= values[at + r]!
    }
  }
}

const absoluteSums = (values: Float64Array, size: number, rows: number): Float64Array => {
  const sums = new Float64Array(size)
  for (let pair = 0; pair < size; pair++)
    for (let r = 0; r < rows; r++) sums[pair]! += Math.abs(values[pair * rows + r]!)
  return sums
}
