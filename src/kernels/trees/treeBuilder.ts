/** Collects nodes while a tree grows; children are announced by their parent and filled in later (preorder). */
import { smoothedLogOdds } from '../numbers/logit.ts'
import { type TreeArrays, WORDS_OF_SET } from './tree.ts'

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

/** The value of a node with `bad` of its weight bad. */
export const nodeValue = (bad: number, weight: number, { strength, rate }: Smoothing, output: LeafOutput): number =>
  output === 'logOdds' ? smoothedLogOdds(bad, weight, strength, rate) : (bad + strength * rate) / (weight + strength)

export class TreeBuilder {
  #left: number[] = []
  #right: number[] = []
  #feature: number[] = []
  #threshold: number[] = []
  #defaultLeft: number[] = []
  #bad: number[] = []
  #cover: number[] = []
  #low: number[] = []
  #high: number[] = []
  /** position of each node's set of categories, -1 for none */
  #set: number[] = []
  #sets: Uint32Array[] = []

  /**
   * Adds a node as the left or right child of `parent` (-1: the root) and returns its position.
   * @param low least value it may store
   * @param high greatest value it may store
   */
  add(
    parent: number,
    isLeft: boolean,
    bad: number,
    cover: number,
    low = Number.NEGATIVE_INFINITY,
    high = Number.POSITIVE_INFINITY,
  ): number {
    const node = this.#feature.length
    if (parent >= 0) (isLeft ? this.#left : this.#right)[parent] = node
    this.#left.push(-1)
    this.#right.push(-1)
    this.#feature.push(-1)
    this.#threshold.push(0)
    this.#defaultLeft.push(0)
    this.#bad.push(bad)
    this.#cover.push(cover)
    this.#low.push(low)
    this.#high.push(high)
    this.#set.push(-1)
    return node
  }

  /** @param set the categories that go left, where the column holds categories */
  split(node: number, feature: number, threshold: number, defaultLeft: boolean, set?: Uint32Array): void {
    if (set) {
      this.#set[node] = this.#sets.length
      this.#sets.push(set)
    }
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
      value: bad.map((b, i) =>
        Math.min(this.#high[i]!, Math.max(this.#low[i]!, nodeValue(b, cover[i]!, smoothing, output))),
      ),
      cover,
      bad,
      ...(this.#sets.length ? { categorySet: Int32Array.from(this.#set), sets: joined(this.#sets) } : {}),
    }
  }
}

const joined = (sets: readonly Uint32Array[]): Uint32Array => {
  const all = new Uint32Array(sets.length * WORDS_OF_SET)
  sets.forEach((set, k) => {
    all.set(set, k * WORDS_OF_SET)
  })
  return all
}

/** The plain arrays of a grown tree, as a model keeps them. */
export const treeArrays = (tree: GrownTree): TreeArrays => {
  const { bad: _bad, ...arrays } = tree
  return arrays
}
