import type { Multipliers } from './treeDual.ts'
import { intervalStart, type TreeProblem } from './treeProblem.ts'

/** To begin with: the trees that ask for a step of cost share it evenly, each up to the cut that it knows of; the price is 0. */
export const evenMultipliers = (problem: TreeProblem): Multipliers => {
  const { firstCandidate, slotVariable, firstInterval, end, cost, candidate } = problem
  const multipliers = new Float64Array(end.length + 1)
  const askers = new Int32Array(candidate.length)
  const cheapest = Int32Array.from({ length: firstCandidate.length - 1 }, (_, v) => {
    let best = firstCandidate[v]!
    for (let k = best + 1; k < firstCandidate[v + 1]!; k++) if (cost[k]! < cost[best]!) best = k
    return best
  })
  for (let s = 0; s < slotVariable.length; s++) {
    const base = cheapest[slotVariable[s]!]!
    const lowest = end[firstInterval[s]!]!
    const highest = intervalStart(problem, s, firstInterval[s + 1]! - 1)
    for (let k = base + 1; k <= highest; k++) askers[k]!++
    for (let k = lowest; k < base; k++) askers[k]!++
  }
  const shares = new Float64Array(candidate.length)
  cheapest.forEach((base, v) => {
    const step = (k: number, before: number): void => {
      shares[k] = shares[before]! + (askers[k]! > 0 ? (cost[k]! - cost[before]!) / askers[k]! : 0)
    }
    for (let k = base + 1; k < firstCandidate[v + 1]!; k++) step(k, k - 1)
    for (let k = base - 1; k >= firstCandidate[v]!; k--) step(k, k + 1)
  })
  for (let s = 0; s < slotVariable.length; s++)
    for (let j = firstInterval[s]!; j < firstInterval[s + 1]!; j++) {
      const base = cheapest[slotVariable[s]!]!
      multipliers[j] = shares[Math.min(Math.max(base, intervalStart(problem, s, j)), end[j]!)]!
    }
  return multipliers
}
