import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { fromPlain, type PlainTree } from '../../../src/attributions/plainTree.ts'
import { binMatrix } from '../../../src/kernels/binning/binMatrix.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import {
  explainInterventionalOn,
  type InterventionalGame,
  planInterventionalGame,
} from '../../../src/kernels/shap/explainInterventional.ts'
import { leafGame } from '../../../src/kernels/shap/leafGame.ts'
import { sumTrees } from '../../../src/kernels/trees/applyTree.ts'
import { decodeRows } from '../../../src/kernels/trees/rankRows.ts'
import type { TreeArrays } from '../../../src/kernels/trees/tree.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import { enumerateInterventional, type InterventionalJob } from '../enumerateInterventional.ts'
import { identity, largest } from '../largest.ts'
import { randomMatrix, randomTree, withCategories, withCodes } from '../randomTrees.ts'

// Workers run the compiled code; `npm test` builds it first.
const built = existsSync(new URL('../../../dist/threads/worker.js', import.meta.url))

// Trees hold values of size 1 on at most 8 levels: sums of some hundred products, each exact to 1e-16.
const TOLERANCE = 1e-12

const stream = random(29)
const columns = 6
const coded = [1, 4]
const rows = 23
const others = 31
const numbers = randomMatrix(stream.fork('rows'), rows, columns)
const background = randomMatrix(stream.fork('background'), others, columns)
const treesOf = (depth: number): TreeArrays[] =>
  Array.from({ length: 5 }, (_, k) => randomTree(stream.fork(`tree ${depth}`, k), columns, depth))
const plain = {
  player: identity(columns),
  players: columns,
  values: numbers,
  rows,
  background,
  backgroundRows: others,
}

const JOBS: [name: string, job: InterventionalJob][] = [
  ['columns repeated on paths, missing values', { ...plain, trees: treesOf(7) }],
  ['stumps and single leaves', { ...plain, trees: [...treesOf(1), ...treesOf(0), ...treesOf(2)] }],
  ['groups of columns', { ...plain, trees: treesOf(8), player: Int32Array.of(0, 1, 2, 3, 0, 1), players: 4 }],
  ['one player, and one without a column', { ...plain, trees: treesOf(6), player: new Int32Array(6), players: 2 }],
  [
    'a background of one row',
    { ...plain, trees: treesOf(5), background: randomMatrix(stream, 1, 6), backgroundRows: 1 },
  ],
  ['the rows themselves as background', { ...plain, trees: treesOf(6), background: numbers, backgroundRows: rows }],
  [
    'categories, known, unknown and missing',
    {
      ...plain,
      trees: treesOf(8).map((tree, k) => withCategories(tree, stream.fork('sets', k), coded)),
      values: withCodes(numbers, rows, stream.fork('codes'), coded),
      background: withCodes(background, others, stream.fork('other codes'), coded),
    },
  ],
]

const gameOf = ({ trees, player, players }: InterventionalJob): InterventionalGame =>
  planInterventionalGame({ trees, playerOfColumn: player, players })

const run = (job: InterventionalJob, pool: Pool): Promise<Float64Array> => {
  const { values, backgroundRows } = job
  return explainInterventionalOn(
    gameOf(job),
    { values: job.background, rows: backgroundRows },
    { values, rows: job.rows },
    { from: 0, to: job.rows },
    pool,
  )
}

describe('the game of a leaf', () => {
  it('gives the closed form where one background row fails P and the explained one N', () => {
    const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
    const sizeOf = (set: number): number => set.toString(2).replaceAll('0', '').length
    const players = 5
    for (let missed = 0; missed < 1 << players; missed++) {
      const counts = new Float64Array(1 << players)
      counts[missed] = 1
      const { keep, lose } = leafGame(counts, players, 1)
      for (let failed = 0; failed < 1 << players; failed++) {
        const [p, n] = [sizeOf(missed), sizeOf(failed)]
        for (let j = 0; j < players; j++) {
          const phi = keep[failed]! - lose[failed | (1 << j)]!
          const inP = (missed >> j) & 1
          const inN = (failed >> j) & 1
          const expected =
            missed & failed
              ? 0
              : inP
                ? (factorial(p - 1) * factorial(n)) / factorial(p + n)
                : inN
                  ? (-factorial(p) * factorial(n - 1)) / factorial(p + n)
                  : 0
          // Harmonic numbers up to 3 cancel.
          expect(Math.abs(phi - expected)).toBeLessThan(1e-15)
        }
      }
    }
  })
})

