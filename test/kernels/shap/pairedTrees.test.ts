/** Values against one background row after the other, for any number of players on a path. */
import { existsSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { Pool } from '../../../src/kernels/pool.ts'
import { explainInterventionalOn, planInterventionalGame } from '../../../src/kernels/shap/explainInterventional.ts'
import { explainPairedOn } from '../../../src/kernels/shap/explainPaired.ts'
import { pathSize } from '../../../src/kernels/shap/pathPlayers.ts'
import { sumTrees } from '../../../src/kernels/trees/applyTree.ts'
import type { TreeArrays } from '../../../src/kernels/trees/tree.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import { enumerateInterventional } from '../enumerateInterventional.ts'
import { identity, largest } from '../largest.ts'
import { randomMatrix, randomTree, withCategories, withCodes } from '../randomTrees.ts'

// Workers run the compiled code; `npm test` builds it first.
const built = existsSync(new URL('../../../dist/threads/worker.js', import.meta.url))

// Sums of some hundred products of size 1, each exact to 1e-16.
const TOLERANCE = 1e-12

const stream = random(53)
const one = openPool(1)
afterAll(() => one.close())

const job = (columns: number, depth: number, rows: number, others: number, player = identity(columns)) => {
  const own = stream.fork(`job ${columns} ${depth}`)
  const coded = [1, 4]
  return {
    trees: Array.from({ length: 4 }, (_, k) =>
      withCategories(randomTree(own.fork('tree', k), columns, depth), own.fork('sets', k), coded),
    ),
    player,
    players: Math.max(...player) + 1,
    values: withCodes(randomMatrix(own.fork('rows'), rows, columns), rows, own.fork('codes'), coded),
    rows,
    background: withCodes(randomMatrix(own.fork('others'), others, columns), others, own.fork('other codes'), coded),
    backgroundRows: others,
  }
}
type Job = ReturnType<typeof job>

const run = (j: Job, pool: Pool = one) =>
  explainPairedOn(
    { trees: j.trees, playerOfColumn: j.player, players: j.players },
    { values: j.background, rows: j.backgroundRows },
    { values: j.values, rows: j.rows },
    pool,
  )

/** A tree that splits on each column once, one below the other. */
const comb = (columns: number): TreeArrays => {
  const nodes = 2 * columns + 1
  const tree: TreeArrays = {
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float64Array(nodes),
    childrenLeft: new Int32Array(nodes).fill(-1),
    childrenRight: new Int32Array(nodes).fill(-1),
    value: Float64Array.from({ length: nodes }, (_, i) => Math.sin(i)),
    cover: new Float64Array(nodes).fill(1),
    defaultLeft: new Uint8Array(nodes),
  }
  for (let c = 0; c < columns; c++) {
    tree.feature[2 * c] = c
    tree.childrenLeft[2 * c] = 2 * c + 1
    tree.childrenRight[2 * c] = 2 * c + 2
  }
  return tree
}

describe('interventional values, one background row after the other', () => {
  it.each([
    ['columns repeated on paths, categories, missing values', job(6, 8, 19, 13)],
    ['groups of columns', job(6, 7, 11, 9, Int32Array.of(0, 1, 2, 2, 1, 0))],
    ['a background of one row', job(5, 5, 7, 1)],
  ])('equal the enumeration of coalitions and background rows: %s', async (_, j) => {
    const { phi } = enumerateInterventional(j)
    const { means } = await run(j)
    expect(largest(means, phi)).toBeLessThan(TOLERANCE)
    // A twin whose background has its rows one place on in one column is seen.
    const twin = { ...j, background: j.background.slice() }
    twin.background.set(j.background.subarray(1, j.backgroundRows), 0)
    twin.background[0] = -5
    expect(largest((await run(twin)).means, phi)).toBeGreaterThan(1e-3)
  })

  it('equal those of counted background rows on many columns', async () => {
    const j = job(40, 9, 31, 57)
    const game = planInterventionalGame({ trees: j.trees, playerOfColumn: j.player, players: j.players })
    const counted = await explainInterventionalOn(
      game,
      { values: j.background, rows: j.backgroundRows },
      { values: j.values, rows: j.rows },
      { from: 0, to: j.rows },
      one,
    )
    expect(largest((await run(j)).means, counted)).toBeLessThan(TOLERANCE)
  })

  it('add up where a path has 30 players, and have the spread of the background rows taken one at a time', async () => {
    const j = { ...job(30, 3, 5, 8), trees: [comb(30)] }
    expect(pathSize(j.trees[0]!, 0, j.player).players).toBe(30)
    const { means, deviations } = await run(j)
    const own = sumTrees(j.trees, j.values, j.rows)
    const others = sumTrees(j.trees, j.background, j.backgroundRows)
    const base = others.reduce((a, b) => a + b, 0) / j.backgroundRows
    for (let i = 0; i < j.rows; i++) {
      let sum = base
      for (let p = 0; p < j.players; p++) sum += means[p * j.rows + i]!
      expect(Math.abs(sum - own[i]!)).toBeLessThan(TOLERANCE)
    }
    const single: Float64Array[] = []
    for (let b = 0; b < j.backgroundRows; b++) {
      const background = Float64Array.from({ length: 30 }, (_, c) => j.background[c * j.backgroundRows + b]!)
      single.push((await run({ ...j, background, backgroundRows: 1 })).means)
    }
    const squares = means.map((mean, at) => single.reduce((sum, s) => sum + (s[at]! - mean) ** 2, 0))
    expect(largest(deviations, squares)).toBeLessThan(TOLERANCE)
    expect(Math.max(...deviations)).toBeGreaterThan(1e-3)
  })

  it.skipIf(!built)('are the same bytes for 1 and 3 threads, and however rows are cut', async () => {
    const j = job(12, 7, 43, 90)
    const first = await run(j)
    const pool = openPool(3)
    try {
      expect(await run(j, pool)).toEqual(first)
    } finally {
      await pool.close()
    }
    const values = Float64Array.from(
      { length: 12 * 10 },
      (_, at) => j.values[Math.floor(at / 10) * 43 + 20 + (at % 10)]!,
    )
    const part = await run({ ...j, values, rows: 10 })
    for (let p = 0; p < j.players; p++)
      expect([...part.means.subarray(p * 10, (p + 1) * 10)]).toEqual([
        ...first.means.subarray(p * 43 + 20, p * 43 + 30),
      ])
  })
})
