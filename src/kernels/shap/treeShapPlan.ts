/**
 * What `treeShap` needs of an ensemble and a game, computed once: which player each split belongs to, and the constants of
 * every edge at the points of the quadrature. See treeShap.ts for the mathematics.
 *
 * A plan is numbers on shared memory where there is any, so worker threads read it without a copy.
 */
import { GlasscoreError } from '../../util/errors.ts'
import { sharedBuffer } from '../memory/share.ts'
import { gaussLegendre } from '../numbers/gaussLegendre.ts'
import { setOfNode } from '../trees/categories.ts'
import { type TreeArrays, WORDS_OF_SET } from '../trees/tree.ts'
import { coverRatio } from './coverRatio.ts'

/** Nodes of all trees in one list; node i of tree k is `roots[k] + i`. */
export interface TreeShapPlan {
  readonly players: number
  /** sum over trees of the value expected when nothing is known: leaf values weighted by products of cover ratios */
  readonly expectedValue: number
  /** first node of each tree, and at the end the number of nodes */
  readonly roots: Int32Array
  /** children by position in the list of all nodes, -1 at a leaf */
  readonly left: Int32Array
  readonly right: Int32Array
  readonly feature: Int32Array
  readonly threshold: Float64Array
  readonly defaultLeft: Uint8Array
  /** position of each node's set of categories in `sets`, -1 at numeric splits and leaves */
  readonly categorySet: Int32Array
  readonly sets: Uint32Array
  /** player of the column a node splits on, -1 at a leaf */
  readonly player: Int32Array
  /** level of the nearest edge above that belongs to the same player; 0 (the root, above all edges) when there is none */
  readonly previousLevel: Int32Array
  /** quadrature points of each tree, and where its weights begin */
  readonly points: Int32Array
  readonly weights: Float64Array
  readonly weightsFrom: Int32Array
  /** where the constants of the edge into a node begin: six rows of `points` numbers, see `edgeConstants` */
  readonly constants: Float64Array
  readonly constantsFrom: Float64Array
  /** 1 at the root of every piece of a tree that is explained as a whole, see `markPieces` */
  readonly piece: Uint8Array
  /** edges on the longest path, most quadrature points of a tree */
  readonly maxDepth: number
  /** nodes of the largest tree */
  readonly maxNodes: number
  readonly maxPoints: number
}

/** Paths longer than this are refused: no tree fitted to data comes near, and the traversal is recursive. */
const DEPTH_LIMIT = 1000

/**
 * Most decisions that the points of one piece may depend on, as long as pieces can be cut smaller. Larger pieces mean fewer
 * sums a row but more patterns to work out; 10 was fastest on forests of depth 10 for parts of some thousand rows. Results change
 * in their last digits with it, so it is fixed.
 */
const PIECE_DECISIONS = 10

const floats = (n: number): Float64Array => new Float64Array(sharedBuffer(8 * n))
const integers = (n: number): Int32Array => new Int32Array(sharedBuffer(4 * n))

/** Depth of a tree in edges and the most distinct players on a path, found before the constants are laid out. */
const measure = (tree: TreeArrays, playerOfColumn: Int32Array, players: number): { depth: number; unique: number } => {
  const seen = new Int32Array(players)
  let depth = 0
  let unique = 0
  const visit = (node: number, level: number, distinct: number): void => {
    if (level > DEPTH_LIMIT)
      throw new GlasscoreError('model', 'a tree is too deep to explain', {
        expected: `at most ${DEPTH_LIMIT} levels`,
      })
    if (tree.childrenLeft[node]! < 0) {
      depth = Math.max(depth, level)
      unique = Math.max(unique, distinct)
      return
    }
    const player = playerOfColumn[tree.feature[node]!]!
    const next = seen[player]! === 0 ? distinct + 1 : distinct
    seen[player]!++
    visit(tree.childrenLeft[node]!, level + 1, next)
    visit(tree.childrenRight[node]!, level + 1, next)
    seen[player]!--
  }
  visit(0, 0, 0)
  return { depth, unique }
}

