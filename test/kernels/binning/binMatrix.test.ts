import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { binEdges, binValues, MISSING_BIN } from '../../../src/kernels/binning/bin.ts'
import { SORTABLE } from '../../../src/kernels/binning/binColumn.ts'
import { binMatrix } from '../../../src/kernels/binning/binMatrix.ts'
import type { BinnedMatrix } from '../../../src/kernels/binning/binnedMatrix.ts'
import { distinctRuns } from '../../../src/kernels/binning/cuts.ts'
import { chooseSplitters, weightedPositions } from '../../../src/kernels/binning/splitters.ts'
import { shareFloats } from '../../../src/kernels/memory/share.ts'
import { distinctCounts } from '../../../src/kernels/numbers/order.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { besideEachOther, COLUMN_NAMES, madeColumn } from './madeColumns.ts'

const built = existsSync(new URL('../../../dist/threads/worker.js', import.meta.url))
if (!built) console.log('skipped: pools of two threads need dist/, run npm run build')

const LONG = SORTABLE + 50_001
const SHORT = 3001

const made = new Map(COLUMN_NAMES.map((name) => [name, madeColumn(name, LONG)]))
const columnsOf = (rows: number) => besideEachOther(COLUMN_NAMES.map((name) => made.get(name)!.subarray(0, rows)))
const weightsOf = (rows: number) =>
  Float64Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? 0 : ((i * 31) % 17) / 4))

interface Taken {
  bytes: Uint8Array
  columns: BinnedMatrix['columns']
}
const taken = (matrix: BinnedMatrix): Taken => {
  const out = { bytes: matrix.bytes().slice(), columns: matrix.columns }
  matrix.close()
  return out
}

/** What the readable kernels say of the same numbers, once for all tests. */
const readable = new Map<string, Promise<Taken>>()
const expected = (rows: number, weighted: boolean): Promise<Taken> => {
  const key = `${rows} ${weighted}`
  const found = readable.get(key)
  if (found) return found
  const source = { values: columnsOf(rows), rows, columns: COLUMN_NAMES.length }
  const pool = openPool(1, { kernels: 'typescript' })
  const made = binMatrix(source, pool, weighted ? { weights: weightsOf(rows) } : {}).then(taken)
  readable.set(key, made)
  return made
}

/** Whether bytes and edges say the same: bin b holds edges[b - 1] < x <= edges[b]. */
const holds = (values: Float64Array, { bytes, columns }: Taken): boolean =>
  columns.every(({ edges, bins }, j) => {
    const rows = bytes.length / columns.length
    if (edges.length + 1 !== bins || bins > 255) return false
    for (let k = 1; k < edges.length; k++) if (!(edges[k - 1]! < edges[k]!)) return false
    for (let i = 0; i < rows; i++) {
      const x = values[j * rows + i]!
      const b = bytes[j * rows + i]!
      if (Number.isNaN(x)) {
        if (b !== MISSING_BIN) return false
      } else if (b > edges.length || !(b === 0 || edges[b - 1]! < x) || !(b === edges.length || x <= edges[b]!))
        return false
    }
    return true
  })

