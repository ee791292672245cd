import { existsSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { binMatrix } from '../../../src/kernels/binning/binMatrix.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import { explainTrees, planTreeGame } from '../../../src/kernels/shap/explainTrees.ts'
import type { MatrixRows } from '../../../src/kernels/shap/interactions/decideNode.ts'
import { interactionPart } from '../../../src/kernels/shap/interactions/interactionPart.ts'
import {
  type InteractionGame,
  type InteractionPlan,
  planInteractions,
} from '../../../src/kernels/shap/interactions/planInteractions.ts'
import {
  absoluteInteractions,
  interactionValues,
  pairInteractions,
} from '../../../src/kernels/shap/interactions/treeInteractions.ts'
import { triangleAt } from '../../../src/kernels/shap/interactions/triangle.ts'
import { decodeRows } from '../../../src/kernels/trees/rankRows.ts'
import type { TreeArrays } from '../../../src/kernels/trees/tree.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { GlasscoreError } from '../../../src/util/errors.ts'
import { random } from '../../../src/util/random.ts'
import { identity, largest } from '../largest.ts'
import { randomMatrix, randomTree, withCategories, withCodes } from '../randomTrees.ts'
import { backgroundGame, coverGame, enumerateInteractions } from './enumerateInteractions.ts'

// Workers run the compiled code; `npm test` builds it first.
const built = existsSync(new URL('../../../dist/threads/worker.js', import.meta.url))

// Trees hold values of size 1 on at most 8 levels: sums of some thousand products, each exact to 1e-16.
const TOLERANCE = 1e-12

interface Job extends InteractionGame {
  matrix: MatrixRows
}

/** owners x owners x rows, both halves filled in. */
const dense = (plan: InteractionPlan, packed: Float64Array, rows: number): Float64Array => {
  const { owners, used } = plan
  const out = new Float64Array(owners * owners * rows)
  for (const [i, a] of used.entries())
    for (const [j, b] of used.entries()) {
      const at = triangleAt(used.length, i, j) * rows
      out.set(packed.subarray(at, at + rows), (a * owners + b) * rows)
    }
  return out
}

const work = (job: Job): { base: number; values: Float64Array } => {
  const plan = planInteractions(job)
  const { rows } = job.matrix
  const packed = interactionPart(
    { plan, matrix: job.matrix, wanted: 'values', pairs: new Int32Array(0) },
    { from: 0, to: rows },
  )
  return { base: plan.expectedValue, values: dense(plan, packed, rows) }
}

const rowOf = ({ values, rows }: MatrixRows, i: number): number[] =>
  Array.from({ length: values.length / rows }, (_, j) => values[j * rows + i]!)

const enumerated = (job: Job): { base: number; values: Float64Array } => {
  const { trees, playerOfColumn, players, matrix, background } = job
  const { rows } = matrix
  const others = background && Array.from({ length: background.rows }, (_, i) => rowOf(background, i))
  const out = new Float64Array(players * players * rows)
  let base = 0
  for (let r = 0; r < rows; r++) {
    const row = rowOf(matrix, r)
    const game = others ? backgroundGame(trees, row, playerOfColumn, others) : coverGame(trees, row, playerOfColumn)
    const found = enumerateInteractions(game, players)
    base = found.base
    for (const [i, line] of found.values.entries())
      for (const [j, value] of line.entries()) out[(i * players + j) * rows + r] = value
  }
  return { base, values: out }
}

/** Sums of the rows of the matrices: players x rows. */
const rowSums = (values: Float64Array, players: number): Float64Array => {
  const rows = values.length / players ** 2
  const sums = new Float64Array(players * rows)
  for (let i = 0; i < players; i++)
    for (let j = 0; j < players; j++)
      for (let r = 0; r < rows; r++) sums[i * rows + r]! += values[(i * players + j) * rows + r]!
  return sums
}

const stream = random(71)
const columns = 6
const coded = [1, 4]
const rows = 23
const numbers = randomMatrix(stream.fork('rows'), rows, columns)
const others = { values: randomMatrix(stream.fork('background'), 17, columns), rows: 17 }
const codes = withCodes(numbers, rows, stream.fork('codes'), coded)
const otherCodes = { values: withCodes(others.values, 17, stream.fork('other codes'), coded), rows: 17 }
const treesOf = (depth: number, zeroCovers = false): TreeArrays[] =>
  Array.from({ length: 4 }, (_, k) =>
    randomTree(stream.fork(`tree ${depth} ${zeroCovers}`, k), columns, depth, zeroCovers),
  )
const withSets = treesOf(8).map((tree, k) => withCategories(tree, stream.fork('sets', k), coded))
const plain = { playerOfColumn: identity(columns), players: columns, matrix: { values: numbers, rows } }

const COVER_JOBS: [name: string, job: Job][] = [
  ['columns repeated on paths, missing values', { ...plain, trees: treesOf(7) }],
  ['stumps and single leaves', { ...plain, trees: [...treesOf(1), ...treesOf(0), ...treesOf(2)] }],
  ['groups of columns', { ...plain, trees: treesOf(7), playerOfColumn: Int32Array.of(0, 1, 2, 3, 0, 1), players: 4 }],
  [
    'one player, and one without a column',
    { ...plain, trees: treesOf(6), playerOfColumn: new Int32Array(6), players: 2 },
  ],
  ['nodes without cover', { ...plain, trees: treesOf(6, true) }],
  ['categories, known, unknown and missing', { ...plain, trees: withSets, matrix: { values: codes, rows } }],
]
const BACKGROUND_JOBS = COVER_JOBS.map(([name, job]): [string, Job] => [
  name,
  { ...job, background: job.trees === withSets ? otherCodes : others },
])

describe.each([
  ['path-dependent', COVER_JOBS],
  ['interventional', BACKGROUND_JOBS],
] as const)('interactions, %s', (semantics, jobs) => {
  it.each(jobs)('equal the enumeration of coalitions: %s', (_, job) => {
    const expected = enumerated(job)
    const { values, base } = work(job)
    expect(Math.abs(base - expected.base)).toBeLessThan(TOLERANCE)
    expect(largest(values, expected.values)).toBeLessThan(TOLERANCE)
  })

  it('a twin with another default direction, other covers or another background is caught', () => {
    const [, job] = jobs[0]!
    const expected = enumerated(job)
    const trees = job.trees.map((tree) => ({ ...tree, defaultLeft: tree.defaultLeft.map((d) => 1 - d) }))
    const cover = job.trees.map((tree) => ({ ...tree, cover: tree.cover.map((c, i) => (i === 1 ? c / 2 : c)) }))
    const background = { ...others, values: others.values.map((v, i) => (i % 17 === 3 ? -v : v)) }
    const broken = [{ ...job, trees }, job.background ? { ...job, background } : { ...job, trees: cover }]
    for (const twin of broken) expect(largest(work(twin).values, expected.values)).toBeGreaterThan(1e-3)
  })

  it('a twin that puts the whole of a pair into both halves, or gives pairs of unmet players the other sign, is caught', () => {
    const [, job] = jobs[0]!
    const { values } = work(job)
    const expected = enumerated(job).values
    const whole = values.map((v, at) => {
      const cell = Math.floor(at / rows)
      return cell % columns === Math.floor(cell / columns) ? v : 2 * v
    })
    expect(largest(whole, expected)).toBeGreaterThan(1e-3)
    expect(largest(rowSums(whole, columns), rowSums(expected, columns))).toBeGreaterThan(1e-3)
    const signed = values.map((v, at) => (Math.floor(at / rows) === 1 ? -v : v))
    expect(largest(signed, expected)).toBeGreaterThan(1e-3)
  })

  it('a player without a split, and one whose splits change nothing, have 0 everywhere', () => {
    const [, job] = jobs[0]!
    const trees = job.trees.map((tree) => doubled(tree, 5))
    const moved = {
      ...job,
      trees: trees.map((tree) => ({ ...tree, feature: tree.feature.map((f) => (f === 4 ? 3 : f)) })),
    }
    const { values } = work(moved)
    expect(moved.trees.some((tree) => tree.feature.includes(5))).toBe(true)
    for (let j = 0; j < columns; j++)
      for (let r = 0; r < rows; r++) {
        expect(values[(4 * columns + j) * rows + r]).toBe(0)
        expect(Math.abs(values[(5 * columns + j) * rows + r]!)).toBeLessThan(TOLERANCE)
      }
    // Broken: the same player does matter once one side of its split has other values.
    const uneven = moved.trees.map((tree) => ({
      ...tree,
      value: tree.value.map((v, i) => (i === 2 ? v : v + (i % 3))),
    }))
    const other = work({ ...moved, trees: uneven }).values
    expect(Math.max(...other.subarray(5 * columns * rows).map(Math.abs))).toBeGreaterThan(1e-3)
  })

  it('players that change places change places in the matrix', () => {
    const [, job] = jobs[0]!
    const order = Int32Array.of(3, 0, 5, 1, 4, 2)
    const { values } = work(job)
    const moved = work({ ...job, playerOfColumn: order }).values
    const back = values.map((_, at) => {
      const [cell, r] = [Math.floor(at / rows), at % rows]
      return moved[(order[Math.floor(cell / columns)]! * columns + order[cell % columns]!) * rows + r]!
    })
    expect(largest(back, values)).toBeLessThan(TOLERANCE)
    expect(largest(moved, values)).toBeGreaterThan(1e-3)
  })

  it('owners have the sums of their players, pairs within one owner in its main effect', () => {
    const [, job] = jobs[0]!
    const ownerOfPlayer = Int32Array.of(0, 1, 2, 3, 0, 1)
    const { values } = work(job)
    const owned = work({ ...job, ownerOfPlayer, owners: 4 }).values
    const sums = new Float64Array(16 * rows)
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++)
        for (let r = 0; r < rows; r++)
          sums[(ownerOfPlayer[i]! * 4 + ownerOfPlayer[j]!) * rows + r]! += values[(i * columns + j) * rows + r]!
    expect(largest(owned, sums)).toBeLessThan(TOLERANCE)
    // The game whose players are the groups is another one.
    const grouped = work({ ...job, playerOfColumn: ownerOfPlayer, players: 4 }).values
    expect(largest(grouped, sums)).toBeGreaterThan(1e-3)
  })

  it('sums and chosen pairs are those of the matrices', async () => {
    const [, job] = jobs[0]!
    const plan = planInteractions(job)
    const { values } = work(job)
    const pool = openPool(1)
    const range = { from: 0, to: rows }
    const sums = await absoluteInteractions(plan, job.matrix, range, pool)
    const expected = Float64Array.from({ length: columns ** 2 }, (_, cell) =>
      values.subarray(cell * rows, (cell + 1) * rows).reduce((sum, v) => sum + Math.abs(v), 0),
    )
    expect(largest(dense(plan, sums, 1), expected)).toBeLessThan(TOLERANCE)
    const pairs = [
      [4, 1],
      [0, 5],
      [1, 4],
    ] as const
    const chosen = await pairInteractions(plan, pairs, job.matrix, range, pool)
    for (const [k, [i, j]] of pairs.entries()) {
      const own = chosen.subarray(k * rows, (k + 1) * rows)
      expect(largest(own, values.subarray((i * columns + j) * rows, (i * columns + j + 1) * rows))).toBe(0)
    }
    await pool.close()
  })

  it('adds up to the difference between a row and the background on deep trees with many players', () => {
    const wide = 40
    const trees = [0, 1, 2].map((k) => randomTree(stream.fork('deep', k), wide, k === 2 ? 9 : 13))
    const matrix = { values: randomMatrix(stream.fork('wide'), rows, wide), rows }
    const background = { values: randomMatrix(stream.fork('wide background'), 50, wide), rows: 50 }
    const job = { trees, playerOfColumn: identity(wide), players: wide, matrix }
    const { values, base } = work(semantics === 'interventional' ? { ...job, background } : job)
    const one = enumerateInteractions(coverGame(trees, rowOf(matrix, 7), new Int32Array(wide)), 1)
    let sum = base
    for (let cell = 0; cell < wide ** 2; cell++) sum += values[cell * rows + 7]!
    // Thousands of leaves of size 1: rounding grows with their number.
    expect(Math.abs(sum - one.base - one.values[0]![0]!)).toBeLessThan(1e-10)
  })
})

