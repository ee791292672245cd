/** What the reasons of people say: written as reasons.json; those of one person are shown as reasons.html. */
import type { KeptShare, MeanKept } from '../attributions/keptReasons.ts'

/** How often reasons stay reasons, by what is drawn again; absent: not drawn, or not to be had. */
export interface ReasonEvidenceOf<T> {
  /** the model trained again on a bootstrap sample of its training persons, the background chosen anew by the same rule */
  retrained?: T
  /** the persons of the background drawn again, the model as it is */
  background?: T
  /** both at once */
  both?: T
}

/** A score after values were replaced by those of the background, as the same model gives it. */
export interface Repair {
  score: number
  /** whether it reaches the cut-off; null for somebody who is there anyway */
  reaches: boolean | null
}

/** A principal reason of a person with its evidence. */
export interface PersonReasonGiven {
  /** 1 for the largest loss */
  rank: number
  group: string
  /** of the catalogue; starts with "No value: " where points were taken for want of a value alone */
  text: string
  /** the factor of the group that took the most */
  factor: string
  definition: string
  /** of the receipt, sum over the scored factors of the group */
  points: number
  /** of `factor`: the person's own */
  value: number | string | null
  unit: string
  /** why there is no value */
  missing: string | null
  /** of `factor`: usual in the background */
  reference: number | string | null
  kept: ReasonEvidenceOf<KeptShare>
  /** all scored factors of the group with the values of the background */
  repair: Repair
}

/** A group that is no reason and becomes one in some draw. */
export interface OtherReason extends KeptShare {
  group: string
  text: string
}

/** The reasons of a person, as of a date, by a model. */
export interface PersonReasons {
  personId: string
  observationDate: string
  model: string
  modelHash: string
  backgroundId: string
  /** score of the background: what points are counted from */
  base: number
  score: number
  belowCutoff: boolean
  reasons: PersonReasonGiven[]
  /** further groups that took points, each less than the reasons */
  further: number
  /** all reasons repaired together; null where there is none */
  repairAll: Repair | null
  others: ReasonEvidenceOf<OtherReason[]>
}

/** How many reasons people have: of each number from 0 on how many rows have so many, and their share. */
export interface ReasonCounts {
  rows: number
  counts: number[]
  /** of `rows`; empty without rows */
  shares: number[]
}

/** How often a group is a reason. */
export interface GroupFrequency {
  group: string
  text: string
  /** rows that have it as a reason, and as the first one */
  rows: number
  first: number
  /** the same among rows below the cut-off */
  belowCutoff: number
  firstBelowCutoff: number
}

/** What is said of the reasons of a model over everybody asked for. */
export interface ModelReasons {
  modelHash: string
  semantics: string
  backgroundId: string
  /** what the background is, in a sentence, and its rows */
  background: { sentence: string; rows: number }
  link: string
  base: number
  rows: number
  belowCutoff: number
  counts: { all: ReasonCounts; belowCutoff: ReasonCounts }
  /** most frequent first */
  groups: GroupFrequency[]
  /** "nothing larger skipped", and nothing that was not scored: rows checked on a route of its own, and rows with a fault */
  check: { rows: number; failing: number }
  /** trainings asked for and done; absent: not asked for, or not to be had */
  retrainings?: { asked: number; done: number }
  kept: ReasonEvidenceOf<MeanKept>
  /** of the rows below the cut-off that have reasons: whose score by the model reaches it with one reason repaired, and with all of them */
  repair: { rows: number; byOne: number; byAll: number }
}

/** Reasons in short, over everybody asked for. */
export interface ReasonsSummary {
  rows: number
  cutoff: number
  /** draws asked for */
  retrainings: number
  backgroundDraws: number
  models: Record<string, ModelReasons>
  notes: string[]
}

/** reasons.json. */
export interface ReasonsReport extends ReasonsSummary {
  format: 'glasscore.reasons'
  version: 1
  glasscore: string
  seed: number
  outcome: string
  /** those of the person that was asked for; empty where everybody was */
  people: PersonReasons[]
}
