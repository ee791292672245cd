/** Every allowed change of a person, month by month, scored: the slow twin of the search, written from docs/counterfactuals.md alone. */

import type { ChangeRules, FactorRule } from '../../src/counterfactuals/factorRule.ts'
import type { ChangeReference, FactorReference } from '../../src/counterfactuals/reference.ts'
import type { FactorFrame } from '../../src/matrix/frame.ts'
import { type Scorer, scoreFrame } from '../../src/scores/scorer.ts'

export interface BruteOptions {
  cutoff: number
  months: number
  perFactor: number
  perMonth: number
  perCategory: number
  weights: Record<string, number>
  fix: readonly string[]
  rules: ChangeRules
}

/** Sums over days, divided and multiplied again. */
const ROUNDING = 1e-12

interface Choice {
  value: number | string | null
  cost: number
}

const multiples = ({ low, high, step }: FactorReference, rule: FactorRule): number[] => {
  const inverse = Math.round(1 / step)
  const out: number[] = []
  for (let k = Math.floor(low / step) - 1; k <= high / step + 1; k++) {
    const value = step < 1 ? k / inverse : k * step
    if (value >= Math.max(low, rule.min ?? -1e9) && value <= Math.min(high, rule.max ?? 1e9)) out.push(value)
  }
  return out
}

/** What a factor may be after exactly `month` months, with the cost of each. */
const choices = (
  frame: FactorFrame,
  row: number,
  name: string,
  month: number,
  reference: ChangeReference,
  o: BruteOptions,
): Choice[] => {
  const spec = frame.factors.find((f) => f.name === name)!
  const rule: FactorRule = o.rules.rules[name] ?? { change: 'free' }
  const weight = o.weights[name] ?? 1
  const category = weight * (o.perFactor + o.perCategory)
  const still = rule.change === 'fixed' || o.fix.includes(name)
  if (spec.kind === 'category') {
    const own = frame.categories[name]![row]!
    if (still || own === null) return [{ value: own, cost: 0 }]
    return ['a', 'b', 'c'].map((value) => ({ value, cost: value === own ? 0 : category }))
  }
  const own = frame.numbers[name]![row]!
  const ref = reference[name]!
  if (Number.isNaN(own)) {
    if (still || !rule.mayAppear) return [{ value: own, cost: 0 }]
    return [{ value: own, cost: 0 }, ...multiples(ref, rule).map((value) => ({ value, cost: category }))]
  }
  if (still) return [{ value: own, cost: 0 }]
  if (rule.change === 'time' && rule.maxChangePerMonth !== undefined)
    return [{ value: own + rule.maxChangePerMonth * month, cost: 0 }]
  const values = multiples(ref, rule).filter((value) => {
    if (value > own && (rule.change === 'down' || rule.change === 'time')) return false
    if (value < own && rule.change === 'up') return false
    if (rule.maxChangePerMonth !== undefined && Math.abs(value - own) > rule.maxChangePerMonth * month) return false
    if (value < own && rule.windowDays !== undefined) {
      const left = rule.windowDays - (365 / 12) * month
      if (left <= 0) return true
      const siblings = Object.entries(o.rules.rules).filter(
        ([, other]) => other.series === rule.series && other.windowDays! >= left,
      )
      return siblings.some(([sibling]) => frame.numbers[sibling]![row]! <= value)
    }
    return true
  })
  return [
    { value: own, cost: 0 },
    ...values
      .filter((v) => v !== own)
      .map((value) => ({ value, cost: weight * (o.perFactor + Math.abs(value - own) / ref.spread) })),
  ]
}

/** Least cost of an allowed change that reaches the cutoff; Infinity where none does. */
export const bruteForce = (
  scorer: Scorer,
  frame: FactorFrame,
  row: number,
  reference: ChangeReference,
  o: BruteOptions,
): number => {
  let best = Number.POSITIVE_INFINITY
  const own = (name: string): number => frame.numbers[name]![row]!
  const links = o.rules.links.filter(({ kind, lower, upper, times = 1 }) => {
    const [a, b] = [own(lower), own(upper)]
    if (Number.isNaN(a) || Number.isNaN(b)) return false
    return kind === 'order' ? a <= times * b * (1 + ROUNDING) : (a === 0) === (b === 0)
  })
  for (let month = 0; month <= o.months; month++) {
    const names = frame.factors.map((f) => f.name)
    const all = names.map((name) => choices(frame, row, name, month, reference, o))
    const cost: number[] = []
    const rows: (number | string | null)[][] = []
    const chosen: (number | string | null)[] = []
    const extend = (f: number, paid: number): void => {
      if (paid >= best) return
      if (f < names.length) {
        for (const c of all[f]!) {
          chosen[f] = c.value
          extend(f + 1, paid + c.cost)
        }
        return
      }
      for (const { kind, lower, upper, times = 1 } of links) {
        const [a, b] = [chosen[names.indexOf(lower)] as number, chosen[names.indexOf(upper)] as number]
        if (kind === 'order' ? a > times * b * (1 + ROUNDING) : (a === 0) !== (b === 0)) return
      }
      cost.push(paid)
      rows.push(chosen.slice())
    }
    extend(0, o.perMonth * month)
    const scores = scoreFrame(scorer, {
      rows: rows.length,
      personId: rows.map(() => 'x'),
      observationDate: rows.map(() => '2024-01-01'),
      factors: frame.factors,
      numbers: Object.fromEntries(
        frame.factors.flatMap((f, j) =>
          f.kind === 'category' ? [] : [[f.name, Float64Array.from(rows, (r) => r[j] as number)]],
        ),
      ),
      categories: Object.fromEntries(
        frame.factors.flatMap((f, j) =>
          f.kind === 'category' ? [[f.name, rows.map((r) => r[j] as string | null)]] : [],
        ),
      ),
    }).score
    scores.forEach((score, i) => {
      if (score >= o.cutoff) best = Math.min(best, cost[i]!)
    })
  }
  return best
}
