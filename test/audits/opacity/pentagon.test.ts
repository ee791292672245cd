import { describe, expect, it } from 'vitest'
import { drawnShapes, type PentagonRows, pentagonTest } from '../../../src/audits/opacity/pentagonTest.ts'
import { random } from '../../../src/util/random.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e']
const people = (
  rows: number,
  seed: number,
  of: (i: number, stream: ReturnType<typeof random>) => number[],
): PentagonRows => {
  const stream = random(seed)
  const points = new Float64Array(5 * rows)
  const score = new Float64Array(rows)
  const reasons: number[][] = []
  for (let i = 0; i < rows; i++) {
    const own = of(i, stream)
    own.forEach((v, d) => {
      points[d * rows + i] = v
    })
    score[i] = 600 + own.reduce((a, b) => a + b, 0)
    const below = [0, 1, 2, 3, 4].filter((d) => own[d]! < 0)
    reasons.push(below.sort((a, b) => own[a]! - own[b]!).slice(0, 2))
  }
  return { dimensions: { players: 5, rows, points }, score, reasons }
}
const persons = (rows: PentagonRows) => ({
  personId: Array.from(rows.score, (_, i) => `P${i}`),
  target: Uint8Array.from(rows.score, (_, i) => (i % 5 === 0 ? 1 : 0)),
  replicates: 60,
  random: random(1),
})

describe('the drawn pentagon', () => {
  it('has percentiles in the training population as radii, rescaled to the longest, in whole percents', () => {
    const train = people(50, 1, (_, s) => NAMES.map(() => Math.round(3 * s.normal())))
    const held = people(20, 2, (_, s) => NAMES.map(() => Math.round(3 * s.normal())))
    const shapes = drawnShapes(held.dimensions, train.dimensions)
    for (let i = 0; i < 20; i++) {
      const radii = NAMES.map((_, d) => {
        const own = held.dimensions.points[d * 20 + i]!
        const all = [...train.dimensions.points.slice(d * 50, (d + 1) * 50)]
        return (all.filter((v) => v < own).length + all.filter((v) => v === own).length / 2) / 50
      })
      const longest = Math.max(...radii)
      expect(NAMES.map((_, d) => shapes[d]![i])).toEqual(radii.map((r) => Math.round((100 * r) / longest)))
      expect(Math.max(...NAMES.map((_, d) => shapes[d]![i]!))).toBe(100)
    }
  })

  it('is the same for people whose radii are alike in proportion: the base is gone', () => {
    const steps = (k: number) => Float64Array.from({ length: 500 }, () => k)
    const population = {
      players: 5,
      rows: 100,
      points: Float64Array.from({ length: 500 }, (_, k) => k % 100),
    }
    const [low, high] = [steps(19.5), steps(79.5)].map((points) => ({ players: 5, rows: 100, points }))
    expect(drawnShapes(low!, population)).toEqual(drawnShapes(high!, population))
  })
})

describe('what a reader recovers', () => {
  it('is most of a score that the proportions decide', () => {
    const of = (_: number, s: ReturnType<typeof random>) => {
      const t = s.normal()
      // One goes up as the others go down: the shape says where on the line a person is.
      return [20 * t, -2 * t, -2 * t, -2 * t, -2 * t]
    }
    const [train, held] = [people(250, 1, of), people(100, 2, of)]
    const found = pentagonTest(train, held, NAMES, persons(held))
    expect(found).toMatchObject({ learned: 250, rows: 100 })
    expect(found.r2.value!).toBeGreaterThan(0.8)
    expect(found.rankCorrelation.value!).toBeGreaterThan(0.9)
    expect(found.reason.value!).toBeGreaterThan(0.9)
  })

  it('is little where what all dimensions share decides it, and the rescaling hides that', () => {
    const of = (_: number, s: ReturnType<typeof random>) => {
      const t = s.normal()
      return NAMES.map(() => 20 * t + 0.5 * s.normal())
    }
    const [train, held] = [people(250, 3, of), people(100, 4, of)]
    const found = pentagonTest(train, held, NAMES, persons(held))
    // A reader who saw the radii as they are would know nearly all.
    const plain = pentagonTest(
      { ...train, dimensions: anchored(train) },
      { ...held, dimensions: anchored(held) },
      NAMES,
      persons(held),
    )
    expect(plain.r2.value!).toBeGreaterThan(0.9)
    expect(found.r2.value!).toBeLessThan(plain.r2.value! - 0.15)
  })

  it('is counted against the base rate, and its figures are those counted again', () => {
    const of = (i: number, s: ReturnType<typeof random>) =>
      NAMES.map((_, d) => (d === 0 && i % 3 > 0 ? -30 : 0) + 5 * s.normal())
    const [train, held] = [people(250, 5, of), people(100, 6, of)]
    const found = pentagonTest(train, held, NAMES, persons(held))
    const first = ({ reasons }: PentagonRows) => reasons.map(([reason = -1]) => reason)
    const known = first(held).filter((r) => r >= 0)
    const counts = NAMES.map((_, d) => first(train).filter((r) => r === d).length)
    const usual = counts.indexOf(Math.max(...counts))
    expect(found.reasonBase.value).toBeCloseTo(known.filter((r) => r === usual).length / known.length, 12)
    expect(found.reasons).toBe(known.length)
    expect(found.reason.value!).toBeGreaterThanOrEqual(found.reasonBase.value! - 0.05)
    const shapes = drawnShapes(held.dimensions, train.dimensions)
    const shortest = first(held).filter((r, i) => {
      const own = NAMES.map((_, d) => shapes[d]![i]!)
      return r >= 0 && own.indexOf(Math.min(...own)) === r
    })
    expect(found.shortest.value).toBeCloseTo(shortest.length / known.length, 12)
    // Sets of dimensions, whatever their order.
    const setsOf = ({ reasons }: PentagonRows) =>
      reasons.filter((all) => all.length > 0).map((all) => [...all].sort().join(','))
    const frequency = new Map<string, number>()
    for (const set of setsOf(train)) frequency.set(set, (frequency.get(set) ?? 0) + 1)
    const top = Math.max(...frequency.values())
    const bases = [...frequency]
      .filter(([, n]) => n === top)
      .map(([set]) => setsOf(held).filter((own) => own === set).length / known.length)
    expect(bases.map((b) => b.toFixed(12))).toContain(found.reasonSetBase.value!.toFixed(12))
    expect(found.reasonSet.value!).toBeGreaterThan(found.reasonSetBase.value! + 0.1)
    // All reasons are harder to read than the first one.
    expect(found.reasonSet.value!).toBeLessThan(found.reason.value!)
  })
})

/** The first dimension always at the top of its population, so that no rescaling takes place. */
function anchored({ dimensions }: PentagonRows) {
  const points = dimensions.points.slice()
  points.fill(1000, 0, dimensions.rows)
  // Ties by half would put everybody in the middle: a hair apart, and all near the top.
  for (let i = 0; i < dimensions.rows; i++) points[i] = i % 50 === 0 ? -1000 : 1000
  return { ...dimensions, points }
}