describe.each(['typescript', 'wasm'] as const)('interventional tree SHAP, %s', (kernels) => {
  const pool = openPool(1, { kernels })
  afterAll(() => pool.close())

  it.each(JOBS)('equals the enumeration of coalitions and background rows: %s', async (_, job) => {
    const { base, phi: expected } = enumerateInterventional(job)
    const phi = await run(job, pool)
    expect(largest(phi, expected)).toBeLessThan(TOLERANCE)
    const sums = sumTrees(job.trees, job.values, job.rows)
    for (let i = 0; i < job.rows; i++) {
      let sum = base
      for (let p = 0; p < job.players; p++) sum += phi[p * job.rows + i]!
      expect(Math.abs(sum - sums[i]!)).toBeLessThan(TOLERANCE)
    }
  })

  it('catches twins: another background, the other default direction, columns that are not one player any more', async () => {
    const [, job] = JOBS[2]!
    const { phi: expected } = enumerateInterventional(job)
    const backwards = job.trees.map((tree) => ({ ...tree, defaultLeft: tree.defaultLeft.map((d) => 1 - d) }))
    const twins: InterventionalJob[] = [
      { ...job, background: job.background.subarray(0), backgroundRows: others - 1 },
      { ...job, trees: backwards },
      { ...job, player: Int32Array.of(0, 1, 2, 3, 1, 0) },
    ]
    for (const twin of twins) expect(largest(await run(twin, pool), expected)).toBeGreaterThan(1e-3)
    // What comes in another order, or twice, is the same background.
    const twice = new Float64Array(2 * background.length)
    for (let j = 0; j < columns; j++)
      for (let z = 0; z < 2 * others; z++) twice[2 * j * others + z] = background[j * others + ((5 * z) % others)]!
    const same = await run({ ...job, background: twice, backgroundRows: 2 * others }, pool)
    expect(largest(same, expected)).toBeLessThan(TOLERANCE)
  })

  it('is linear in the background, row by row', async () => {
    const [, job] = JOBS[0]!
    const whole = await run(job, pool)
    const mean = new Float64Array(whole.length)
    for (let z = 0; z < others; z++) {
      const one = Float64Array.from({ length: columns }, (_, j) => background[j * others + z]!)
      const phi = await run({ ...job, background: one, backgroundRows: 1 }, pool)
      for (let i = 0; i < mean.length; i++) mean[i]! += phi[i]! / others
    }
    expect(largest(mean, whole)).toBeLessThan(TOLERANCE)
  })

  it('is exact for as many as 16 players on a path, and adds up', async () => {
    const wide = 16
    const chain = chainOf(16, wide)
    const full = randomTree(stream.fork('full'), wide, 9)
    const values = randomMatrix(stream.fork('wide'), 5, wide)
    const job = { trees: [chain, full], player: identity(wide), players: wide, values, rows: 5 }
    const one = { ...job, background: randomMatrix(stream.fork('wide others'), 9, wide), backgroundRows: 9 }
    const phi = await run(one, pool)
    const outputs = sumTrees(job.trees, values, 5)
    const base = sumTrees(job.trees, one.background, 9).reduce((a, b) => a + b, 0) / 9
    for (let i = 0; i < 5; i++) {
      let sum = base
      for (let p = 0; p < wide; p++) sum += phi[p * 5 + i]!
      // Thousands of leaves of size 1: rounding grows with their number.
      expect(Math.abs(sum - outputs[i]!)).toBeLessThan(1e-11)
    }
    const few = { ...one, trees: [chain], values: values.filter((_, i) => i % 5 === 0), rows: 1 }
    const narrow = { ...few, background: one.background.filter((_, i) => i % 9 < 2), backgroundRows: 2 }
    expect(largest(await run(narrow, pool), enumerateInterventional(narrow).phi)).toBeLessThan(TOLERANCE)
  })

  it('refuses more than 16 players on a path in one line that says what to do, and goes as deep as it must with fewer', async () => {
    const job = { ...plain, trees: [chainOf(17, 17)], player: identity(17), players: 17 }
    const wide = {
      ...job,
      values: randomMatrix(stream, 3, 17),
      rows: 3,
      background: randomMatrix(stream, 4, 17),
      backgroundRows: 4,
    }
    expect(() => gameOf(wide)).toThrow(
      'a path of tree 0 has too many players for exact interventional values; expected at most 16 distinct players on a path; got 17; take groups',
    )
    const grouped = { ...wide, player: wide.player.map((j) => j % 5), players: 5 }
    expect(largest(await run(grouped, pool), enumerateInterventional(grouped).phi)).toBeLessThan(TOLERANCE)
    for (const levels of [150, 300]) {
      const deep = { ...plain, trees: [chainOf(levels, 6)] }
      expect(largest(await run(deep, pool), enumerateInterventional(deep).phi)).toBeLessThan(1e-10)
    }
    expect(() => gameOf({ ...plain, trees: [chainOf(1200, 6)] })).toThrow('tree 0 is too deep to explain')
  })

  it('refuses a background without rows', async () => {
    const empty = { ...plain, trees: treesOf(2), background: new Float64Array(0), backgroundRows: 0 }
    await expect(run(empty, pool)).rejects.toThrow('the background has no rows; expected at least 1')
  })

  it('has nothing to say of no rows', async () => {
    expect(await run({ ...plain, trees: treesOf(2), values: new Float64Array(0), rows: 0 }, pool)).toEqual(
      new Float64Array(0),
    )
  })
})

