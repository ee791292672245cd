/**
 * The best split of one column at one node, in the readable kernel.
 *
 * The rows of the node are counted by bin. Filled bins ("cells") are put in order: by value, or for categories by their share of bad
 * weight, where for two classes one of the cuts between neighbors is the best of all 2^(k-1) ways to part k categories (Fisher 1958,
 * doi:10.1080/01621459.1958.10501479; Breiman et al. 1984, section 4.2). Missing values are tried on both sides of every cut, and
 * alone against the present ones. Of equal splits the first one wins.
 */
import { MISSING_BIN } from '../binning/bin.ts'
import type { Generator } from '../numbers/generator.ts'
import type { BinnedRows, GrowthOptions } from './growthOptions.ts'
import { splitWorth } from './splitWorth.ts'
import { WORDS_OF_SET } from './tree.ts'

/** Rows, weight and bad weight of something. */
export interface Sums {
  rows: number
  weight: number
  bad: number
}

interface Cell extends Sums {
  bin: number
}

export interface BinSplit {
  feature: number
  /** bins up to this one go left; ALL_PRESENT: all present values; at categorical splits `set` holds */
  cut: number
  /** bit c % 32 of word c / 32: category c goes left */
  set?: Uint32Array
  missingLeft: boolean
  /** rows of the node that miss the column */
  missingRows: number
  left: Sums
  worth: number
}

/** The cut that parts present values (left) from missing ones (right). */
export const ALL_PRESENT = MISSING_BIN - 1

export interface NodeRows {
  members: Int32Array
  /** weight and bad weight of members[p] */
  weights: Float64Array
  badWeights: Float64Array
  start: number
  end: number
  total: Sums
}

/** Filled bins in rising order, that of missing values last. */
const countCells = (data: BinnedRows, feature: number, node: NodeRows): Cell[] => {
  const cells: Cell[] = Array.from({ length: MISSING_BIN + 1 }, (_, bin) => ({ bin, rows: 0, weight: 0, bad: 0 }))
  for (let p = node.start; p < node.end; p++) {
    const cell = cells[data.bins[feature * data.rows + node.members[p]!]!]!
    cell.rows++
    cell.weight += node.weights[p]!
    cell.bad += node.badWeights[p]!
  }
  return cells.filter((cell) => cell.rows > 0)
}

/** The better of `best` and the best split of this column; 'constant' when all rows of the node share one bin. */
export const searchColumn = (
  data: BinnedRows,
  feature: number,
  node: NodeRows,
  options: GrowthOptions,
  generator: Generator,
  best: BinSplit | undefined,
  leastWorth: number,
): BinSplit | undefined | 'constant' => {
  const cells = countCells(data, feature, node)
  if (cells.length < 2) return 'constant'
  const missing = cells.at(-1)!.bin === MISSING_BIN ? cells.pop()! : { rows: 0, weight: 0, bad: 0 }
  const categorical = data.columns[feature]!.kind === 'category'
  if (categorical) cells.sort((a, b) => a.bad / a.weight - b.bad / b.weight || a.bin - b.bin)
  const { total } = node
  const direction = options.monotone?.[feature] ?? 0

  const consider = (left: Sums, cut: number, upTo: number, missingLeft: boolean): void => {
    if (left.rows < options.minLeaf || total.rows - left.rows < options.minLeaf) return
    if (!(left.weight > 0 && total.weight - left.weight > 0)) return
    if (cut !== ALL_PRESENT && breaksDirection(direction, left, total, options)) return
    const worth = splitWorth(options.criterion, left.bad, left.weight, total.bad, total.weight)
    if (!(worth > (best ? best.worth : leastWorth))) return
    best = { feature, cut, missingLeft, missingRows: missing.rows, left, worth }
    if (categorical) best.set = setOf(cut === ALL_PRESENT ? undefined : cells.slice(0, upTo))
  }
  const bothSides = (left: Sums, cut: number, upTo: number): void => {
    consider(left, cut, upTo, false)
    if (missing.rows > 0) consider(plus(left, missing), cut, upTo, true)
  }
  const missingAlone = (): void => consider(cells.reduce(plus, NONE), ALL_PRESENT, cells.length, false)

  if (options.splitter === 'random') {
    // One cut, uniform over the bins between the lowest and the highest (categories: over the places between neighbors).
    const lowest = cells[0]!.bin
    const cuts = categorical ? cells.length - 1 : cells.at(-1)!.bin - lowest
    const drawn = generator.below(cuts + (missing.rows > 0 ? 1 : 0))
    if (drawn === cuts) missingAlone()
    else {
      const upTo = categorical ? drawn + 1 : cells.filter((cell) => cell.bin <= lowest + drawn).length
      bothSides(cells.slice(0, upTo).reduce(plus, NONE), categorical ? 0 : lowest + drawn, upTo)
    }
    return best
  }
  let left: Sums = NONE
  for (let k = 1; k < cells.length; k++) {
    left = plus(left, cells[k - 1]!)
    // Between filled bins any edge parts the same rows; the middle one is taken.
    const cut = categorical ? 0 : (cells[k - 1]!.bin + cells[k]!.bin - 1) >> 1
    bothSides(left, cut, k)
  }
  if (missing.rows > 0) missingAlone()
  return best
}

const NONE: Sums = { rows: 0, weight: 0, bad: 0 }
const plus = (a: Sums, b: Sums): Sums => ({ rows: a.rows + b.rows, weight: a.weight + b.weight, bad: a.bad + b.bad })

/** Whether the smoothed odds of the children stand the wrong way round. */
const breaksDirection = (direction: number, left: Sums, total: Sums, { smoothing }: GrowthOptions): boolean => {
  if (direction === 0) return false
  const bad = smoothing.strength * smoothing.rate
  const good = smoothing.strength * (1 - smoothing.rate)
  const oddsLeft = (left.bad + bad) / (left.weight - left.bad + good)
  const [rightBad, rightWeight] = [total.bad - left.bad, total.weight - left.weight]
  const oddsRight = (rightBad + bad) / (rightWeight - rightBad + good)
  return direction > 0 ? oddsLeft > oddsRight : oddsLeft < oddsRight
}

/** Categories of the cells as bits; absent: every category there may be. */
const setOf = (cells: readonly Cell[] | undefined): Uint32Array => {
  const set = new Uint32Array(WORDS_OF_SET)
  if (!cells) return set.fill(0xffffffff).fill(0x3fffffff, WORDS_OF_SET - 1)
  for (const { bin } of cells) set[bin >>> 5]! |= 1 << (bin & 31)
  return set
}
