/**
 * Trees in the candidates of one person: splits that ask for nothing but what the person may change, each as the candidates that go left.
 * Splits that every candidate passes the same way are gone, so a tree is as large as what is within reach.
 */
import { categoryGoesLeft, setOfNode } from '../kernels/trees/categories.ts'
import type { TreeArrays } from '../kernels/trees/tree.ts'
import type { Matrix } from '../matrix/matrix.ts'
import type { Moves, Point } from './variable.ts'

/** Candidates that go left where they are not simply the first ones: a category, or a missing value. */
export interface CandidateSet {
  left: Uint8Array
  /** by candidate, the nearest one at or after it, and at or before it, that goes left; and likewise right */
  nextLeft: Int32Array
  lastLeft: Int32Array
  nextRight: Int32Array
  lastRight: Int32Array
}

/** All trees behind each other, children after their parents. */
export interface CandidateTrees {
  /** node where each tree begins */
  roots: Int32Array
  /** variable asked for; -1 at a leaf */
  variable: Int32Array
  /** candidates up to it go left; -1 - s: those of set s do */
  cut: Int32Array
  left: Int32Array
  right: Int32Array
  parent: Int32Array
  /** of a leaf: its value; of a split: the lowest value of a leaf below it */
  value: Float64Array
  sets: readonly CandidateSet[]
}

const setOf = (left: Uint8Array): CandidateSet => {
  const n = left.length
  const next = (wanted: number): Int32Array => {
    const out = new Int32Array(n)
    for (let k = n - 1, at = n; k >= 0; k--) {
      if (left[k] === wanted) at = k
      out[k] = at
    }
    return out
  }
  const last = (wanted: number): Int32Array => {
    const out = new Int32Array(n)
    for (let k = 0, at = -1; k < n; k++) {
      if (left[k] === wanted) at = k
      out[k] = at
    }
    return out
  }
  return { left, nextLeft: next(1), lastLeft: last(1), nextRight: next(0), lastRight: last(0) }
}

/** Which variable moves a column; -1 for a column that stays. */
export const variableOfColumn = ({ variables }: Moves, columns: Matrix['columns']): Int32Array => {
  const of = new Map(variables.flatMap(({ factors }, v) => factors.map((f) => [f, v] as const)))
  return Int32Array.from(columns, ({ factor }) => of.get(factor) ?? -1)
}

class Builder {
  readonly variable: number[] = []
  readonly cut: number[] = []
  readonly left: number[] = []
  readonly right: number[] = []
  readonly parent: number[] = []
  readonly value: number[] = []
  readonly sets: CandidateSet[] = []
  readonly #moves: Moves
  readonly #x: Matrix
  readonly #of: Int32Array
  readonly #lo: Int32Array
  readonly #hi: Int32Array
  readonly #known = new Map<string, number>()
  readonly #ascending: (boolean | undefined)[] = []

  constructor(moves: Moves, x: Matrix) {
    this.#moves = moves
    this.#x = x
    this.#of = variableOfColumn(moves, x.columns)
    this.#lo = new Int32Array(moves.variables.length)
    this.#hi = Int32Array.from(moves.variables, ({ cost }) => cost.length - 1)
  }

