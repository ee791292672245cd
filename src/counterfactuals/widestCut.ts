import type { Multipliers } from './treeDual.ts'
import type { TreeProblem } from './treeProblem.ts'

/**
 * The cut that the trees are most at odds about: where, over all trees, their share of choices up to it differs most from that of the variables.
 * @param mean of the slopes of the bound: of each interval, choice of the tree less that of the variables
 * @returns -1 where they agree
 */
export const widestCut = (problem: TreeProblem, mean: Multipliers): { variable: number; cut: number } => {
  const { firstCandidate, candidate, slotVariable, firstInterval, end } = problem
  const odds = new Float64Array(candidate.length + 1)
  for (let s = 0; s < slotVariable.length; s++) {
    // What a cut is at odds with stays the same up to the end of the next interval: differences, then their running sums.
    let share = 0
    let before = 0
    for (let j = firstInterval[s]!; j < firstInterval[s + 1]! - 1; j++) {
      share += mean[j]!
      odds[end[j]!]! += Math.abs(share) - before
      before = Math.abs(share)
    }
    odds[end[firstInterval[s + 1]! - 1]!]! -= before
  }
  let [variable, cut, most, running] = [-1, 0, 0, 0]
  for (let v = 0; v + 1 < firstCandidate.length; v++)
    for (let k = firstCandidate[v]!; k < firstCandidate[v + 1]!; k++) {
      running += odds[k]!
      if (k + 1 === firstCandidate[v + 1]! || running <= most + 1e-12) continue
      most = running
      variable = v
      cut = candidate[k]!
    }
  return { variable, cut }
}
