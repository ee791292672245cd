import { expect, test } from 'vitest'
import { log1pExp } from '../../src/kernels/numbers/logit.ts'
import { leafIndices } from '../../src/kernels/trees/applyTree.ts'
import { type CartData, type CartOptions, growCart } from '../../src/kernels/trees/cart.ts'
import { pruneTree, pruningPath } from '../../src/kernels/trees/prune.ts'
import { stratifiedFolds } from '../../src/matrix/splits.ts'
import { choosePruning, type PruningRule } from '../../src/models/tree/choosePruning.ts'
import { exactGrower } from '../../src/models/tree/growListening.ts'
import { type Random, random } from '../../src/util/random.ts'

const COLUMNS = 4

const sampleOf = (r: Random, persons: number) => {
  const rows = 2 * persons
  const values = Float64Array.from({ length: rows * COLUMNS }, (_, k) =>
    r.next() < 0.1 ? Number.NaN : k < 2 * rows ? r.normal() : r.integer(5),
  )
  const target = Uint8Array.from({ length: rows }, (_, i) => (r.next() < (values[i]! > 0 ? 0.5 : 0.2) ? 1 : 0))
  // Numbers of persons are neither dense nor rising.
  const groups = Int32Array.from({ length: rows }, (_, i) => ((i % persons) * 7919) % 10007)
  return { data: { values, rows, columns: COLUMNS, target } satisfies CartData, groups }
}

/** The rows of a fold as data of their own. */
const takeRows = (data: CartData, rows: readonly number[]): CartData => ({
  values: Float64Array.from(
    Array.from({ length: COLUMNS }, (_, j) => rows.map((i) => data.values[j * data.rows + i]!)).flat(),
  ),
  rows: rows.length,
  columns: COLUMNS,
  target: Uint8Array.from(rows, (i) => data.target[i]!),
})

/** The choice by its definition: each fold's tree pruned anew for each alpha, all losses of all rows kept. */
const slowChoice = (
  data: CartData,
  options: CartOptions,
  rule: PruningRule,
  groups: Int32Array,
  r: Random,
  take: (alpha: number, k: number, alphas: Float64Array) => number,
) => {
  const path = pruningPath(growCart(data, options))
  const alphas = [...path.alphas].map((alpha, k) => take(alpha, k, path.alphas))
  const foldOf = stratifiedFolds(Array.from(groups, String), data.target, 5, r)
  const all = Array.from({ length: data.rows }, (_, i) => i)
  const losses = alphas.map(() => new Float64Array(data.rows))
  for (let fold = 0; fold < 5; fold++) {
    const held = all.filter((i) => foldOf[i] === fold)
    const own = takeRows(data, held)
    const tree = growCart(
      takeRows(
        data,
        all.filter((i) => foldOf[i] !== fold),
      ),
      options,
    )
    alphas.forEach((alpha, k) => {
      const pruned = pruneTree(tree, alpha)
      leafIndices(pruned, own.values, own.rows).forEach((leaf, i) => {
        losses[k]![held[i]!] = log1pExp((own.target[i] ? -1 : 1) * pruned.value[leaf]!)
      })
    })
  }
  const means = losses.map((loss) => loss.reduce((a, b) => a + b, 0) / data.rows)
  const best = means.indexOf(Math.min(...means))
  const error = (a: Float64Array, b: Float64Array): number => {
    const mean = a.reduce((sum, x, i) => sum + x - b[i]!, 0) / data.rows
    const byGroup = new Map<number, number>()
    groups.forEach((g, i) => {
      byGroup.set(g, (byGroup.get(g) ?? 0) + a[i]! - b[i]! - mean)
    })
    return Math.sqrt([...byGroup.values()].reduce((sum, d) => sum + d * d, 0)) / data.rows
  }
  let chosen = best
  if (rule === 'oneStandardError')
    for (let k = best + 1; k < means.length; k++)
      if (means[k]! - means[best]! <= error(losses[k]!, losses[best]!)) chosen = k
  return {
    alpha: alphas[chosen]!,
    folds: 5,
    rule,
    subtrees: alphas.map((alpha, k) => ({ alpha, leaves: path.leaves[k]!, logLoss: means[k]! })),
    warnings: [],
  }
}

const geometric = (alpha: number, k: number, alphas: Float64Array): number =>
  k + 1 < alphas.length ? Math.sqrt(alpha * alphas[k + 1]!) : alpha

test.each(['best', 'oneStandardError'] as const)(
  '%s: the choice and every loss are those of the definition, to the bit; a twin with the lower alphas is caught',
  async (rule) => {
    let caught = 0
    for (let k = 0; k < 9; k++) {
      const r = random(`pruning ${k}`)
      const { data, groups } = sampleOf(r, 40 + 12 * k)
      const options: CartOptions = {
        maxDepth: 2 + k,
        minLeaf: 1 + (k % 4),
        smoothing: { strength: 5, rate: data.target.reduce((a, b) => a + b, 0) / data.rows },
      }
      const own = await choosePruning(data, exactGrower(data, options), growCart(data, options), rule, random(k), {
        groups,
      })
      expect(own).toEqual(slowChoice(data, options, rule, groups, random(k), geometric))
      const twin = slowChoice(data, options, rule, groups, random(k), (alpha) => alpha)
      if (JSON.stringify(twin.subtrees) !== JSON.stringify(own.subtrees)) caught++
    }
    expect(caught).toBeGreaterThan(4)
  },
)

test('a signal stops it', async () => {
  const { data } = sampleOf(random(1), 1000)
  const options: CartOptions = { maxDepth: 64, minLeaf: 1, smoothing: { strength: 5, rate: 0.35 } }
  const controller = new AbortController()
  const run = choosePruning(
    data,
    exactGrower(data, options, controller.signal),
    growCart(data, options),
    'best',
    random(1),
    {
      signal: controller.signal,
      progress: () => controller.abort(),
    },
  )
  await expect(run).rejects.toThrow('stopped by the user')
})
