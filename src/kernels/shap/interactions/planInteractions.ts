/** Trees, a game on them and what is asked for, laid out once for all rows. */
import { sharedBuffer } from '../../memory/share.ts'
import type { TreeArrays } from '../../trees/tree.ts'
import { type BackgroundLeaves, backgroundLeaves } from './backgroundLeaves.ts'
import { betaWeights } from './betaWeights.ts'
import { coverExpectation } from './coverExpectation.ts'
import type { MatrixRows } from './decideNode.ts'
import { depthOf } from './visitTwigs.ts'

/** A game and the owners that its interactions are told for. */
export interface InteractionPlan {
  /** owners there are; numbers below are positions in `used` */
  readonly owners: number
  /** owners with a split, ascending: all others have neither main effect nor interactions */
  readonly used: Int32Array
  readonly trees: readonly TreeArrays[]
  /** players of columns with a split, numbered anew, -1 for the others */
  readonly playerOfColumn: Int32Array
  readonly players: number
  /** position in `used` of each player's owner */
  readonly ownerOf: Int32Array
  /** output of the game when nothing is known, summed over trees */
  readonly expectedValue: number
  /** absent: path-dependent */
  readonly background?: BackgroundLeaves
  /** weights of interventional games, `betaSize` squared */
  readonly beta: Float64Array
  readonly betaSize: number
}

export interface InteractionGame {
  /** fitted trees; their sum is explained: divide for a mean */
  trees: readonly TreeArrays[]
  /** for every column the player that owns it, 0 .. players - 1: the column itself, or its factor, or its dimension */
  playerOfColumn: Int32Array
  players: number
  /**
   * for every player whose values its own are added to, 0 .. owners - 1; absent: each stands for itself. Interactions between players of one
   * owner are part of the owner's main effect
   */
  ownerOfPlayer?: Int32Array
  owners?: number
  /** rows that stand for "not known", column-major, at least one; absent: path-dependent, by the covers of the trees */
  background?: MatrixRows
}

const share = <T extends Int32Array | Float64Array | Uint8Array | Uint32Array>(values: T): T => {
  const kind = values.constructor as new (buffer: ArrayBufferLike) => T
  const shared = new kind(sharedBuffer(values.byteLength))
  shared.set(values)
  return shared
}

/** A tree on shared memory: worker threads read it without a copy. */
const shareTree = (tree: TreeArrays): TreeArrays => ({
  childrenLeft: share(tree.childrenLeft),
  childrenRight: share(tree.childrenRight),
  feature: share(tree.feature),
  threshold: share(tree.threshold),
  defaultLeft: share(tree.defaultLeft),
  value: share(tree.value),
  cover: share(tree.cover),
  ...(tree.sets && tree.categorySet ? { sets: share(tree.sets), categorySet: share(tree.categorySet) } : {}),
})

/** Numbers 0, 1, ... for those that are marked, -1 for the others. */
const numberMarked = (marked: Uint8Array): { numbers: Int32Array; list: Int32Array } => {
  const list = Int32Array.from(Array.from(marked.keys()).filter((i) => marked[i] === 1))
  const numbers = new Int32Array(marked.length).fill(-1)
  list.forEach((i, position) => {
    numbers[i] = position
  })
  return { numbers, list }
}

/**
 * Prepares the interactions of an ensemble. With a background, its rows go down every tree here, once.
 * @throws GlasscoreError('model') for a tree deeper than 1000 levels
 */
export const planInteractions = (game: InteractionGame): InteractionPlan => {
  const { players, ownerOfPlayer } = game
  const owners = game.owners ?? players
  const trees = game.trees.map(shareTree)
  const deepest = trees.reduce((most, tree) => Math.max(most, depthOf(tree)), 0)
  const marked = new Uint8Array(players)
  for (const { feature } of trees)
    for (const column of feature) if (column >= 0) marked[game.playerOfColumn[column]!] = 1
  const { numbers, list } = numberMarked(marked)
  const ownerOfUsed = list.map((player) => ownerOfPlayer?.[player] ?? player)
  const markedOwners = new Uint8Array(owners)
  for (const owner of ownerOfUsed) markedOwners[owner] = 1
  const used = numberMarked(markedOwners)
  const playerOfColumn = game.playerOfColumn.map((player) => numbers[player]!)
  const own = { playerOfColumn, players: list.length }
  const background = game.background && backgroundLeaves(trees, own, game.background)
  const betaSize = Math.min(deepest, list.length) + 1
  return {
    owners,
    used: used.list,
    trees,
    ...own,
    ownerOf: ownerOfUsed.map((owner) => used.numbers[owner]!),
    expectedValue: background?.expectedValue ?? trees.reduce((sum, tree) => sum + coverExpectation(tree), 0),
    ...(background ? { background } : {}),
    beta: background ? betaWeights(betaSize) : new Float64Array(0),
    betaSize,
  }
}
