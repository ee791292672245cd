import type { Engine } from '../engines/engine.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import type { FactorSpec } from '../schema/factor.ts'
import type { Scorer } from '../scores/scorer.ts'
import type { ExplainSummary } from './explain.ts'
import type { ReceiptLayout } from './receiptColumns.ts'
import type { FinishedTraining, TrainingRows } from './reportTraining.ts'
import type { ScoreSummary } from './score.ts'

/** Where the numbers of a report lie. */
export interface ReportSources {
  engine: Engine
  /** Parquet files */
  predictions: string
  scores: string
  /** undefined where no model has receipts */
  receipts: string | undefined
  layout: ReceiptLayout
  scored: ScoreSummary
  explained: ExplainSummary
  training: FinishedTraining
  rows: TrainingRows
  scorers: ReadonlyMap<string, Scorer>
  factors: readonly FactorSpec[]
  /** all rows of the feature table, by person and date */
  frame: FactorFrame
  cutoff: number
}
