import type { FactorFrame } from '../matrix/frame.ts'
import { isTreeModel, type LinearModel, type TreeModel } from '../models/model.ts'
import { encodeFor, type Scorer } from '../scores/scorer.ts'
import { candidateFrame } from './candidateFrame.ts'
import { linearRelaxation } from './linearRelaxation.ts'
import type { Relaxation } from './relaxation.ts'
import { treeRelaxation } from './treeRelaxation.ts'
import type { Moves } from './variable.ts'

/** The model of a scorer in the candidates of the person in a row. */
export const relaxationOf = (
  scorer: Scorer,
  frame: FactorFrame,
  row: number,
  moves: Moves,
  cutoff: number,
): Relaxation => {
  const { model, encoding } = scorer
  const x = encodeFor(scorer, candidateFrame(frame, row, encoding.factors, moves))
  return isTreeModel(model)
    ? treeRelaxation(scorer as Scorer & { model: TreeModel }, moves, x, cutoff)
    : linearRelaxation(scorer as Scorer & { model: LinearModel }, moves, x, cutoff)
}
