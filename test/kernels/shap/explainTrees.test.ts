import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { binMatrix } from '../../../src/kernels/binning/binMatrix.ts'
import { ownCore } from '../../../src/kernels/memory/ownCore.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import {
  explainTrees,
  explainTreesOn,
  planTreeGame,
  type TreeGamePlan,
} from '../../../src/kernels/shap/explainTrees.ts'
import { treeShap } from '../../../src/kernels/shap/treeShap.ts'
import { decodeRows } from '../../../src/kernels/trees/rankRows.ts'
import type { TreeArrays } from '../../../src/kernels/trees/tree.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { GlasscoreError } from '../../../src/util/errors.ts'
import { random } from '../../../src/util/random.ts'
import { identity, largest } from '../largest.ts'
import { enumerateShapley, randomMatrix, randomTree, withCategories, withCodes } from '../randomTrees.ts'

// Workers run the compiled code; `npm test` builds it first.
const built = existsSync(new URL('../../../dist/threads/worker.js', import.meta.url))

// Trees hold values of size 1 on at most 8 levels: sums of some hundred products, each exact to 1e-16.
const TOLERANCE = 1e-12
/** A job of so many rows is worth tables wherever a tree allows them; of one row, nowhere. */
const MANY = 1e9

interface Job {
  trees: readonly TreeArrays[]
  player: Int32Array
  players: number
  values: Float64Array
  rows: number
}

const planOf = ({ trees, player, players }: Job, rows: number): TreeGamePlan =>
  planTreeGame({ trees, playerOfColumn: player, players, rows })

/** The three ways to the same numbers. */
const WAYS: [name: string, run: (job: Job) => { phi: Float64Array; base: number }][] = [
  [
    'readable',
    (job) => {
      const plan = planTreeGame({
        trees: job.trees,
        playerOfColumn: job.player,
        players: job.players,
        rows: 1,
        kernels: 'typescript',
      })
      return { phi: explainTrees(plan, job), base: plan.expectedValue }
    },
  ],
  [
    'compiled quadrature',
    (job) => {
      const plan = planOf(job, 1)
      expect(plan.compiled!.records.every(({ pieces }) => pieces === undefined)).toBe(true)
      return { phi: explainTrees(plan, job), base: plan.expectedValue }
    },
  ],
  [
    'compiled tables',
    (job) => {
      const plan = planOf(job, MANY)
      expect(plan.compiled!.records.some(({ pieces }) => pieces)).toBe(true)
      return { phi: explainTrees(plan, job), base: plan.expectedValue }
    },
  ],
]

const rowOf = ({ values, rows }: Job, i: number): number[] =>
  Array.from({ length: values.length / rows }, (_, j) => values[j * rows + i]!)

/** base, then players x rows, by the definition. */
const enumerated = (job: Job): { phi: Float64Array; base: number } => {
  const phi = new Float64Array(job.players * job.rows)
  let base = 0
  for (let i = 0; i < job.rows; i++) {
    const [worth, ...values] = enumerateShapley(job.trees, rowOf(job, i), job.player, job.players)
    base = worth!
    values.forEach((value, p) => {
      phi[p * job.rows + i] = value
    })
  }
  return { phi, base }
}

const stream = random(23)
const columns = 6
const coded = [1, 4]
const rows = 43
const numbers = randomMatrix(stream.fork('rows'), rows, columns)
const codes = withCodes(numbers, rows, stream.fork('codes'), coded)
const treesOf = (depth: number, zeroCovers = false): TreeArrays[] =>
  Array.from({ length: 6 }, (_, k) =>
    randomTree(stream.fork(`tree ${depth} ${zeroCovers}`, k), columns, depth, zeroCovers),
  )
const plain = { player: identity(columns), players: columns, values: numbers, rows }

const JOBS: [name: string, job: Job][] = [
  ['columns repeated on paths, missing values', { ...plain, trees: treesOf(7) }],
  ['stumps and single leaves', { ...plain, trees: [...treesOf(1), ...treesOf(0), ...treesOf(2)] }],
  ['groups of columns', { ...plain, trees: treesOf(7), player: Int32Array.of(0, 1, 2, 3, 0, 1), players: 4 }],
  ['one player, and one without a column', { ...plain, trees: treesOf(6), player: new Int32Array(6), players: 2 }],
  ['nodes without cover', { ...plain, trees: treesOf(6, true) }],
  [
    'categories, known, unknown and missing',
    {
      ...plain,
      trees: treesOf(8).map((tree, k) => withCategories(tree, stream.fork('sets', k), coded)),
      values: codes,
    },
  ],
]

