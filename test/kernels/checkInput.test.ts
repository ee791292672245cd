import { describe, expect, it } from 'vitest'
import { type BinChunksOptions, binChunks } from '../../src/kernels/binning/binChunks.ts'
import { type BinOptions, binMatrix, type NumberColumns } from '../../src/kernels/binning/binMatrix.ts'
import type { BinnedMatrix } from '../../src/kernels/binning/binnedMatrix.ts'
import { addressIn } from '../../src/kernels/binning/binnedMatrix.ts'
import type { RowChunk } from '../../src/kernels/binning/rowChunk.ts'
import { missingBeatsBest, monotoneViolations } from '../../src/kernels/trees/monotone.ts'
import { openPool } from '../../src/threads/openPool.ts'

const column = Float64Array.of(1, 2, 3, 4)
const source: NumberColumns = { values: Float64Array.of(1, 2, 3, 4, 5, 6), rows: 3, columns: 2 }
const pool = openPool(1)

describe('a matrix to be binned', () => {
  it.each([
    ['rows below 0', { ...source, rows: -1, columns: -6 }, {}, /option rows: .* whole number of 0 or more/],
    ['a fraction of rows', { ...source, rows: 1.5, columns: 4 }, {}, /option rows: /],
    ['a fraction of columns', { ...source, rows: 4, columns: 1.5 }, {}, /option columns: /],
    ['columns as a list', { ...source, columns: [1, 2] }, {}, /option columns: /],
    ['other columns', { ...source, columns: 3 }, {}, /not a matrix of rows and columns/],
    ['values as a list', { ...source, values: [1, 2, 3, 4, 5, 6] }, {}, /option values: .* a Float64Array/],
    ['nothing', undefined, {}, /option source: /],
    ['an option that there is not', source, { weight: 1 }, /option weight: there is no such option/],
    ['options that are none', source, null, /options are no object/],
    ['categories as a text', source, { categories: '0' }, /option categories: /],
    ['weights as a list', source, { weights: [1, 1, 1] }, /option weights: /],
  ])('is refused with %s', async (_what, given, options, says) => {
    await expect(binMatrix(given as NumberColumns, pool, options as BinOptions)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(says),
    })
    if (pool.kernels === 'wasm') expect(pool.space.used).toBe(0)
  })

  it.each([{}, undefined, 2])('is refused on a pool that is %o', async (none) => {
    await expect(binMatrix(source, none as unknown as typeof pool)).rejects.toThrow('option pool: this is no pool')
  })
})

const binned = (chunks: readonly unknown[], columns = 2, options: object = {}) =>
  binChunks(
    async function* () {
      yield* chunks as RowChunk[]
    },
    columns,
    pool,
    options as BinChunksOptions,
  )

describe('a chunk', () => {
  it.each([
    [
      'a short column',
      { rows: 4, columns: [column.subarray(0, 2), column] },
      /row 0, column 0: .* 4 numbers or more; got 2/,
    ],
    ['a list for a column', { rows: 4, columns: [column, [1, 2, 3, 4]] }, /column 1: .* a Float64Array .*an Array/],
    ['big integers', { rows: 4, columns: [column, BigInt64Array.of(1n, 2n, 3n, 4n)] }, /column 1: .*a BigInt64Array/],
    ['no number of rows', { columns: [column, column] }, /no rows and columns; .*rows undefined/],
    ['a fraction of rows', { rows: 1.5, columns: [column, column] }, /no rows and columns; .*rows 1.5/],
    ['rows below 0', { rows: -1, columns: [column, column] }, /no rows and columns; .*rows -1/],
    ['no columns', { rows: 4 }, /no rows and columns/],
    ['nothing in it', undefined, /no rows and columns/],
    ['another number of columns', { rows: 4, columns: [column] }, /another number of columns/],
  ])('is refused with %s', async (_what, chunk, says) => {
    for (const held of [0, 2 ** 20]) {
      const work = binned([{ rows: 0, columns: [column, column] }, chunk], 2, { held })
      await expect(work).rejects.toMatchObject({ kind: 'data', message: expect.stringMatching(says) })
      if (pool.kernels === 'wasm') expect(pool.space.used).toBe(0)
    }
  })

  it('may have longer columns: the first rows are read', async () => {
    const bins = await binned([{ rows: 2, columns: [column, column.subarray(2)] }])
    expect([...bins.bytes()]).toEqual([0, 1, 0, 1])
    bins.close()
  })

  it('comes from a function, with options that there are', async () => {
    const generator = (async function* (): AsyncGenerator<RowChunk> {})()
    await expect(binChunks(generator as never, 2, pool)).rejects.toThrow('option chunks: the rows cannot be read twice')
    await expect(binChunks((() => 5) as never, 2, pool)).rejects.toThrow('option chunks: what the function')
    await expect(binned([], -1)).rejects.toThrow('option columns: ')
    await expect(binned([], 2, { weights: column })).rejects.toThrow('option weights: there is no such option')
    await expect(binned([], 2, { held: 'much' })).rejects.toThrow('option held: ')
    await expect(binned([], 2, { onRows: 5 })).rejects.toThrow('option onRows: ')
  })
})

