/** The best split of a column at a node: the readable twin of assembly/boostingScan.ts and boostingCategories.ts. */
import { MISSING_BIN } from '../binning/bin.ts'
import type { BoostedSplit, BoostedTreeOptions } from './grownTree.ts'

/** Sums over rows: whole numbers. */
export interface Sums {
  gradient: number
  hessian: number
  rows: number
}

export const noSums = (): Sums => ({ gradient: 0, hessian: 0, rows: 0 })
export const plus = (a: Sums, b: Sums): Sums => ({
  gradient: a.gradient + b.gradient,
  hessian: a.hessian + b.hessian,
  rows: a.rows + b.rows,
})
export const minus = (a: Sums, b: Sums): Sums => ({
  gradient: a.gradient - b.gradient,
  hessian: a.hessian - b.hessian,
  rows: a.rows - b.rows,
})

/** What a whole unit of quantized sums stands for. */
export interface Scale {
  gradient: number
  hessian: number
}

/** The node that is split. */
export interface SplitNode {
  total: Sums
  scale: Scale
  lower: number
  upper: number
  /** whether any column is monotone, so that values of leaves have bounds */
  bounded: boolean
  options: BoostedTreeOptions
}

export type FoundSplit = BoostedSplit & { left: Sums }

/** Value of a leaf within the bounds of the node. */
export const boundedValue = (node: SplitNode, g: number, h: number): number =>
  Math.max(node.lower, Math.min(node.upper, -g / (h + node.options.lambda)))

const worthOfValue = (g: number, h: number, lambda: number, more: number, value: number): number =>
  -(2 * g * value + (h + lambda + more) * value * value)

/** Gain of a split with these sums on the left; -Infinity where it is not allowed. */
export const gainOf = (node: SplitNode, left: Sums, direction: number, more: number): number => {
  const { total, scale, options } = node
  const { lambda, minLeaf, minHessian } = options
  if (left.rows < minLeaf || total.rows - left.rows < minLeaf) return Number.NEGATIVE_INFINITY
  const h = total.hessian * scale.hessian
  const hl = left.hessian * scale.hessian
  const hr = h - hl
  if (hl < minHessian || hr < minHessian) return Number.NEGATIVE_INFINITY
  const g = total.gradient * scale.gradient
  const gl = left.gradient * scale.gradient
  const gr = g - gl
  if (node.bounded) {
    const vl = boundedValue(node, gl, hl + more)
    const vr = boundedValue(node, gr, hr + more)
    if ((direction > 0 && vl > vr) || (direction < 0 && vl < vr)) return Number.NEGATIVE_INFINITY
    const base = worthOfValue(g, h, lambda, 0, boundedValue(node, g, h))
    return worthOfValue(gl, hl, lambda, more, vl) + worthOfValue(gr, hr, lambda, more, vr) - base
  }
  const dl = hl + lambda + more
  const dr = hr + lambda + more
  return (gl * gl * dr + gr * gr * dl) / (dl * dr) - (g * g) / (h + lambda)
}

/** Keeps the better of two splits; of equal ones the first. */
class Best {
  found: FoundSplit | undefined
  readonly #least: number
  constructor(least: number) {
    this.#least = least
  }
  offer(split: FoundSplit): void {
    if (split.gain > (this.found?.gain ?? this.#least)) this.found = split
  }
}

const NO_SET = new Uint32Array(8)

export const scanNumbers = (
  node: SplitNode,
  sums: readonly Sums[],
  column: number,
  bins: number,
  direction: number,
): FoundSplit | undefined => {
  const best = new Best(node.options.minGain)
  const missing = sums[MISSING_BIN]!
  const present = node.total.rows - missing.rows
  let left = noSums()
  let last = 0
  for (let bin = 0; bin < bins && left.rows < present; bin++) {
    const here = sums[bin]!
    if (here.rows === 0) continue
    if (left.rows > 0) {
      const split = { column, bin: (last + bin - 1) >> 1, kind: 'number' as const, set: NO_SET }
      const missingLeft = missing.rows === 0 && left.rows > node.total.rows - left.rows
      best.offer({ ...split, gain: gainOf(node, left, direction, 0), left, missingLeft })
      const both = plus(left, missing)
      if (missing.rows > 0)
        best.offer({ ...split, gain: gainOf(node, both, direction, 0), left: both, missingLeft: true })
    }
    left = plus(left, here)
    last = bin
  }
  if (missing.rows > 0 && left.rows > 0)
    best.offer({
      column,
      bin: MISSING_BIN - 1,
      kind: 'missing',
      set: NO_SET,
      gain: gainOf(node, left, 0, 0),
      left,
      missingLeft: false,
    })
  return best.found
}

const setOf = (codes: readonly number[]): Uint32Array => {
  const set = new Uint32Array(8)
  for (const code of codes) set[code >> 5]! |= 1 << (code & 31)
  return set
}

export const scanCategories = (
  node: SplitNode,
  sums: readonly Sums[],
  column: number,
  bins: number,
): FoundSplit | undefined => {
  const { oneHot, mostSorted, minCategory, categorySmooth, categoryLambda, minGain } = node.options
  const best = new Best(minGain)
  const key = (code: number): number => {
    const { gradient, hessian } = sums[code]!
    return (gradient * node.scale.gradient) / (hessian * node.scale.hessian + categorySmooth)
  }
  const codes = Array.from({ length: bins }, (_, code) => code)
    .concat(MISSING_BIN)
    .filter((code) => sums[code]!.rows > 0 && sums[code]!.rows >= minCategory)
    .sort((a, b) => key(a) - key(b) || a - b)
  const offer = (left: readonly number[], more: number): void => {
    const total = left.reduce((sum, code) => plus(sum, sums[code]!), noSums())
    const gain = gainOf(node, total, 0, more)
    const missingLeft = left.includes(MISSING_BIN)
    best.offer({ column, bin: 0, kind: 'category', set: setOf(left), gain, left: total, missingLeft })
  }
  if (codes.length <= oneHot) {
    for (const code of codes) offer([code], 0)
    return best.found
  }
  const most = Math.min(codes.length, mostSorted)
  for (let k = 1; k <= most; k++) offer(codes.slice(0, k), categoryLambda)
  for (let k = 1; k <= most; k++) offer(codes.slice(codes.length - k), categoryLambda)
  return best.found
}
