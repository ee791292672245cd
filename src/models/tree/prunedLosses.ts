/** The log losses of rows that a tree did not train on, kept up to date while the tree is pruned. */

import { log1pExp } from '../../kernels/numbers/logit.ts'
import { leafIndices } from '../../kernels/trees/applyTree.ts'
import type { CartData } from '../../kernels/trees/cart.ts'
import { Pruning } from '../../kernels/trees/prune.ts'
import type { Criterion } from '../../kernels/trees/splitWorth.ts'
import type { GrownTree } from '../../kernels/trees/treeBuilder.ts'

/**
 * Held rows are put in the order of their leaves. Nodes stand in preorder, so the rows below a node are one stretch of them,
 * and a collapse gives that stretch the loss of the node.
 */
export class PrunedLosses {
  #pruning: Pruning
  #losses: Float64Array
  #target: Uint8Array
  #weights: Float64Array | undefined
  /** held rows by leaf, and for each node where its stretch starts and ends */
  #rows: Int32Array
  #start: Int32Array
  #end: Int32Array

  /**
   * @param losses one a row of `data`; those of the held rows are written, here for the full tree
   * @param weights what rows count for; absent: 1 each
   */
  constructor(
    tree: GrownTree,
    data: CartData,
    held: Int32Array,
    losses: Float64Array,
    criterion?: Criterion,
    weights?: Float64Array,
  ) {
    this.#pruning = new Pruning(tree, criterion)
    this.#weights = weights
    this.#losses = losses
    this.#target = data.target
    const nodes = tree.feature.length
    const leaves = leafIndices(tree, data.values, data.rows, held)
    const next = new Int32Array(nodes + 1)
    for (let i = 0; i < leaves.length; i++) next[leaves[i]! + 1]!++
    for (let node = 0; node < nodes; node++) next[node + 1]! += next[node]!
    this.#start = next.slice(0, nodes)
    this.#end = new Int32Array(nodes)
    this.#rows = new Int32Array(held.length)
    for (let i = 0; i < leaves.length; i++) this.#rows[next[leaves[i]!]!++] = held[i]!
    for (let node = nodes - 1; node >= 0; node--) {
      const isLeaf = tree.childrenLeft[node] === -1
      this.#end[node] = isLeaf ? next[node]! : this.#end[tree.childrenRight[node]!]!
      if (isLeaf) this.#write(node)
    }
  }

  /**
   * Prunes on to the subtree of `alpha`, which is no less than at the call before.
   * @returns whether rows have come to other leaves
   */
  pruneTo(alpha: number): boolean {
    let moved = false
    this.#pruning.collapseUpTo(alpha, (node) => {
      moved = this.#write(node) || moved
    })
    return moved
  }

  /** Gives the rows below a node its loss. */
  #write(node: number): boolean {
    const [start, end] = [this.#start[node]!, this.#end[node]!]
    if (start === end) return false
    const value = this.#pruning.tree.value[node]!
    const [good, bad] = [log1pExp(value), log1pExp(-value)]
    for (let p = start; p < end; p++) {
      const row = this.#rows[p]!
      this.#losses[row] = (this.#target[row] ? bad : good) * (this.#weights ? this.#weights[row]! : 1)
    }
    return true
  }
}
