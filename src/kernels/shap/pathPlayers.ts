import { GlasscoreError } from '../../util/errors.ts'
import type { TreeArrays } from '../trees/tree.ts'

/** Most players on one path that are worked out exactly: a leaf has a table over all their sets, 2 ** 16 at the most. */
export const MOST_PATH_PLAYERS = 16
/** Paths longer than this are refused: no tree fitted to data comes near, and the walks are recursive. */
const DEPTH_LIMIT = 1000

/**
 * Depth of a tree, in edges, and the most distinct players on one of its paths.
 * @param k number of the tree, for the message
 * @param playerOfColumn whose each column is
 * @throws GlasscoreError('model') for a tree deeper than 1000 levels
 */
export const pathSize = (
  tree: TreeArrays,
  k: number,
  playerOfColumn: Int32Array,
): { depth: number; players: number } => {
  const on = new Map<number, number>()
  const most = { depth: 0, players: 0 }
  const visit = (node: number, level: number): void => {
    if (level > DEPTH_LIMIT)
      throw new GlasscoreError('model', `tree ${k} is too deep to explain`, {
        expected: `at most ${DEPTH_LIMIT} levels`,
      })
    most.depth = Math.max(most.depth, level)
    most.players = Math.max(most.players, on.size)
    if (tree.childrenLeft[node]! < 0) return
    const player = playerOfColumn[tree.feature[node]!]!
    const times = on.get(player) ?? 0
    on.set(player, times + 1)
    visit(tree.childrenLeft[node]!, level + 1)
    visit(tree.childrenRight[node]!, level + 1)
    if (times === 0) on.delete(player)
    else on.set(player, times)
  }
  visit(0, 0)
  return most
}

/**
 * The same where the players of a path are worked out together.
 * @throws GlasscoreError('model') for a tree deeper than 1000 levels, and for a path with more than 16 players
 */
export const pathPlayers = (
  tree: TreeArrays,
  k: number,
  playerOfColumn: Int32Array,
): { depth: number; players: number } => {
  const most = pathSize(tree, k, playerOfColumn)
  if (most.players > MOST_PATH_PLAYERS)
    throw new GlasscoreError('model', `a path of tree ${k} has too many players for exact interventional values`, {
      expected: `at most ${MOST_PATH_PLAYERS} distinct players on a path`,
      got: most.players,
      hint: 'take groups of columns as players, such as dimensions, or no background (tree covers), or train with a maximum depth of 16',
    })
  return most
}