describe.each([
  ['typescript', 1],
  ['wasm', 1],
  ['wasm', 2],
  ['wasm', 3],
] as const)('%s kernels, %d threads', (kernels, threads) => {
  const usable = threads === 1 || built
  const pool: Pool | undefined = usable ? openPool(threads, { kernels }) : undefined
  afterAll(() => pool?.close())
  const test = it.skipIf(!usable)

  test.for([
    [SHORT, false],
    [SHORT, true],
    [LONG, false],
    [LONG, true],
  ] as const)('give the bytes and edges of the readable ones: %d rows, weights %s', async ([rows, weighted]) => {
    const values = shareFloats(columnsOf(rows))
    const source = { values, rows, columns: COLUMN_NAMES.length }
    const got = taken(await binMatrix(source, pool!, weighted ? { weights: weightsOf(rows) } : {}))
    const should = await expected(rows, weighted)
    expect(got.columns).toEqual(should.columns)
    expect(Buffer.compare(got.bytes, should.bytes)).toBe(0)
    expect(holds(values, got)).toBe(true)
    expect(pool!.kernels === 'typescript' ? 0 : pool!.space.used).toBe(0)
  })

  test('are those of the plain definition, where a column is sorted whole', async () => {
    const maxBins = fc.integer({ min: 2, max: 20 })
    const number = fc.oneof(
      fc.double(),
      fc.integer({ min: -9, max: 9 }),
      fc.constantFrom(Number.NaN, -0, Number.MIN_VALUE, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 90 }), maxBins, async (numbers, most) => {
        const values = Float64Array.from(numbers)
        const got = taken(await binMatrix({ values, rows: values.length, columns: 1 }, pool!, { maxBins: most }))
        const edges = binEdges(values, most)
        const bins = new Uint8Array(values.length)
        binValues(values, edges, bins)
        expect(got).toEqual({ bytes: bins, columns: [{ kind: 'number', bins: edges.length + 1, edges }] })
      }),
      { numRuns: 60 },
    )
  })

  test('takes plain values in stretches, and categories as they are', async () => {
    const rows = 1000
    const codes = Float64Array.from({ length: rows }, (_, i) => [i % 254, Number.NaN, 253, 0, 12, 3][i % 6]!)
    const values = besideEachOther([codes, made.get('different')!.subarray(0, rows)])
    const got = taken(await binMatrix({ values, rows, columns: 2 }, pool!, { categories: [0] }))
    expect(got.columns[0]).toEqual({ kind: 'category', bins: 254, edges: new Float64Array(0) })
    expect([...got.bytes.subarray(0, 7)]).toEqual([0, 255, 253, 0, 12, 3, 6])
    expect(got.columns[1]!.bins).toBe(255)
  })

  test.each([254, -1, 0.5, Number.POSITIVE_INFINITY])('refuses %d as a category, and says where', async (code) => {
    const rows = 10
    const values = new Float64Array(2 * rows)
    values[rows + 7] = code
    const error = await binMatrix({ values, rows, columns: 2 }, pool!, { categories: [1] }).catch((e) => e)
    expect(error.kind).toBe('data')
    expect(error.details).toMatchObject({ row: 7, column: '1' })
    expect(error.message).toContain('a whole number from 0 to 253')
  })

  test('tells of columns and stops when told to, with its memory given back', async () => {
    const source = { values: columnsOf(SHORT), rows: SHORT, columns: COLUMN_NAMES.length }
    let last = 0
    const onPart = (done: number) => {
      last = done
    }
    taken(await binMatrix(source, pool!, { onPart }))
    expect(last).toBe(COLUMN_NAMES.length)
    await expect(binMatrix(source, pool!, { signal: AbortSignal.abort() })).rejects.toThrow(/stopped by the user/)
    if (kernels === 'wasm') expect(pool!.space.used).toBe(0)
  })
})

