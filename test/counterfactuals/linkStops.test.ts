/** Chains of scaled orders, as means over windows have them: the cheapest change of all, and of the candidates alone. */
import { expect, it } from 'vitest'
import { type FactorLink, mostBeside } from '../../src/counterfactuals/factorRule.ts'
import { linkStops } from '../../src/counterfactuals/linkStops.ts'
import { type Random, random } from '../../src/util/random.ts'

const NAMES = ['short', 'middle', 'long'] as const
const LINKS: readonly FactorLink[] = [
  { kind: 'order', lower: 'short', upper: 'middle', times: 3 },
  { kind: 'order', lower: 'middle', upper: 'long', times: 365 / 180 },
]
const MOST = 24

const keeps = (point: readonly number[]): boolean =>
  LINKS.every((link) => {
    const [a, b] = [link.lower, link.upper].map((name) => point[NAMES.indexOf(name as (typeof NAMES)[number])]!)
    return a! <= mostBeside(link, b!)
  })

/** A person, and stretches that two of the factors must come to lie in: what trees ask for. */
const world = (stream: Random) => {
  let own: number[]
  do own = NAMES.map(() => stream.integer(10 * MOST) / 10)
  while (!keeps(own))
  const wanted = NAMES.map(() => {
    if (stream.next() < 0.4) return [0, MOST] as const
    const from = stream.integer(MOST)
    return [from, from + stream.integer(5)] as const
  })
  const price = NAMES.map(() => 0.1 + stream.next())
  return { own, wanted, price }
}
type World = ReturnType<typeof world>

const cheapest = ({ own, wanted, price }: World, values: readonly (readonly number[])[]): number => {
  let best = Number.POSITIVE_INFINITY
  for (const a of values[0]!)
    for (const b of values[1]!)
      for (const c of values[2]!) {
        const point = [a, b, c]
        if (!keeps(point) || point.some((x, v) => x < wanted[v]![0] || x > wanted[v]![1])) continue
        const cost = point.reduce((sum, x, v) => sum + (x === own[v] ? 0 : 0.25 + price[v]! * Math.abs(x - own[v]!)), 0)
        best = Math.min(best, cost)
      }
  return best
}

/** The own value, and of each stretch that a factor may be asked for the whole number nearest to it. */
const nearest = ({ own, wanted }: World): number[][] =>
  NAMES.map((_, v) => {
    const [from, to] = wanted[v]!
    const x = own[v]!
    const inside = x < from ? from : x > to ? Math.min(to, MOST) : x
    return [...new Set([x, inside])].sort((a, b) => a - b)
  })

const withStops = (w: World, links: readonly FactorLink[]): number[][] => {
  const values = nearest(w)
  const stops = linkStops(
    new Map(NAMES.map((name, v) => [name, { step: 1, values: Float64Array.from(values[v]!) }])),
    links,
  )
  return NAMES.map((name, v) => [
    ...new Set([...values[v]!, ...[...(stops.get(name) ?? [])].filter((x) => x >= 0 && x <= MOST)]),
  ])
}

it('the values at which orders stop each other are enough for the cheapest change, and one end of the chain moves the other', () => {
  const worlds = Array.from({ length: 150 }, (_, seed) => world(random(seed).fork('stops')))
  const all = worlds.map((w) =>
    cheapest(
      w,
      w.own.map((x) => [...new Set([x, ...Array.from({ length: MOST + 1 }, (_, k) => k)])]),
    ),
  )
  const wrong = (values: (w: World) => number[][]): number =>
    worlds.filter((w, i) => Math.abs(cheapest(w, values(w)) - all[i]!) > 1e-9).length
  expect(all.filter(Number.isFinite).length).toBeGreaterThan(75)
  expect(wrong((w) => withStops(w, LINKS))).toBe(0)
  // Twins: without stops, and with those of the first link alone.
  expect(wrong(nearest)).toBeGreaterThan(0)
  expect(wrong((w) => withStops(w, LINKS.slice(0, 1)))).toBeGreaterThan(0)
})
