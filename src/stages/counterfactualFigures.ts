import type { Counterfactuals } from '../counterfactuals/counterfactual.ts'

/** How the search went over many people. People who have the score already are counted and left out of the rest. */
export interface CounterfactualFigures {
  people: number
  /** they have the score */
  reached: number
  /** by the answer for the others */
  found: number
  none: number
  open: number
  /** of those without the score: the first option is proved to be the cheapest, or it is proved that there is none; null: nobody */
  shareProved: number | null
  /** of found options that are not proved, as a share of their cost: middle and largest; null: all are proved */
  gap: { people: number; median: number; largest: number } | null
  /** of the first options; null: there is none */
  medianCost: number | null
  /** months that pass for the first options, the middle one */
  medianMonths: number | null
}

const median = (values: readonly number[]): number | null =>
  values.length === 0 ? null : [...values].sort((a, b) => a - b)[(values.length - 1) >> 1]!

/** What many answers come to. */
export const counterfactualFigures = (results: readonly Counterfactuals[]): CounterfactualFigures => {
  const asked = results.filter(({ answer }) => answer !== 'reached')
  const count = (wanted: Counterfactuals['answer']): number => asked.filter(({ answer }) => answer === wanted).length
  const first = asked.flatMap(({ options }) => options.slice(0, 1))
  const gaps = first.filter(({ proved }) => !proved).map(({ gap, cost }) => gap / cost)
  const proved = first.length - gaps.length + count('none')
  return {
    people: results.length,
    reached: results.length - asked.length,
    found: count('found'),
    none: count('none'),
    open: count('open'),
    shareProved: asked.length === 0 ? null : proved / asked.length,
    gap: gaps.length === 0 ? null : { people: gaps.length, median: median(gaps)!, largest: Math.max(...gaps) },
    medianCost: median(first.map(({ cost }) => cost)),
    medianMonths: median(first.map(({ months }) => months)),
  }
}
