/**
 * How a tree is cut into pieces for tables. What the leaves of a subtree give to a row depends on the decisions above the subtree and
 * inside it, and on nothing else of the row. A piece is a largest subtree where these are at most PIECE_DECISIONS, or one with a single
 * split, or a leaf; every leaf is in exactly one piece.
 */
import type { TreeArrays } from '../trees/tree.ts'

export interface Pieces {
  /** nodes */
  readonly roots: readonly number[]
  readonly tableBytes: number
  /** bytes that building them needs at most */
  readonly buildBytes: number
  /** nanoseconds, roughly */
  readonly buildCost: number
  readonly rowCost: number
}

/** Larger pieces mean fewer sums a row, but tables that no longer fit the caches. */
const PIECE_DECISIONS = 10
/** Levels that tables reach: patterns are 16 bits, and tables double with each. */
const MOST_LEVELS = 13
/** Tables of one tree beyond this are not worth their memory. */
const MOST_TABLE_BYTES = 64 * 2 ** 20

/** Nanoseconds: one sum of one row; one decision in one pattern of one row; one number of a table. */
const LOOKUP = 0.7
const DECISION = 0.06
const BUILD = 6

/**
 * @param splits splits in the subtree of each node
 * @returns undefined when the tree is too deep or its tables too large
 */
export const choosePieces = (
  tree: TreeArrays,
  splits: Int32Array,
  playerAt: (node: number) => number,
  points: number,
  depth: number,
): Pieces | undefined => {
  if (depth > MOST_LEVELS || depth === 0) return undefined
  const roots: number[] = []
  const path: number[] = []
  let tableBytes = 0
  let buildBytes = 0
  let lookups = 0
  let decisions = 0
  const addPlayers = (node: number, into: Set<number>): void => {
    if (tree.childrenLeft[node]! < 0) return
    into.add(playerAt(node))
    addPlayers(tree.childrenLeft[node]!, into)
    addPlayers(tree.childrenRight[node]!, into)
  }
  /** Bytes on the stack of blocks while a subtree is worked out, and those that stay (grow in assembly/shapTables.ts). */
  const blockBytes = (node: number, level: number): { peak: number; kept: number } => {
    const kept = 256 + (points + splits[node]! + 1) * 8 * 2 ** (level + splits[node]!)
    if (splits[node] === 0) return { peak: kept, kept }
    const left = blockBytes(tree.childrenLeft[node]!, level + 1)
    const right = blockBytes(tree.childrenRight[node]!, level + 1)
    return { peak: kept + Math.max(left.peak, left.kept + right.peak), kept }
  }
  const visit = (node: number, level: number): void => {
    if (tableBytes > MOST_TABLE_BYTES) return
    const bits = level + splits[node]!
    if (splits[node]! > 1 && bits > PIECE_DECISIONS) {
      path[level] = node
      visit(tree.childrenLeft[node]!, level + 1)
      visit(tree.childrenRight[node]!, level + 1)
      return
    }
    const players = new Set<number>()
    for (let l = 0; l < level; l++) players.add(playerAt(path[l]!))
    addPlayers(node, players)
    const table = players.size * 8 * 2 ** bits
    roots.push(node)
    tableBytes += table
    lookups += players.size
    decisions += bits
    // The players of the way down come after those of the piece.
    const ways = level * 8 * 2 ** bits
    buildBytes = Math.max(buildBytes, blockBytes(node, level).peak + ways)
  }
  visit(0, 0)
  if (tableBytes > MOST_TABLE_BYTES) return undefined
  return {
    roots,
    tableBytes,
    // Masks and products of the way down lie before the blocks.
    buildBytes: buildBytes + 128 + 8 * (points + 1) * 2 ** (depth + 2),
    buildCost: (tableBytes / 8) * BUILD,
    rowCost: lookups * LOOKUP + decisions * DECISION,
  }
}
