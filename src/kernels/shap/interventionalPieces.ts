/**
 * Trees as the compiled interventional kernels read them (assembly/interventionalWalk.ts, assembly/interventionalTables.ts), and how they
 * are cut into pieces. What the leaves of a subtree give to a row depends on the players that the row has failed above it and on its
 * decisions inside it: as many bits as distinct players on the way and splits inside. A piece is a largest subtree where these are at most
 * 10 to 12, or one with a single split, or a leaf; every leaf is in exactly one piece, and rows look up one number a piece and player: for
 * players with splits in the piece alone each in a table of its own, for all players above it in two that they share.
 */
import type { RankedTrees } from '../trees/rankTrees.ts'
import type { TreeArrays } from '../trees/tree.ts'
import { MOST_PATH_PLAYERS } from './pathPlayers.ts'

/** Words of a node, of a piece and of a leaf. */
export const NODE_WORDS = 16
export const PIECE_WORDS = 48
export const LEAF_WORDS = 24
/** Words of a piece that say where its tables and its counts begin, in bytes from those of its batch. */
export const TABLES_WORD = 2
export const COUNTS_WORD = 3

/** Larger pieces mean fewer sums a row, but tables that no longer fit the nearest cache. */
const LEAST_PIECE_BITS = 10
/** In deep trees nearly all pieces have that many bits or more, and half the pieces are worth twice the bytes. */
const MOST_PIECE_BITS = 12

/** Tables of a piece that serve all players above it: what they keep, and what each loses by failing (assembly/interventionalWalk.ts). */
const SHARED = 2

/** Nanoseconds, roughly: one sum of one row; one decision of one row. */
const LOOKUP = 0.8
const DECISION = 0.1

/** A tree in words; nothing depends on rows, so neither does any result. */
export interface InterventionalPieces {
  readonly nodes: Int32Array
  readonly pieces: Int32Array
  readonly leaves: Int32Array
  readonly depth: number
  /** most players of a leaf */
  readonly players: number
  /** nanoseconds a row */
  readonly rowCost: number
}

/** How many pieces a tree has. */
export const pieceCount = ({ pieces }: InterventionalPieces): number => pieces.length / PIECE_WORDS
/** Bytes of the tables of a piece: a double for each table and pattern. */
export const tableBytesOf = ({ pieces }: InterventionalPieces, piece: number): number =>
  8 * pieces[piece * PIECE_WORDS + 1]! * 2 ** pieces[piece * PIECE_WORDS]!
/** Bytes of its counts of background rows. */
export const countBytesOf = ({ pieces }: InterventionalPieces, piece: number): number =>
  4 * 2 ** pieces[piece * PIECE_WORDS]!

/** Where words are appended that grow as they come. */
class Words {
  #words = new Int32Array(1024)
  length = 0

