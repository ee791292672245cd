/** What travels in a person's page beside the model: the person, and what may be moved. Plain JSON. */
import type { ChangeReference } from '../counterfactuals/reference.ts'
import type { MissingReason } from '../schema/factor.ts'

/** A value of a factor: a number, the text of a category, null when missing. */
export type Value = number | string | null

/** One factor of the model's encoding, as the page moves it. */
export interface MovableFactor {
  /** column; in the order of the encoding */
  name: string
  /** in words: "institutions visited, 1 month" */
  title: string
  /** false: the model does not read it, and it cannot be moved */
  used: boolean
  /** how a person may change it, from the catalogue; null: nothing is stated */
  change: 'free' | 'time' | 'up' | 'fixed' | null
  /** where a search may take it from the person's own value: by the rules of counterfactuals */
  way: 'both' | 'up' | 'down' | 'none'
  /** the most that a month can change it, in its unit; null: no limit is stated */
  maxChangePerMonth: number | null
  /** whose behavior it reads; null: nothing is stated */
  context: 'own' | 'social' | 'inferred' | null
  /** lowest and highest allowed number; null: none is stated */
  min: number | null
  max: number | null
  /** ends of the slider: the allowed ends, or where there are none what nearly everybody of the table has; the own value is between them */
  low: number
  high: number
  /** every value of the table is a whole number */
  whole: boolean
  /** small numbers have more of the slider than large ones */
  curved: boolean
  /** the model has seen it missing, or the person has no value */
  mayBeMissing: boolean
  /** levels that can be chosen, with the number that stands for each where the factor is held as numbers; null: a number is moved */
  levels: { value: number | string; text: string }[] | null
  /** the person's own value */
  own: Value
  /** why it is missing, where it is and that is known */
  missing: MissingReason | null
  /** usual in the table: median, or most frequent level */
  reference: Value
}

/** Where points of a dimension stand among the rows of the table: mid-ranks 0..1 of the whole points `from`, `from` + 1, ... */
export interface DimensionPlaces {
  name: string
  title: string
  from: number
  midRanks: number[]
}

/** Everything that the page is told. */
export interface PersonData {
  personId: string
  observationDate: string
  /** name of the scorer */
  model: string
  modelHash: string
  /** the score from which a person counts as selected */
  cutoff: number
  /** what the library gave for the person's own values: the page must give the same */
  score: number
  factors: MovableFactor[]
  /** in the order of the explanation; empty places where the table has too few rows */
  dimensions: DimensionPlaces[]
  /** spread and usual range of the factors in the table, by which changes are measured */
  spreads: ChangeReference
}

/** Values of all factors, in the order of the encoding. */
export type Values = readonly Value[]