/** The tree with its root as both children of a new root that splits on `column`. */
const doubled = (tree: TreeArrays, column: number): TreeArrays => {
  const nodes = tree.value.length
  const shifted = (children: Int32Array, by: number): number[] => Array.from(children, (c) => (c < 0 ? -1 : c + by))
  const twice = (values: ArrayLike<number>, root: number): number[] => [
    root,
    ...Array.from(values),
    ...Array.from(values),
  ]
  return {
    childrenLeft: Int32Array.from([1, ...shifted(tree.childrenLeft, 1), ...shifted(tree.childrenLeft, 1 + nodes)]),
    childrenRight: Int32Array.from([
      1 + nodes,
      ...shifted(tree.childrenRight, 1),
      ...shifted(tree.childrenRight, 1 + nodes),
    ]),
    feature: Int32Array.from(
      twice(
        tree.feature.map((f) => (f === column ? 0 : f)),
        column,
      ),
    ),
    threshold: Float64Array.from(twice(tree.threshold, 0.1)),
    defaultLeft: Uint8Array.from(twice(tree.defaultLeft, 1)),
    value: Float64Array.from(twice(tree.value, 0)),
    cover: Float64Array.from(twice(tree.cover, 2 * tree.cover[0]!)),
  }
}

describe('paths with more players than a word has bits', () => {
  const wide = 36
  /** One split a level, each on a column of its own, every right child a leaf. */
  const chain: TreeArrays = {
    childrenLeft: Int32Array.from({ length: 2 * wide + 1 }, (_, i) => (i % 2 === 0 && i < 2 * wide ? i + 1 : -1)),
    childrenRight: Int32Array.from({ length: 2 * wide + 1 }, (_, i) => (i % 2 === 0 && i < 2 * wide ? i + 2 : -1)),
    feature: Int32Array.from({ length: 2 * wide + 1 }, (_, i) => (i % 2 === 0 && i < 2 * wide ? i / 2 : -1)),
    threshold: new Float64Array(2 * wide + 1),
    defaultLeft: new Uint8Array(2 * wide + 1),
    value: Float64Array.from({ length: 2 * wide + 1 }, (_, i) => 1 + (i % 7)),
    cover: Float64Array.from({ length: 2 * wide + 1 }, (_, i) => 2 * wide + 1 - i),
  }
  const draw = (label: string, count: number): MatrixRows => {
    const own = stream.fork(label)
    // Nine rows of ten go on to the next level.
    return { values: Float64Array.from({ length: wide * count }, () => (own.next() < 0.9 ? 1 : -1)), rows: count }
  }
  const matrix = draw('chain rows', rows)
  const background = draw('chain background', 60)
  const game = { trees: [chain], playerOfColumn: identity(wide), players: wide, matrix }
  const outputs = Float64Array.from({ length: rows }, (_, r) => {
    const left = rowOf(matrix, r).findIndex((x) => x <= 0)
    return chain.value[left < 0 ? 2 * wide : 2 * left + 1]!
  })
  const totals = ({ values, base }: { values: Float64Array; base: number }): Float64Array =>
    Float64Array.from({ length: rows }, (_, r) => {
      let sum = base
      for (let cell = 0; cell < wide ** 2; cell++) sum += values[cell * rows + r]!
      return sum
    })

  it('add up to the output; other rows do not', () => {
    for (const job of [game, { ...game, background }]) {
      const found = work(job)
      // Values up to 7 in sums of some thousand terms.
      expect(largest(totals(found), outputs)).toBeLessThan(1e-10)
      const moved = { ...matrix, values: matrix.values.map((x, at) => (Math.floor(at / rows) === 1 ? -x : x)) }
      expect(largest(totals(work({ ...job, matrix: moved })), outputs)).toBeGreaterThan(0.5)
    }
  })

  it('a twin that looks at the first 32 of them alone is caught', () => {
    const plan = planInteractions({ ...game, background })
    const { failedFrom, failed, patternsFrom } = plan.background!
    const kept: number[] = []
    const from: number[] = []
    for (let b = 0; b + 1 < failedFrom.length; b++) {
      from.push(kept.length)
      kept.push(...failed.subarray(failedFrom[b]!, failedFrom[b + 1]!).filter((k) => k < 32))
    }
    const broken = {
      ...plan.background!,
      patternsFrom,
      failed: Int32Array.from(kept),
      failedFrom: Int32Array.from([...from, kept.length]),
    }
    const job = { plan: { ...plan, background: broken }, matrix, wanted: 'values', pairs: new Int32Array(0) } as const
    const values = dense(plan, interactionPart(job, { from: 0, to: rows }), rows)
    expect(largest(totals({ values, base: plan.expectedValue }), outputs)).toBeGreaterThan(1e-3)
  })
})

