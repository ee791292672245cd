import type { NumberRows } from '../trees/rankRows.ts'
import type { TreeArrays } from '../trees/tree.ts'
import { interventionalTrees } from './interventional.ts'
import { pairedTrees } from './pairedTrees.ts'
import { MOST_PATH_PLAYERS, pathSize } from './pathPlayers.ts'

/** Trees and a game on them. */
interface Game {
  readonly trees: readonly TreeArrays[]
  readonly playerOfColumn: Int32Array
  readonly players: number
}

/**
 * Interventional Shapley values of the sum of all trees by the readable kernels, at once and in this thread: background rows counted where
 * every path has at most 16 players, else one after the other.
 * @returns players x rows, player-major
 */
export const interventionalByRows = (game: Game, background: NumberRows, source: NumberRows): Float64Array => {
  const deep = game.trees.some((tree, k) => pathSize(tree, k, game.playerOfColumn).players > MOST_PATH_PLAYERS)
  if (deep) return pairedTrees({ ...game, background, source }, { from: 0, to: source.rows }).means
  const rows = { ...game, background, source, from: 0, to: source.rows }
  return interventionalTrees(rows, { firstTree: 0, endTree: game.trees.length })
}
