/**
 * Minimal cost-complexity pruning (Breiman et al. 1984, chapter 3): among the subtrees of a grown tree, the smallest one that
 * minimizes risk + alpha x leaves, where risk is the impurity of the leaves (Gini or entropy) weighted by their share of the rows.
 *
 * The weakest link is the inner node whose collapse costs the least risk per leaf saved; collapsing weakest links one after
 * the other gives a nested sequence of subtrees, each best for a range of alpha. Of equal links the first in preorder goes.
 */
import { type Criterion, impurity } from './splitWorth.ts'
import { type TreeArrays, WORDS_OF_SET } from './tree.ts'
import type { GrownTree } from './treeBuilder.ts'

export interface PruningPath {
  /** rising; alphas[k] is the least alpha at which subtree k is chosen; alphas[0] = 0 is the full tree */
  alphas: Float64Array
  /** risk of each subtree: impurity of its leaves, weighted by share of rows */
  impurities: Float64Array
  leaves: Int32Array
}

const isLeaf = (tree: GrownTree, node: number): boolean => tree.childrenLeft[node] === -1

/** An inner node that may be collapsed, and the alpha at which that pays. */
export interface Link {
  node: number
  alpha: number
}

/**
 * One pruning as it goes on: which nodes were collapsed, and the risk, leaves and weakest link of every branch as it stands.
 * A collapse changes its ancestors only, so it costs the depth of the node.
 */
export class Pruning {
  readonly tree: GrownTree
  readonly collapsed: Uint8Array
  readonly branchRisk: Float64Array
  readonly leaves: Int32Array
  #nodeRisk: Float64Array
  #parent: Int32Array
  /** cost of collapsing each inner node, per leaf saved */
  #alpha: Float64Array
  /** the inner node of each branch that is cheapest to collapse, the first in preorder of equal ones; -1 at leaves */
  #weakest: Int32Array

