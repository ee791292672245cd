/**
 * Trees as the compiled tree SHAP reads them, 64 bytes a node (assembly/shapNodes.ts), and the choice between its two methods.
 *
 * Both are exact, and both are sums over the same edge constants (treeShap.ts). `tables` works a piece of a tree out for every pattern of
 * its decisions and looks rows up; `rows` traverses the tree for eight rows at a time. Tables cost more to build and less a row, and grow
 * as 2 ** decisions: they serve shallow trees and many rows. The choice depends on the tree and on the number of rows of the job, never on
 * threads or parts; the two differ in the last digits (some 1e-15 of the largest value), so one row alone and the same row in
 * a large job may too.
 */
import { gaussLegendre } from '../numbers/gaussLegendre.ts'
import type { RankedTrees } from '../trees/rankTrees.ts'
import type { TreeArrays } from '../trees/tree.ts'
import { coverRatio } from './coverRatio.ts'
import { choosePieces, type Pieces } from './shapPieces.ts'

/** Words of a node's record. */
export const RECORD_WORDS = 16

export interface TreeRecords {
  /** RECORD_WORDS a node */
  readonly words: Int32Array
  readonly nodes: number
  /** edges on the longest path; 0: a leaf alone, nothing to explain */
  readonly depth: number
  /** quadrature points */
  readonly points: number
  /** how the tree is cut for tables; absent: rows are traversed */
  readonly pieces?: Pieces
  /** nanoseconds a row, roughly: for cutting jobs into parts */
  readonly rowCost: number
  /** value expected when nothing is known */
  readonly expectedValue: number
}

/** Trees deeper than this are left to the readable kernels: the compiled traversal recurses on the stack of its thread. */
const DEPTH_LIMIT = 200

/** Tables are worth building for some hundred rows at the least; for fewer they are not considered. */
const FEW_ROWS = 64

/** Nanoseconds that a quadrature point of an edge takes a row. */
const POINT_ROW = 1.4

/**
 * @param playerOf player of every column, 0..players-1 (of those that own a split)
 * @param rows rows of the job
 * @returns undefined for a tree too deep for the compiled kernels
 */
export const treeRecords = (
  tree: TreeArrays,
  k: number,
  ranked: RankedTrees,
  playerOf: Int32Array,
  players: number,
  rows: number,
): TreeRecords | undefined => {
  const nodes = tree.value.length
  const words = new Int32Array(RECORD_WORDS * nodes)
  const doubles = new Float64Array(words.buffer)
  const splits = new Int32Array(nodes)
  const tests = ranked.tests[k]!
  const sets = ranked.setOf[k]
  for (let i = nodes - 1; i >= 0; i--) {
    const left = tree.childrenLeft[i]!
    const right = tree.childrenRight[i]!
    const at = RECORD_WORDS * i
    words[at] = tests[i]!
    // The address of the set is added when the sets have one; 0 stays for none.
    words[at + 1] = sets && sets[i]! >= 0 ? sets[i]! + 1 : 0
    words[at + 2] = left
    words[at + 3] = right
    doubles[at / 2 + 3] = tree.value[i]!
    if (left < 0) continue
    splits[i] = 1 + splits[left]! + splits[right]!
    words[at + 4] = playerOf[tree.feature[i]!]!
    doubles[(RECORD_WORDS * left) / 2 + 5] = coverRatio(tree, i, left)
    doubles[(RECORD_WORDS * right) / 2 + 5] = coverRatio(tree, i, right)
    words[at + 12] = splits[i]!
  }
  const levelOf = new Int32Array(players)
  const productOf = new Float64Array(players).fill(1)
  const walk = { depth: 0, unique: 0 }
  const visit = (node: number, level: number, distinct: number, reach: number): number => {
    walk.depth = Math.max(walk.depth, level)
    const left = tree.childrenLeft[node]!
    if (left < 0) {
      walk.unique = Math.max(walk.unique, distinct)
      return tree.value[node]! * reach
    }
    if (level >= DEPTH_LIMIT) {
      walk.depth = level + 1
      return 0
    }
    const at = RECORD_WORDS * node
    const player = words[at + 4]!
    const previous = levelOf[player]!
    const before = productOf[player]!
    words[at + 5] = previous
    doubles[at / 2 + 4] = before
    levelOf[player] = level + 1
    let expected = 0
    for (const child of [left, tree.childrenRight[node]!]) {
      const ratio = doubles[(RECORD_WORDS * child) / 2 + 5]!
      productOf[player] = before * ratio
      expected += visit(child, level + 1, previous === 0 ? distinct + 1 : distinct, reach * ratio)
    }
    levelOf[player] = previous
    productOf[player] = before
    return expected
  }
  const expectedValue = visit(0, 0, 0, 1)
  if (walk.depth > DEPTH_LIMIT) return undefined
  const points = Math.max(1, Math.ceil(walk.unique / 2))
  const plain = { words, nodes, depth: walk.depth, points, expectedValue }
  const work = (nodes - 1) * points
  const rowCost = work * POINT_ROW
  const pieces =
    rows < FEW_ROWS
      ? undefined
      : choosePieces(tree, splits, (node) => words[RECORD_WORDS * node + 4]!, points, walk.depth)
  if (!pieces || pieces.buildCost + rows * pieces.rowCost >= rows * rowCost) return { ...plain, rowCost }
  for (const root of pieces.roots) words[RECORD_WORDS * root + 13] = 1
  return { ...plain, pieces, rowCost: pieces.rowCost }
}

/** Points and weights of a rule, one after the other. */
export const ruleOf = (points: number): Float64Array => {
  const { points: t, weights } = gaussLegendre(points)
  const rule = new Float64Array(2 * points)
  rule.set(t)
  rule.set(weights, points)
  return rule
}