describe.each(WAYS)('tree SHAP, %s', (_, run) => {
  it.each(JOBS)('equals the enumeration of coalitions: %s', (__, job) => {
    const expected = enumerated(job)
    const { phi, base } = run(job)
    expect(Math.abs(base - expected.base)).toBeLessThan(TOLERANCE)
    expect(largest(phi, expected.phi)).toBeLessThan(TOLERANCE)
  })

  it('a twin with the cover of another node, or the other default direction, is caught', () => {
    const [, job] = JOBS[0]!
    const expected = enumerated(job)
    const cover = job.trees.map((tree) => ({ ...tree, cover: tree.cover.map((c, i) => (i === 1 ? c / 2 : c)) }))
    const other = job.trees.map((tree) => ({ ...tree, defaultLeft: tree.defaultLeft.map((d) => 1 - d) }))
    for (const trees of [cover, other]) expect(largest(run({ ...job, trees }).phi, expected.phi)).toBeGreaterThan(1e-3)
  })

  it('a column that no tree splits on gets nothing, and equal players get the same', () => {
    const twin = (tree: TreeArrays): TreeArrays => ({
      ...tree,
      feature: tree.feature.map((f) => (f === 0 ? 1 : f === 1 ? 0 : f)),
    })
    const trees = treesOf(6).map((tree) => ({ ...tree, feature: tree.feature.map((f) => (f === 5 ? 2 : f)) }))
    const values = numbers.slice()
    values.copyWithin(rows, 0, rows)
    const { phi } = run({ ...plain, trees: [...trees, ...trees.map(twin)], values })
    expect(phi.subarray(5 * rows).every((v) => v === 0)).toBe(true)
    expect(largest(phi.subarray(0, rows), phi.subarray(rows, 2 * rows))).toBeLessThan(TOLERANCE)
    expect(phi.subarray(0, rows).some((v) => Math.abs(v) > 0.01)).toBe(true)
  })

  it('adds up on deep trees with many players', () => {
    const wide = 40
    const trees = [0, 1, 2].map((k) => randomTree(stream.fork('deep', k), wide, k === 2 ? 9 : 14))
    const x = randomMatrix(stream.fork('wide'), rows, wide)
    const { phi, base } = run({ trees, player: identity(wide), players: wide, values: x, rows })
    const one = enumerated({ trees, player: new Int32Array(wide), players: 1, values: x, rows })
    for (let i = 0; i < rows; i++) {
      let sum = base
      for (let p = 0; p < wide; p++) sum += phi[p * rows + i]!
      // Thousands of leaves of size 1: rounding grows with their number.
      expect(Math.abs(sum - one.base - one.phi[i]!)).toBeLessThan(1e-10)
    }
  })
})

interface Golden {
  trees: {
    name: string
    trees: Record<string, number[]>[]
    rows: (number | null)[][]
    shap_values: number[][]
    divide: number
  }[]
}

describe('both compiled methods against shap, XGBoost and LightGBM', () => {
  const golden: Golden = JSON.parse(readFileSync(new URL('../../fixtures/shap/golden.json', import.meta.url), 'utf8'))
  const numericCases = golden.trees.filter(
    ({ trees }) => !trees.some((tree) => (tree['categories'] ?? []).flat().length),
  )

  it.each(numericCases.map((entry) => [entry.name, entry] as const))(
    '%s',
    (_, { trees, rows: data, shap_values, divide }) => {
      const width = data[0]!.length
      const arrays = trees.map(
        (tree): TreeArrays => ({
          childrenLeft: Int32Array.from(tree['children_left']!),
          childrenRight: Int32Array.from(tree['children_right']!),
          feature: Int32Array.from(tree['feature']!, (f) => Math.max(-1, f)),
          threshold: Float64Array.from(tree['threshold']!),
          defaultLeft: Uint8Array.from(tree['default_left'] ?? tree['feature']!.map(() => 0)),
          value: Float64Array.from(tree['value']!),
          cover: Float64Array.from(tree['cover']!),
        }),
      )
      const values = new Float64Array(data.length * width)
      for (const [i, row] of data.entries())
        for (const [j, x] of row.entries()) values[j * data.length + i] = x ?? Number.NaN
      const job = { trees: arrays, player: identity(width), players: width, values, rows: data.length }
      const expected = new Float64Array(width * data.length)
      for (const [i, row] of shap_values.entries())
        for (const [j, v] of row.entries()) expected[j * data.length + i] = v * divide
      // Both sides sum some hundred terms of size 1 in double precision, in different orders.
      for (const declared of [1, MANY])
        expect(largest(explainTrees(planOf(job, declared), job), expected)).toBeLessThan(1e-10)
    },
  )
})

