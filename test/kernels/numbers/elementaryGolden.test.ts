/** The shared elementary functions against mpmath: the error in units of the last place, over all kinds of arguments. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { exp, log, log1p, sigmoid, softplus } from '../../../src/kernels/numbers/elementary.ts'
import { openPool } from '../../../src/threads/openPool.ts'

/** argument, the double nearest to the value, and what is left */
type Row = [x: number, near: number, rest: number]
const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/numbers/elementary.json', import.meta.url), 'utf8'),
) as Record<string, Row[]>

const { kernels } = openPool(1).core

/**
 * Bounds as documented, in units of the last place. The greatest errors found over three times as many arguments: exp .76, log .79,
 * log1p 1.62, sigmoid 2.03, softplus 1.52; the last three round up to three times on top of what exp and log are off.
 */
const functions: [name: string, bound: number, readable: (x: number) => number][] = [
  ['exp', 1, exp],
  ['log', 1, log],
  ['log1p', 3, log1p],
  ['sigmoid', 3, sigmoid],
  ['softplus', 3, softplus],
]

/** The unit of the last place of a double; of subnormal ones the least of them. */
const unit = (value: number): number => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return 2 ** (Math.max(1, (view.getUint32(0) >>> 20) & 2047) - 1075)
}

/** Both parts are divided first: their difference may be less than the least subnormal. */
const error = (own: number, [, near, rest]: Row): number => Math.abs((own - near) / unit(near) - rest / unit(near))

describe.each(functions)('%s', (name, bound, readable) => {
  const rows = golden[name]!

  it(`is within ${bound} of the truth, in units of the last place, by both kernels`, () => {
    expect(rows.length).toBeGreaterThan(400)
    for (const row of rows) {
      expect(error(readable(row[0]), row), `${name}(${row[0]})`).toBeLessThanOrEqual(bound)
      expect(kernels[name]!(row[0])).toBe(readable(row[0]))
    }
  })

  it('a twin that is further off is caught everywhere', () => {
    for (const row of rows) {
      const away = (2 * bound + 1) * unit(row[1])
      expect(error(readable(row[0]) + away, row)).toBeGreaterThan(bound)
    }
  })
})

describe('the arguments', () => {
  it('hold subnormal numbers, both ends, and the turns of the reductions', () => {
    const least = 2.2250738585072014e-308
    const some = (name: string, rule: (row: Row) => boolean) => golden[name]!.filter(rule).length
    expect(some('log', ([x]) => x < least)).toBeGreaterThan(50)
    expect(some('exp', ([, near]) => near < least)).toBeGreaterThan(50)
    expect(some('log1p', ([x]) => Math.abs(x) < least)).toBeGreaterThan(5)
    expect(some('exp', ([, near]) => near > 1e308)).toBeGreaterThan(0)
    expect(some('log', ([x]) => x > 1 - 2 ** -20 && x < 1 + 2 ** -20)).toBeGreaterThan(50)
  })

  it('catch a sigmoid and a log1p in plain steps, which lose small values', () => {
    const worst = (name: string, f: (x: number) => number) =>
      Math.max(...golden[name]!.map((row) => error(f(row[0]), row)))
    expect(worst('sigmoid', (x) => 1 - 1 / (1 + exp(x)))).toBeGreaterThan(1000)
    expect(worst('log1p', (x) => log(1 + x))).toBeGreaterThan(1000)
    expect(worst('exp', (x) => exp(x / 2) ** 2)).toBeGreaterThan(1)
    expect(worst('softplus', (x) => log(1 + exp(x)))).toBeGreaterThan(1000)
  })
})
