/** The closed form against the definition: every coalition, every background row. */
import { describe, expect, it } from 'vitest'
import { BackgroundSums, declaredShapley } from '../../src/attributions/declaredShapley.ts'
import {
  type Curve,
  type DeclaredFunction,
  declaredLogOdds,
  declaredParts,
  type FactorColumns,
  type KnotCurve,
  silentFactors,
} from '../../src/schema/declaredFunction.ts'
import { DECLARED_FUNCTION } from '../../src/schema/declaredTerms.ts'
import { DIMENSIONS } from '../../src/schema/dimensions.ts'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { canonicalJson } from '../../src/util/hash.ts'
import { type Random, random } from '../../src/util/random.ts'

/** Sums of numbers around 1 over some hundred terms keep 13 digits. */
const TOLERANCE = 1e-12

type Value = number | string | null
type Person = Record<string, Value>

const isText = (fn: DeclaredFunction, factor: string): boolean =>
  [
    ...fn.terms.map((t): [string, Curve] => [t.factor, t.curve]),
    ...fn.pairs.flatMap((p): [string, Curve][] => [
      [p.factors[0], p.curves[0]],
      [p.factors[1], p.curves[1]],
    ]),
  ].some(([name, curve]) => name === factor && 'levels' in curve)

const columnsOf = (fn: DeclaredFunction, factors: readonly string[], people: readonly Person[]): FactorColumns => ({
  rows: people.length,
  numbers: Object.fromEntries(
    factors
      .filter((f) => !isText(fn, f))
      .map((f) => [f, Float64Array.from(people, (p) => (p[f] === null ? Number.NaN : (p[f] as number)))]),
  ),
  categories: Object.fromEntries(
    factors.filter((f) => isText(fn, f)).map((f) => [f, people.map((p) => p[f] as string | null)]),
  ),
})

const valuesOf = (fn: DeclaredFunction, factors: readonly string[], people: readonly Person[]): number[] => {
  const columns = columnsOf(fn, factors, people)
  return [...declaredLogOdds(fn, declaredParts(fn, columns), people.length)]
}

/** Shapley values of one person by their definition: players are lists of factors. */
const bruteForce = (
  fn: DeclaredFunction,
  factors: readonly string[],
  players: readonly (readonly string[])[],
  person: Person,
  background: readonly Person[],
): { base: number; phi: number[] } => {
  const n = players.length
  const worth = Array.from({ length: 2 ** n }, (_, mask) => {
    const known = new Set(players.filter((_, p) => mask & (1 << p)).flat())
    const mixed = background.map((b) => Object.fromEntries(factors.map((f) => [f, known.has(f) ? person[f]! : b[f]!])))
    return valuesOf(fn, factors, mixed).reduce((s, v) => s + v, 0) / background.length
  })
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1))
  const size = (mask: number): number => mask.toString(2).replaceAll('0', '').length
  const phi = players.map((_, p) => {
    let sum = 0
    for (let mask = 0; mask < 2 ** n; mask++) {
      if (mask & (1 << p)) continue
      const weight = (factorial(size(mask)) * factorial(n - size(mask) - 1)) / factorial(n)
      sum += weight * (worth[mask | (1 << p)]! - worth[mask]!)
    }
    return sum
  })
  return { base: worth[0]!, phi }
}

type Shapley = typeof declaredShapley

/** The largest difference between the closed form and the definition over some people, the base among it. */
const largestGap = (
  fn: DeclaredFunction,
  factors: readonly string[],
  players: readonly (readonly string[])[],
  people: readonly Person[],
  background: readonly Person[],
  shapley: Shapley = declaredShapley,
): number => {
  const sums = new BackgroundSums(fn)
  // In two blocks, as the simulator adds them.
  const half = background.length >> 1
  for (const block of [background.slice(0, half), background.slice(half)])
    sums.add(declaredParts(fn, columnsOf(fn, factors, block)), [...block.keys()])
  const means = sums.means()
  const parts = declaredParts(fn, columnsOf(fn, factors, people))
  const playerOf = (factor: string): number => players.findIndex((p) => p.includes(factor))
  const phi = shapley(fn, parts, people.length, means, playerOf, players.length)
  let gap = 0
  people.forEach((person, i) => {
    const slow = bruteForce(fn, factors, players, person, background)
    gap = Math.max(gap, Math.abs(slow.base - means.base))
    slow.phi.forEach((value, p) => {
      gap = Math.max(gap, Math.abs(value - phi[p * people.length + i]!))
    })
  })
  return gap
}

const LEVELS = ['red', 'green', 'blue', 'unknown to the curve']

const randomCurve = (r: Random, text: boolean): Curve => {
  if (text)
    return { levels: { red: r.normal(), green: r.normal(), blue: r.normal() }, other: r.normal(), missing: r.normal() }
  const xs = Array.from({ length: 1 + r.integer(4) }, () => r.normal()).sort((a, b) => a - b)
  return { knots: xs.map((x) => [x, r.normal()] as const), missing: r.normal() }
}

const TEXT = ['c', 'g']
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

