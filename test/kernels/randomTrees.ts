/** Random small trees and matrices for tests of tree SHAP; plus the slow twin that enumerates coalitions. */
import { categoryGoesLeft, setOfNode } from '../../src/kernels/trees/categories.ts'
import { type TreeArrays, WORDS_OF_SET } from '../../src/kernels/trees/tree.ts'
import type { Random } from '../../src/util/random.ts'

/** A tree of at most `depth` levels; columns repeat on paths, some covers are zero when `zeroCovers`. */
export const randomTree = (random: Random, columns: number, depth: number, zeroCovers = false): TreeArrays => {
  const left: number[] = []
  const right: number[] = []
  const feature: number[] = []
  const threshold: number[] = []
  const defaultLeft: number[] = []
  const value: number[] = []
  const cover: number[] = []
  const grow = (level: number, rows: number): number => {
    const node = value.length
    left.push(-1)
    right.push(-1)
    feature.push(-1)
    threshold.push(0)
    defaultLeft.push(random.integer(2))
    value.push(random.normal())
    cover.push(rows)
    if (level < depth && random.next() < 0.9) {
      feature[node] = random.integer(columns)
      threshold[node] = random.normal()
      const share = zeroCovers && random.next() < 0.2 ? random.integer(2) : random.next()
      left[node] = grow(level + 1, rows * share)
      right[node] = grow(level + 1, rows * (1 - share))
    }
    return node
  }
  grow(0, 1000)
  return {
    childrenLeft: Int32Array.from(left),
    childrenRight: Int32Array.from(right),
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    defaultLeft: Uint8Array.from(defaultLeft),
    value: Float64Array.from(value),
    cover: Float64Array.from(cover),
  }
}

/** Column-major normal numbers, a tenth of them missing. */
export const randomMatrix = (random: Random, rows: number, columns: number): Float64Array =>
  Float64Array.from({ length: rows * columns }, () => (random.next() < 0.1 ? Number.NaN : random.normal()))

/** The tree with every split on the given columns made categorical, of sets drawn from 254 categories. */
export const withCategories = (tree: TreeArrays, random: Random, columns: readonly number[]): TreeArrays => {
  const nodes = Array.from(tree.feature.keys()).filter((node) => columns.includes(tree.feature[node]!))
  const categorySet = new Int32Array(tree.feature.length).fill(-1)
  nodes.forEach((node, k) => {
    categorySet[node] = k
  })
  const sets = Uint32Array.from({ length: WORDS_OF_SET * nodes.length }, (_, w) => {
    const word = random.integer(2 ** 32)
    return w % WORDS_OF_SET === WORDS_OF_SET - 1 ? word & 0x3fffffff : word
  })
  return { ...tree, threshold: tree.threshold.map((t, i) => (categorySet[i]! < 0 ? t : 0)), categorySet, sets }
}

/** Column-major matrix whose given columns hold categories, some missing, some no category at all. */
export const withCodes = (
  values: Float64Array,
  rows: number,
  random: Random,
  columns: readonly number[],
): Float64Array => {
  const out = values.slice()
  const odd = [Number.NaN, -1, 254, 300, 2.5, Number.POSITIVE_INFINITY]
  for (const j of columns)
    for (let i = 0; i < rows; i++)
      out[j * rows + i] = random.next() < 0.2 ? odd[random.integer(odd.length)]! : random.integer(254)
  return out
}

/** Where a value goes at a split. */
export const goesLeft = (tree: TreeArrays, node: number, x: number): boolean =>
  setOfNode(tree, node) >= 0
    ? categoryGoesLeft(tree.sets!, setOfNode(tree, node), x, tree.defaultLeft[node] === 1)
    : Number.isNaN(x)
      ? tree.defaultLeft[node] === 1
      : x <= tree.threshold[node]!

/** Value of a coalition (a bit set of players): known players follow the row, unknown ones the cover. */
export const coalitionValue = (
  tree: TreeArrays,
  row: readonly number[],
  player: Int32Array,
  coalition: number,
  node = 0,
): number => {
  if (tree.childrenLeft[node]! < 0) return tree.value[node]!
  const [a, b] = [tree.childrenLeft[node]!, tree.childrenRight[node]!]
  const column = tree.feature[node]!
  if ((coalition >> player[column]!) & 1)
    return coalitionValue(tree, row, player, coalition, goesLeft(tree, node, row[column]!) ? a : b)
  const total = tree.cover[node]!
  const share = total > 0 ? [tree.cover[a]! / total, tree.cover[b]! / total] : [0.5, 0.5]
  return (
    share[0]! * coalitionValue(tree, row, player, coalition, a) +
    share[1]! * coalitionValue(tree, row, player, coalition, b)
  )
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))

/**
 * Shapley values by their definition, over all 2^players coalitions. Readable and slow.
 * @returns base value first, then one value a player
 */
export const enumerateShapley = (
  trees: readonly TreeArrays[],
  row: readonly number[],
  player: Int32Array,
  players: number,
): number[] => {
  const worth = Array.from({ length: 1 << players }, (_, coalition) =>
    trees.reduce((sum, tree) => sum + coalitionValue(tree, row, player, coalition), 0),
  )
  const phi = Array.from({ length: players }, (_, i) => {
    let sum = 0
    for (let coalition = 0; coalition < worth.length; coalition++) {
      if ((coalition >> i) & 1) continue
      const size = coalition.toString(2).replaceAll('0', '').length
      const weight = (factorial(size) * factorial(players - size - 1)) / factorial(players)
      sum += weight * (worth[coalition | (1 << i)]! - worth[coalition]!)
    }
    return sum
  })
  return [worth[0]!, ...phi]
}
