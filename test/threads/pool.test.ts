import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { shareBytes, shareFloats } from '../../src/kernels/memory/share.ts'
import { Arena } from '../../src/kernels/memory/space.ts'
import type { Pool } from '../../src/kernels/pool.ts'
import { TASKS } from '../../src/kernels/tasks.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { GlasscoreError } from '../../src/util/errors.ts'

// Workers run the compiled code; `npm test` builds it first.
const built = existsSync(new URL('../../dist/threads/worker.js', import.meta.url))
if (!built) console.log('skipped: pools of two threads need dist/, run npm run build')

const N = 100_000
const values = shareFloats(Float64Array.from({ length: N }, (_, i) => Math.sin(i) * 10 ** (i % 9)))
/** Parts of unequal length, so that they finish out of order. */
const parts = Array.from({ length: 60 }, (_, i) => ({ from: i % 3 === 0 ? 0 : i * 1000, to: (i + 1) * 1000 }))
const expected = parts.map((part) => TASKS.sumRange({ values }, part))

describe.each([1, 2])('a pool of %d', (threads) => {
  const usable = threads === 1 || built
  const pool: Pool | undefined = usable ? openPool(threads) : undefined
  afterAll(() => pool?.close())
  const test = it.skipIf(!usable)

  test('gives the results in the order of the parts, equal to the bit', async () => {
    expect(pool!.threads).toBe(threads)
    expect(await pool!.run('sumRange', { values }, parts)).toEqual(expected)
  })

  test('hands every result over once, in the order of the parts', async () => {
    const got: [number, number][] = []
    await pool!.runEach('sumRange', { values }, parts, (result, part) => got.push([part, result]))
    expect(got).toEqual(expected.map((result, part) => [part, result]))
  })

  test('an error of who takes the results reaches the caller, and the pool works on', async () => {
    const refuse = (_: number, part: number) => {
      if (part === 3) throw new Error('no room')
    }
    await expect(pool!.runEach('sumRange', { values }, parts, refuse)).rejects.toThrow('no room')
    expect(await pool!.run('sumRange', { values }, parts)).toEqual(expected)
  })

  test('arrays of results arrive whole, part after part', async () => {
    const columns = shareFloats(Float64Array.from({ length: 6000 }, (_, i) => Math.sin(i)))
    const each = Array.from({ length: 6 }, (_, j) => ({ from: j, to: j + 1 }))
    const source = { first: 0, rows: 1000, maxBins: 255, category: new Uint8Array(6), scratch: [] }
    const shared = () => ({ ...source, values: columns, bins: shareBytes(new Uint8Array(6000)) })
    const here = shared()
    const there = shared()
    const readable = { index: 0, threads: 1, core: undefined as never }
    const edges = each.map((part) => TASKS.binPart(here, part, readable))
    expect(await pool!.run('binPart', there, each)).toEqual(edges)
    expect(there.bins).toEqual(here.bins)
  })

  test('tells of every part', async () => {
    const told: [number, number][] = []
    await pool!.run('sumRange', { values }, parts, { onPart: (done, total) => told.push([done, total]) })
    expect(told).toEqual(parts.map((_, i) => [i + 1, parts.length]))
  })

  test('runs a team whose threads meet at a barrier', async () => {
    const { space } = pool!
    const numbers = Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i))
    const arena = new Arena(space)
    const shared = {
      values: arena.copy(numbers),
      count: numbers.length,
      stretch: 100,
      sums: arena.take(8 * 50),
      control: arena.copy(new Uint8Array(64)),
    }
    const stretches = Array.from({ length: 50 }, (_, k) =>
      numbers.subarray(100 * k, 100 * (k + 1)).reduce((a, b) => a + b, 0),
    )
    const sum = stretches.reduce((a, b) => a + b, 0)
    expect(await pool!.team('sumTeam', shared, {})).toEqual(Array.from({ length: threads }, () => sum))
    arena.close()
  })

  test('a thread of a team that fails does not leave the others waiting, and the pool works on', async () => {
    const arena = new Arena(pool!.space)
    const shared = { values: 0, count: 0, stretch: 1, sums: 0, control: arena.copy(new Uint8Array(64)) }
    await expect(pool!.team('sumTeam', shared, { failing: threads - 1 })).rejects.toThrow(`thread ${threads - 1} fails`)
    arena.close()
    expect(await pool!.run('sumRange', { values }, parts)).toEqual(expected)
  })

  test('says which kernels it runs', () => {
    expect(pool!.kernels).toBe('wasm')
    expect(pool!.space.shared).toBe(threads > 1)
    expect(openPool(threads, { kernels: 'typescript' }).kernels).toBe('typescript')
  })

  test('has nothing to do without parts', async () => {
    expect(await pool!.run('sumRange', { values }, [])).toEqual([])
  })

  test('uses the shared input of each job, not that of the job before', async () => {
    const ones = shareFloats(new Float64Array(10).fill(1))
    const twos = shareFloats(new Float64Array(10).fill(2))
    const some = [
      { from: 0, to: 10 },
      { from: 5, to: 10 },
    ]
    expect(await pool!.run('sumRange', { values: ones }, some)).toEqual([10, 5])
    expect(await pool!.run('sumRange', { values: twos }, some)).toEqual([20, 10])
  })

  test('an error of a part reaches the caller with its message and its stack, and the pool works on', async () => {
    const bad = shareFloats(new Float64Array(100).fill(1))
    bad[57] = Number.NEGATIVE_INFINITY
    const tens = Array.from({ length: 10 }, (_, i) => ({ from: i * 10, to: i * 10 + 10 }))
    const error = (await pool!.run('sumRange', { values: bad }, tens).catch((e: unknown) => e)) as Error
    expect(error).toBeInstanceOf(Error)
    expect(error.message).toBe('value 57 is not finite')
    expect(error.stack).toMatch(/sumRange/)
    expect(await pool!.run('sumRange', { values }, parts)).toEqual(expected)
  })

  test('stops when told to: before the start, and in the middle', async () => {
    const before = AbortSignal.abort()
    await expect(pool!.run('sumRange', { values }, parts, { signal: before })).rejects.toThrow(/stopped by the user/)
    const controller = new AbortController()
    let done = 0
    const run = pool!.run('sumRange', { values }, parts, {
      signal: controller.signal,
      onPart: (n) => {
        done = n
        if (n === 3) controller.abort()
      },
    })
    const error = (await run.catch((e: unknown) => e)) as GlasscoreError
    expect(error).toBeInstanceOf(GlasscoreError)
    expect(error.kind).toBe('interrupted')
    expect(done).toBe(3)
    // late answers of the stopped job must not fall into the next one
    expect(await pool!.run('sumRange', { values }, parts)).toEqual(expected)
    await wait(20)
    expect(done).toBe(3)
  })
})