const randomFunction = (r: Random): DeclaredFunction => {
  const pairs: (readonly [string, string])[] = [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'g'],
    ['e', 'h'],
  ]
  return {
    format: 'glasscore.declared-function',
    version: 1,
    output: 'log-odds of bad',
    intercept: r.normal(),
    // h speaks in a pair alone
    terms: NAMES.slice(0, 7).map((factor) => ({ factor, curve: randomCurve(r, TEXT.includes(factor)) })),
    pairs: pairs.map(([j, k]) => ({
      factors: [j, k],
      weight: r.normal(),
      curves: [randomCurve(r, TEXT.includes(j)), randomCurve(r, TEXT.includes(k))],
    })),
  }
}

/** Factors that go together, with gaps. */
const randomPerson = (r: Random): Person => {
  const common = r.normal()
  return Object.fromEntries(
    NAMES.map((name) => {
      if (r.next() < 0.15) return [name, null]
      const value = 0.7 * common + 0.7 * r.normal()
      return [name, TEXT.includes(name) ? LEVELS[Math.max(0, Math.min(3, Math.round(value + 1.5)))]! : value]
    }),
  )
}

const brokenBy =
  (change: (background: Parameters<Shapley>[3]) => Parameters<Shapley>[3]): Shapley =>
  (fn, parts, rows, background, playerOf, players) =>
    declaredShapley(fn, parts, rows, change(background), playerOf, players)

/** As if the two of a pair were independent. */
const independent = brokenBy((b) => ({
  ...b,
  pairs: b.pairs.map((p) => ({ ...p, product: p.first * p.second })),
}))

/** The whole of a pair to its first factor. */
const greedy: Shapley = (fn, parts, rows, background, playerOf, players) => {
  const phi = declaredShapley(fn, parts, rows, background, playerOf, players)
  fn.pairs.forEach(({ factors: [j, k], weight }, p) => {
    const [a, b] = parts.pairs[p]!
    const { first, second, product } = background.pairs[p]!
    for (let i = 0; i < rows; i++) {
      const moved = (weight / 2) * (a[i]! * b[i]! - a[i]! * second + first * b[i]! - product)
      phi[playerOf(j) * rows + i]! += moved
      phi[playerOf(k) * rows + i]! -= moved
    }
  })
  return phi
}

describe('the closed form of an additive function with pairs', () => {
  it('is the Shapley value of every factor, and of groups of them', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const r = random(seed)
      const fn = randomFunction(r)
      const background = Array.from({ length: 13 }, () => randomPerson(r))
      const people = Array.from({ length: 3 }, () => randomPerson(r))
      const each = NAMES.map((name) => [name])
      expect(largestGap(fn, NAMES, each, people, background)).toBeLessThan(TOLERANCE)
      const groups = [['a', 'b', 'f'], ['c'], ['d', 'g', 'h'], ['e']]
      expect(largestGap(fn, NAMES, groups, people, background)).toBeLessThan(TOLERANCE)
      for (const broken of [independent, greedy])
        expect(largestGap(fn, NAMES, each, people, background, broken)).toBeGreaterThan(1e-3)
    }
  })

  it('adds up to the function in every row', () => {
    const r = random(9)
    const fn = randomFunction(r)
    const people = Array.from({ length: 50 }, () => randomPerson(r))
    const parts = declaredParts(fn, columnsOf(fn, NAMES, people))
    const sums = new BackgroundSums(fn)
    sums.add(parts, [...people.keys()])
    const means = sums.means()
    const phi = declaredShapley(fn, parts, 50, means, (f) => NAMES.indexOf(f), NAMES.length)
    declaredLogOdds(fn, parts, 50).forEach((value, i) => {
      const sum = NAMES.reduce((s, _, j) => s + phi[j * 50 + i]!, means.base)
      expect(Math.abs(sum - value)).toBeLessThan(TOLERANCE)
    })
    expect(() => new BackgroundSums(fn).means()).toThrow(/at least one row/)
  })
})

