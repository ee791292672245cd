import type { FactorFrame } from '../matrix/frame.ts'
import type { Encoding } from '../matrix/matrix.ts'
import type { ModelCuts } from './modelCuts.ts'
import type { ChangeReference } from './reference.ts'
import type { Settings } from './settings.ts'

/** Everything that decides what a person may change. */
export interface MoveSource {
  encoding: Encoding
  cuts: ModelCuts
  reference: ChangeReference
  settings: Settings
  frame: FactorFrame
  /** of the person in the frame */
  row: number
}
