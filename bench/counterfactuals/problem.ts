/**
 * The question of one person as plain numbers, for searches of others: variables with candidates, costs and months, links, trees as lists of leaves, and the
 * highest sum that reaches.
 */
import { candidateFrame } from '../../src/counterfactuals/candidateFrame.ts'
import { candidateTrees } from '../../src/counterfactuals/candidateTrees.ts'
import { makeMoves } from '../../src/counterfactuals/makeMoves.ts'
import { modelCuts } from '../../src/counterfactuals/modelCuts.ts'
import type { ChangeReference } from '../../src/counterfactuals/reference.ts'
import { highestSum } from '../../src/counterfactuals/scoreOfSum.ts'
import { type CounterfactualOptions, checkSettings } from '../../src/counterfactuals/settings.ts'
import type { FactorFrame } from '../../src/matrix/frame.ts'
import { isTreeModel } from '../../src/models/model.ts'
import { encodeFor, type Scorer } from '../../src/scores/scorer.ts'

/** All candidates, none left out: what makes the search fast is not taken for granted. */
export const problemOf = (
  scorer: Scorer,
  frame: FactorFrame,
  row: number,
  reference: ChangeReference,
  options: CounterfactualOptions,
) => {
  const { model, encoding } = scorer
  if (!isTreeModel(model)) throw new Error('models of trees only')
  const settings = checkSettings(scorer, options)
  const moves = makeMoves({ encoding, cuts: modelCuts(scorer), reference, settings, frame, row })
  const x = encodeFor(scorer, candidateFrame(frame, row, encoding.factors, moves))
  const { roots, variable, cut, left, right, value, sets } = candidateTrees(model.trees, moves, x)
  let [low, high] = [0, 0]
  roots.forEach((root, t) => {
    low += value[root]!
    high += Math.max(...value.subarray(root, roots[t + 1] ?? value.length))
  })
  return {
    target: highestSum(scorer, settings.cutoff, low, high),
    variables: moves.variables.map(({ base, cost, months, values }, v) => ({
      base,
      cost: [...cost],
      months: [...months],
      // Links are between numbers.
      values:
        v > 0 && values[0] instanceof Float64Array ? [...values[0]].map((x) => (Number.isNaN(x) ? null : x)) : null,
    })),
    links: moves.links,
    roots: [...roots],
    variable: [...variable],
    cut: [...cut],
    left: [...left],
    right: [...right],
    value: [...value],
    sets: sets.map(({ left: goes }) => [...goes]),
  }
}
