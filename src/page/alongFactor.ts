/**
 * The score along one factor, the others held: where one change alone reaches a cut-off. Of trees it is a step function, whose steps are found
 * on one way through each tree; every answer is then scored by the model itself, so sums added up in another order decide nothing.
 */
import { categoryGoesLeft, setOfNode } from '../kernels/trees/categories.ts'
import type { TreeArrays } from '../kernels/trees/tree.ts'
import { meanMargin } from '../models/margin.ts'
import { isTreeModel, type TreeModel, treeDivisor } from '../models/model.ts'
import { encodeFor, rawScoresOfMargins, type Scorer, scoreFrame } from '../scores/scorer.ts'
import { frameOf } from './movePerson.ts'
import type { MovableFactor, Value, Values } from './personData.ts'

/** A change of one factor that reaches the cut-off by itself, and the score that it gives. */
export interface OneChange {
  /** position of the factor */
  factor: number
  to: Value
  score: number
}

/** Scores are compared by their sums first: what is nearer to the cut-off than this is scored to be sure. */
const NEAR = 1e-6

/** Steps of a sum of trees along one column: the sum is `sums[k]` above `cuts[k - 1]`, up to and with `cuts[k]`. */
export interface Steps {
  cuts: Float64Array
  /** one more than cuts */
  sums: Float64Array
}

/**
 * The sum over trees of the leaves of one row, as a function of the number in column `column`.
 * @param x the encoded row
 */
