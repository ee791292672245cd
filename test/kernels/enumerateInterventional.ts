/** The slow twin of interventional tree SHAP: every coalition, every background row. */
import { sumTrees } from '../../src/kernels/trees/applyTree.ts'
import type { TreeArrays } from '../../src/kernels/trees/tree.ts'

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))

/** A game on rows, by its definition. */
export interface InterventionalJob {
  trees: readonly TreeArrays[]
  player: Int32Array
  players: number
  /** column-major */
  values: Float64Array
  rows: number
  background: Float64Array
  backgroundRows: number
}

/**
 * The value of a coalition is the mean output of the row with the columns of all others taken from a background row; Shapley values by their
 * definition, over all 2^players coalitions.
 * @returns the value of the empty coalition, and players x rows
 */
export const enumerateInterventional = (job: InterventionalJob): { base: number; phi: Float64Array } => {
  const { trees, player, players, values, rows, background, backgroundRows } = job
  const phi = new Float64Array(players * rows)
  let base = 0
  const hybrids = new Float64Array(player.length * backgroundRows)
  for (let i = 0; i < rows; i++) {
    const worth = Array.from({ length: 1 << players }, (_, coalition) => {
      player.forEach((owner, j) => {
        for (let z = 0; z < backgroundRows; z++)
          hybrids[j * backgroundRows + z] =
            (coalition >> owner) & 1 ? values[j * rows + i]! : background[j * backgroundRows + z]!
      })
      return sumTrees(trees, hybrids, backgroundRows).reduce((a, b) => a + b, 0) / backgroundRows
    })
    base = worth[0]!
    for (let p = 0; p < players; p++)
      worth.forEach((value, coalition) => {
        if ((coalition >> p) & 1) return
        const size = coalition.toString(2).replaceAll('0', '').length
        const weight = (factorial(size) * factorial(players - size - 1)) / factorial(players)
        phi[p * rows + i]! += weight * (worth[coalition | (1 << p)]! - value)
      })
  }
  return { base, phi }
}