describe('on pools', () => {
  const many = 1800
  const trees = [...treesOf(7), ...[0, 1].map((k) => randomTree(stream.fork('large', k), columns, 15))]
  const values = randomMatrix(stream.fork('many'), many, columns)
  const plan = planTreeGame({ trees, playerOfColumn: identity(columns), players: columns, rows: MANY })
  const whole = explainTrees(plan, { values, rows: many })

  it('has both methods in one job', () => {
    const kinds = new Set(plan.compiled!.records.map(({ pieces }) => pieces !== undefined))
    expect(kinds.size).toBe(2)
    expect(ownCore()!.space.used).toBe(0)
  })

  describe.each([1, 2, 3])('%d threads', (threads) => {
    const pool: Pool = openPool(threads, { kernels: 'wasm' })
    afterAll(() => pool.close())

    it.skipIf(threads > 1 && !built)('the same bytes, however the rows are cut', async () => {
      const cuts = [0, 1, 600, 1113, many]
      for (let k = 1; k < cuts.length; k++) {
        const [from, to] = [cuts[k - 1]!, cuts[k]!]
        const phi = await explainTreesOn(plan, { values, rows: many }, { from, to }, pool)
        let same = true
        for (let p = 0; p < columns; p++)
          for (let i = from; i < to; i++) same &&= Object.is(phi[p * (to - from) + i - from], whole[p * many + i])
        expect(same).toBe(true)
      }
      expect(pool.space.used).toBe(0)
    })

    it.skipIf(threads > 1 && !built)('rows as bytes of bins', async () => {
      const binned = await binMatrix({ values, rows: many, columns }, pool)
      try {
        const snapped = trees.map((tree) => ({
          ...tree,
          threshold: tree.threshold.map((t, i) => {
            const edges = binned.columns[tree.feature[i]!]?.edges
            return edges ? edges.reduce((best, e) => (Math.abs(e - t) < Math.abs(best - t) ? e : best), edges[0]!) : t
          }),
        }))
        const game = planTreeGame({ trees: snapped, playerOfColumn: identity(columns), players: columns, rows: MANY })
        const phi = await explainTreesOn(game, { binned }, { from: 300, to: 900 }, pool)
        const readable = { plan: game.readable(), ...decodeRows(binned) }
        // Trees of 15 levels have thousands of leaves of size 1: rounding grows with their number.
        expect(largest(phi, treeShap(readable, { from: 300, to: 900 }))).toBeLessThan(1e-10)
      } finally {
        binned.close()
      }
    })
  })

  it('a job that is told to stop ends, and gives its memory back', async () => {
    const pool = openPool(1, { kernels: 'wasm' })
    const job = explainTreesOn(plan, { values, rows: many }, { from: 0, to: many }, pool, {
      signal: AbortSignal.abort(),
    })
    await expect(job).rejects.toThrow(GlasscoreError)
    expect(pool.space.used).toBe(0)
    await pool.close()
  })

  it('refuses a memory too small, with the figure', async () => {
    const pool = openPool(1, { kernels: 'wasm', memoryLimit: 2 ** 20 })
    const refused = explainTreesOn(plan, { values, rows: many }, { from: 0, to: many }, pool)
    await expect(refused).rejects.toThrow(/explaining 8 trees needs .* MiB of memory/)
    await pool.close()
  })
})

describe('limits', () => {
  /** One split a level, every right child a leaf. */
  const chain = (levels: number): TreeArrays => {
    const nodes = 2 * levels + 1
    const inner = (i: number): boolean => i % 2 === 0 && i < nodes - 1
    return {
      childrenLeft: Int32Array.from({ length: nodes }, (_, i) => (inner(i) ? i + 1 : -1)),
      childrenRight: Int32Array.from({ length: nodes }, (_, i) => (inner(i) ? i + 2 : -1)),
      feature: Int32Array.from({ length: nodes }, (_, i) => (inner(i) ? i % 6 : -1)),
      threshold: new Float64Array(nodes),
      defaultLeft: new Uint8Array(nodes),
      value: Float64Array.from({ length: nodes }, (_, i) => i % 7),
      cover: Float64Array.from({ length: nodes }, (_, i) => nodes - i),
    }
  }

  it('trees deeper than the compiled kernels go are explained by the readable ones', () => {
    const deep = planTreeGame({ trees: [chain(300)], playerOfColumn: identity(6), players: 6, rows: 1 })
    expect(deep.compiled).toBeUndefined()
    const phi = explainTrees(deep, { values: numbers, rows })
    expect(phi.every(Number.isFinite)).toBe(true)
    const shallow = planTreeGame({ trees: [chain(150)], playerOfColumn: identity(6), players: 6, rows: 1 })
    expect(shallow.compiled).toBeDefined()
    const twin = treeShap({ plan: shallow.readable(), values: numbers, rows }, { from: 0, to: rows })
    expect(largest(explainTrees(shallow, { values: numbers, rows }), twin)).toBeLessThan(1e-10)
  })
})
