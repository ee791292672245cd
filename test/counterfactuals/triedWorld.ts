/** Small worlds with all points of the moves, for what is said of points. */
import { candidateFrame } from '../../src/counterfactuals/candidateFrame.ts'
import { candidateTrees, sumAt } from '../../src/counterfactuals/candidateTrees.ts'
import { makeMoves } from '../../src/counterfactuals/makeMoves.ts'
import { modelCuts } from '../../src/counterfactuals/modelCuts.ts'
import { changeReference } from '../../src/counterfactuals/reference.ts'
import { checkSettings } from '../../src/counterfactuals/settings.ts'
import { keepsTies } from '../../src/counterfactuals/ties.ts'
import { treeProblem } from '../../src/counterfactuals/treeProblem.ts'
import { treeSlots } from '../../src/counterfactuals/treeSlots.ts'
import { costOfPoint, type Point } from '../../src/counterfactuals/variable.ts'
import { isTreeModel } from '../../src/models/model.ts'
import { encodeFor } from '../../src/scores/scorer.ts'
import { random } from '../../src/util/random.ts'
import { RULES, smallFrame, smallScorer } from './smallWorld.ts'

/** A person of a small world with the trees in candidates, and all points that keep the ties, with what they cost and add up to. */
export const triedWorld = (seed: number) => {
  const stream = random(seed).fork('bounds')
  const frame = smallFrame(60, stream.fork('people'))
  const scorer = smallScorer(seed % 2 === 0 ? 'forest' : 'boosting', frame, stream.fork('model'))
  const row = stream.integer(60)
  const fix = seed % 3 === 0 ? ['paid', 'job', 'share'] : ['owed_1m', 'owed_2m', 'job', 'late']
  const settings = checkSettings(scorer, { rules: RULES, months: 2, fix })
  const reference = changeReference(frame)
  const moves = makeMoves({ encoding: scorer.encoding, cuts: modelCuts(scorer), reference, settings, frame, row })
  const x = encodeFor(scorer, candidateFrame(frame, row, scorer.encoding.factors, moves))
  if (!isTreeModel(scorer.model)) throw new Error('trees only')
  const trees = candidateTrees(scorer.model.trees, moves, x)
  const problem = treeProblem(trees, treeSlots(trees, moves), moves)
  const points: { point: Point; cost: number; sum: number }[] = []
  const point = new Int32Array(moves.variables.length)
  const extend = (v: number): void => {
    if (v === point.length) {
      if (keepsTies(moves, point))
        points.push({ point: point.slice(), cost: costOfPoint(moves, point), sum: sumAt(trees, point) })
      return
    }
    for (let k = 0; k < moves.variables[v]!.cost.length; k++) {
      point[v] = k
      extend(v + 1)
    }
  }
  extend(0)
  return { moves, trees, problem, points, stream }
}

export type TriedWorld = ReturnType<typeof triedWorld>
