import { describe, expect, it } from 'vitest'
import { applyEncoding, fitEncoding, signedLog1p } from '../../src/matrix/encode.ts'
import { matrixColumn } from '../../src/matrix/matrix.ts'
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