/** One split a level, every right child a leaf; thresholds around those of normal numbers. */
const chainOf = (levels: number, width: number): TreeArrays => {
  const nodes = 2 * levels + 1
  const inner = (i: number): boolean => i % 2 === 0 && i < nodes - 1
  return {
    childrenLeft: Int32Array.from({ length: nodes }, (_, i) => (inner(i) ? i + 1 : -1)),
    childrenRight: Int32Array.from({ length: nodes }, (_, i) => (inner(i) ? i + 2 : -1)),
    feature: Int32Array.from({ length: nodes }, (_, i) => (inner(i) ? (i / 2) % width : -1)),
    threshold: Float64Array.from({ length: nodes }, (_, i) => (inner(i) ? ((i % 7) - 6) / 3 : 0)),
    defaultLeft: new Uint8Array(nodes),
    value: Float64Array.from({ length: nodes }, (_, i) => Math.sin(i)),
    cover: new Float64Array(nodes).fill(1),
  }
}

interface Golden {
  trees: {
    name: string
    trees: PlainTree[]
    rows: (number | null)[][]
    background: (number | null)[][]
    divide: number
    /** TreeExplainer, which has leaf values and weights in single precision */
    shap_values: number[][]
    /** ExactExplainer: all coalitions, in double precision */
    exact_values: number[][]
    base_value: number
  }[]
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../fixtures/interventional/golden.json', import.meta.url), 'utf8'),
)

