/** What people of one kind buy and where: the closed lists of the vocabulary put together into habits. */
import { CATEGORIES, type Category, SCENARIOS, type Scenario } from '../schema/vocabulary.ts'
import type { Random } from '../util/random.ts'
import type { Person } from './person.ts'

export const scenario = (name: Scenario): number => SCENARIOS.indexOf(name)
export const category = (name: Category): number => CATEGORIES.indexOf(name)

interface Goods {
  category: Category
  /** share of purchases */
  weight: number
  /** median amount in yuan */
  amount: number
  spread: number
  /** where it is bought: scenario and share */
  at: readonly (readonly [Scenario, number])[]
}

const SHOPS = [
  ['online_shopping', 0.6],
  ['offline_retail', 0.4],
] as const
/** Everyday consumption. Housing, utilities, telecom, insurance, charity and journeys have rhythms of their own. */
const GOODS: readonly Goods[] = [
  {
    category: 'groceries',
    weight: 18,
    amount: 62,
    spread: 0.6,
    at: [
      ['groceries', 0.75],
      ['online_shopping', 0.15],
      ['offline_retail', 0.1],
    ],
  },
  {
    category: 'dining',
    weight: 20,
    amount: 38,
    spread: 0.6,
    at: [
      ['food_delivery', 0.5],
      ['dining', 0.5],
    ],
  },
  {
    category: 'transport',
    weight: 13,
    amount: 14,
    spread: 0.7,
    at: [
      ['transport', 0.55],
      ['ride_hailing', 0.45],
    ],
  },
  { category: 'clothing', weight: 7, amount: 160, spread: 0.6, at: SHOPS },
  { category: 'electronics', weight: 2.2, amount: 620, spread: 0.9, at: SHOPS },
  { category: 'household_goods', weight: 5, amount: 75, spread: 0.7, at: SHOPS },
  { category: 'furniture', weight: 0.9, amount: 520, spread: 0.8, at: SHOPS },
  { category: 'books', weight: 1.6, amount: 48, spread: 0.5, at: SHOPS },
  { category: 'beauty', weight: 3, amount: 120, spread: 0.6, at: SHOPS },
  {
    category: 'sports',
    weight: 1.5,
    amount: 140,
    spread: 0.7,
    at: [
      ['online_shopping', 0.5],
      ['offline_retail', 0.2],
      ['entertainment', 0.3],
    ],
  },
  {
    category: 'health',
    weight: 2.5,
    amount: 110,
    spread: 0.8,
    at: [
      ['healthcare', 0.75],
      ['online_shopping', 0.25],
    ],
  },
  {
    category: 'alcohol_tobacco',
    weight: 3,
    amount: 70,
    spread: 0.6,
    at: [
      ['offline_retail', 0.7],
      ['groceries', 0.3],
    ],
  },
  { category: 'jewelry', weight: 0.35, amount: 900, spread: 0.8, at: SHOPS },
  { category: 'pets', weight: 1.2, amount: 85, spread: 0.6, at: SHOPS },
  {
    category: 'services',
    weight: 3,
    amount: 60,
    spread: 0.7,
    at: [
      ['offline_retail', 0.4],
      ['entertainment', 0.3],
      ['other', 0.3],
    ],
  },
  {
    category: 'baby_products',
    weight: 3.5,
    amount: 130,
    spread: 0.6,
    at: [
      ['online_shopping', 0.8],
      ['offline_retail', 0.2],
    ],
  },
  {
    category: 'games',
    weight: 3.5,
    amount: 45,
    spread: 0.8,
    at: [
      ['entertainment', 0.8],
      ['online_shopping', 0.2],
    ],
  },
  {
    category: 'cars',
    weight: 2,
    amount: 240,
    spread: 0.6,
    at: [
      ['offline_retail', 0.6],
      ['online_shopping', 0.2],
      ['other', 0.2],
    ],
  },
  { category: 'education', weight: 1.4, amount: 260, spread: 0.9, at: [['education', 1]] },
  { category: 'finance', weight: 0.5, amount: 12, spread: 0.5, at: [['bank_fees', 1]] },
  {
    category: 'other',
    weight: 2,
    amount: 60,
    spread: 0.9,
    at: [
      ['other', 0.5],
      ['government_fees', 0.3],
      ['cash_withdrawal', 0.2],
    ],
  },
]

const N = GOODS.length
const SIDES = GOODS.map((g) => ({
  category: category(g.category),
  amount: g.amount,
  spread: g.spread,
  scenarios: g.at.map(([name]) => scenario(name)),
  cumulative: g.at.map((_, k) => g.at.slice(0, k + 1).reduce((sum, [, share]) => sum + share, 0)),
}))

/** Scenarios that are not left to chance, and what stands in for one that a person does not use. */
const ALWAYS = new Set<Scenario>([
  'online_shopping',
  'offline_retail',
  'groceries',
  'bank_fees',
  // Nobody here draws cash by card (people pay by phone): no draw is spent on it.
  'card_withdrawal',
])
const STAND_IN: Partial<Record<Scenario, Scenario>> = {
  food_delivery: 'groceries',
  dining: 'groceries',
  transport: 'offline_retail',
  ride_hailing: 'offline_retail',
  entertainment: 'online_shopping',
  healthcare: 'offline_retail',
  education: 'online_shopping',
}

/** One purchase; reused from call to call. */
export interface Purchase {
  category: number
  scenario: number
  yuan: number
}

export interface Habits {
  /** draws one everyday purchase into `purchase` */
  draw(r: Random, scale: number, purchase: Purchase): void
  /** whether the person uses this scenario at all */
  uses(name: Scenario): boolean
}

/** The habits of one person. @param r the person's stream of habits */
export const drawHabits = (r: Random, person: Person): Habits => {
  // breadth: the capable and the digital use more scenarios
  const breadth = 0.35 + 0.65 * person.digital + 0.08 * person.capacity + 0.08 * person.willingness
  const used = SCENARIOS.map((name) => ALWAYS.has(name) || breadth + 1.1 * r.normal() > -0.3)
  const goesTo = SCENARIOS.map((name, code) => (used[code] ? code : scenario(STAND_IN[name] ?? 'offline_retail')))
  const cumulative = new Float64Array(N)
  let sum = 0
  GOODS.forEach((g, k) => {
    let weight = g.weight * Math.exp(0.55 * r.normal())
    if (g.category === 'baby_products') weight *= person.responsible ? 0.7 + person.family : 0.04
    if (g.category === 'groceries') weight *= 0.8 + 0.08 * person.household
    if (g.category === 'games') weight *= r.next() < 0.55 ? 1.4 : 0.1
    if (g.category === 'cars') weight *= person.car ? 1.2 : 0.7
    if (g.category === 'furniture') weight *= r.next() < 0.5 ? 1.6 : 0.3
    sum += weight
    cumulative[k] = sum
  })
  const means = Float64Array.from(SIDES, (s) => Math.log(s.amount))
  return {
    uses: (name) => used[scenario(name)]!,
    draw: (random, scale, purchase) => {
      const u = random.next() * sum
      let k = 0
      while (k < N - 1 && cumulative[k]! <= u) k++
      const side = SIDES[k]!
      let s = 0
      if (side.scenarios.length > 1) {
        const v = random.next()
        while (s < side.scenarios.length - 1 && side.cumulative[s]! <= v) s++
      }
      purchase.category = side.category
      purchase.scenario = goesTo[side.scenarios[s]!]!
      purchase.yuan = scale * Math.exp(means[k]! + side.spread * random.normal())
    },
  }
}
