/** Collects nodes while a tree grows; children are announced by their parent and filled in later (preorder). */
import { smoothedLogOdds } from '../numbers/logit.ts'
import type { TreeArrays } from './tree.ts'

/** A grown tree with what pruning and leaf values need beside its arrays. */
export interface GrownTree extends TreeArrays {
  /** weighted bad rows at the node */
  bad: Float64Array
}

export interface Smoothing {
  /** m: how many rows at the training rate every node is lent; more than 0 */
  strength: number
  /** p0: share of bad rows in training */
  rate: number
}

/** What a leaf carries: smoothed log-odds of bad, or the smoothed probability. */
export type LeafOutput = 'logOdds' | 'probability'

export const nodeValues = (
  bad: Float64Array,
  cover: Float64Array,
  smoothing: Smoothing,
  output: LeafOutput = 'logOdds',
): Float64Array => {
  const { strength, rate } = smoothing
  return bad.map((b, i) =>
    output === 'logOdds'
      ? smoothedLogOdds(b, cover[i]!, strength, rate)
      : (b + strength * rate) / (cover[i]! + strength),
  )
}

export class TreeBuilder {
  #left: number[] = []
  #right: number[] = []
  #feature: number[] = []
  #threshold: number[] = []
  #defaultLeft: number[] = []
  #bad: number[] = []
  #cover: number[] = []

  /** Adds a node as the left or right child of `parent` (-1: the root) and returns its position. */
  add(parent: number, isLeft: boolean, bad: number, cover: number): number {
    const node = this.#feature.length
    if (parent >= 0) (isLeft ? this.#left : this.#right)[parent] = node
    this.#left.push(-1)
    this.#right.push(-1)
    this.#feature.push(-1)
    this.#threshold.push(0)
    this.#defaultLeft.push(0)
    this.#bad.push(bad)
    this.#cover.push(cover)
    return node
  }

  split(node: number, feature: number, threshold: number, defaultLeft: boolean): void {
    this.#feature[node] = feature
    this.#threshold[node] = threshold
    this.#defaultLeft[node] = defaultLeft ? 1 : 0
  }

  finish(smoothing: Smoothing, output: LeafOutput = 'logOdds'): GrownTree {
    const bad = Float64Array.from(this.#bad)
    const cover = Float64Array.from(this.#cover)
    return {
      childrenLeft: Int32Array.from(this.#left),
      childrenRight: Int32Array.from(this.#right),
      feature: Int32Array.from(this.#feature),
      threshold: Float64Array.from(this.#threshold),
      defaultLeft: Uint8Array.from(this.#defaultLeft),
      value: nodeValues(bad, cover, smoothing, output),
      cover,
      bad,
    }
  }
}

/** The plain arrays of a grown tree, as a model keeps them. */
export const treeArrays = (tree: GrownTree): TreeArrays => {
  const { bad: _bad, ...arrays } = tree
  return arrays
}