export const stepsAlong = (trees: readonly TreeArrays[], x: Float64Array, column: number): Steps => {
  const changes = new Map<number, number>()
  let first = 0
  const add = (at: number, value: number): void => {
    changes.set(at, (changes.get(at) ?? 0) + value)
  }
  for (const tree of trees) {
    const { childrenLeft, childrenRight, feature, threshold, defaultLeft, sets, value } = tree
    const walk = (start: number, lo: number, hi: number): void => {
      let node = start
      for (let j = feature[node]!; j >= 0; j = feature[node]!) {
        const cut = threshold[node]!
        if (j === column) {
          if (cut > lo && cut < hi) {
            walk(childrenLeft[node]!, lo, cut)
            lo = cut
            node = childrenRight[node]!
          } else node = cut >= hi ? childrenLeft[node]! : childrenRight[node]!
          continue
        }
        const own = x[j]!
        const set = sets ? setOfNode(tree, node) : -1
        const left =
          set >= 0
            ? categoryGoesLeft(sets!, set, own, defaultLeft[node] === 1)
            : own <= cut || (Number.isNaN(own) && defaultLeft[node] === 1)
        node = left ? childrenLeft[node]! : childrenRight[node]!
      }
      if (lo === Number.NEGATIVE_INFINITY) first += value[node]!
      else add(lo, value[node]!)
      if (hi !== Number.POSITIVE_INFINITY) add(hi, -value[node]!)
    }
    walk(0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
  }
  const cuts = Float64Array.from(changes.keys()).sort()
  const sums = new Float64Array(cuts.length + 1)
  sums[0] = first
  cuts.forEach((cut, k) => {
    sums[k + 1] = sums[k]! + changes.get(cut)!
  })
  return { cuts, sums }
}

/** How finely a factor is moved: 1 for whole numbers, else about a thousandth of its slider, a power of ten. */
export const gridOf = ({ whole, low, high }: Pick<MovableFactor, 'whole' | 'low' | 'high'>): number =>
  whole ? 1 : 10 ** Math.floor(Math.log10((high - low || 1) / 300))

/** k steps of a grid, without the rounding of the product. */
const onGrid = (k: number, grid: number): number => (grid < 1 ? k / Math.round(1 / grid) : k * grid)

/** The lowest number of a grid above a cut, and the highest up to it; finer grids where none lies within. */
const justAbove = (cut: number, upTo: number, grid: number): number => {
  for (let g = grid; ; g /= 10) {
    const at = onGrid(Math.floor(cut / g) + 1, g)
    if (at > cut && at <= upTo) return at
    if (g < 1e-12 * Math.max(1, Math.abs(cut))) return upTo
  }
}
const upToCut = (cut: number, above: number, grid: number): number => {
  for (let g = grid; ; g /= 10) {
    const at = onGrid(Math.floor(cut / g), g)
    if (at <= cut && at > above) return at
    if (g < 1e-12 * Math.max(1, Math.abs(cut))) return cut
  }
}

/** Lowest and highest number that a search may use. */
const rangeOf = ({ low, high, way, own }: MovableFactor): [number, number] => [
  way === 'up' && typeof own === 'number' ? own : low,
  way === 'down' && typeof own === 'number' ? own : high,
]

/** Scores of copies of the person that differ in one factor. */
const scoresAt = (scorer: Scorer, values: Values, factor: number, to: readonly Value[]): Int32Array =>
  scoreFrame(
    scorer,
    frameOf(
      scorer.encoding.factors,
      to.map((value) => values.map((own, f) => (f === factor ? value : own))),
    ),
  ).score

const nearestOnSteps = (
  scorer: Scorer & { model: TreeModel },
  values: Values,
  index: number,
  factor: MovableFactor,
  x: Float64Array,
  cutoff: number,
): OneChange | undefined => {
  const { model, encoding } = scorer
  const column = encoding.columns.findIndex((c) => c.factor === index)
  const own = values[index] as number
  const { cuts, sums } = stepsAlong(model.trees, x, column)
  const margins = sums.map((sum) => meanMargin(sum, treeDivisor(model), model.output))
  const raw = rawScoresOfMargins(scorer, margins)
  const [low, high] = rangeOf(factor)
  const grid = gridOf(factor)
  const candidates: number[] = []
  raw.forEach((score, k) => {
    if (!(score >= cutoff - 0.5 - NEAR)) return
    const above = k === 0 ? Number.NEGATIVE_INFINITY : cuts[k - 1]!
    const upTo = k < cuts.length ? cuts[k]! : Number.POSITIVE_INFINITY
    // The own value lies in this step: nothing is to be changed, or the sums are a hair apart.
    if (own > above && own <= upTo) return
    const to =
      own <= above ? justAbove(Math.max(above, low - grid), Math.min(upTo, high), grid) : upToCut(upTo, above, grid)
    if (to >= low && to <= high && to > above && to <= upTo && !(factor.whole && !Number.isInteger(to)))
      candidates.push(to)
  })
  candidates.sort((a, b) => Math.abs(a - own) - Math.abs(b - own) || a - b)
  for (const to of candidates) {
    const [score] = scoresAt(scorer, values, index, [to])
    if (score! >= cutoff) return { factor: index, to, score: score! }
  }
  return undefined
}

/** Along a number a linear model only rises or only falls: the nearest place of the grid that reaches is found by halving. */
const nearestOnLine = (
  scorer: Scorer,
  values: Values,
  index: number,
  factor: MovableFactor,
  cutoff: number,
): OneChange | undefined => {
  const own = values[index] as number
  const grid = gridOf(factor)
  const [low, high] = rangeOf(factor)
  const ends = [low, high].filter((end) => end !== own)
  const scores = scoresAt(scorer, values, index, ends)
  const at = scores.findIndex((score) => score >= cutoff)
  if (at < 0) return undefined
  const end = ends[at]!
  const way = Math.sign(end - own)
  // Places between the own value and the end, numbered from the own value; the last is the end itself.
  const from = way > 0 ? Math.floor(own / grid) : Math.ceil(own / grid)
  const last = Math.max(1, way > 0 ? Math.ceil(end / grid) - from : from - Math.floor(end / grid))
  const place = (k: number): number => (k === last ? end : onGrid(from + way * k, grid))
  let [fails, reaches] = [0, last]
  while (reaches - fails > 1) {
    const middle = Math.floor((fails + reaches) / 2)
    if (scoresAt(scorer, values, index, [place(middle)])[0]! >= cutoff) reaches = middle
    else fails = middle
  }
  const to = place(reaches)
  return { factor: index, to, score: scoresAt(scorer, values, index, [to])[0]! }
}

/** Of levels in an order the nearest that reaches, of others the one with the highest score. */
const bestLevel = (
  scorer: Scorer,
  values: Values,
  index: number,
  factor: MovableFactor,
  cutoff: number,
): OneChange | undefined => {
  const own = values[index]!
  const [low, high] = rangeOf(factor)
  const others = factor
    .levels!.map(({ value }) => value)
    .filter((value) => value !== own && (typeof value === 'string' || (value >= low && value <= high)))
  if (others.length === 0) return undefined
  const scores = scoresAt(scorer, values, index, others)
  const far = (k: number): number => (typeof own === 'number' ? Math.abs((others[k] as number) - own) : -scores[k]!)
  const reaching = others.flatMap((_, k) => (scores[k]! >= cutoff ? [k] : [])).sort((a, b) => far(a) - far(b) || a - b)
  const [k] = reaching
  return k === undefined ? undefined : { factor: index, to: others[k]!, score: scores[k]! }
}

/**
 * For every factor that may change and has a value, the nearest value within its slider that reaches the cut-off with all others as they
 * are; factors where none does are left out.
 */
export const changesAlone = (
  scorer: Scorer,
  factors: readonly MovableFactor[],
  values: Values,
  cutoff: number,
): OneChange[] => {
  const { model, encoding } = scorer
  const tree = isTreeModel(model)
  const x = tree ? encodeFor(scorer, frameOf(encoding.factors, [values])).values : new Float64Array(0)
  return factors.flatMap((factor, index) => {
    if (!factor.used || factor.way === 'none' || values[index] === null) return []
    const found = factor.levels
      ? bestLevel(scorer, values, index, factor, cutoff)
      : tree
        ? nearestOnSteps({ ...scorer, model }, values, index, factor, x, cutoff)
        : nearestOnLine(scorer, values, index, factor, cutoff)
    return found ? [found] : []
  })
}
