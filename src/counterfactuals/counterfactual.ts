/** What a counterfactual says. It is what the model would score, no advice and no promise. */

/** One factor in another place. */
export interface FactorChange {
  factor: string
  /** as it is; null: missing */
  from: number | string | null
  /** as it would be */
  to: number | string | null
  /** person: a change of its own, which costs; time: it comes with the months that pass */
  by: 'person' | 'time'
  /** months that it takes at least, by rates and windows */
  months: number
  /** what it adds to the cost; 0 for what comes with time, which is paid by the month */
  cost: number
}

/** An allowed change that reaches the cutoff. */
export interface Counterfactual {
  /** in the order of the factors of the model */
  changes: FactorChange[]
  /** months that pass */
  months: number
  /** costs of the changes and of the months */
  cost: number
  /** what the model scores then: at least the cutoff */
  score: number
  /** no allowed change costs less than `bound`: by less than a billionth */
  proved: boolean
  /** no allowed change costs less; equal to `cost` where proved */
  bound: number
  /** cost - bound: 0 where proved */
  gap: number
  /** boxes that the search looked at */
  nodes: number
}

/**
 * How a search ended. reached: the person has the score already; found: there is an option; none: proved that no allowed change reaches;
 * open: the search ended before it found a change or a proof.
 */
export type CounterfactualAnswer = 'reached' | 'found' | 'none' | 'open'

/** The options of one person. */
export interface Counterfactuals {
  personId: string
  observationDate: string
  model: string
  /** as it is */
  score: number
  cutoff: number
  /** months that may pass */
  months: number
  answer: CounterfactualAnswer
  /** the cheapest first; each later one leaves alone the groups of factors that those before it change */
  options: Counterfactual[]
  /** why there are no more options: as many as asked for, proved that there is none, or the search ended */
  after: 'enough' | 'none' | 'open'
  /** boxes looked at in the search that ended with none or open; 0 where there was none */
  nodes: number
}
