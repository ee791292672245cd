import { describe, expect, it } from 'vitest'
import { Arena } from '../../../src/kernels/memory/space.ts'
import { exp, log, log1p, sigmoid, softplus } from '../../../src/kernels/numbers/elementary.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'

const pool = openPool(1)
const { kernels } = pool.core

/** Distance in units of the last place of b. */
const places = (a: number, b: number): number => {
  if (Object.is(a, b) || a === b) return 0
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(b))))
  return Math.abs(a - b) / 2 ** (exponent - 52)
}

const draw = random('elementary')
const wide = Array.from({ length: 20_000 }, () => (draw.next() - 0.5) * 1500)
const near = Array.from({ length: 20_000 }, () => (draw.next() - 0.5) * 4)
const positive = [...wide, ...near]
  .map((x) => Math.exp(x / 2.2))
  .concat([5e-324, 1e-310, 1, 2 ** 0.5, 2 ** -0.5, 1 - 2 ** -53, 1 + 2 ** -52])
const edges = [
  0,
  -0,
  1,
  -1,
  708,
  -708,
  709.782712893384,
  -745.1332191019412,
  -745.2,
  710,
  Infinity,
  -Infinity,
  Number.NaN,
  1e-300,
]

describe('exponential and logarithm', () => {
  it('are those of Math within two places: its own are within one of the truth, and so are these', () => {
    for (const x of [...wide, ...near, ...edges]) expect(places(exp(x), Math.exp(x)), `exp ${x}`).toBeLessThanOrEqual(2)
    for (const x of positive) expect(places(log(x), Math.log(x)), `log ${x}`).toBeLessThanOrEqual(2)
    for (const x of near.filter((v) => v > -1))
      expect(places(log1p(x), Math.log1p(x)), `log1p ${x}`).toBeLessThanOrEqual(4)
    for (const k of [-200, -40, -30, -10]) expect(places(log1p(2 ** k), Math.log1p(2 ** k))).toBeLessThanOrEqual(2)
  })

  it('know their ends', () => {
    expect([exp(Infinity), exp(-Infinity), exp(0), exp(-0)]).toEqual([Infinity, 0, 1, 1])
    expect([log(0), log(-0), log(1), log(Infinity)]).toEqual([-Infinity, -Infinity, 0, Infinity])
    expect([log(-1), log(Number.NaN), exp(Number.NaN)].every(Number.isNaN)).toBe(true)
    expect(exp(-745.13)).toBe(5e-324)
    expect([sigmoid(0), sigmoid(800), sigmoid(-Infinity)]).toEqual([0.5, 1, exp(-708)])
    expect([softplus(-800), softplus(800), softplus(0)]).toEqual([0, 800, Math.LN2])
  })

  it('are the same to the bit when compiled', () => {
    for (const x of [...wide, ...near, ...edges]) {
      expect(kernels['exp']!(x)).toBe(exp(x))
      expect(kernels['sigmoid']!(x)).toBe(sigmoid(x))
      expect(kernels['softplus']!(x)).toBe(softplus(x))
      expect(kernels['log1p']!(x)).toBe(log1p(x))
    }
    for (const x of [...positive, ...edges]) expect(kernels['log']!(x)).toBe(log(x))
  })

  it('are the same by pairs', () => {
    const arena = new Arena(pool.space)
    const x = arena.copy(Float64Array.from([...wide, ...near]))
    const out = arena.take(8 * 40_000)
    kernels['sigmoids']!(x, 40_000, out)
    expect(pool.space.doubles(out, 40_000)).toEqual(Float64Array.from([...wide, ...near], sigmoid))
    arena.close()
  })
})
