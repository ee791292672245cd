/** What an audit of recovery says: written as recovery.json. Plain JSON; what is not defined is null. */
import type { ProbabilityTruth } from '../../population/truthFolder.ts'
import type { Bounds } from '../fairness/intervals.ts'

/** A model beside the probability that the population was made with, on rows that the model did not see. */
export interface ModelRecovery {
  model: string
  auc: Bounds
  /** AUC of the truth less that of the model, paired */
  gap: Bounds
  /** Pearson's correlation of the model's log-odds of bad with the true ones */
  logOddsCorrelation: Bounds
  /** of the true probability on the model's log-odds: 1 is ideal; below, the model is too extreme, above, too timid */
  slope: Bounds
  /** root mean squared distance of the model's probability from the true one */
  probabilityError: Bounds
}

/** One player's attributions beside its closed form, in points. */
export interface PlayerAgreement {
  /** mean absolute points */
  truth: number
  model: number
  /** mean absolute difference */
  gap: number
  /** over rows; null where either is the same in all of them */
  correlation: Bounds
}

/** How an order of factors agrees with that of the truth. */
export interface ImportanceAgreement {
  kind: 'attributions' | 'split' | 'permutation' | 'coefficients'
  /** in words */
  text: string
  /** Spearman's, over all factors */
  rankCorrelation: Bounds
  /** the same over the factors that matter to the function */
  rankCorrelationOfSpoken: Bounds
  /** share of all importance that goes to factors that the function does not look at; 0 is ideal */
  imagined: Bounds
  /** by factor, in the order of the factors; larger is more, in a unit of its own */
  values: number[]
}

/** A model's attributions of one kind beside the closed form; the first of a model has its simpler importances too. */
export interface AttributionRecovery {
  model: string
  semantics: string
  backgroundId: string
  link: string
  /** in the order of `factors` */
  factors: PlayerAgreement[]
  dimensions: PlayerAgreement[]
  /** mean over rows of the sum over factors of absolute differences, as a share of the sum of absolute true points */
  misplaced: Bounds
  misplacedOfDimensions: Bounds
  /** mean over rows of the correlation of the row's points with the true ones, over factors */
  withinRows: Bounds
  /** share of rows in which the factor that takes most points away is the true one */
  sameFirstReason: Bounds
  importances: ImportanceAgreement[]
}

/** The part that only outcomes from the declared function have. */
export interface DeclaredRecovery {
  /** rows looked at, drawn from those that no model had seen */
  rows: number
  persons: number
  /** what stands for "nothing known" in the closed form */
  background: string
  factors: { name: string; dimension: string; spoken: boolean }[]
  dimensions: string[]
  /** in the order of the training; trees stand twice, path-dependent and interventional */
  models: AttributionRecovery[]
  /** points that there are not, and why */
  without: { model: string; reason: string }[]
}

/** What recovery.json says: the truth of a run on simulated people, and how near its models and their attributions come. */
export interface RecoveryReport {
  format: 'glasscore.recovery'
  version: 1
  glasscore: string
  /** of the run */
  name: string
  truth: { kind: ProbabilityTruth; text: string; seed: number; sha256: string; meanStandardError: number | null }
  /** what the true probability of bad is of, among rows that are good or bad */
  target: string
  evaluation: 'test' | 'out_of_fold'
  rows: number
  bads: number
  persons: number
  /** labeled rows that are left out: excluded or without anything owed in truth, which switches hid from the files */
  withoutProbability: number
  level: 0.95
  replicates: number
  /** AUC of the truth itself: what a model that knew the latent state, or the function, would have on these rows */
  ceiling: Bounds
  /** mean true probability of bad, and share of bads */
  meanTruth: number
  badRate: number
  models: ModelRecovery[]
  declared: DeclaredRecovery | null
  notes: string[]
  /** file → SHA-256 */
  inputs: Record<string, string>
}
