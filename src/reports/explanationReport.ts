/** What an explanation says: of all who were explained, or of one person. Written as explanation.json, shown as explanation.html. */

/** One dimension in both forms, over all rows, in points before rounding. */
export interface DimensionForms {
  /** mean absolute points of the game whose players are the dimensions */
  game: number
  /** mean absolute sum of the points of its factors */
  members: number
  /** mean and largest |game - members| of a row */
  meanDifference: number
  largestDifference: number
}

/** What points are measured from. */
export interface ReportedBackground {
  backgroundId: string
  /** what it is, in a sentence */
  sentence: string
  /** null for what the model brings */
  rows: number | null
  semantics: string
  link: string
  /** score of the background, rounded */
  base: number
}

/** What all receipts of a model against one background come to. */
export interface ReportedAgainst extends ReportedBackground {
  rowsChecked: number
  rowsFailing: number
  persons: number
  /** largest |base + points - raw score| before rounding, in points */
  additivityGap: number
  /**
   * largest first; shares add up to 1. low, high: 95 % limits of the mean over persons, null for fewer than two. standardError: mean standard
   * error of a receipt's points, where the background was drawn and points have one
   */
  factors: {
    factor: string
    dimension: string
    meanAbsolutePoints: number
    low: number | null
    high: number | null
    standardError?: number
    share: number
  }[]
  /** largest game first; shares of the game add up to 1 */
  dimensions: ({ dimension: string; share: number } & DimensionForms)[]
}

interface ExplanationHead {
  format: 'glasscore.explanation'
  version: 1
  glasscore: string
  /** of the stage that made the receipts */
  seed: number
  /** name of the feature table */
  source: string
  /** rows explained */
  rows: number
  notes: string[]
  /** file → SHA-256: what the numbers come from */
  inputs: Record<string, string>
}

/** What the receipts of everybody explained come to. */
export interface ExplanationOfAll extends ExplanationHead {
  kind: 'all'
  dates: { first: string; last: string; count: number } | null
  /** attributes that are kept apart and are no input of any model */
  protectedColumns: string[]
  models: {
    name: string
    modelHash: string
    /** both forms of dimension points are equal by definition */
    linear: boolean
    backgrounds: ReportedAgainst[]
  }[]
}

/** A factor of one person; points in the order of the backgrounds. */
export interface ExplainedFactor {
  factor: string
  dimension: string
  /** number, text of a category, or null when missing */
  value: number | string | null
  unit: string
  /** why it is missing, where it is and the source says so */
  missing: string | null
  definition: string
  points: number[]
}

/** A dimension of one person against one background. */
export interface ExplainedDimension {
  /** of the game whose players are the dimensions, rounded for themselves */
  points: number
  /** sum of the whole points of its factors */
  members: number
  /** share of the rows explained (same model and background) with fewer points here, those with as many counted by half */
  percentile: number
}

/** The latest score of one person by one model, split to the last point against each background. */
export interface ExplainedPerson {
  name: string
  modelHash: string
  linear: boolean
  score: number
  band: string
  /** points that the limits of the scale add or take */
  scaleLimit: number
  backgrounds: ReportedBackground[]
  /** largest absolute points first, by the first background; all factors of the model */
  factors: ExplainedFactor[]
  /** `against` in the order of the backgrounds */
  dimensions: { dimension: string; against: ExplainedDimension[] }[]
}

/** One person's receipts. */
export interface ExplanationOfPerson extends ExplanationHead {
  kind: 'person'
  personId: string
  observationDate: string
  /** earlier dates as of which receipts of the person are in receipts.parquet */
  earlierDates: string[]
  models: ExplainedPerson[]
}

/** Either of them. */
export type ExplanationReport = ExplanationOfAll | ExplanationOfPerson
