import type { FactorLink } from './factorRule.ts'
import { lattice } from './lattice.ts'

/** Rounding in what a link lets pass, and more: a stop too many costs nothing but time. */
const SLACK = 1e-9

/** The values at hand of one factor, and the step of its company. */
export interface LinkedValues {
  step: number
  values: Float64Array
}

/**
 * Values at which an order may stop a factor on its way back to what the person is, by name. Whoever goes back down is stopped by a lower
 * factor that is on its way down too, at the least value that the link allows; whoever goes back up, by an upper one, at the largest. So what lies at
 * one end of a chain of links is handed on to the other end: up rounded up, down rounded down.
 */
export const linkStops = (
  factors: ReadonlyMap<string, LinkedValues>,
  links: readonly FactorLink[],
): Map<string, Set<number>> => {
  const orders = links.filter(({ kind, lower, upper }) => kind === 'order' && factors.has(lower) && factors.has(upper))
  const names = [...new Set(orders.flatMap(({ lower, upper }) => [lower, upper]))]
  const up = new Map(names.map((name) => [name, new Set(factors.get(name)!.values)]))
  const down = new Map(names.map((name) => [name, new Set(factors.get(name)!.values)]))
  const size = (): number => names.reduce((sum, name) => sum + up.get(name)!.size + down.get(name)!.size, 0)
  // Until what is handed on has reached the end of every chain.
  for (let before = -1; before < size(); ) {
    before = size()
    for (const { lower, upper, times = 1 } of orders) {
      const above = lattice(factors.get(upper)!.step)
      for (const x of up.get(lower)!)
        for (const y of [x / times, x / times - SLACK * Math.abs(x / times)])
          up.get(upper)!.add(above.at(above.above(y)))
      const below = lattice(factors.get(lower)!.step)
      for (const y of down.get(upper)!)
        for (const x of [times * y, times * y + SLACK * Math.abs(times * y)])
          down.get(lower)!.add(below.at(below.below(x)))
    }
  }
  return new Map(names.map((name) => [name, new Set([...up.get(name)!, ...down.get(name)!])]))
}
