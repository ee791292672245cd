/** What an audit of opacity says: written as opacity.json, shown as opacity.html. */
import type { ModelOpacity } from '../audits/opacity/findings.ts'
import type { Multiplicity } from '../audits/opacity/multiplicity.ts'
import type { OpacityAgainstTruth } from '../audits/opacity/opacityAgainstTruth.ts'
import type { IndexComponent } from '../audits/opacity/opacityIndex.ts'

/** How much work the audit did, as it was asked for. */
export interface OpacityAsked {
  cutoff: number
  rows: number
  fitRows: number
  permutations: number
  repeats: number
  retrainings: number
  tolerance: number
  backgroundRows: number
  replicates: number
}

/** All of it. */
export interface OpacityReport {
  format: 'glasscore.opacity'
  version: 1
  glasscore: string
  /** of the run */
  name: string
  seed: number
  level: 0.95
  asked: OpacityAsked
  /** how the audited rows came not to be seen by the models */
  evaluation: 'test' | 'trained_again'
  /** labeled rows: those that models were trained on, those used for training again, and those held out */
  rows: { train: number; fitted: number; held: number; heldBads: number; looked: number; persons: number }
  dimensions: string[]
  declared: { shares: (number | null)[]; text: string }
  /** backgrounds of the methods that are compared, with a sentence each */
  backgrounds: { id: string; text: string }[]
  /** names of protected columns; empty: there are none */
  groups: string[]
  models: ModelOpacity[]
  /** models of the run that could not be audited, and why */
  without: { model: string; reason: string }[]
  /** (c) which pairs are claimed, and by whom; null: none */
  claims: { pairs: (readonly [string, string])[]; text: string } | null
  /** (j) made of the parts that every model has, in the order of the models: what may be compared */
  comparable: { components: IndexComponent[]; values: (number | null)[] }
  /** (h) among the models of the run that rank as well as each other; null: fewer than two do */
  acrossModels: { models: string[]; figures: Multiplicity } | null
  /** (k); null where no truth is sealed beside the data */
  truth: OpacityAgainstTruth | null
  notes: string[]
  /** file → SHA-256 */
  inputs: Record<string, string>
}
