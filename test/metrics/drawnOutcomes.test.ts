import { describe, expect, it } from 'vitest'
import { bootstrapInterval } from '../../src/metrics/bootstrap.ts'
import { drawnOutcomes } from '../../src/metrics/drawnOutcomes.ts'
import { random } from '../../src/util/random.ts'

const ids = (rows: number): string[] => Array.from({ length: rows }, (_, i) => String(i))
const badRate =
  (target: Uint8Array) =>
  (weights?: Float64Array): number => {
    let bad = 0
    let all = 0
    for (let i = 0; i < target.length; i++) {
      const w = weights ? weights[i]! : 1
      all += w
      bad += w * target[i]!
    }
    return bad / all
  }

describe('drawnOutcomes', () => {
  it('gives as many bads as binomial draws would: 40 of 400, standard deviation 6', () => {
    const target = Uint8Array.from({ length: 400 }, (_, i) => (i < 40 ? 1 : 0))
    const mix = drawnOutcomes(target, ids(400), random(1))
    const rate = badRate(target)
    const counts = Array.from({ length: 4000 }, () => {
      const weights = new Float64Array(400).fill(1)
      mix(weights)
      return 400 * rate(weights)
    })
    const mean = counts.reduce((a, b) => a + b, 0) / counts.length
    const deviation = Math.sqrt(counts.reduce((a, b) => a + (b - mean) ** 2, 0) / counts.length)
    // Standard errors over 4,000 draws: 0.095 and 0.07.
    expect(Math.abs(mean - 40)).toBeLessThan(0.4)
    expect(Math.abs(deviation - 6)).toBeLessThan(0.3)
  })

  it('draws persons, not rows: ten rows a person spread the share like one row a person does', () => {
    const target = Uint8Array.from({ length: 4000 }, (_, i) => (i < 400 ? 1 : 0))
    const persons = Array.from({ length: 4000 }, (_, i) => String(Math.floor(i / 10)))
    const spreadOf = (groups: string[]): number => {
      const mix = drawnOutcomes(target, groups, random(2))
      const rate = badRate(target)
      const rates = Array.from({ length: 2000 }, () => {
        const weights = new Float64Array(4000).fill(1)
        mix(weights)
        return rate(weights)
      })
      const mean = rates.reduce((a, b) => a + b, 0) / rates.length
      return Math.sqrt(rates.reduce((a, b) => a + (b - mean) ** 2, 0) / rates.length)
    }
    expect(spreadOf(persons)).toBeGreaterThan(0.8 * Math.sqrt((0.1 * 0.9) / 400))
    // The broken twin that takes rows for persons is three times too sure.
    expect(spreadOf(ids(4000))).toBeLessThan(0.4 * Math.sqrt((0.1 * 0.9) / 400))
  })

  it('gives the bad rate its interval, which draws within outcomes alone cannot', () => {
    const target = Uint8Array.from({ length: 500 }, (_, i) => (i < 50 ? 1 : 0))
    const rate = badRate(target)
    const mix = drawnOutcomes(target, ids(500), random(3))
    const options = { target, replicates: 1000, random: random(4) }
    const fixed = bootstrapInterval(rate, options)
    const drawn = bootstrapInterval((weights) => {
      if (weights) mix(weights)
      return rate(weights)
    }, options)
    expect(fixed.high - fixed.low).toBeLessThan(1e-12)
    // Normal theory: 2 x 1.96 x sqrt(0.1 x 0.9 / 500) = 0.0526; percentiles of 1,000 draws lie within some 7 % of it.
    expect(Math.abs(drawn.high - drawn.low - 0.0526)).toBeLessThan(0.006)
  })

  it('does nothing to a ranking and is harmless where there is one outcome', () => {
    const weights = new Float64Array(3).fill(1)
    drawnOutcomes(Uint8Array.of(0, 0, 0), ids(3), random(5))(weights)
    expect(weights.every((w) => w > 0 && Number.isFinite(w))).toBe(true)
  })
})
