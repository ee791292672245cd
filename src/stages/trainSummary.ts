/** What a training is asked for and what it says. */
import type { Split } from '../matrix/splits.ts'
import type { TrainInput } from './config.ts'
import type { ModelFigures } from './figures.ts'
import type { StageOptions } from './stage.ts'

export interface TrainStageOptions extends StageOptions {
  /** feature-table folder */
  features: string
  /** split, models, calibration ...; see config.ts. Without models those are trained that apply */
  train?: TrainInput
  /** leave out the declared model where the factors have no advertised dimensions, instead of failing; so it is where no model is named */
  skipInapplicable?: boolean
}

/** Labeled rows, and the bad ones among them. */
export interface Counts {
  rows: number
  bads: number
}

/** What a training has found: figures of every model on held-out rows, and who was left out. */
export interface TrainSummary {
  evaluation: 'test' | 'out_of_fold'
  models: Record<string, ModelFigures>
  train: Counts
  test: Counts
  /** rows by outcome status */
  outcomes: Record<string, number>
  left: Split['left']
  warnings: string[]
  /** how many times the labels were shuffled; 0 for a real training */
  permutations: number
}
