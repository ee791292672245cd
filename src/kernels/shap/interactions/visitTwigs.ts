/**
 * Leaves of a tree one after the other, each with what decides there: the players on its path, and the patterns in which rows meet their
 * conditions. In the game of one leaf a player matters only through "all of my conditions hold", so rows of one pattern get the same from
 * it. Both leaves of a split have the same players, so what they give is looked up together: a twig.
 */
import { GlasscoreError } from '../../../util/errors.ts'
import type { TreeArrays } from '../../trees/tree.ts'
import { coverRatio } from '../coverRatio.ts'
import { addDecision, type RowPatterns, rowPatterns, startPatterns } from '../rowPatterns.ts'
import { decideNode, type MatrixRows } from './decideNode.ts'

/** One leaf of a twig. */
export interface TwigLeaf {
  /** position among the leaves of the tree, from left to right */
  readonly leaf: number
  readonly value: number
  /** of each player of the twig the product of the cover ratios of its edges */
  readonly ratios: readonly number[]
  /** met[k * count + p]: 1 where rows of pattern p meet all conditions of players[k] for this leaf */
  readonly met: Uint8Array
}

/** Both leaves of a split, or a leaf whose neighbor is a split, and the rows at hand; valid until the next one. */
export interface Twig {
  /** players that own a split on the path, each once, in the order of their first edge */
  readonly players: readonly number[]
  /** distinct patterns among the rows */
  readonly count: number
  /** pattern of each row */
  readonly of: Int32Array
  readonly leaves: readonly TwigLeaf[]
}

/** Longer paths are refused: no tree fitted to data comes near, and the walk is recursive. */
const DEPTH_LIMIT = 1000

/**
 * Edges on the longest path.
 * @throws GlasscoreError('model') for a tree deeper than 1000 levels
 */
export const depthOf = ({ childrenLeft, childrenRight }: TreeArrays): number => {
  let deepest = 0
  const open: [node: number, level: number][] = [[0, 0]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, level] = next
    if (level > DEPTH_LIMIT)
      throw new GlasscoreError('model', 'a tree is too deep to explain', { expected: `at most ${DEPTH_LIMIT} levels` })
    deepest = Math.max(deepest, level)
    if (childrenLeft[node]! >= 0) open.push([childrenRight[node]!, level + 1], [childrenLeft[node]!, level + 1])
  }
  return deepest
}

/**
 * Calls `visit` for every twig, from left to right.
 * @param playerOfColumn whose each column is, 0 .. players - 1
 * @param from first row; at least one before `to`
 */
export const visitTwigs = (
  tree: TreeArrays,
  { playerOfColumn, players }: { playerOfColumn: Int32Array; players: number },
  matrix: MatrixRows,
  { from, to }: { from: number; to: number },
  visit: (twig: Twig) => void,
): void => {
  const { childrenLeft, childrenRight } = tree
  const rows = to - from
  const depth = depthOf(tree)
  // By level of the path: decisions of the rows at its node, patterns of the decisions above it, whose split it is and where the path goes.
  const decisions = new Uint8Array(depth * rows)
  const above = Array.from({ length: depth + 1 }, () => rowPatterns(rows))
  const slotAt = new Int32Array(depth)
  const leftAt = new Uint8Array(depth)
  const scratch = new Int32Array(2 * rows)
  const mergedOf = new Int32Array(rows)
  const mergedExample = new Int32Array(rows)
  const merged = new Int32Array(rows)
  const slotOf = new Int32Array(players).fill(-1)
  const owners: number[] = []
  const ratios: number[] = []
  let leaves = 0

  /** The leaf at the end of the path. */
  const leafAt = (node: number, level: number): TwigLeaf => {
    const { count, example } = above[level]!
    const met = new Uint8Array(owners.length * count).fill(1)
    for (let e = 0; e < level; e++) {
      const at = slotAt[e]! * count
      const other = 1 - leftAt[e]!
      for (let p = 0; p < count; p++) met[at + p]! &= decisions[e * rows + example[p]!]! ^ other
    }
    return { leaf: leaves++, value: tree.value[node]!, ratios: ratios.slice(), met }
  }

  /** Hands over leaves at `level`. Patterns of decisions that come to the same for every player are made one. */
  const hand = (level: number, found: TwigLeaf[]): void => {
    const { of, count } = above[level]!
    if (owners.length === level) {
      visit({ players: owners, count, of, leaves: found })
      return
    }
    const alike: RowPatterns = { of: mergedOf.subarray(0, count), count: 1, example: mergedExample }
    startPatterns(alike)
    for (const { met } of found)
      for (let k = 0; k < owners.length; k++) addDecision(alike, met, k * count, alike, scratch)
    for (let r = 0; r < rows; r++) merged[r] = alike.of[of[r]!]!
    const kept = found.map((leaf) => {
      const met = new Uint8Array(owners.length * alike.count)
      for (let k = 0; k < owners.length; k++)
        for (let p = 0; p < alike.count; p++) met[k * alike.count + p] = leaf.met[k * count + alike.example[p]!]!
      return { ...leaf, met }
    })
    visit({ players: owners, count: alike.count, of: merged, leaves: kept })
  }

  const isLeaf = (node: number): boolean => childrenLeft[node]! < 0

  const walk = (node: number, level: number): void => {
    if (isLeaf(node)) {
      hand(level, [leafAt(node, level)])
      return
    }
    decideNode(tree, node, matrix, from, rows, decisions, level * rows)
    addDecision(above[level]!, decisions, level * rows, above[level + 1]!, scratch)
    const player = playerOfColumn[tree.feature[node]!]!
    const fresh = slotOf[player]! < 0
    if (fresh) {
      slotOf[player] = owners.length
      owners.push(player)
      ratios.push(1)
    }
    const slot = slotOf[player]!
    const before = ratios[slot]!
    slotAt[level] = slot
    const children = [childrenLeft[node]!, childrenRight[node]!] as const
    const turn = (side: 0 | 1): number => {
      leftAt[level] = 1 - side
      ratios[slot] = before * coverRatio(tree, node, children[side])
      return children[side]
    }
    if (children.every(isLeaf)) hand(level + 1, [leafAt(turn(0), level + 1), leafAt(turn(1), level + 1)])
    else {
      walk(turn(0), level + 1)
      walk(turn(1), level + 1)
    }
    ratios[slot] = before
    if (fresh) {
      slotOf[player] = -1
      owners.pop()
      ratios.pop()
    }
  }

  startPatterns(above[0]!)
  walk(0, 0)
}
