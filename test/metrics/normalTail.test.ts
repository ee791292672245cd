import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { normalQuantile, normalTail } from '../../src/metrics/normal.ts'

const golden: { x: number[]; tail: number[] } = JSON.parse(
  readFileSync(new URL('../fixtures/logistic/normalTail.json', import.meta.url), 'utf8'),
)

test('tails of the normal distribution against mpmath', () => {
  golden.x.forEach((x, i) => {
    // 1e-12: below 3 the tail is a difference of numbers up to 400 times as large; beyond, the fraction is cut after 200 terms.
    expect(Math.abs(normalTail(x) / golden.tail[i]! - 1)).toBeLessThan(1e-12)
    expect(normalTail(-x)).toBe(1 - normalTail(x))
  })
  expect(normalTail(Number.POSITIVE_INFINITY)).toBe(0)
})

test('tails and quantiles are inverse', () => {
  // 1e-14: both are good to about 1e-15 in the middle.
  for (const p of [0.6, 0.9, 0.975, 0.999])
    expect(Math.abs(normalTail(normalQuantile(p)) - (1 - p))).toBeLessThan(1e-14)
})