describe('path-dependent', () => {
  it('rows of the matrix add up to the Shapley values of the existing kernels', () => {
    const wide = 40
    const trees = [0, 1, 2].map((k) => randomTree(stream.fork('shapley', k), wide, 12))
    const matrix = { values: randomMatrix(stream.fork('shapley rows'), rows, wide), rows }
    const game = { trees, playerOfColumn: identity(wide), players: wide }
    const { values } = work({ ...game, matrix })
    const phi = explainTrees(planTreeGame({ ...game, rows: 1 }), matrix)
    // Thousands of leaves of size 1.
    expect(largest(rowSums(values, wide), phi)).toBeLessThan(1e-10)
    const half = values.map((v, at) => (Math.floor(at / rows) === 1 ? v / 2 : v))
    expect(largest(rowSums(half, wide), phi)).toBeGreaterThan(1e-5)
  })
})

describe('interventional', () => {
  it('background rows that are there twice change nothing, and one more row of another kind does', () => {
    const [, job] = BACKGROUND_JOBS[0]!
    const repeated = (times: number[]): MatrixRows => {
      const order = times.flatMap((count, i) => new Array<number>(count).fill(i))
      const values = new Float64Array(order.length * columns)
      for (let j = 0; j < columns; j++)
        order.forEach((i, r) => {
          values[j * order.length + r] = others.values[j * 17 + i]!
        })
      return { values, rows: order.length }
    }
    const { values } = work(job)
    const twice = work({ ...job, background: repeated(new Array(17).fill(2)) }).values
    expect(largest(twice, values)).toBeLessThan(TOLERANCE)
    const more = work({ ...job, background: repeated(Array.from({ length: 17 }, (_, i) => (i === 4 ? 2 : 1))) }).values
    expect(largest(more, values)).toBeGreaterThan(1e-3)
  })
})

