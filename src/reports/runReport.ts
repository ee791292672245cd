/** What the report of a run says: written as report.json, shown as report.html. */
import type { LevelSpread, PointSpread, ValueSpread } from '../attributions/dependence.ts'
import type { ModelCurves } from '../comparison/curves.ts'
import type { Evaluation } from '../comparison/evaluate.ts'
import type { FactorFigures } from '../comparison/factorFigures.ts'
import type { FactorKind } from '../schema/factor.ts'
import type { OutcomeDefinition } from '../schema/outcome.ts'

/** What an audit of recovery found of the models of a run on simulated people: the AUC of the truth, and how far below it each model is. */
export interface ReportedCeiling {
  truth: 'causal' | 'declared'
  auc: { value: number | null; low: number | null; high: number | null }
  /** by model, paired */
  gaps: Record<string, { value: number | null; low: number | null; high: number | null }>
}

/** One model on the rows that it did not see. */
export interface ReportedModel {
  name: string
  /** null for a model that is measured and not kept */
  modelHash: string | null
  figures: Evaluation
  curves: ModelCurves
  /** of everybody scored, labeled or not */
  scored: {
    rows: number
    meanScore: number
    clamped: number
    aboveCutoff: number
    bands: Record<string, number>
  } | null
  /** from the receipts of everybody explained; null where the model has none (and why) */
  importance: Importance | null
  noImportance: string | null
  /** of a boosted model */
  boosting?: ReportedBoosting
  /** where the training shuffled factors of its test rows */
  permutation?: ReportedPermutation
}

/** How a boosted model was trained. */
export interface ReportedBoosting {
  /** trees that are kept, and the most that there could be */
  rounds: number
  mostRounds: number
  leavesPerTree: number
  /** training rows kept out to find the number of rounds; logLoss: theirs after the rounds that are kept; null for none */
  validation: {
    rows: number
    logLoss: number
    stoppedEarly: boolean
    rounds: { round: number; logLoss: number }[]
  } | null
  /** encoded columns that are split on: splits, and share of the gain of all splits; largest first */
  gains: { column: string; splits: number; gain: number }[]
}

/** Mean fall of AUC on unseen rows when a factor is shuffled, with its interval; largest first. */
export interface ReportedPermutation {
  repeats: number
  factors: { factor: string; drop: { value: number | null; low: number | null; high: number | null } }[]
}

/** Mean absolute points with the limits of a 95 % interval over persons; null with fewer than two persons. */
export interface MeanPoints {
  meanAbsolutePoints: number
  low: number | null
  high: number | null
}

/** A dimension as a player of its own, beside the sum of its factors. */
export interface DimensionImportance extends MeanPoints {
  dimension: string
  /** in the mean absolute points of all dimensions */
  share: number
  declaredShare: number | null
  /** of the model, in this dimension */
  factors: number
  /** the points of its factors added up in each row: mean absolute sum */
  members: MeanPoints
  /** row by row, exact points less the sum of the members': mean absolute difference, rounding of both included */
  difference: MeanPoints
  /** the largest absolute difference of a row */
  largestDifference: number
}

/** How the points of a factor depend on its value, over all rows explained. */
export interface FactorDependence {
  factor: string
  kind: FactorKind
  unit: string
  /** of numbers, flags and ordered levels, rising by value; null for a category */
  bins: ValueSpread[] | null
  /** of a category; null for a number */
  levels: LevelSpread[] | null
  /** rows without a value; null where there are none */
  missing: PointSpread | null
}

/** Mean absolute points; shares add up to 1 over factors and over dimensions. */
export interface Importance {
  rows: number
  persons: number
  semantics: string
  backgroundId: string
  link: string
  base: number
  /** all factors of the model, largest first */
  factors: ({ factor: string; dimension: string; share: number } & MeanPoints)[]
  /** exact group Shapley values, rounded on their own; largest first */
  dimensions: DimensionImportance[]
  /** points of the rows that were drawn, in their order: of the factors that weigh most, at most twelve and none without points; empty where nobody was drawn */
  swarm: { factor: string; points: number[] }[]
  /** of the factors that weigh most, at most nine; empty for all models but the one of the person */
  dependence: FactorDependence[]
  rowsChecked: number
  rowsFailing: number
  additivityGap: number
}