describe.each(['wasm', 'typescript'] as const)('bins of %s kernels', (kernels) => {
  it('are not read after they were closed', async () => {
    const bins = await binMatrix(source, openPool(1, { kernels }))
    expect(bins.bytes().length).toBe(6)
    bins.close()
    expect(() => bins.bytes()).toThrow(expect.objectContaining({ kind: 'usage', what: 'these bins were closed' }))
  })
})

it('bins of a pool that was closed say so', async () => {
  const own = openPool(1, { kernels: 'wasm' })
  const bins: BinnedMatrix = await binMatrix(source, own)
  await own.close()
  expect(() => bins.bytes()).toThrow('got "bins of a pool that was closed since"')
  expect(() => addressIn(bins, own.space)).toThrow('got "bins of a pool that was closed since"')
  const other = await binMatrix(source, pool)
  expect(() => addressIn(other, own.space)).toThrow('got "bins of another pool"')
  bins.close()
  other.close()
})

describe('a pool', () => {
  it.each([
    [{ kernels: 'x' }, /option kernels: no such kernels; expected wasm or typescript/],
    [{ memory: 1 }, /option memory: there is no such option; .*memoryLimit/],
    [null, /options are no object/],
    [{ memoryLimit: 2 ** 40 }, /option memoryLimit: .*4 GiB that WebAssembly/],
  ])('is not opened with %o', (options, says) => {
    expect(() => openPool(1, options as object)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringMatching(says) }),
    )
  })
})

describe('directions of columns', () => {
  it('are one a column at least, each 1, -1 or 0', () => {
    const tree = {
      childrenLeft: Int32Array.of(1, -1, -1),
      childrenRight: Int32Array.of(2, -1, -1),
      feature: Int32Array.of(2, -1, -1),
      threshold: Float64Array.of(0, 0, 0),
      defaultLeft: new Uint8Array(3),
      value: Float64Array.of(0, 1, 0),
      cover: Float64Array.of(2, 1, 1),
    }
    expect(monotoneViolations(tree, Int8Array.of(0, 0, 1))).toHaveLength(1)
    expect(() => monotoneViolations(tree, Int8Array.of(1, 1))).toThrow('option constraints: directions and columns')
    expect(() => monotoneViolations(tree, undefined as never)).toThrow('option constraints: ')
    expect(() => monotoneViolations(tree, Int8Array.of(0, 0, 2))).toThrow(
      'column 2, option constraints: not a direction',
    )
    expect(() => missingBeatsBest([tree], new Float64Array(4), 2, Int8Array.of(0, 1))).toThrow('option constraints: ')
    expect(() => missingBeatsBest([tree], new Float64Array(4), 2, Int8Array.of(0, 0, 1))).toThrow('option values: ')
  })
})