  /** Room for `count` more words, all 0. */
  take(count: number): Int32Array {
    if (this.length + count > this.#words.length) {
      const larger = new Int32Array(2 * (this.length + count))
      larger.set(this.#words)
      this.#words = larger
    }
    this.length += count
    return this.#words.subarray(this.length - count, this.length)
  }

  all(): Int32Array {
    return this.#words.slice(0, this.length)
  }
}

/** One condition on the way from the root of a piece to a leaf: what a split of the piece must decide, and whose it is. */
interface Condition {
  split: number
  left: boolean
  slot: number
}

/**
 * @param k number of the tree among `ranked`
 * @param playerOf player of every column, 0..: those that own a split
 * @param depth, players see `pathPlayers`
 */
export const interventionalPieces = (
  tree: TreeArrays,
  k: number,
  ranked: RankedTrees,
  playerOf: Int32Array,
  { depth, players }: { depth: number; players: number },
): InterventionalPieces => {
  const count = tree.value.length
  const nodes = new Int32Array(NODE_WORDS * count)
  const pieces = new Words()
  const leaves = new Words()
  const tests = ranked.tests[k]!
  const sets = ranked.setOf[k]
  const splits = new Int32Array(count)
  // Children come after their parents: from the end, both are counted before the node itself.
  for (let i = count - 1; i >= 0; i--) {
    const [left, right] = [tree.childrenLeft[i]!, tree.childrenRight[i]!]
    if (left >= 0) splits[i] = 1 + splits[left]! + splits[right]!
    const at = NODE_WORDS * i
    nodes[at] = tests[i]!
    // The address of the set is added when the sets have one; 0 stays for none.
    nodes[at + 1] = sets && sets[i]! >= 0 ? sets[i]! + 1 : 0
    nodes[at + 2] = left
    nodes[at + 3] = right
  }
  const pieceBits = Math.min(MOST_PIECE_BITS, Math.max(LEAST_PIECE_BITS, players))
  // Players of the path at hand in the order in which they come.
  const path: number[] = []
  let found = 0
  let leafCount = 0
  let rowCost = 0

  const playerAt = (node: number): number => playerOf[tree.feature[node]!]!

  const addPiece = (root: number): void => {
    const above = path.length
    const inside: number[] = []
    const owners = [...path]
    const firstLeaf = leafCount
    const collect = (node: number, conditions: readonly Condition[], slots: readonly number[]): void => {
      if (tree.childrenLeft[node]! < 0) {
        addLeaf(tree.value[node]!, slots, conditions, owners)
        return
      }
      const player = playerAt(node)
      const split = inside.push(node) - 1
      if (!owners.includes(player)) owners.push(player)
      const known = slots.indexOf(player)
      const slot = known < 0 ? slots.length : known
      const next = known < 0 ? [...slots, player] : slots
      collect(tree.childrenLeft[node]!, [...conditions, { split, left: true, slot }], next)
      collect(tree.childrenRight[node]!, [...conditions, { split, left: false, slot }], next)
    }
    collect(root, [], [...path])
    const words = pieces.take(PIECE_WORDS)
    words[0] = above + inside.length
    words[1] = (above > 0 ? SHARED : 0) + owners.length - above
    words.set(inside, 4)
    words.set(owners, 20)
    words[36] = above
    words[37] = inside.length
    words[38] = firstLeaf
    words[39] = leafCount - firstLeaf
    rowCost += owners.length * LOOKUP + (inside.length + 1) * DECISION
  }

  const addLeaf = (
    value: number,
    slots: readonly number[],
    conditions: readonly Condition[],
    owners: readonly number[],
  ): void => {
    leafCount++
    const words = leaves.take(LEAF_WORDS)
    new Float64Array(words.buffer, words.byteOffset, 1)[0] = value
    words[2] = slots.length
    words[3] = conditions.length
    // Which table of the piece each player of the leaf has that is not above it, a byte each.
    const above = path.length
    const tables = new Uint8Array(words.buffer, words.byteOffset + 16, 16)
    slots.forEach((player, slot) => {
      if (slot >= above) tables[slot] = (above > 0 ? SHARED : 0) + owners.indexOf(player) - above
    })
    conditions.forEach(({ split, left, slot }, c) => {
      words[8 + c] = split | (left ? 256 : 0) | (slot << 16)
    })
  }

  const visit = (node: number): void => {
    const at = NODE_WORDS * node
    const bits = path.length + splits[node]!
    if (splits[node] === 0 || bits <= pieceBits || (splits[node] === 1 && bits <= MOST_PATH_PLAYERS)) {
      addPiece(node)
      nodes[at + 5] = found
      nodes[at + 6] = found
      nodes[at + 7] = ++found
      return
    }
    nodes[at + 5] = -1
    nodes[at + 6] = found
    const player = playerAt(node)
    const known = path.indexOf(player)
    if (known < 0) path.push(player)
    nodes[at + 4] = 1 << (known < 0 ? path.length - 1 : known)
    visit(tree.childrenLeft[node]!)
    visit(tree.childrenRight[node]!)
    if (known < 0) path.pop()
    nodes[at + 7] = found
    rowCost += 2 * DECISION
  }

  visit(0)
  return { nodes, pieces: pieces.all(), leaves: leaves.all(), depth, players, rowCost }
}
