import { describe, expect, test } from 'vitest'
import { normalQuantile } from '../../src/metrics/normal.ts'
import { studentQuantile } from '../../src/metrics/studentQuantile.ts'

describe('quantiles of Student’s t', () => {
  // scipy 1.17.1: scipy.stats.t.ppf(p, df)
  test.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 4, 2.7764451051977934],
    [0.975, 9.5, 2.2441374614922958],
    [0.975, 30, 2.0422724563012378],
    [0.975, 999, 1.9623414611334493],
    [0.975, 1001, 1.9623367052808798],
    [0.975, 5000, 1.9604385517065073],
    [0.95, 3, 2.3533634348018233],
    [0.9995, 5, 6.868826625881276],
    [0.5, 7, 0],
  ])('%d with %d degrees', (p, freedom, expected) => {
    // Simpson's rule over 400 steps, and above 1,000 degrees the first two terms of an expansion: eight digits or more.
    expect(Math.abs(studentQuantile(p, freedom) - expected)).toBeLessThan(1e-8 * Math.max(1, expected))
  })

  test('are wider than the normal one, which the broken twin would give', () => {
    for (const freedom of [1, 5, 50, 500, 1000, 1001, 1e6])
      expect(studentQuantile(0.975, freedom)).toBeGreaterThan(normalQuantile(0.975))
    expect(studentQuantile(0.975, 0)).toBeNaN()
    expect(studentQuantile(0.3, 5)).toBeNaN()
  })
})
