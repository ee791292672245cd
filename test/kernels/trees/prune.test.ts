import { expect, test } from 'vitest'
import { type CartData, growCart } from '../../../src/kernels/trees/cart.ts'
import { giniImpurity } from '../../../src/kernels/trees/giniSplit.ts'
import { Pruning, pruneTree, pruningPath } from '../../../src/kernels/trees/prune.ts'
import type { GrownTree } from '../../../src/kernels/trees/treeBuilder.ts'
import { type Random, random } from '../../../src/util/random.ts'

/** A tree of at most `depth` levels on coarse numbers: many links cost the same. */
const coarseTree = (r: Random, rows: number, depth: number): GrownTree => {
  const columns = 3
  const data: CartData = {
    values: Float64Array.from({ length: rows * columns }, () => (r.next() < 0.1 ? Number.NaN : r.integer(8))),
    rows,
    columns,
    target: Uint8Array.from({ length: rows }, () => (r.next() < 0.4 ? 1 : 0)),
  }
  return growCart(data, { maxDepth: depth, minLeaf: 1, smoothing: { strength: 5, rate: 0.4 } })
}

type Step = { node: number; alpha: number; risk: number; leaves: number }

/** Weakest links by their definition: after every collapse, every branch is added up anew and every link is asked. */
const slowSteps = (tree: GrownTree, cheaper: (a: number, b: number) => boolean): Step[] => {
  const collapsed = new Set<number>()
  const steps: Step[] = []
  const isInner = (node: number) => tree.childrenLeft[node] !== -1 && !collapsed.has(node)
  const risk = (node: number) => (giniImpurity(tree.bad[node]!, tree.cover[node]!) * tree.cover[node]!) / tree.cover[0]!
  const branch = (node: number): { risk: number; leaves: number } => {
    if (!isInner(node)) return { risk: risk(node), leaves: 1 }
    const [left, right] = [branch(tree.childrenLeft[node]!), branch(tree.childrenRight[node]!)]
    return { risk: left.risk + right.risk, leaves: left.leaves + right.leaves }
  }
  const inPreorder = (node: number): number[] =>
    isInner(node) ? [node, ...inPreorder(tree.childrenLeft[node]!), ...inPreorder(tree.childrenRight[node]!)] : []
  for (;;) {
    const links = inPreorder(0).map((node) => {
      const below = branch(node)
      return { node, alpha: (risk(node) - below.risk) / (below.leaves - 1) }
    })
    if (links.length === 0) return steps
    const weakest = links.reduce((best, link) => (cheaper(link.alpha, best.alpha) ? link : best))
    collapsed.add(weakest.node)
    steps.push({ ...weakest, ...branch(0) })
  }
}

const ownSteps = (tree: GrownTree): Step[] => {
  const pruning = new Pruning(tree)
  const steps: Step[] = []
  for (let link = pruning.weakestLink(); link; link = pruning.weakestLink()) {
    pruning.collapse(link.node)
    steps.push({ ...link, risk: pruning.branchRisk[0]!, leaves: pruning.leaves[0]! })
  }
  return steps
}

const r = random(21)
const trees = Array.from({ length: 40 }, (_, k) => coarseTree(r.fork('tree', k), 5 + 3 * k, 2 + (k % 9)))

test('links are those of the definition, to the bit; a twin that takes the last of equal links is caught', () => {
  let caught = 0
  for (const tree of trees) {
    expect(ownSteps(tree)).toEqual(slowSteps(tree, (a, b) => a < b))
    const last = slowSteps(tree, (a, b) => a <= b)
    if (JSON.stringify(last) !== JSON.stringify(ownSteps(tree))) caught++
  }
  expect(caught).toBeGreaterThan(5)
})

test('one pruning that goes on is at every alpha the pruning that starts anew', () => {
  for (const tree of trees) {
    const going = new Pruning(tree)
    const told: number[] = []
    for (const alpha of pruningPath(tree).alphas) {
      going.collapseUpTo(alpha, (node) => told.push(node))
      const anew = new Pruning(tree)
      anew.collapseUpTo(alpha)
      expect(going.collapsed).toEqual(anew.collapsed)
      expect(going.leaves[0]).toBe((pruneTree(tree, alpha).feature.length + 1) / 2)
    }
    expect(told).toEqual(ownSteps(tree).map((step) => step.node))
  }
})
