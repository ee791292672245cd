/**
 * Exact interventional tree SHAP, readable: the twin of the compiled kernels (interventionalPart.ts). The mathematics is in leafGame.ts.
 *
 * Rows and background rows go down a tree together; each carries the set of players that it has failed so far. At a leaf the background
 * is counted by these sets, and what the leaf gives to a row is read off by the row's set. Time grows as rows + background.
 */
import { categoryGoesLeft, setOfNode } from '../trees/categories.ts'
import type { NumberRows } from '../trees/rankRows.ts'
import type { TreeArrays } from '../trees/tree.ts'
import { leafGame } from './leafGame.ts'

/** What all parts of a job read. */
export interface InterventionalRows {
  readonly trees: readonly TreeArrays[]
  /** player of every column, 0..players-1 */
  readonly playerOfColumn: Int32Array
  readonly players: number
  readonly background: NumberRows
  readonly source: NumberRows
  /** rows of `source` that are explained: from..to-1 */
  readonly from: number
  readonly to: number
}

/** Sets of failed players after a split, of rows that go left and of rows that go right there: a row fails on the other side. */
const afterSplit = (
  tree: TreeArrays,
  node: number,
  { values, rows }: NumberRows,
  from: number,
  failed: Int32Array,
  bit: number,
): { left: Int32Array; right: Int32Array } => {
  const at = tree.feature[node]! * rows + from
  const threshold = tree.threshold[node]!
  const lean = tree.defaultLeft[node] === 1
  const set = setOfNode(tree, node)
  const left = failed.slice()
  const right = failed.slice()
  for (let r = 0; r < failed.length; r++) {
    const x = values[at + r]!
    const goesLeft = set >= 0 ? categoryGoesLeft(tree.sets!, set, x, lean) : x <= threshold || (lean && Number.isNaN(x))
    if (goesLeft) right[r]! |= bit
    else left[r]! |= bit
  }
  return { left, right }
}

/**
 * A task for the pool: Shapley values of the sum of some trees for rows from..to-1.
 * @returns players x (to - from), player-major. Trees and leaves are added in their order, so what a row gets does not depend on the others
 */
export const interventionalTrees = (
  { trees, playerOfColumn, players, background, source, from, to }: InterventionalRows,
  { firstTree, endTree }: { firstTree: number; endTree: number },
): Float64Array => {
  const count = to - from
  const phi = new Float64Array(players * count)
  // Players of the path at hand, in the order in which they come; the bit of a player is its position here.
  const path: number[] = []

  const addLeaf = (value: number, failed: Int32Array, missed: Int32Array): void => {
    const counts = new Int32Array(1 << path.length)
    for (const set of missed) counts[set]!++
    const { keep, lose } = leafGame(counts, path.length, background.rows)
    path.forEach((player, slot) => {
      const bit = 1 << slot
      const at = player * count
      for (let r = 0; r < count; r++) phi[at + r]! += value * (keep[failed[r]!]! - lose[failed[r]! | bit]!)
    })
  }

  const visit = (tree: TreeArrays, node: number, failed: Int32Array, missed: Int32Array): void => {
    if (tree.childrenLeft[node]! < 0) {
      addLeaf(tree.value[node]!, failed, missed)
      return
    }
    const player = playerOfColumn[tree.feature[node]!]!
    const known = path.indexOf(player)
    if (known < 0) path.push(player)
    const bit = 1 << (known < 0 ? path.length - 1 : known)
    const rows = afterSplit(tree, node, source, from, failed, bit)
    const others = afterSplit(tree, node, background, 0, missed, bit)
    visit(tree, tree.childrenLeft[node]!, rows.left, others.left)
    visit(tree, tree.childrenRight[node]!, rows.right, others.right)
    if (known < 0) path.pop()
  }

  for (let k = firstTree; k < endTree; k++) visit(trees[k]!, 0, new Int32Array(count), new Int32Array(background.rows))
  return phi
}