describe('bins of long columns', () => {
  const at = (name: (typeof COLUMN_NAMES)[number]) => COLUMN_NAMES.indexOf(name)
  const binsOf = async (name: (typeof COLUMN_NAMES)[number]) => {
    const { columns, bytes } = await expected(LONG, false)
    return { ...columns[at(name)]!, bytes: bytes.subarray(at(name) * LONG, (at(name) + 1) * LONG) }
  }

  it('are exact up to 255 distinct values, however rare', async () => {
    for (const name of ['flag', 'constant', 'empty', 'fewAndRare'] as const) {
      const { values } = distinctCounts(made.get(name)!)
      expect((await binsOf(name)).bins).toBe(Math.max(1, values.length))
    }
    // 50 values stand in one row of ten thousand altogether: a sample does not have them all.
    expect((await binsOf('fewAndRare')).bins).toBeGreaterThan(205)
  })

  it('are those of the sorted column where the values in it are few enough to be splitters', async () => {
    for (const name of ['thousand', 'mostlyMissing'] as const)
      expect((await binsOf(name)).edges).toEqual(binEdges(made.get(name)!))
  })

  /** The largest distance of an edge's rank from where the same edge lies in the sorted column, as a share of the present rows. */
  const worstRank = (column: Float64Array, edges: Float64Array): number => {
    const { values, counts } = distinctCounts(column)
    const below = (x: number) => {
      let n = 0
      for (let k = 0; k < values.length && values[k]! <= x; k++) n += counts[k]!
      return n
    }
    const present = below(Number.POSITIVE_INFINITY)
    const ideal = [...binEdges(column)].map(below)
    return Math.max(...[...edges].map((e, k) => Math.abs(below(e) - (ideal[k] ?? present)))) / present
  }

  it('lie within one bucket of the quantiles of all rows, also where rows are sorted or come in waves', async () => {
    const pool = openPool(1)
    const orders: Record<string, (k: number) => number> = {
      rising: (k) => k,
      waves: (k) => Math.sin(k / 100) + k * 1e-9,
      saw: (k) => (k % 4096) + k * 1e-7,
    }
    for (const order of Object.values(orders)) {
      const values = Float64Array.from({ length: LONG }, (_, k) => order(k))
      const { columns } = taken(await binMatrix({ values, rows: LONG, columns: 1 }, pool))
      expect(columns[0]!.bins).toBe(255)
      // Half a bucket beside the quantile; see binColumn.ts.
      expect(worstRank(values, columns[0]!.edges)).toBeLessThan(0.00125)
    }
    const values = made.get('different')!
    expect(worstRank(values, (await binsOf('different')).edges)).toBeLessThan(0.00125)
    // A twin that takes the quantiles of one row in sixty for those of all rows is caught.
    const few = values.filter((_, i) => i % 60 === 0)
    expect(worstRank(values, binEdges(few))).toBeGreaterThan(0.00125)
    await pool.close()
  })

  it('keep a heavy value apart from its neighbors', async () => {
    for (const name of ['zeroInflated', 'aroundZero'] as const) {
      const column = made.get(name)!
      const { bytes, bins } = await binsOf(name)
      const zero = bytes[column.indexOf(0)]!
      const others = column.filter((x, i) => bytes[i] === zero && x !== 0).length
      // The values below it in its bucket, 1/1024 of the column at most in the mean.
      expect(others / column.length).toBeLessThan(0.001)
      expect(bins).toBeGreaterThan(240)
    }
  })
})

describe('samples', () => {
  it('take rows by weight', () => {
    const weights = Float64Array.of(0, 1, 0, 2, 1, 0)
    const positions = weightedPositions(weights)
    expect([...positions].every((row) => weights[row]! > 0)).toBe(true)
    expect(positions).toEqual(Int32Array.from(positions).sort())
    const one = new Float64Array(200_000).fill(1e-6)
    one[77] = 1e6
    expect(weightedPositions(one).filter((row) => row === 77).length).toBeGreaterThan(32_760)
  })

  it('give no more splitters than a table holds, whatever is heavy in them', () => {
    const sample = Float64Array.from({ length: 32_768 }, (_, i) =>
      i % 32 < 31 ? Math.floor(i / 32) * 64 : i * 2 + 1,
    ).sort()
    const spread = Float64Array.from({ length: 32_768 }, (_, i) => (i % 8 < 4 ? Math.floor(i / 8) * 8 : i))
    for (const rising of [sample, spread.sort()]) {
      const { splitters } = chooseSplitters(distinctRuns(rising))
      expect(splitters.length).toBeGreaterThan(900)
      expect(splitters.length).toBeLessThan(2048)
    }
  })
})

describe('what cannot be binned', () => {
  const values = new Float64Array(40)
  const pool = openPool(1, { memoryLimit: 2 ** 20 })

  it('is refused with the figure before anything is taken', async () => {
    const large = { values: new Float64Array(1_000_000), rows: 1000, columns: 1000 }
    await expect(binMatrix(large, pool)).rejects.toThrow(
      /binning 1,000 rows of 1,000 columns needs 1\.\d MiB of memory for its kernels; expected at most 0.9 MiB, what is left of 1.0 MiB; a matrix takes a byte/,
    )
    expect(pool.space.used).toBe(0)
  })

  it.each([1, 256, 2.5])('is asked for with %d bins', async (maxBins) => {
    await expect(binMatrix({ values, rows: 40, columns: 1 }, pool, { maxBins })).rejects.toThrow(/option maxBins/)
  })

  it('has weights that are no weights', async () => {
    const weights = new Float64Array(40).fill(1)
    weights[3] = -1
    await expect(binMatrix({ values, rows: 40, columns: 1 }, pool, { weights })).rejects.toThrow(/row 3: a weight/)
    await expect(binMatrix({ values, rows: 40, columns: 1 }, pool, { weights: weights.fill(0) })).rejects.toThrow(
      /all weights are 0/,
    )
  })
})
