/** Interaction values by their definition, over all coalitions: the slow twin of src/kernels/shap/interactions/. */
import type { TreeArrays } from '../../../src/kernels/trees/tree.ts'
import { coalitionValue, goesLeft } from '../randomTrees.ts'

/** Worth of every coalition, a bit set of players. */
export type Game = (coalition: number) => number

/** Path-dependent: unknown players follow the cover. */
export const coverGame =
  (trees: readonly TreeArrays[], row: readonly number[], player: Int32Array): Game =>
  (coalition) =>
    trees.reduce((sum, tree) => sum + coalitionValue(tree, row, player, coalition), 0)

const output = (tree: TreeArrays, row: readonly number[]): number => {
  let node = 0
  while (tree.childrenLeft[node]! >= 0)
    node = goesLeft(tree, node, row[tree.feature[node]!]!) ? tree.childrenLeft[node]! : tree.childrenRight[node]!
  return tree.value[node]!
}

/** Interventional: unknown players have the values of each background row in turn. */
export const backgroundGame =
  (
    trees: readonly TreeArrays[],
    row: readonly number[],
    player: Int32Array,
    background: readonly (readonly number[])[],
  ): Game =>
  (coalition) => {
    let sum = 0
    for (const other of background) {
      const mixed = row.map((x, j) => ((coalition >> player[j]!) & 1 ? x : other[j]!))
      for (const tree of trees) sum += output(tree, mixed)
    }
    return sum / background.length
  }

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
const sizeOf = (coalition: number): number => coalition.toString(2).replaceAll('0', '').length

/**
 * Off the diagonal the half of the Shapley interaction index, on it what is left of the Shapley value.
 * @returns the worth of nobody, and players x players values
 */
export const enumerateInteractions = (game: Game, players: number): { base: number; values: number[][] } => {
  const worth = Array.from({ length: 1 << players }, (_, coalition) => game(coalition))
  const values = Array.from({ length: players }, () => new Array<number>(players).fill(0))
  for (let i = 0; i < players; i++) {
    let shapley = 0
    for (let s = 0; s < worth.length; s++) {
      if ((s >> i) & 1) continue
      const size = sizeOf(s)
      shapley +=
        ((factorial(size) * factorial(players - size - 1)) / factorial(players)) * (worth[s | (1 << i)]! - worth[s]!)
      for (let j = 0; j < players; j++) {
        if (j === i || (s >> j) & 1) continue
        const difference = worth[s | (1 << i) | (1 << j)]! - worth[s | (1 << i)]! - worth[s | (1 << j)]! + worth[s]!
        values[i]![j]! +=
          ((factorial(size) * factorial(players - size - 2)) / (2 * factorial(players - 1))) * difference
      }
    }
    values[i]![i] = shapley - values[i]!.reduce((sum, v) => sum + v, 0)
  }
  return { base: worth[0]!, values }
}