  #goesLeft(tree: TreeArrays, node: number, candidate: number): boolean {
    const x = this.#x.values[tree.feature[node]! * this.#x.rows + candidate]!
    const set = setOfNode(tree, node)
    if (set >= 0) return categoryGoesLeft(tree.sets!, set, x, tree.defaultLeft[node] === 1)
    return x <= tree.threshold[node]! || (Number.isNaN(x) && tree.defaultLeft[node] === 1)
  }

  /** How many of the first candidates go left; -1 - position of their set, where it is not simply the first ones. */
  #firstLeft(tree: TreeArrays, node: number, v: number): number {
    const n = this.#moves.variables[v]!.cost.length
    const column = tree.feature[node]!
    const { values, rows } = this.#x
    if (this.#ascends(column, n) && setOfNode(tree, node) < 0) {
      let [from, to] = [0, n]
      while (from < to) {
        const middle = (from + to) >> 1
        if (values[column * rows + middle]! <= tree.threshold[node]!) from = middle + 1
        else to = middle
      }
      return from
    }
    const left = Uint8Array.from({ length: n }, (_, k) => (this.#goesLeft(tree, node, k) ? 1 : 0))
    const key = `${v}:${left.join('')}`
    const known = this.#known.get(key) ?? this.sets.push(setOf(left)) - 1
    this.#known.set(key, known)
    return -1 - known
  }

  #ascends(column: number, n: number): boolean {
    const known = this.#ascending[column]
    if (known !== undefined) return known
    const at = column * this.#x.rows
    let ascends = !Number.isNaN(this.#x.values[at]!)
    for (let k = 1; k < n; k++) ascends &&= this.#x.values[at + k - 1]! <= this.#x.values[at + k]!
    this.#ascending[column] = ascends
    return ascends
  }

  add(tree: TreeArrays, node: number, parent: number): number {
    const column = tree.feature[node]!
    const v = column < 0 ? -1 : this.#of[column]!
    if (v < 0) {
      if (tree.childrenLeft[node]! < 0) return this.#push(-1, 0, parent, tree.value[node]!)
      // A column that stays: all rows of the matrix hold the same.
      return this.add(tree, (this.#goesLeft(tree, node, 0) ? tree.childrenLeft : tree.childrenRight)[node]!, parent)
    }
    const [lo, hi] = [this.#lo[v]!, this.#hi[v]!]
    const count = this.#firstLeft(tree, node, v)
    const set = count < 0 ? this.sets[-1 - count]! : undefined
    const [leftLo, leftHi] = set ? [set.nextLeft[lo]!, set.lastLeft[hi]!] : [lo, Math.min(hi, count - 1)]
    const [rightLo, rightHi] = set ? [set.nextRight[lo]!, set.lastRight[hi]!] : [Math.max(lo, count), hi]
    if (leftLo > leftHi) return this.add(tree, tree.childrenRight[node]!, parent)
    if (rightLo > rightHi) return this.add(tree, tree.childrenLeft[node]!, parent)
    const at = this.#push(v, set ? count : count - 1, parent, 0)
    const side = (child: number, from: number, to: number): number => {
      this.#lo[v] = from
      this.#hi[v] = to
      return this.add(tree, child, at)
    }
    this.left[at] = side(tree.childrenLeft[node]!, leftLo, leftHi)
    this.right[at] = side(tree.childrenRight[node]!, rightLo, rightHi)
    this.#lo[v] = lo
    this.#hi[v] = hi
    this.value[at] = Math.min(this.value[this.left[at]!]!, this.value[this.right[at]!]!)
    return at
  }

  #push(variable: number, cut: number, parent: number, value: number): number {
    this.left.push(-1)
    this.right.push(-1)
    this.cut.push(cut)
    this.parent.push(parent)
    this.value.push(value)
    return this.variable.push(variable) - 1
  }
}

/** @param x the encoded candidates: row k holds candidate k of every variable */
export const candidateTrees = (trees: readonly TreeArrays[], moves: Moves, x: Matrix): CandidateTrees => {
  const builder = new Builder(moves, x)
  const roots = Int32Array.from(trees, (tree) => builder.add(tree, 0, -1))
  return {
    roots,
    variable: Int32Array.from(builder.variable),
    cut: Int32Array.from(builder.cut),
    left: Int32Array.from(builder.left),
    right: Int32Array.from(builder.right),
    parent: Int32Array.from(builder.parent),
    value: Float64Array.from(builder.value),
    sets: builder.sets,
  }
}

/** Whether a candidate goes left at a split. */
export const candidateLeft = ({ cut, sets }: CandidateTrees, node: number, candidate: number): boolean =>
  cut[node]! >= 0 ? candidate <= cut[node]! : sets[-1 - cut[node]!]!.left[candidate] === 1

/** The leaf that a point reaches below a node. */
export const leafOf = (trees: CandidateTrees, from: number, point: Point): number => {
  const { variable, left, right } = trees
  let node = from
  for (let v = variable[node]!; v >= 0; v = variable[node]!)
    node = (candidateLeft(trees, node, point[v]!) ? left : right)[node]!
  return node
}

/** Sum of the leaf values of a point, trees added in their order: that of `margin` to the bit. */
export const sumAt = (trees: CandidateTrees, point: Point): number => {
  let sum = 0
  for (const root of trees.roots) sum += trees.value[leafOf(trees, root, point)]!
  return sum
}

/** The sums for every candidate of one variable, the others as in the point; equal to `sumAt` but for rounding. */
export const sumsAlong = (trees: CandidateTrees, point: Point, v: number, candidates: number): Float64Array => {
  const { variable, cut, left, right, value, sets } = trees
  const steps = new Float64Array(candidates + 1)
  const singles = new Float64Array(candidates)
  const add = (node: number, lo: number, hi: number, chosen: Uint8Array | undefined): void => {
    const asked = variable[node]!
    if (asked < 0) {
      if (chosen)
        chosen.forEach((is, k) => {
          if (is) singles[k]! += value[node]!
        })
      else {
        steps[lo]! += value[node]!
        steps[hi + 1]! -= value[node]!
      }
      return
    }
    if (asked !== v) {
      add((candidateLeft(trees, node, point[asked]!) ? left : right)[node]!, lo, hi, chosen)
      return
    }
    const at = cut[node]!
    if (at >= 0 && !chosen) {
      if (lo <= at) add(left[node]!, lo, Math.min(hi, at), undefined)
      if (hi > at) add(right[node]!, Math.max(lo, at + 1), hi, undefined)
      return
    }
    const goes = (k: number): boolean => (at >= 0 ? k <= at : sets[-1 - at]!.left[k] === 1)
    const there = chosen ?? Uint8Array.from({ length: candidates }, (_, k) => (k >= lo && k <= hi ? 1 : 0))
    add(
      left[node]!,
      lo,
      hi,
      there.map((is, k) => (is && goes(k) ? 1 : 0)),
    )
    add(
      right[node]!,
      lo,
      hi,
      there.map((is, k) => (is && !goes(k) ? 1 : 0)),
    )
  }
  for (const root of trees.roots) add(root, 0, candidates - 1, undefined)
  let running = 0
  return singles.map((single, k) => {
    running += steps[k]!
    return single + running
  })
}