/**
 * Constants of one edge at the points t. The player's state on the path before the edge is (o, before), after it
 * (o and this edge's condition, after), where before and after are products of cover ratios; w(o, z) = o t + z (1 - t).
 *
 *     row  o before, after    factor w'/w               [(o' - z')/w' - (o - z)/w]
 *      0      0, 0            after / before             0
 *      1      1, 0            after (1 - t) / w          -1 / (1 - t) - (1 - before) / w
 *      2      1, 1            w' / w                     (1 - after) / w' - (1 - before) / w
 *
 * Rows 0-2 hold the factors, 3-5 the bracket. A player new on the path has before = 1, so w = 1 and its old term is 0.
 * With o = 0, (o - z)/w = -1/(1 - t) whatever z is; that also covers z = 0, where the factor is 0 and the term vanishes.
 */
const edgeConstants = (out: Float64Array, from: number, points: Float64Array, before: number, after: number): void => {
  const k = points.length
  for (let q = 0; q < k; q++) {
    const t = points[q]!
    const was = t + before * (1 - t)
    const is = t + after * (1 - t)
    out[from + q] = before > 0 ? after / before : 0
    out[from + k + q] = (after * (1 - t)) / was
    out[from + 2 * k + q] = is / was
    out[from + 3 * k + q] = 0
    out[from + 4 * k + q] = -1 / (1 - t) - (1 - before) / was
    out[from + 5 * k + q] = (1 - after) / is - (1 - before) / was
  }
}

/**
 * Prepares an ensemble for one game.
 *
 * @param trees fitted trees (their sum is explained; divide for a mean)
 * @param playerOfColumn for every column of the matrix the player that owns it, 0..players-1: the column itself, or its
 *   factor, or its dimension
 * @param players number of players
 * @throws GlasscoreError('model') for a tree deeper than 1000 levels
 */
export const planTreeShap = (
  trees: readonly TreeArrays[],
  playerOfColumn: Int32Array,
  players: number,
): TreeShapPlan => {
  const sizes = trees.map((tree) => measure(tree, playerOfColumn, players))
  const nodes = trees.reduce((sum, tree) => sum + tree.value.length, 0)
  const pointsOf = sizes.map((size) => Math.max(1, Math.ceil(size.unique / 2)))
  const plan = {
    players,
    expectedValue: 0,
    roots: integers(trees.length + 1),
    left: integers(nodes),
    right: integers(nodes),
    feature: integers(nodes),
    threshold: floats(nodes),
    defaultLeft: new Uint8Array(sharedBuffer(nodes)),
    categorySet: integers(nodes).fill(-1),
    sets: new Uint32Array(sharedBuffer(4 * trees.reduce((sum, tree) => sum + (tree.sets?.length ?? 0), 0))),
    player: integers(nodes),
    piece: new Uint8Array(sharedBuffer(nodes)),
    previousLevel: integers(nodes),
    points: integers(trees.length),
    weights: floats(pointsOf.reduce((sum, k) => sum + k, 0)),
    weightsFrom: integers(trees.length),
    constants: floats(trees.reduce((sum, tree, k) => sum + 6 * pointsOf[k]! * tree.value.length, 0)),
    constantsFrom: floats(nodes),
    maxDepth: sizes.reduce((most, size) => Math.max(most, size.depth), 0),
    maxNodes: trees.reduce((most, tree) => Math.max(most, tree.value.length), 0),
    maxPoints: pointsOf.reduce((most, k) => Math.max(most, k), 1),
  }
  let constantsUsed = 0
  let weightsUsed = 0
  let setsUsed = 0
  trees.forEach((tree, k) => {
    const root = plan.roots[k]!
    const count = tree.value.length
    plan.roots[k + 1] = root + count
    const { points, weights } = gaussLegendre(pointsOf[k]!)
    plan.points[k] = points.length
    plan.weightsFrom[k] = weightsUsed
    plan.weights.set(weights, weightsUsed)
    weightsUsed += points.length
    for (let i = 0; i < count; i++) {
      const leaf = tree.childrenLeft[i]! < 0
      plan.left[root + i] = leaf ? -1 : root + tree.childrenLeft[i]!
      plan.right[root + i] = leaf ? -1 : root + tree.childrenRight[i]!
      plan.player[root + i] = leaf ? -1 : playerOfColumn[tree.feature[i]!]!
      const set = setOfNode(tree, i)
      if (set >= 0) plan.categorySet[root + i] = setsUsed / WORDS_OF_SET + set
      plan.constantsFrom[root + i] = constantsUsed + 6 * points.length * i
    }
    plan.sets.set(tree.sets ?? [], setsUsed)
    setsUsed += tree.sets?.length ?? 0
    plan.feature.set(tree.feature, root)
    plan.threshold.set(tree.threshold, root)
    plan.defaultLeft.set(tree.defaultLeft, root)
    constantsUsed += 6 * points.length * count
    plan.expectedValue += layConstants(plan, tree, root, points)
    markPieces(plan.piece.subarray(root, root + count), tree)
  })
  return plan
}

