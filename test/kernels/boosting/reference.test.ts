import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { BinnedColumn } from '../../../src/kernels/binning/binnedMatrix.ts'
import { type BoostingFit, type BoostingTraining, trainBoosting } from '../../../src/kernels/boosting/trainBoosting.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import { MOST_CATEGORIES, type TreeArrays, WORDS_OF_SET } from '../../../src/kernels/trees/tree.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { matrixOn } from '../trees/randomRows.ts'
import { OPTIONS } from './cases.ts'

/** A node of the reference; an inner one has the last value on the left (254: all present ones) or the categories there. */
interface Node {
  value: number
  cover: number
  rows: number
  column?: number
  cut?: number
  categories?: number[]
  missingLeft?: boolean
  left?: Node
  right?: Node
}
interface Golden {
  name: string
  rows: number
  kinds: ('number' | 'category')[]
  /** column-major, -1 = missing */
  values: number[]
  target: number[]
  weights: number[] | null
  held: number[] | null
  monotone: number[]
  options: Partial<BoostingTraining>
  /** options under which the trees of the reference are others */
  broken: Partial<BoostingTraining>
  trees: Node[]
  heldLoss: number[]
}
const { sets } = JSON.parse(
  readFileSync(new URL('../../fixtures/boosting/boosting.json', import.meta.url), 'utf8'),
) as { sets: Golden[] }

const pools: [string, Pool][] = [
  ['readable', openPool(1, { kernels: 'typescript' })],
  ['compiled', openPool(1, { kernels: 'wasm' })],
]
afterAll(() => Promise.all(pools.map(([, pool]) => pool.close())))

/** Every whole number has a bin of its own. */
const BINS = 40

const train = async (pool: Pool, set: Golden, changed: Partial<BoostingTraining> = {}): Promise<BoostingFit> => {
  const { rows, kinds } = set
  const matrix = matrixOn(pool, {
    rows,
    columns: kinds.map((kind): BinnedColumn => {
      const cuts = kind === 'number' ? BINS - 1 : 0
      return { kind, bins: BINS, edges: Float64Array.from({ length: cuts }, (_, bin) => bin + 0.5) }
    }),
    bins: Uint8Array.from(set.values, (value) => (value < 0 ? 255 : value)),
    target: Uint8Array.from(set.target),
    weights: new Float64Array(0),
  })
  try {
    return await trainBoosting(
      matrix,
      {
        target: Uint8Array.from(set.target),
        weight: set.weights ? Float64Array.from(set.weights) : undefined,
        held: set.held ? Uint8Array.from(set.held) : undefined,
        monotone: Int8Array.from(set.monotone),
        keys: (round) => Uint32Array.of(round, 5, 6, 7),
      },
      { ...OPTIONS, ...set.options, ...changed },
      pool,
    )
  } finally {
    matrix.close()
  }
}

/**
 * 1e-9: the reference adds exact gradients, ours those rounded down to 2^-41 or finer, so that a step of 360 rows in a leaf with
 * Hessians of 1 or more is off by less than 2e-10, and so are the margins that the next trees begin with.
 */
const NEAR = 1e-9
/** 2e-5: bounds of monotone columns are means of values on quantized gradients, in steps of 1/32,000 a row with a random end. */
const NEAR_BOUNDS = 2e-5
const nearIn = (set: Golden): number => (set.monotone.some((direction) => direction !== 0) ? NEAR_BOUNDS : NEAR)

