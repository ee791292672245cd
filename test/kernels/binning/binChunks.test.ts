import { existsSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { binChunks } from '../../../src/kernels/binning/binChunks.ts'
import { binMatrix } from '../../../src/kernels/binning/binMatrix.ts'
import type { BinnedMatrix } from '../../../src/kernels/binning/binnedMatrix.ts'
import { addToSketch, makeRoom, newSketch, sketchEdges } from '../../../src/kernels/binning/quantileSketch.ts'
import type { RowChunk } from '../../../src/kernels/binning/rowChunk.ts'
import { distinctCounts } from '../../../src/kernels/numbers/order.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { besideEachOther, COLUMN_NAMES, madeColumn } from './madeColumns.ts'

const built = existsSync(new URL('../../../dist/threads/worker.js', import.meta.url))
if (!built) console.log('skipped: pools of two threads need dist/, run npm run build')

const ROWS = 70_001
const columns = COLUMN_NAMES.map((name) => madeColumn(name, ROWS, 2))
const CATEGORY = columns.length
columns.push(Float64Array.from({ length: ROWS }, (_, i) => (i % 11 === 0 ? Number.NaN : i % 200)))

/** The columns in chunks of the given numbers of rows, which take turns; each chunk in the same arrays, as a database hands them out. */
const inChunks = (sizes: readonly number[], rows = ROWS) =>
  async function* (): AsyncGenerator<RowChunk> {
    const arrays = columns.map(() => new Float64Array(Math.max(...sizes)))
    for (let from = 0, k = 0; from < rows; k++) {
      const count = Math.min(sizes[k % sizes.length]!, rows - from)
      columns.forEach((column, j) => {
        arrays[j]!.fill(Number.NaN).set(column.subarray(from, from + count))
      })
      from += count
      yield { rows: count, columns: arrays }
    }
  }
const taken = (matrix: BinnedMatrix) => {
  const out = { columns: matrix.columns, bytes: Buffer.from(matrix.bytes()) }
  matrix.close()
  return out
}
/** Equal bytes, told in no time: `toEqual` looks at each of a million. */
const same = (a: ReturnType<typeof taken>, b: ReturnType<typeof taken>): void => {
  expect(a.columns).toEqual(b.columns)
  expect(a.bytes.equals(b.bytes)).toBe(true)
}
const options = { categories: [CATEGORY] }
const whole = async (pool: Pool) =>
  taken(await binMatrix({ values: besideEachOther(columns), rows: ROWS, columns: columns.length }, pool, options))

/** Distance of each edge's rank from its share of the rows, the largest one, as a share of the present rows. */
const worstRank = (column: Float64Array, edges: Float64Array): number => {
  const present = column.filter((x) => !Number.isNaN(x)).sort()
  const below = (x: number) => present.findIndex((value) => value > x) / present.length
  return Math.max(...[...edges].map((edge, k) => Math.abs(below(edge) - (k + 1) / (edges.length + 1))))
}

describe.each([
  ['typescript', 1],
  ['wasm', 1],
  ['wasm', 2],
] as const)('%s kernels, %d threads', (kernels, threads) => {
  const usable = threads === 1 || built
  const pool: Pool | undefined = usable ? openPool(threads, { kernels }) : undefined
  afterAll(() => pool?.close())
  const test = it.skipIf(!usable)

  test('a source that is held is binned like a matrix', async () => {
    const got = taken(await binChunks(inChunks([2048, 1, 777]), columns.length, pool!, options))
    same(got, await whole(pool!))
  })

  test('a longer one too, up to 255 distinct values; otherwise its edges lie at quantiles', async () => {
    const told: [number, number][] = []
    const got = taken(
      await binChunks(inChunks([2048]), columns.length, pool!, {
        ...options,
        held: 0,
        onRows: (rows, pass) => told.push([rows, pass]),
      }),
    )
    const exact = await whole(pool!)
    columns.forEach((column, j) => {
      const few = distinctCounts(column).values.length <= 255
      if (few) {
        expect(got.columns[j]).toEqual(exact.columns[j])
        const of = ({ bytes }: typeof got) => bytes.subarray(j * ROWS, (j + 1) * ROWS)
        expect(of(got).equals(of(exact))).toBe(true)
      } else expect(got.columns[j]!.bins).toBeGreaterThan(0.9 * exact.columns[j]!.bins)
      const { edges } = got.columns[j]!
      for (let i = j; i < ROWS; i += 97) {
        const [x, bin] = [column[i]!, got.bytes[j * ROWS + i]!]
        if (Number.isNaN(x)) expect(bin).toBe(255)
        else if (j === CATEGORY) expect(bin).toBe(x)
        else expect((bin === 0 || edges[bin - 1]! < x) && (bin === edges.length || x <= edges[bin]!)).toBe(true)
      }
    })
    // 0.7 / 8192 of the sketch, half a value that stands for 2^4 of 70,001 rows, and the rounding of a share: 0.05 % together.
    const at = COLUMN_NAMES.indexOf('different')
    expect(worstRank(columns[at]!, got.columns[at]!.edges)).toBeLessThan(0.0005)
    expect(told.at(-1)).toEqual([ROWS, 2])
    expect(kernels === 'typescript' ? 0 : pool!.space.used).toBe(0)
  })

  test('says when the second reading differs, and stops when told to; memory comes back', async () => {
    let readings = 0
    const changing = () => inChunks([5000], readings++ === 0 ? 20_000 : 15_000)()
    await expect(binChunks(changing, columns.length, pool!, { held: 0 })).rejects.toThrow(
      /second reading .* expected 20000 rows; got "15000 or more"/,
    )
    const stop = new AbortController()
    const stopped = binChunks(inChunks([5000]), columns.length, pool!, {
      held: 0,
      signal: stop.signal,
      onRows: (_, pass) => {
        if (pass === 2) stop.abort()
      },
    })
    await expect(stopped).rejects.toThrow(/stopped by the user/)
    if (kernels === 'wasm') expect(pool!.space.used).toBe(0)
  })
})

describe('bytes of a source in chunks', () => {
  it('do not depend on the chunks, threads or kernels', async () => {
    const pools = [openPool(1, { kernels: 'typescript' }), openPool(1), ...(built ? [openPool(2), openPool(3)] : [])]
    const sizes = [[2048], [1, 5000], [30_000], [999]]
    const results = []
    for (const [k, pool] of pools.entries())
      results.push(taken(await binChunks(inChunks(sizes[k]!), columns.length, pool, { ...options, held: 0 })))
    for (const result of results.slice(1)) same(result, results[0]!)
    for (const pool of pools) await pool.close()
  })

  it('are refused when the sketch of the quantiles does not fit', async () => {
    const pool = openPool(1, { memoryLimit: 2 ** 20 })
    await expect(binChunks(inChunks([2048]), columns.length, pool, { held: 0 })).rejects.toMatchObject({
      kind: 'memory',
      message: expect.stringMatching(/finding quantiles of 15 columns needs \d\.\d MiB .*leave columns out/),
    })
    expect(pool.space.used).toBe(0)
  })

  it('that do not fit are refused as soon as that is known', async () => {
    const pool = openPool(1, { memoryLimit: 6 * 2 ** 20 })
    const column = Float64Array.from({ length: 65_536 }, (_, i) => i % 5)
    let read = 0
    const long = async function* (): AsyncGenerator<RowChunk> {
      for (; read < 2 ** 23; read += column.length) yield { rows: column.length, columns: [column] }
    }
    await expect(binChunks(long, 1, pool, { held: 0 })).rejects.toMatchObject({
      kind: 'memory',
      message: expect.stringMatching(
        /binning [67],\d{3},\d{3} or more rows of 1 columns needs [67]\.\d MiB .*take fewer rows/,
      ),
    })
    // The block that was gathered meanwhile, too.
    expect(read).toBeLessThanOrEqual(6 * 2 ** 20 + 3 * column.length)
    expect(pool.space.used).toBe(0)
  })
})

describe('a sketch of quantiles', () => {
  const WIDTH = 512
  const ranksOf = (values: Float64Array): number => {
    const sketch = newSketch(1, WIDTH, 255)
    makeRoom(sketch, values.length)
    addToSketch(sketch, 0, values)
    return worstRank(values, sketchEdges(sketch, 0))
  }
  const rows = 200_000

  it('keeps ranks also of rising, falling and interleaved values', () => {
    const orders = [
      (i: number) => i,
      (i: number) => -i,
      (i: number) => (i % 2 ? i : -i),
      (i: number) => (i * 7919) % rows,
    ]
    // Five standard deviations of 0.7 / 512, and half a value that stands for 2^9 rows of 200,000.
    for (const order of orders)
      expect(ranksOf(Float64Array.from({ length: rows }, (_, i) => order(i)))).toBeLessThan(5 * (0.7 / WIDTH) + 0.0013)
  })

  it('is what keeps them: the first rows alone do not', () => {
    const values = Float64Array.from({ length: rows }, (_, i) => i)
    const sketch = newSketch(1, WIDTH, 255)
    makeRoom(sketch, rows)
    addToSketch(sketch, 0, values.subarray(0, rows / 2))
    expect(worstRank(values, sketchEdges(sketch, 0))).toBeGreaterThan(0.1)
  })

  it('takes a column over that had few values for long', () => {
    const values = Float64Array.from({ length: rows }, (_, i) => (i < rows / 2 ? i % 255 : i))
    const sketch = newSketch(2, WIDTH, 255)
    makeRoom(sketch, rows)
    addToSketch(sketch, 1, values)
    const edges = sketchEdges(sketch, 1)
    // Half of the rows are below 255, so half of the edges are.
    expect(edges.filter((edge) => edge < 255).length / edges.length).toBeCloseTo(0.5, 1)
  })
})

it.each([{ maxBins: 300 }, { maxBins: 1 }, { maxBins: 2.5 }, { categories: [3] }, { categories: [-1] }])(
  'options out of range are refused before anything is read: %o',
  async (options) => {
    let read = 0
    const chunks = async function* () {
      read++
      yield { rows: 2, columns: [Float64Array.of(1, 2), Float64Array.of(3, 4), Float64Array.of(5, 6)] }
    }
    const pool = openPool(1)
    await expect(binChunks(chunks, 3, pool, { ...options, held: 0 })).rejects.toThrow(/number of bins|no such column/)
    expect(read).toBe(0)
    expect(pool.space.used).toBe(0)
  },
)