/** Values of a factor in the rows that were drawn, in their order; numbers to five meaning digits, null for missing. */
export interface DrawnFactor {
  factor: string
  kind: FactorKind
  unit: string
  missing: number
  values: (number | string | null)[]
}

/** Persons drawn at random from those explained, one row each, whose dots the charts show. Who they are is not told. */
export interface DrawnPeople {
  persons: number
  ofPersons: number
  ofRows: number
  /** all factors that weigh most in any model */
  factors: DrawnFactor[]
}

/** A factor of one person. */
export interface PersonFactor {
  factor: string
  dimension: string
  points: number
  /** number, text of a category, or null when missing */
  value: number | string | null
  unit: string
  /** why it is missing, where it is and the source says so */
  missing: string | null
  definition: string
}

/** A dimension of one person, and an axis of the pentagon. */
export interface PersonDimension {
  dimension: string
  /** of the exact game of the dimensions */
  points: number
  /** the points of its factors added up; over the dimensions they add up to the same score */
  members: number
  /**
   * share of the rows explained (by the same model) whose dimension has fewer points, rows with as many counted by half, the
   * person's own among them; strictly between 0 and 1: the radius
   */
  percentile: number
}

/** One of the largest reasons that took points away, one a reason group. */
export interface PersonReason {
  factor: string
  /** sum over the factors of the group */
  points: number
  group: string
  /** starts with "No value: " where the points were taken for want of a value alone */
  text: string
  value: number | string | null
  unit: string
  /** why the value is missing, where it is and the source says so */
  missing?: string | null
}

/** One person's score by one model, split to the last point. */
export interface ReportedPerson {
  personId: string
  observationDate: string
  model: string
  semantics: string
  backgroundId: string
  link: string
  base: number
  scaleLimit: number
  score: number
  band: string
  probability: number
  /** outcome status where it is known */
  outcome: string | null
  /** whether the model that gave the score was trained on this row; null where that cannot be told */
  trainedOn: boolean | null
  /** largest absolute points first; all factors */
  factors: PersonFactor[]
  dimensions: PersonDimension[]
  reasons: PersonReason[]
}

/** How models were trained and measured. */
export interface ReportedSettings {
  split:
    | { by: 'person'; testShare: number }
    | { by: 'time'; testShare: number; testFrom?: string | undefined }
    | { by: 'folds'; folds: number; repeats: number }
  calibration: 'platt' | 'beta' | 'isotonic'
  /** what indeterminate rows count as in training and measurement */
  indeterminate: 'exclude' | 'good' | 'bad'
  /** of the bootstrap, behind every interval of a model */
  replicates: number
}

/** All of it. */
export interface RunReport {
  format: 'glasscore.report'
  version: 1
  /** of the pipeline */
  name: string
  /** name of the feature table or data set */
  source: string
  glasscore: string
  /** of the run */
  seed: number
  cutoff: number
  settings: ReportedSettings
  /** observation dates of all rows of the feature table */
  dates: { first: string; last: string; count: number }
  /** attributes that are kept apart for audits and are no input of any model */
  protectedColumns: string[]
  outcome: OutcomeDefinition
  /** rows by step; `kind` tells what a step does: it keeps, it takes out, or it is one of the ends */
  waterfall: { step: string; rows: number; kind: 'keeps' | 'leaves' | 'end' }[]
  evaluation: 'test' | 'out_of_fold'
  train: { rows: number; bads: number }
  test: { rows: number; bads: number }
  /** labeled rows that an out-of-time split uses on neither side */
  left: { reason: string; rows: number }[]
  models: ReportedModel[]
  /** null where no model has receipts or none were asked for */
  drawn: DrawnPeople | null
  /** where people were simulated and recovery.json is there */
  ceiling?: ReportedCeiling
  factors: FactorFigures[]
  /** factors of the catalogue that the source cannot give */
  unavailable: { factor: string; reason: string }[]
  /** which person is shown and how they were chosen; null where no model has receipts */
  person: ReportedPerson | null
  personChoice: string
  notes: string[]
  warnings: string[]
  /** file of the run, relative to its folder → SHA-256: what the numbers come from */
  inputs: Record<string, string>
}