/** What differs between a tree and that of the reference, for the rows that come to a node; empty when nothing does. */
const differences = (set: Golden, tree: TreeArrays, at: number, node: Node, rows: number[]): string[] => {
  const found: string[] = []
  const check = (what: string, own: unknown, expected: unknown) => {
    const equal =
      typeof own === 'number' && typeof expected === 'number' && what !== 'threshold'
        ? Math.abs(own - expected) <= nearIn(set)
        : Object.is(own, expected)
    if (!equal) found.push(`node ${at}: ${what} is ${own}, not ${expected}`)
  }
  const trained = rows.filter((row) => !set.held?.[row])
  check('rows', trained.length, node.rows)
  check('cover', tree.cover[at]!, node.cover)
  check('value', tree.value[at]!, node.value)
  check('column', tree.feature[at]!, node.column ?? -1)
  if (node.column === undefined || found.length) return found
  const valueAt = (row: number) => set.values[node.column! * set.rows + row]!
  const ownMissing = tree.defaultLeft[at] === 1
  const position = tree.categorySet?.[at] ?? -1
  const ownLeft = (value: number): boolean =>
    value < 0
      ? ownMissing
      : position < 0
        ? value <= tree.threshold[at]!
        : ((tree.sets![position * WORDS_OF_SET + (value >> 5)]! >>> (value & 31)) & 1) === 1
  const goldenLeft = (value: number): boolean =>
    value < 0 ? node.missingLeft! : node.categories ? node.categories.includes(value) : value <= node.cut!
  let [left, right] = [node.left!, node.right!]
  if (node.categories) {
    check('categorical', position >= 0, true)
    // Two sets of categories that are each the rest of the other are worth the same: either may be the left one.
    const turned = trained.every((row) => ownLeft(valueAt(row)) !== goldenLeft(valueAt(row)))
    if (turned) [left, right] = [right, left]
    else
      check(
        'side of every row',
        trained.every((row) => ownLeft(valueAt(row)) === goldenLeft(valueAt(row))),
        true,
      )
  } else {
    check('categorical', position >= 0, false)
    check('threshold', tree.threshold[at]!, node.cut === MOST_CATEGORIES ? Number.POSITIVE_INFINITY : node.cut! + 0.5)
    check('missing on the left', ownMissing, node.missingLeft)
  }
  if (found.length) return found
  const goes = (side: boolean) => rows.filter((row) => ownLeft(valueAt(row)) === side)
  return [
    ...differences(set, tree, tree.childrenLeft[at]!, left, goes(true)),
    ...differences(set, tree, tree.childrenRight[at]!, right, goes(false)),
  ]
}

const allDifferences = (set: Golden, { trees }: BoostingFit, golden = set.trees): string[] => {
  if (trees.length !== golden.length) return [`${trees.length} trees, not ${golden.length}`]
  const every = Array.from({ length: set.rows }, (_, row) => row)
  return trees.flatMap((tree, k) => differences(set, tree, 0, golden[k]!, every))
}

const innerNodes = (node: Node): Node[] =>
  node.left && node.right ? [node, ...innerNodes(node.left), ...innerNodes(node.right)] : []

describe.each(pools)('boosting by %s kernels and a reference on numpy', (_, pool) => {
  it.each(sets.map((set) => [set.name, set] as const))('agree node by node: %s', async (_name, set) => {
    const fit = await train(pool, set)
    expect(allDifferences(set, fit)).toEqual([])
    expect(fit.heldLoss.length).toBe(set.heldLoss.length)
    // 1e-9: as the values of leaves.
    for (const [k, loss] of fit.heldLoss.entries()) expect(Math.abs(loss - set.heldLoss[k]!)).toBeLessThan(NEAR)
  })

  it.each(sets.map((set) => [set.name, set] as const))('differ under another rule: %s', async (_name, set) => {
    expect(allDifferences(set, await train(pool, set, set.broken)).length).toBeGreaterThan(0)
    expect(allDifferences(set, await train(pool, set, { learningRate: 0.31 })).length).toBeGreaterThan(0)
  })

  it('differ when the reference has one missing side, one cut or one category changed', async () => {
    const changes: [(node: Node) => boolean, (node: Node) => void][] = [
      [(node) => !node.categories, (node) => Object.assign(node, { missingLeft: !node.missingLeft })],
      [(node) => !node.categories, (node) => Object.assign(node, { cut: node.cut! + 1 })],
      [
        (node) => (node.categories?.length ?? 0) > 1,
        (node) => Object.assign(node, { categories: node.categories!.slice(1) }),
      ],
    ]
    for (const set of sets) {
      const fit = await train(pool, set)
      for (const [applies, change] of changes) {
        const golden = structuredClone(set.trees)
        const node = golden.flatMap(innerNodes).filter(applies).at(-1)
        if (!node) continue
        change(node)
        expect(allDifferences(set, fit, golden).length).toBeGreaterThan(0)
      }
    }
  })
})

describe('the golden trees', () => {
  it('use every kind of split', () => {
    const inner = sets.flatMap((set) => set.trees.flatMap(innerNodes))
    const some = (rule: (node: Node) => boolean) => inner.filter(rule).length
    expect(some((node) => node.cut === MOST_CATEGORIES)).toBeGreaterThan(0)
    expect(some((node) => node.missingLeft === true && node.cut !== undefined)).toBeGreaterThan(3)
    expect(some((node) => (node.categories?.length ?? 0) > 1)).toBeGreaterThan(3)
    expect(some((node) => node.categories?.length === 1)).toBeGreaterThan(0)
    expect(sets.find((set) => set.held)!.trees.length).toBeGreaterThan(2)
  })
})