describe('the declared function, version 1', () => {
  const fn = DECLARED_FUNCTION
  const silent = new Set(
    silentFactors(
      fn,
      FACTOR_CATALOGUE.map((f) => f.name),
    ),
  )
  const spoken = FACTOR_CATALOGUE.filter((f) => !silent.has(f.name))
  const curvesOf = (factor: string): Curve[] => [
    ...fn.terms.filter((t) => t.factor === factor).map((t) => t.curve),
    ...fn.pairs.flatMap((p) => p.curves.filter((_, side) => p.factors[side] === factor)),
  ]

  /** People made of the knots of the curves and what lies between and beyond them. */
  const person = (r: Random): Person =>
    Object.fromEntries(
      spoken.map(({ name, kind }) => {
        if (r.next() < 0.1) return [name, null]
        const curve = curvesOf(name)[r.integer(curvesOf(name).length)]!
        if ('levels' in curve || kind === 'category') {
          const levels = Object.keys((curve as { levels: Record<string, number> }).levels)
          return [name, r.next() < 0.1 ? 'something else' : levels[r.integer(levels.length)]!]
        }
        const [x] = curve.knots[r.integer(curve.knots.length)]!
        return [name, x * (0.4 + 1.2 * r.next())]
      }),
    )

  const inside = (factors: readonly string[]): DeclaredFunction => ({
    ...fn,
    terms: fn.terms.filter((t) => factors.includes(t.factor)),
    pairs: fn.pairs.filter((p) => p.factors.every((f) => factors.includes(f))),
  })

  it('has the closed form by dimension, over all 70 factors', () => {
    const r = random(3)
    const dimensions = DIMENSIONS.map((d) => spoken.filter((f) => f.dimension === d.name).map((f) => f.name))
    const background = Array.from({ length: 40 }, () => person(r))
    const people = Array.from({ length: 5 }, () => person(r))
    const names = spoken.map((f) => f.name)
    expect(largestGap(fn, names, dimensions, people, background)).toBeLessThan(TOLERANCE)
    expect(largestGap(fn, names, dimensions, people, background, independent)).toBeGreaterThan(1e-4)
  })

  it('has the closed form by factor, on sets of ten factors that hold every pair', () => {
    const r = random(4)
    const paired = [...new Set(fn.pairs.flatMap((p) => p.factors))]
    for (const first of [0, 2, 4]) {
      const own = fn.pairs.slice(first, first + 3).flatMap((p) => p.factors)
      const more = spoken.map((f) => f.name).filter((f) => !paired.includes(f))
      const factors = [...new Set([...own, ...more.slice(7 * first, 7 * first + 10)])].slice(0, 10)
      const background = Array.from({ length: 11 }, () => person(r))
      const people = Array.from({ length: 2 }, () => person(r))
      const part = inside(factors)
      expect(part.pairs.length).toBeGreaterThan(0)
      const each = factors.map((f) => [f])
      expect(largestGap(part, factors, each, people, background)).toBeLessThan(TOLERANCE)
      expect(largestGap(part, factors, each, people, background, greedy)).toBeGreaterThan(1e-4)
    }
  })

  it('is published as data', async () => {
    await expect(`${canonicalJson(fn, 2)}\n`).toMatchFileSnapshot('../../docs/declared-function.json')
  })

  it('is about factors of the catalogue, each of their own kind, once', () => {
    expect(new Set(fn.terms.map((t) => t.factor)).size).toBe(fn.terms.length)
    expect(fn.terms).toHaveLength(51)
    for (const name of [...fn.terms.map((t) => t.factor), ...fn.pairs.flatMap((p) => p.factors)]) {
      const factor = FACTOR_CATALOGUE.find((f) => f.name === name)!
      for (const curve of curvesOf(name)) expect('levels' in curve, name).toBe(factor.kind === 'category')
    }
    for (const curve of [...fn.terms.map((t) => t.curve), ...fn.pairs.flatMap((p) => p.curves)])
      if ('knots' in curve) {
        const xs = curve.knots.map(([x]) => x)
        expect(xs).toEqual([...new Set(xs)].sort((a, b) => a - b))
      }
    expect(fn.pairs.map((p) => p.factors.join(' '))).toContain('baby_products_share_1y donations_1y')
    // what the catalogue expects nothing of says nothing alone
    for (const { name, kind } of FACTOR_CATALOGUE.filter((f) => f.expectedRisk === 'none'))
      expect(
        fn.terms.some((t) => t.factor === name),
        name,
      ).toBe(kind === 'category')
    expect(silent.size).toBe(17)
  })

  it('moves the risk as the catalogue expects, whatever the other of a pair is', () => {
    for (const { name, expectedRisk, kind } of spoken) {
      if (kind === 'category' || expectedRisk === 'none') continue
      const curves = curvesOf(name) as KnotCurve[]
      const xs = [...new Set(curves.flatMap((c) => c.knots.map(([x]) => x)))].sort((a, b) => a - b)
      const factors = spoken.map((f) => f.name)
      const partners = fn.pairs.flatMap((p) =>
        p.factors[0] === name
          ? [[p.factors[1], p.curves[1]] as const]
          : p.factors[1] === name
            ? [[p.factors[0], p.curves[0]] as const]
            : [],
      )
      const settings: Person[] = partners.flatMap(([partner, curve]) =>
        'levels' in curve
          ? Object.keys(curve.levels).map((level): Person => ({ [partner]: level }))
          : curve.knots.map(([x]): Person => ({ [partner]: x })),
      )
      if (settings.length === 0) settings.push({})
      for (const setting of settings) {
        const people = xs.map(
          (x): Person => ({
            ...Object.fromEntries(spoken.map((f) => [f.name, null])),
            ...setting,
            [name]: x,
          }),
        )
        const values = valuesOf(fn, factors, people)
        const steps = values.slice(1).map((v, k) => (expectedRisk === 'up' ? v - values[k]! : values[k]! - v))
        for (const step of steps) expect(step, `${name} ${JSON.stringify(setting)}`).toBeGreaterThan(-1e-12)
        // and somewhere it moves
        expect(Math.max(...steps), name).toBeGreaterThan(0)
      }
    }
  })
})
