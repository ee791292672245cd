/** What a comparison says: written as compare.json, shown as compare.html. */

import type { Pair } from '../comparison/comparePairs.ts'
import type { Swap } from '../comparison/compareSwaps.ts'
import type { ApprovalPoint, RocPoint } from '../comparison/curves.ts'
import type { Evaluation } from '../comparison/evaluate.ts'
import type { OutcomeDefinition } from '../schema/outcome.ts'

/** One of the runs whose models are compared. */
export interface ComparedRun {
  /** as models of several runs are named: label/model */
  label: string
  evaluation: 'test' | 'out_of_fold'
  seed: number
  /** held-out rows of the run, how many of them are compared, and how many another run does not hold out */
  rows: number
  used: number
  leftOut: number
  models: number
}

/** One model on the compared rows. */
export interface ComparedModel {
  name: string
  /** model: of a run; baseline or network: trained for this comparison on the training rows of the first run */
  kind: 'model' | 'baseline' | 'network'
  modelHash: string | null
  figures: Evaluation
  roc: RocPoint[]
  /** at the cutoff of the comparison */
  atCutoff: ApprovalPoint
}

/** A baseline as it was trained; see docs/compare.md. */
export interface ComparedBaseline {
  name: string
  package: string | null
  used: readonly string[]
  faults: readonly string[]
  trainings: number
  /** rows of one training, and how many it could have had */
  rows: { least: number; most: number; of: number }
  capped: boolean
  choices: { factor: string; how: string; trainings: number }[]
}

/** All of it. */
export interface CompareReport {
  format: 'glasscore.compare'
  version: 1
  glasscore: string
  /** of the bootstrap */
  seed: number
  replicates: number
  cutoff: number
  outcome: OutcomeDefinition
  runs: ComparedRun[]
  rows: number
  bads: number
  persons: number
  models: ComparedModel[]
  /** the model that the others are set against */
  reference: string
  /** all pairs of models; one family a figure */
  pairs: Pair[]
  /** every other model less the reference; one family a figure */
  againstReference: Pair[]
  /** of every pair, in the order of `pairs` */
  swaps: Swap[]
  /** of every other model (a) and the reference (b) */
  swapsAgainstReference: Swap[]
  baselines: ComparedBaseline[]
  /** baselines that were asked for and could not be made */
  unavailable: { name: string; reason: string }[]
  notes: string[]
  /** file → SHA-256: what the numbers come from */
  inputs: Record<string, string>
}