  /** @param criterion whose impurity is the risk */
  constructor(tree: GrownTree, criterion: Criterion = 'gini') {
    this.tree = tree
    const n = tree.feature.length
    this.collapsed = new Uint8Array(n)
    this.leaves = new Int32Array(n)
    this.#parent = new Int32Array(n).fill(-1)
    this.#alpha = new Float64Array(n)
    this.#weakest = new Int32Array(n).fill(-1)
    this.#nodeRisk = Float64Array.from(
      tree.cover,
      (cover, i) => (impurity(criterion, tree.bad[i]!, cover) * cover) / tree.cover[0]!,
    )
    this.branchRisk = this.#nodeRisk.slice()
    for (let node = n - 1; node >= 0; node--) {
      this.leaves[node] = 1
      if (isLeaf(tree, node)) continue
      this.#parent[tree.childrenLeft[node]!] = node
      this.#parent[tree.childrenRight[node]!] = node
      this.#update(node)
    }
  }

  #update(node: number): void {
    const left = this.tree.childrenLeft[node]!
    const right = this.tree.childrenRight[node]!
    this.leaves[node] = this.leaves[left]! + this.leaves[right]!
    this.branchRisk[node] = this.branchRisk[left]! + this.branchRisk[right]!
    this.#alpha[node] = (this.#nodeRisk[node]! - this.branchRisk[node]!) / (this.leaves[node]! - 1)
    this.#weakest[node] = this.#cheaper(this.#cheaper(node, this.#weakest[left]!), this.#weakest[right]!)
  }

  #cheaper(first: number, second: number): number {
    return second >= 0 && this.#alpha[second]! < this.#alpha[first]! ? second : first
  }

  /** The inner node that is cheapest to collapse, and the alpha at which it pays; undefined when only the root is left. */
  weakestLink(): Link | undefined {
    const node = this.#weakest[0]!
    return node < 0 ? undefined : { node, alpha: this.#alpha[node]! }
  }

  collapse(node: number): void {
    this.collapsed[node] = 1
    this.leaves[node] = 1
    this.branchRisk[node] = this.#nodeRisk[node]!
    this.#weakest[node] = -1
    for (let up = this.#parent[node]!; up >= 0; up = this.#parent[up]!) this.#update(up)
  }

  /** Goes on until no link costs alpha or less, telling each node it collapses; for rising alphas, one pruning serves all. */
  collapseUpTo(alpha: number, onCollapse?: (node: number) => void): void {
    for (let link = this.weakestLink(); link && link.alpha <= alpha; link = this.weakestLink()) {
      this.collapse(link.node)
      onCollapse?.(link.node)
    }
  }
}

/** Every subtree of the sequence, from the full tree to the root alone. */
export const pruningPath = (tree: GrownTree, criterion: Criterion = 'gini'): PruningPath => {
  const pruning = new Pruning(tree, criterion)
  const alphas = [0]
  const impurities = [pruning.branchRisk[0]!]
  const leaves = [pruning.leaves[0]!]
  for (let link = pruning.weakestLink(); link; link = pruning.weakestLink()) {
    pruning.collapse(link.node)
    alphas.push(Math.max(link.alpha, alphas.at(-1)!))
    impurities.push(pruning.branchRisk[0]!)
    leaves.push(pruning.leaves[0]!)
  }
  return {
    alphas: Float64Array.from(alphas),
    impurities: Float64Array.from(impurities),
    leaves: Int32Array.from(leaves),
  }
}

/** The subtree that is best for `alpha`; links that cost exactly alpha are collapsed. */
export const pruneTree = (tree: GrownTree, alpha: number, criterion: Criterion = 'gini'): GrownTree => {
  const pruning = new Pruning(tree, criterion)
  pruning.collapseUpTo(alpha)
  return subtree(tree, pruning.collapsed)
}

/** The tree without what lies below collapsed nodes, positions closed up in preorder. */
export const subtree = (tree: GrownTree, collapsed: Uint8Array = new Uint8Array(tree.feature.length)): GrownTree => {
  const kept: number[] = []
  const position = new Int32Array(tree.feature.length).fill(-1)
  const visit = [0]
  const inner = (node: number): boolean => !isLeaf(tree, node) && !collapsed[node]
  while (visit.length) {
    const node = visit.pop()!
    position[node] = kept.length
    kept.push(node)
    if (inner(node)) visit.push(tree.childrenRight[node]!, tree.childrenLeft[node]!)
  }
  const child = (children: Int32Array, node: number): number => (inner(node) ? position[children[node]!]! : -1)
  return {
    childrenLeft: Int32Array.from(kept, (node) => child(tree.childrenLeft, node)),
    childrenRight: Int32Array.from(kept, (node) => child(tree.childrenRight, node)),
    feature: Int32Array.from(kept, (node) => (inner(node) ? tree.feature[node]! : -1)),
    threshold: Float64Array.from(kept, (node) => (inner(node) ? tree.threshold[node]! : 0)),
    defaultLeft: Uint8Array.from(kept, (node) => (inner(node) ? tree.defaultLeft[node]! : 0)),
    value: Float64Array.from(kept, (node) => tree.value[node]!),
    cover: Float64Array.from(kept, (node) => tree.cover[node]!),
    bad: Float64Array.from(kept, (node) => tree.bad[node]!),
    ...keptSets(tree, kept, inner),
  }
}

/** The sets of categories that are still used, in the order of their nodes. */
const keptSets = (
  tree: GrownTree,
  kept: readonly number[],
  inner: (node: number) => boolean,
): Pick<TreeArrays, 'categorySet' | 'sets'> => {
  const { categorySet, sets } = tree
  if (!categorySet || !sets) return {}
  const used: number[] = []
  const position = Int32Array.from(kept, (node) =>
    inner(node) && categorySet[node]! >= 0 ? used.push(categorySet[node]!) - 1 : -1,
  )
  if (used.length === 0) return {}
  const words = new Uint32Array(used.length * WORDS_OF_SET)
  used.forEach((from, to) => {
    words.set(sets.subarray(from * WORDS_OF_SET, (from + 1) * WORDS_OF_SET), to * WORDS_OF_SET)
  })
  return { categorySet: position, sets: words }
}