type OpenPlan = Pick<TreeShapPlan, 'players' | 'player' | 'previousLevel' | 'constants' | 'constantsFrom'>

/** Fills previous levels and constants of one tree; returns its expected value. */
const layConstants = (plan: OpenPlan, tree: TreeArrays, root: number, points: Float64Array): number => {
  const k = points.length
  // The state of each player on the path from the root to the node at hand.
  const levelOf = new Int32Array(plan.players)
  const ratioOf = new Float64Array(plan.players).fill(1)
  const visit = (node: number, level: number, reach: number): number => {
    if (tree.childrenLeft[node]! < 0) {
      // A leaf's value is folded into the factors of its edge.
      const from = plan.constantsFrom[root + node]!
      for (let q = 0; q < 3 * k; q++) plan.constants[from + q]! *= tree.value[node]!
      return tree.value[node]! * reach
    }
    const player = plan.player[root + node]!
    const level0 = levelOf[player]!
    const before = ratioOf[player]!
    plan.previousLevel[root + node] = level0
    levelOf[player] = level + 1
    let expected = 0
    for (const child of [tree.childrenLeft[node]!, tree.childrenRight[node]!]) {
      const ratio = coverRatio(tree, node, child)
      ratioOf[player] = before * ratio
      edgeConstants(plan.constants, plan.constantsFrom[root + child]!, points, before, before * ratio)
      expected += visit(child, level + 1, reach * ratio)
    }
    levelOf[player] = level0
    ratioOf[player] = before
    return expected
  }
  return visit(0, 0, 1)
}

/**
 * Cuts a tree into pieces. What the leaves of a subtree add to a row depends on the decisions above the subtree and inside it,
 * and on nothing else of the row; a piece is a largest subtree where these are at most PIECE_DECISIONS, or one with a
 * single split, or a leaf. Every leaf is in exactly one piece.
 */
const markPieces = (piece: Uint8Array, tree: TreeArrays): void => {
  const splits = new Int32Array(tree.value.length)
  // Children come after their parents: from the end, both are counted before the node itself.
  for (let i = tree.value.length - 1; i >= 0; i--)
    if (tree.childrenLeft[i]! >= 0) splits[i] = 1 + splits[tree.childrenLeft[i]!]! + splits[tree.childrenRight[i]!]!
  const visit = (node: number, level: number): void => {
    if (splits[node]! <= 1 || level + splits[node]! <= PIECE_DECISIONS) piece[node] = 1
    else {
      visit(tree.childrenLeft[node]!, level + 1)
      visit(tree.childrenRight[node]!, level + 1)
    }
  }
  visit(0, 0)
}
