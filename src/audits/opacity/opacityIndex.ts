/** One number, and what it is made of. */
import type { Bounds } from '../fairness/intervals.ts'
import { overPersons, type Persons } from './overPersons.ts'

/** What the index is made of; each lies on 0..1, and more is more opaque. */
export const INDEX_COMPONENTS = {
  interactions: 'share of absolute effects that is in no factor alone',
  surrogate: 'part of the variance of the score that no scorecard of up to ten factors tells, on people it did not see',
  breadth: "share of the factors needed for 95 % of a person's attribution that four reasons leave out: 1 - 4 / needed",
  instability: 'share of principal reasons that are lost when the model is trained again',
  disagreement: 'share of people whose first reason depends on the method of explanation',
  arbitrariness: 'share of people whose decision is not the same in equally good models',
  misdeclared: 'part of the weight that lies on other dimensions than declared',
  hidden: 'part of the variance of the score that cannot be read off the pentagon',
  stacked: 'share of the points that goes to outputs of other models',
} as const

/** Name of a component. */
export type IndexComponent = keyof typeof INDEX_COMPONENTS

/** Names of components, in the order in which they are shown. */
export const COMPONENT_NAMES = Object.keys(INDEX_COMPONENTS) as IndexComponent[]

/** One component of a model. */
export interface IndexPart {
  component: IndexComponent
  text: string
  weight: number
  /** null: not known of this model, and left out of the mean */
  value: number | null
  /** whether it has a value of every person */
  ofPersons: boolean
}

/** The index of a model, with its definition. */
export interface OpacityIndex {
  /** weighted mean of the components that are known: 0 glass .. 1 black box */
  value: number | null
  parts: IndexPart[]
  /** mean over people of the index made of the components that each person has */
  people: Bounds
  peopleOf: IndexComponent[]
}

/** Each component counts the same. */
export const INDEX_WEIGHTS: Readonly<Record<IndexComponent, number>> = {
  interactions: 1,
  surrogate: 1,
  breadth: 1,
  instability: 1,
  disagreement: 1,
  arbitrariness: 1,
  misdeclared: 1,
  hidden: 1,
  stacked: 1,
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x))

/** Weighted mean of what is known; NaN where nothing is. */
export const weightedMean = (
  values: Partial<Record<IndexComponent, number | null>>,
  weights: Readonly<Record<IndexComponent, number>> = INDEX_WEIGHTS,
): number => {
  let [sum, all] = [0, 0]
  for (const name of COMPONENT_NAMES) {
    const value = values[name]
    if (value === null || value === undefined || Number.isNaN(value)) continue
    sum += weights[name] * clamp(value)
    all += weights[name]
  }
  return sum / all
}

/**
 * The index of a model and of every person.
 * @param model components of the model; absent or null: not known
 * @param people components of every row, NaN where a person has none
 * @returns the index with its parts, and the index of every row
 */
export const opacityIndex = (
  model: Partial<Record<IndexComponent, number | null>>,
  people: Partial<Record<IndexComponent, Float64Array>>,
  persons: Persons,
): { figures: OpacityIndex; byRow: Float64Array } => {
  const own = COMPONENT_NAMES.filter((name) => people[name] !== undefined)
  const byRow = Float64Array.from({ length: persons.target.length }, (_, i) =>
    weightedMean(Object.fromEntries(own.map((name) => [name, people[name]![i]!]))),
  )
  const mean = (w?: Float64Array): number => {
    let [sum, n] = [0, 0]
    byRow.forEach((v, i) => {
      if (Number.isNaN(v)) return
      sum += (w ? w[i]! : 1) * v
      n += w ? w[i]! : 1
    })
    return sum / n
  }
  const value = weightedMean(model)
  return {
    figures: {
      value: Number.isNaN(value) ? null : value,
      parts: COMPONENT_NAMES.map((component) => {
        const known = model[component]
        return {
          component,
          text: INDEX_COMPONENTS[component],
          weight: INDEX_WEIGHTS[component],
          value: known === null || known === undefined || Number.isNaN(known) ? null : clamp(known),
          ofPersons: people[component] !== undefined,
        }
      }),
      people: overPersons((w) => [mean(w)], persons)[0]!,
      peopleOf: own,
    },
    byRow,
  }
}