describe.each([1, 2])('jobs side by side on %d threads', (threads) => {
  it.skipIf(threads > 1 && !built)('take turns, and end as each would alone', async () => {
    const pool = openPool(threads)
    const other = [...parts].reverse()
    const [first, second, none] = await Promise.all([
      pool.run('sumRange', { values }, parts),
      pool.run('sumRange', { values }, other),
      pool.run('sumRange', { values }, []),
    ])
    expect(first).toEqual(expected)
    expect(second).toEqual([...expected].reverse())
    expect(none).toEqual([])
    await pool.close()
  })

  it.skipIf(threads > 1 && !built)('end when the pool is closed, and the pool can be used again', async () => {
    const pool = openPool(threads)
    const runs = [pool.run('sumRange', { values }, parts), pool.run('sumRange', { values }, parts)]
    const ends = Promise.allSettled(runs)
    await pool.close()
    for (const end of await ends)
      expect(end.status === 'rejected' && (end.reason as GlasscoreError).kind).toBe('interrupted')
    expect(await pool.run('sumRange', { values }, parts)).toEqual(expected)
    await pool.close()
  })
})

describe.skipIf(!built)('a pool of 2', () => {
  it('an error of whoever listens to progress is that of the job', async () => {
    const pool = openPool(2)
    const run = pool.run('sumRange', { values }, parts, {
      onPart: () => {
        throw new RangeError('the listener fails')
      },
    })
    await expect(run).rejects.toThrow('the listener fails')
    expect(await pool.run('sumRange', { values }, parts)).toEqual(expected)
    await pool.close()
  })

  it('a job that runs ends when the pool is closed', async () => {
    const pool = openPool(2)
    const run = pool.run('sumRange', { values }, parts)
    const closed = pool.close()
    await expect(run).rejects.toThrow(/stopped by the user/)
    await closed
  })

  it.each(['an error', 'a stop'])('no worker writes any more when the caller hears of %s', async (what) => {
    const pool = openPool(2)
    const rows = 400_000
    const columns = 60
    const shared = {
      values: shareFloats(new Float64Array(rows * columns).fill(3)),
      first: 0,
      rows,
      maxBins: 255,
      // Column 0 has no positions to draw a sample at, which fails; the others are written, which takes a while.
      category: new Uint8Array(columns).fill(1, 1),
      bins: shareBytes(new Uint8Array(rows * columns)),
      scratch: [],
    }
    const stop = new AbortController()
    const parts = what === 'an error' ? [{ from: 0, to: 1 }] : [{ from: 1, to: 2 }]
    const run = pool.run('binPart', shared, [...parts, { from: 2, to: columns }], {
      signal: stop.signal,
      onPart: () => stop.abort(),
    })
    await expect(run).rejects.toThrow(what === 'an error' ? TypeError : /stopped by the user/)
    const then = shared.bins.reduce((sum, bin) => sum + bin, 0)
    await wait(100)
    expect(shared.bins.reduce((sum, bin) => sum + bin, 0)).toBe(then)
    expect(await pool.run('sumRange', { values }, [{ from: 0, to: 10 }])).toHaveLength(1)
    await pool.close()
  })

  it('a job that waits for its turn hears its signal and the end of the pool', async () => {
    const pool = openPool(2)
    const first = pool.run('sumRange', { values }, parts)
    const stop = new AbortController()
    const second = pool.run('sumRange', { values }, parts, { signal: stop.signal })
    stop.abort()
    await expect(second).rejects.toThrow(/stopped by the user/)
    expect(await first).toEqual(expected)
    const third = pool.run('sumRange', { values }, parts)
    const fourth = pool.run('sumRange', { values }, parts)
    const ends = Promise.allSettled([third, fourth])
    await pool.close()
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await pool.run('sumRange', { values }, parts)).toEqual(expected)
    await pool.close()
  })

  type Range = (typeof parts)[number]
  /** Whether a slow first part still comes first. */
  const keepsOrder = async (run: (some: readonly Range[]) => Promise<number[]>): Promise<boolean> => {
    const slowFirst = [{ from: 0, to: N }, ...parts.slice(0, 20)]
    const results = await run(slowFirst)
    return results.every((result, i) => Object.is(result, TASKS.sumRange({ values }, slowFirst[i]!)))
  }

  it('puts a slow first part first; results in the order of arrival are caught', async () => {
    const pool = openPool(2)
    expect(await keepsOrder((some) => pool.run('sumRange', { values }, some))).toBe(true)
    await pool.close()
    const byArrival = async (some: readonly Range[]): Promise<number[]> => {
      const results: number[] = []
      const work = async (part: Range) => {
        if (part.to - part.from === N) await wait(5)
        results.push(TASKS.sumRange({ values }, part))
      }
      await Promise.all(some.map(work))
      return results
    }
    expect(await keepsOrder(byArrival)).toBe(false)
  })
})

describe('openPool', () => {
  it.each([0, -1, 1.5, Number.NaN, 257, Number.POSITIVE_INFINITY])('refuses %d threads', (threads) => {
    expect(() => openPool(threads)).toThrow(GlasscoreError)
    expect(() => openPool(threads)).toThrow(/option threads: .* from 1 to 256; got/)
  })
})

describe('shareFloats and shareBytes', () => {
  it('copy once and keep what is shared already', () => {
    const floats = Float64Array.of(1, Number.NaN, -0)
    const shared = shareFloats(floats)
    expect(shared).toEqual(floats)
    expect(shared.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(shareFloats(shared)).toBe(shared)
    const bytes = shareBytes(Uint8Array.of(1, 2, 255))
    expect([...bytes]).toEqual([1, 2, 255])
    expect(shareBytes(bytes)).toBe(bytes)
  })
  it.each([0, -1, 1.5, 4096, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d bytes of memory', (memoryLimit) => {
    expect(() => openPool(1, { memoryLimit })).toThrow(/option memoryLimit: .* from 131,072 to .*; got/)
  })
})
