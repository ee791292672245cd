import { describe, expect, it } from 'vitest'
import { applyEncoding, fitEncoding, signedLog1p } from '../../src/matrix/encode.ts'
import { LEVELS_KEPT } from '../../src/matrix/levels.ts'
import { categoryColumns, matrixColumn } from '../../src/matrix/matrix.ts'
import { unseenLevels } from '../../src/matrix/unseenLevels.ts'
import { frameOf } from './helpers.ts'

const columnsOf = (encoding: ReturnType<typeof fitEncoding>) => encoding.columns.map((c) => c.name)

describe('linear encoding', () => {
  const train = frameOf({
    a: [1, 2, Number.NaN, 5],
    c: ['x', 'y', 'x', null],
    k: [3, 3, 3, 3],
    n: [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
  })
  const encoding = fitEncoding(train, 'linear')
  const x = applyEncoding(encoding, train)

  it('makes value, indicator and level columns, and lists what it drops', () => {
    expect(columnsOf(encoding)).toEqual(['a', 'a missing', 'c = (missing)', 'c = y'])
    expect(encoding.dropped).toEqual([
      { name: 'k', reason: 'constant over the training rows' },
      { name: 'n', reason: 'missing in every training row' },
    ])
  })

  it('standardizes every column over the training rows', () => {
    for (let j = 0; j < x.columns.length; j++) {
      const column = matrixColumn(x, j)
      const mean = column.reduce((s, v) => s + v, 0) / x.rows
      const variance = column.reduce((s, v) => s + (v - mean) ** 2, 0) / x.rows
      // four additions of numbers near 1
      expect(mean).toBeCloseTo(0, 14)
      expect(variance).toBeCloseTo(1, 14)
    }
  })

  it('puts the training median in the place of a missing value', () => {
    const value = encoding.columns[0]!
    expect(value.fill).toBe(2)
    expect(matrixColumn(x, 0)[2]).toBe((2 - value.center!) / value.scale!)
  })

  it('reads other rows by the training rows: no NaN, unseen levels are no level', () => {
    const other = applyEncoding(
      encoding,
      frameOf({ a: [Number.NaN, 9], c: ['z', null], k: [1, 2], n: [1, 2] }, { c: { kind: 'category' } }),
    )
    expect([...other.values].some(Number.isNaN)).toBe(false)
    const missing = encoding.columns[2]!
    expect(matrixColumn(other, 2)[0]).toBe((0 - missing.center!) / missing.scale!)
    expect(matrixColumn(other, 2)[1]).toBe((1 - missing.center!) / missing.scale!)
  })

  it('takes the signed logarithm of money and counts before centering', () => {
    const money = frameOf({ m: [0, 10, 1000, -10] }, { m: { scale: 'log' } })
    const e = fitEncoding(money, 'linear')
    const logs = [0, 10, 1000, -10].map(signedLog1p)
    const mean = logs.reduce((a, b) => a + b) / 4
    expect(e.columns[0]!.center).toBeCloseTo(mean, 14)
    expect(signedLog1p(-10)).toBe(-signedLog1p(10))
  })

  it('refuses a frame that lacks a factor', () => {
    expect(() => applyEncoding(encoding, frameOf({ c: ['x'] }))).toThrow(/column a: a factor that the model needs/)
  })

  it('refuses training rows in which nothing varies', () => {
    expect(() => fitEncoding(frameOf({ k: [1, 1] }), 'linear')).toThrow(/no factor varies/)
  })
})

describe('tree encoding', () => {
  it('keeps numbers and missing values as they are', () => {
    const frame = frameOf({ a: [1, Number.NaN, 3] })
    const x = applyEncoding(fitEncoding(frame, 'tree'), frame)
    expect([...matrixColumn(x, 0)]).toEqual([1, Number.NaN, 3])
  })

  it('makes one column of two levels and one each of more', () => {
    const frame = frameOf({ two: ['a', 'b', 'b', null], three: ['a', 'b', 'c', 'c'] })
    const encoding = fitEncoding(frame, 'tree')
    expect(columnsOf(encoding)).toEqual(['two = a', 'three = c', 'three = a', 'three = b'])
    expect([...matrixColumn(applyEncoding(encoding, frame), 0)]).toEqual([1, 0, 0, Number.NaN])
  })

  it('keeps a constant that is sometimes missing: its absence may say something', () => {
    const encoding = fitEncoding(frameOf({ a: [1, Number.NaN, 1], b: [1, 2, 3] }), 'tree')
    expect(columnsOf(encoding)).toEqual(['a', 'b'])
  })
})

describe('a category of many levels', () => {
  const COMMON = Array.from({ length: LEVELS_KEPT }, (_, k) => `c${String(k).padStart(2, '0')}`)
  const RARE = Array.from({ length: 3000 }, (_, k) => `r${k}`)
  // Falling frequency: c00 most often, the rare ones and the level that is called like the shared column once each.
  const values = [
    ...COMMON.flatMap((level, k) => new Array<string>(2 + LEVELS_KEPT - k).fill(level)),
    ...RARE,
    '(other)',
    null,
    null,
  ]
  const train = frameOf({ c: values })
  const later = frameOf({ c: ['c01', 'r7', 'never seen', '(other)', null, 'c00'] })

  it('keeps the most frequent levels and one column for the rest, and says so', () => {
    for (const kind of ['linear', 'tree'] as const) {
      const encoding = fitEncoding(train, kind)
      const last = encoding.columns.at(-1)!
      expect(last).toMatchObject({ name: 'c = (other)', role: 'level', level: '(other)', others: COMMON })
      // linear: one fewer for the reference, one more for the missing level
      expect(encoding.columns).toHaveLength(LEVELS_KEPT + 1)
      expect(encoding.columns.filter((c) => c.others)).toHaveLength(1)
      expect(encoding.dropped).toEqual([
        {
          name: 'c (rarer levels)',
          reason: '3001 levels share the column c = (other): only the 50 most frequent have their own',
        },
      ])
    }
  })

  it('is 1 there for rare and unseen values alike, not for missing ones', () => {
    const tree = fitEncoding(train, 'tree')
    const x = applyEncoding(tree, later)
    expect([...matrixColumn(x, LEVELS_KEPT)]).toEqual([0, 1, 1, 1, Number.NaN, 0])
    expect([...matrixColumn(x, 1)]).toEqual([1, 0, 0, 0, Number.NaN, 0])
    const linear = fitEncoding(train, 'linear')
    const { center, scale } = linear.columns.at(-1)!
    const raw = matrixColumn(applyEncoding(linear, later), LEVELS_KEPT).map((v) => Math.round(v * scale! + center!))
    expect([...raw]).toEqual([0, 1, 1, 1, 0, 0])
    expect(linear.columns[0]!.reference).toBe('c00')
    expect(center).toBe(3001 / values.length)
    const trained = matrixColumn(applyEncoding(linear, train), LEVELS_KEPT)
    // Sums of some 4500 numbers of size 1.
    expect(trained.reduce((s, v) => s + v, 0) / train.rows).toBeCloseTo(0, 12)
    expect(trained.reduce((s, v) => s + v * v, 0) / train.rows).toBeCloseTo(1, 12)
  })

  it('has no such column at the limit, one level further it has', () => {
    const at = (levels: number) =>
      fitEncoding(frameOf({ c: Array.from({ length: levels }, (_, k) => `v${k}`) }), 'tree')
    expect(at(LEVELS_KEPT).columns).toHaveLength(LEVELS_KEPT)
    expect(at(LEVELS_KEPT).dropped).toEqual([])
    expect(at(LEVELS_KEPT).columns.some((c) => c.others)).toBe(false)
    expect(at(LEVELS_KEPT + 1).columns).toHaveLength(LEVELS_KEPT + 1)
    expect(at(LEVELS_KEPT + 1).columns.at(-1)!.others).toHaveLength(LEVELS_KEPT)
  })

  it('stays narrow with a level in every row', () => {
    const rows = 30_000
    const frame = frameOf({ c: Array.from({ length: rows }, (_, i) => `id ${i}`) })
    for (const kind of ['linear', 'tree'] as const)
      expect(applyEncoding(fitEncoding(frame, kind), frame).columns.length).toBeLessThan(60)
  })
})

describe('codes of categories, for trees that split them', () => {
  const codes = (frame: ReturnType<typeof frameOf>) => fitEncoding(frame, 'tree', { categories: true })

  it('are one column a category, by falling frequency, ties by name; an unseen or missing value is NaN', () => {
    const train = frameOf({ a: [1, 2, 3, 4, 5], c: ['y', 'x', 'z', 'z', null], two: ['n', 'n', 'j', 'j', 'n'] })
    const encoding = codes(train)
    expect(columnsOf(encoding)).toEqual(['a', 'c', 'two'])
    expect(encoding.columns[1]).toEqual({ name: 'c', factor: 1, role: 'category', levels: ['z', 'x', 'y'] })
    expect(categoryColumns(applyEncoding(encoding, train))).toEqual([1, 2])
    expect([...matrixColumn(applyEncoding(encoding, train), 1)]).toEqual([2, 1, 0, 0, Number.NaN])
    const later = frameOf({ a: [1, 1, 1], c: ['x', 'new', null], two: ['j', 'n', 'constructor'] })
    const x = applyEncoding(encoding, later)
    expect([...matrixColumn(x, 1)]).toEqual([1, Number.NaN, Number.NaN])
    expect([...matrixColumn(x, 2)]).toEqual([1, 0, Number.NaN])
    expect(unseenLevels(encoding, later)).toEqual([
      { factor: 'c', rows: 1, examples: ['new'] },
      { factor: 'two', rows: 1, examples: ['constructor'] },
    ])
  })

  it('are 254 at most: the rarest share one, which takes unseen values too', () => {
    const of = (levels: number) => ({
      c: Array.from({ length: levels * 2 }, (_, k) => `v${k < levels + 100 ? k % levels : k - levels}`),
    })
    const all = codes(frameOf(of(254))).columns[0]!
    expect(all.levels).toHaveLength(254)
    expect(all.pooled).toBeUndefined()
    const train = frameOf(of(300))
    const encoding = codes(train)
    const { levels, pooled } = encoding.columns[0]!
    expect([levels!.length, pooled, levels!.at(-1)]).toEqual([254, true, '(other)'])
    expect(encoding.dropped).toEqual([
      {
        name: 'c (rarer levels)',
        reason: '47 levels share a code of c: only the 253 most frequent have their own',
      },
    ])
    const x = applyEncoding(encoding, train)
    expect(x.values.every((code) => Number.isInteger(code) && code >= 0 && code < 254)).toBe(true)
    const later = frameOf({ c: ['never seen', levels![0]!, '(other)', null] })
    expect([...applyEncoding(encoding, later).values]).toEqual([253, 0, 253, Number.NaN])
    expect(unseenLevels(encoding, later)).toEqual([])
  })

  it('drops what does not vary', () => {
    const frame = frameOf({ a: [1, 2], c: ['x', 'x'], n: [null, null] }, { n: { kind: 'category' } })
    frame.categories['n'] = [null, null]
    expect(codes(frame).dropped.map((d) => d.name)).toEqual(['c', 'n'])
    expect(columnsOf(codes(frameOf({ c: ['x', null] })))).toEqual(['c'])
  })
})