describe('on pools', () => {
  // More rows than one part has.
  const many = 4500
  const trees = treesOf(7)
  const values = randomMatrix(stream.fork('many'), many, columns)
  const matrix = { values, rows: many }
  const game = { trees, playerOfColumn: identity(columns), players: columns }
  const plans = [planInteractions(game), planInteractions({ ...game, background: others })]
  const size = (columns * (columns + 1)) / 2
  const wholes = plans.map((plan) =>
    interactionPart({ plan, matrix, wanted: 'values', pairs: new Int32Array(0) }, { from: 0, to: many }),
  )
  const sums: Float64Array[] = []

  describe.each([1, 2, 3])('%d threads', (threads) => {
    const pool: Pool = openPool(threads)
    afterAll(() => pool.close())

    it.skipIf(threads > 1 && !built)('the same bytes, however the rows are cut', async () => {
      for (const [p, plan] of plans.entries()) {
        const cuts = [0, 1, 2100, many]
        for (let k = 1; k < cuts.length; k++) {
          const [from, to] = [cuts[k - 1]!, cuts[k]!]
          const found = await interactionValues(plan, matrix, { from, to }, pool)
          let same = true
          for (let pair = 0; pair < size; pair++)
            for (let i = from; i < to; i++)
              same &&= Object.is(found[pair * (to - from) + i - from], wholes[p]![pair * many + i])
          expect(same).toBe(true)
        }
        const total = await absoluteInteractions(plan, matrix, { from: 0, to: many }, pool)
        sums[p] ??= total
        expect(Buffer.from(total.buffer).equals(Buffer.from(sums[p]!.buffer))).toBe(true)
      }
    })
  })

  it('takes rows as bytes of bins', async () => {
    const pool = openPool(1, { kernels: 'wasm' })
    const binned = await binMatrix({ values, rows: many, columns }, pool)
    const decoded = decodeRows(binned)
    const found = await interactionValues(plans[0]!, { binned }, { from: 300, to: 900 }, pool)
    const expected = await interactionValues(plans[0]!, decoded, { from: 300, to: 900 }, pool)
    expect(largest(found, expected)).toBe(0)
    binned.close()
    await pool.close()
  })

  it('stops when it is told to, and refuses what does not fit', async () => {
    const pool = openPool(1)
    const range = { from: 0, to: many }
    const stopped = interactionValues(plans[0]!, matrix, range, pool, { signal: AbortSignal.abort() })
    await expect(stopped).rejects.toThrow(GlasscoreError)
    const used = identity(20_000)
    const refused = absoluteInteractions({ ...plans[0]!, used }, matrix, range, pool)
    await expect(refused).rejects.toThrow(/interactions of 20000 owners on 16 rows are too many at once/)
    await pool.close()
  })

  it('has nothing to say of no rows, and of trees without a split', async () => {
    const pool = openPool(1)
    expect(await interactionValues(plans[0]!, matrix, { from: 5, to: 5 }, pool)).toHaveLength(0)
    const leaf = planInteractions({ ...game, trees: treesOf(0) })
    expect(await interactionValues(leaf, matrix, { from: 0, to: 9 }, pool)).toHaveLength(0)
    expect(await pairInteractions(leaf, [[0, 1]], matrix, { from: 0, to: 9 }, pool)).toEqual(new Float64Array(9))
    await pool.close()
  })
})
