/** What an audit of fairness says: written as fairness.json, shown as fairness.html. */
import type { ModelFairness } from '../audits/fairness/findings.ts'

/** Columns of an audited file, and which values mean what. */
export interface FairnessColumns {
  score: string | null
  probability: string | null
  outcome: string | null
  bad: string | null
  /** the values that mean good, as they stand in the file */
  good: string[]
  person: string | null
}

/** All of it. */
export interface FairnessReport {
  format: 'glasscore.fairness'
  version: 1
  glasscore: string
  /** of the run, or of the file */
  name: string
  /**
   * held-out: rows of a run that no model had seen; scored: everybody whom a run scored, training rows too, without outcomes;
   * file: the rows of a file
   */
  rows: 'held-out' | 'scored' | 'file'
  /** how the held-out rows came to be; null where they are none */
  evaluation: 'test' | 'out_of_fold' | null
  columns: FairnessColumns | null
  /** what good and bad mean; null where no outcome is read */
  outcome: string | null
  /** rows of a file whose outcome is neither good nor bad */
  otherOutcomes: number
  cutoff: number
  higherIs: 'safety' | 'risk'
  /** fewest persons in a cell for an answer on a ratio */
  minCell: number
  level: 0.95
  /** the line that ratios are held against */
  line: 0.8
  models: ModelFairness[]
  /**
   * how many groups were compared with a reference, pairs of attributes and all models among them, and how many answers there
   * were of each kind on the four-fifths line; among those without an answer, how many rates are shown to be lower all the same
   */
  answers: { compared: number; below: number; atOrAbove: number; notEnough: number; lowerAllTheSame: number }
  notes: string[]
  /** file → SHA-256: what the numbers come from */
  inputs: Record<string, string>
}
