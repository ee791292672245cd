import type { PointModel } from './firstPoint.ts'
import { keepsTies, tighten } from './ties.ts'
import { type Box, costOfPoint, type Moves, type Point } from './variable.ts'

export interface RepairLimits {
  /** only points that cost less are of interest */
  below: number
  /** variables that must stay cheaper than at a candidate */
  most?: readonly (readonly [variable: number, candidate: number])[]
}

/** The point with one variable moved, and with it what its ties bring along; undefined where they do not let it. */
const movedAlong = (moves: Moves, { lo, hi }: Box, point: Point, v: number, candidate: number): Point | undefined => {
  const trial = point.slice()
  trial[v] = candidate
  trial[0] = Math.max(trial[0]!, moves.variables[v]!.months[candidate]!)
  if (trial[0]! > hi[0]!) return undefined
  if (v === 0) trial[0] = candidate
  if (keepsTies(moves, trial)) return trial
  const box = { lo: lo.slice(), hi: hi.slice() }
  box.lo[v] = candidate
  box.hi[v] = candidate
  if (!tighten(moves, box)) return undefined
  for (let w = 0; w < trial.length; w++) trial[w] = Math.min(Math.max(trial[w]!, box.lo[w]!), box.hi[w]!)
  for (let w = 1; w < trial.length; w++) trial[0] = Math.max(trial[0]!, moves.variables[w]!.months[trial[w]!]!)
  return trial[0]! <= hi[0]! && keepsTies(moves, trial) ? trial : undefined
}

/**
 * The cheapest point met on a walk that begins at a point, moves one variable at a time (and what is tied to it) by what it gives for its
 * cost, and tries at each step every single move that may reach.
 */
export const repairPoint = (
  moves: Moves,
  box: Box,
  model: PointModel,
  from: Point,
  { below, most = [] }: RepairLimits,
): Point | undefined => {
  const { lo, hi } = box
  const { variables } = moves
  let point = from
  let limit = below
  let found: Point | undefined
  const take = (reached: Point, cost: number): void => {
    found = reached
    limit = cost
  }
  const ceilings = new Map(most.map(([v, k]) => [v, variables[v]!.cost[k]!]))
  for (let round = 0; round < 2 * point.length; round++) {
    const cost = costOfPoint(moves, point)
    if (cost >= limit) return found
    const sum = model.sum(point)
    if (keepsTies(moves, point) && model.mayReach(sum) && model.reaches(point)) {
      take(point, cost)
      return found
    }
    const missing = sum - model.target
    let step: Point | undefined
    let worthOfStep = 0
    const months = variables[0]!.cost[point[0]!]!
    for (let v = 0; v < point.length; v++) {
      if (lo[v] === hi[v]) continue
      const variable = variables[v]!
      const own = variable.cost[point[v]!]!
      const ceiling = ceilings.get(v) ?? Number.POSITIVE_INFINITY
      const sums = model.sums(point, v)
      for (let k = lo[v]!; k <= hi[v]!; k++) {
        const given = sum - sums[k]!
        if (!(given > 0) || variable.cost[k]! >= ceiling) continue
        const waiting = v > 0 && variable.months[k]! > point[0]! ? variables[0]!.cost[variable.months[k]!]! - months : 0
        const more = variable.cost[k]! - own + waiting
        if (cost + more >= limit) continue
        const worth = more > 0 ? Math.min(given, missing) / more : Number.POSITIVE_INFINITY
        if (!model.mayReach(sums[k]!) && worth <= worthOfStep) continue
        const trial = movedAlong(moves, box, point, v, k)
        if (!trial) continue
        // What is tied to the variable has a say too.
        const dear = costOfPoint(moves, trial)
        const there = model.sum(trial)
        if (dear >= limit || !(there < sum)) continue
        if (model.mayReach(there) && model.reaches(trial)) {
          take(trial, dear)
          continue
        }
        const whole = dear > cost ? Math.min(sum - there, missing) / (dear - cost) : Number.POSITIVE_INFINITY
        if (whole <= worthOfStep) continue
        step = trial
        worthOfStep = whole
      }
    }
    if (!step) return found
    point = step
  }
  return found
}
