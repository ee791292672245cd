/** A figure beside its null. */
import type { Bounds } from '../fairness/intervals.ts'

/** What a figure is when the dimension says nothing: trained and measured with its columns dealt anew among the people. */
export interface Chance {
  /** mean over permutations; null where there is none */
  mean: number | null
  /** the least and the greatest of them */
  low: number | null
  high: number | null
  permutations: number
}

/** A figure, its interval over persons, and its null. */
export interface AgainstChance extends Bounds {
  chance: Chance
  /** the interval lies above 0 and above every permutation: more than chance; false is no proof of none, null: not known */
  aboveChance: boolean | null
}

const none: Chance = { mean: null, low: null, high: null, permutations: 0 }

const chanceOf = (values: readonly number[]): Chance => {
  const known = values.filter(Number.isFinite)
  if (known.length === 0) return none
  return {
    mean: known.reduce((a, b) => a + b, 0) / known.length,
    low: Math.min(...known),
    high: Math.max(...known),
    permutations: known.length,
  }
}

/** A figure beside the values that it had in permutations; what is not defined among them is left out. */
export const against = (figure: Bounds, values: readonly number[]): AgainstChance => {
  const chance = chanceOf(values)
  const known = figure.low !== null && chance.high !== null
  return { ...figure, chance, aboveChance: known ? figure.low! > Math.max(0, chance.high!) : null }
}