describe.each(['typescript', 'wasm'] as const)('against shap on trees of other libraries, %s', (kernels) => {
  const pool = openPool(1, { kernels })
  afterAll(() => pool.close())

  const columnMajor = (list: (number | null)[][]): Float64Array => {
    const width = list[0]!.length
    const values = new Float64Array(list.length * width)
    for (const [i, row] of list.entries())
      for (const [j, x] of row.entries()) values[j * list.length + i] = x ?? Number.NaN
    return values
  }

  it.each(golden.trees.map((entry) => [entry.name, entry] as const))('%s', async (_, entry) => {
    const width = entry.rows[0]!.length
    const count = entry.rows.length
    const job = {
      trees: entry.trees.map(fromPlain),
      player: identity(width),
      players: width,
      values: columnMajor(entry.rows),
      rows: count,
      background: columnMajor(entry.background),
      backgroundRows: entry.background.length,
    }
    const sums = (list: number[][]): Float64Array => columnMajor(list).map((v) => v * entry.divide)
    const phi = await run(job, pool)
    // Both sides sum some thousand terms of size 1 in double precision, in different orders.
    expect(largest(phi, sums(entry.exact_values))).toBeLessThan(1e-10)
    // Single precision: 6e-8 of leaf values of size 1, a part of them in every term.
    expect(largest(phi, sums(entry.shap_values))).toBeLessThan(1e-7 * job.trees.length)
    const base = sumTrees(job.trees, job.background, job.backgroundRows).reduce((a, b) => a + b, 0) / job.backgroundRows
    expect(Math.abs(base / entry.divide - entry.base_value)).toBeLessThan(1e-10)
    const fewer = { ...job, background: job.background.slice(width), backgroundRows: job.backgroundRows - 1 }
    expect(largest(await run(fewer, pool), sums(entry.exact_values))).toBeGreaterThan(1e-3)
  })
})

describe('on pools', () => {
  const many = 1800
  const trees = [...treesOf(7), ...[0, 1].map((k) => randomTree(stream.fork('large', k), columns, 12))]
  const values = randomMatrix(stream.fork('many'), many, columns)
  const context = randomMatrix(stream.fork('context'), 1300, columns)
  const job = { ...plain, trees, values, rows: many, background: context, backgroundRows: 1300 }
  const game = gameOf(job)
  const source = { values, rows: many }
  const against = { values: context, rows: 1300 }

  describe.each([1, 2, 3])('%d threads', (threads) => {
    const pool: Pool = openPool(threads, { kernels: 'wasm' })
    afterAll(() => pool.close())

    it.skipIf(threads > 1 && !built)('the same bytes, however the rows are cut', async () => {
      const one = openPool(1, { kernels: 'wasm' })
      const whole = await run(job, one)
      await one.close()
      const cuts = [0, 1, 600, 1113, many]
      for (let k = 1; k < cuts.length; k++) {
        const [from, to] = [cuts[k - 1]!, cuts[k]!]
        const phi = await explainInterventionalOn(game, against, source, { from, to }, pool)
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
        const own = gameOf({ ...job, trees: snapped })
        const phi = await explainInterventionalOn(own, { binned }, { binned }, { from: 300, to: 900 }, pool)
        const decoded = decodeRows(binned)
        const twin = await explainInterventionalOn(own, decoded, decoded, { from: 300, to: 900 }, pool)
        expect(phi).toEqual(twin)
      } finally {
        binned.close()
      }
    })
  })

  it('both kinds of kernels agree', async () => {
    const [readable, compiled] = [openPool(1, { kernels: 'typescript' }), openPool(1, { kernels: 'wasm' })]
    // Trees of 12 levels have thousands of leaves of size 1: rounding grows with their number.
    expect(largest(await run(job, compiled), await run(job, readable))).toBeLessThan(1e-11)
    await readable.close()
    await compiled.close()
  })

  it('a job that is told to stop ends, and gives its memory back', async () => {
    const pool = openPool(1, { kernels: 'wasm' })
    const stopped = explainInterventionalOn(game, against, source, { from: 0, to: many }, pool, {
      signal: AbortSignal.abort(),
    })
    await expect(stopped).rejects.toThrow('stopped by the user')
    expect(pool.space.used).toBe(0)
    await pool.close()
  })

  it('refuses a memory too small, with the figure', async () => {
    const pool = openPool(1, { kernels: 'wasm', memoryLimit: 2 ** 20 })
    const refused = explainInterventionalOn(game, against, source, { from: 0, to: many }, pool)
    await expect(refused).rejects.toThrow(/explaining 7 trees against 1300 background rows needs .* MiB of memory/)
    await pool.close()
  })
})
