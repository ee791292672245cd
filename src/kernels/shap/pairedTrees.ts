/**
 * Interventional tree SHAP against one background row after the other (Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9, algorithm 3), for
 * any number of players on a path. Time grows as rows x background rows: for trees that leafGame.ts does not hold, and few background rows.
 * As every background row has values of its own, their spread says how far a drawn background may be from the one that it was drawn of.
 *
 * A row and a background row go down a tree together. Where they part, the player of the split takes sides: the leaves on the row's side
 * count for coalitions that hold the player, those on the other side for coalitions without it. A leaf of value v with p players on the
 * row's side and n on the other gives (p - 1)! n! / (p + n)! v to each of the p, and takes p! (n - 1)! / (p + n)! v from each of the n.
 */
import { categoryGoesLeft, setOfNode } from '../trees/categories.ts'
import type { NumberRows } from '../trees/rankRows.ts'
import type { TreeArrays } from '../trees/tree.ts'

/** What all parts of a job read. */
export interface PairedRows {
  readonly trees: readonly TreeArrays[]
  /** player of every column, 0..players-1 */
  readonly playerOfColumn: Int32Array
  readonly players: number
  readonly background: NumberRows
  readonly source: NumberRows
}

/** Values of some rows, players x rows, player-major. */
export interface PairedValues {
  /** means over the background rows: Shapley values of the sum of all trees */
  readonly means: Float64Array
  /** sums of squared deviations from these means, over the background rows */
  readonly deviations: Float64Array
}

/** Weights of a leaf with p and n players on the two sides: at p * (players + 1) + n. */
const weightsOf = (players: number): { gives: Float64Array; takes: Float64Array } => {
  const width = players + 1
  const gives = new Float64Array(width * width)
  const takes = new Float64Array(width * width)
  for (let p = 1; p < width; p++) {
    let weight = 1 / p
    for (let n = 0; n < width; n++) {
      gives[p * width + n] = weight
      takes[n * width + p] = weight
      weight *= (n + 1) / (p + n + 1)
    }
  }
  return { gives, takes }
}

const goesLeft = (tree: TreeArrays, node: number, x: number): boolean => {
  const lean = tree.defaultLeft[node] === 1
  const set = setOfNode(tree, node)
  return set >= 0 ? categoryGoesLeft(tree.sets!, set, x, lean) : x <= tree.threshold[node]! || (lean && Number.isNaN(x))
}

/**
 * A task for the pool: rows from..to-1 of `source`. What a row gets depends on the trees, the background and the row alone.
 */
export const pairedTrees = (
  { trees, playerOfColumn, players, background, source }: PairedRows,
  { from, to }: { from: number; to: number },
): PairedValues => {
  const count = to - from
  const means = new Float64Array(players * count)
  const deviations = new Float64Array(players * count)
  const width = players + 1
  const { gives, takes } = weightsOf(players)
  /** 0: the player has not taken sides; 1: the row's; 2: that of the background row */
  const side = new Uint8Array(players)
  const values = new Float64Array(players)
  // Of the subtree that was visited last: what its leaves give to a player on the row's side, and take from one on the other.
  let given = 0
  let taken = 0
  let row = 0
  let other = 0

  const visit = (tree: TreeArrays, node: number, p: number, n: number): void => {
    const left = tree.childrenLeft[node]!
    if (left < 0) {
      const value = tree.value[node]!
      given = value * gives[p * width + n]!
      taken = value * takes[p * width + n]!
      return
    }
    const column = tree.feature[node]!
    const right = tree.childrenRight[node]!
    const own = goesLeft(tree, node, source.values[column * source.rows + row]!) ? left : right
    const others = goesLeft(tree, node, background.values[column * background.rows + other]!) ? left : right
    const player = playerOfColumn[column]!
    if (own === others || side[player] === 1) {
      visit(tree, own, p, n)
      return
    }
    if (side[player] === 2) {
      visit(tree, others, p, n)
      return
    }
    side[player] = 1
    visit(tree, own, p + 1, n)
    const [ownGiven, ownTaken] = [given, taken]
    side[player] = 2
    visit(tree, others, p, n + 1)
    side[player] = 0
    values[player]! += ownGiven - taken
    given += ownGiven
    taken += ownTaken
  }

  for (let r = 0; r < count; r++) {
    row = from + r
    for (other = 0; other < background.rows; other++) {
      values.fill(0)
      for (const tree of trees) visit(tree, 0, 0, 0)
      for (let j = 0; j < players; j++) {
        // Welford: no difference of large sums.
        const at = j * count + r
        const step = values[j]! - means[at]!
        means[at]! += step / (other + 1)
        deviations[at]! += step * (values[j]! - means[at]!)
      }
    }
  }
  return { means, deviations }
}
