/** What an audit of opacity says: written as opacity.json. Plain JSON; what is not defined is null. */
import type { ClaimedPair } from './claimedPairs.ts'
import type { DimensionWeights } from './dimensionWeights.ts'
import type { FactorsNeeded } from './factorsNeeded.ts'
import type { InteractionShare } from './interactionShare.ts'
import type { MethodDisagreement } from './methodDisagreement.ts'
import type { Multiplicity } from './multiplicity.ts'
import type { OpacityIndex } from './opacityIndex.ts'
import type { PentagonTest } from './pentagonTest.ts'
import type { ReasonInstability } from './reasonInstability.ts'
import type { StackedOpacity } from './stackedOpacity.ts'
import type { Surrogates } from './surrogates.ts'
import type { GroupWeights } from './weightsOfGroups.ts'

/** A part of the audit that was left out, and why. */
export interface LeftOut {
  part: string
  reason: string
}

/** The least and the greatest share that a dimension had when the model was trained again. */
export interface RetrainedShare {
  low: number
  high: number
}

/** What equally good models of the same recipe say of one person. */
export interface OnePerson {
  /** why this one is shown */
  text: string
  /** position among the rows looked at */
  row: number
  /** whole score by the audited model, and by each equally good one, rising */
  score: number
  scores: number[]
  /** first reasons in words with the number of models that give them, most frequent first */
  reasons: { text: string; models: number }[]
}

/** The audit of one model. */
export interface ModelOpacity {
  model: string
  kind: string
  /** rows looked at, and their persons: drawn from those that no model had seen */
  rows: number
  persons: number
  /** (a); null where the table has one dimension */
  weights: DimensionWeights | null
  /** (a) by score band and by protected group */
  groups: GroupWeights[]
  /** (a) share of mean |points| by dimension over the retrainings */
  retrainedShares: (RetrainedShare | null)[]
  /** (b); null with fewer than three dimensions, of which no polygon can be made */
  pentagon: PentagonTest | null
  /** (c) with factors as players, and with dimensions */
  interactions: InteractionShare
  dimensionInteractions: InteractionShare | null
  /** (c) of pairs that somebody, or the sealed truth, claims */
  claims: ClaimedPair[]
  /** (d) */
  surrogates: Surrogates
  /** (e) */
  needed: FactorsNeeded
  /** (f); null where no training could be done again */
  reasons: ReasonInstability | null
  /** trainings that failed */
  failedRetrainings: number
  /** (g) */
  methods: MethodDisagreement
  /** (h) among retrainings */
  multiplicity: Multiplicity | null
  person: OnePerson | null
  /** (i) */
  stacked: StackedOpacity
  /** (j) */
  index: OpacityIndex
  leftOut: LeftOut[]
}
