/** What the report of a run says: written as report.json, shown as report.html. */
import type { ModelCurves } from '../comparison/curves.ts'
import type { Evaluation } from '../comparison/evaluate.ts'
import type { FactorFigures } from '../comparison/factorFigures.ts'
import type { OutcomeDefinition } from '../schema/outcome.ts'

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
}

/** Mean absolute points; shares add up to 1 over factors and over dimensions. */
export interface Importance {
  rows: number
  semantics: string
  backgroundId: string
  link: string
  base: number
  /** all factors of the model, largest first */
  factors: { factor: string; dimension: string; meanAbsolutePoints: number; share: number }[]
  /** exact group Shapley values, rounded on their own; largest first */
  dimensions: { dimension: string; meanAbsolutePoints: number; share: number; declaredShare: number | null }[]
  rowsChecked: number
  rowsFailing: number
  additivityGap: number
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
  points: number
  /** share of the people explained whose dimension has fewer points, ties by half, 0..1: the radius */
  percentile: number
}

/** One of the largest reasons that took points away, one a reason group. */
export interface PersonReason {
  factor: string
  /** sum over the factors of the group */
  points: number
  group: string
  text: string
  value: number | string | null
  unit: string
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
  /** whether the model was trained on this row; null where that cannot be told */
  trainedOn: boolean | null
  /** largest absolute points first; all factors */
  factors: PersonFactor[]
  dimensions: PersonDimension[]
  reasons: PersonReason[]
}

/** All of it. */
export interface RunReport {
  format: 'glasscore.report'
  version: 1
  name: string
  glasscore: string
  seed: number
  cutoff: number
  outcome: OutcomeDefinition
  /** rows by step; `kind` tells what a step does: it keeps, it takes out, or it is one of the ends */
  waterfall: { step: string; rows: number; kind: 'keeps' | 'leaves' | 'end' }[]
  evaluation: 'test' | 'out_of_fold'
  train: { rows: number; bads: number }
  test: { rows: number; bads: number }
  models: ReportedModel[]
  factors: FactorFigures[]
  /** factors of the catalogue that the source cannot give */
  unavailable: { factor: string; reason: string }[]
  /** which person is shown and how they were chosen; null where no model has receipts */
  person: ReportedPerson | null
  personChoice: string
  notes: string[]
  warnings: string[]
  /** file beside the report → SHA-256: what the numbers come from */
  inputs: Record<string, string>
}
