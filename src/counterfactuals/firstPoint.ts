import { keepsTies } from './ties.ts'
import { type Box, costOfPoint, type Moves, type Point } from './variable.ts'

/** A model as it is asked about points. */
export interface PointModel {
  /** whether the score of a point is at least the cutoff */
  reaches(point: Point): boolean
  /** false: a point with this sum does not reach */
  mayReach(sum: number): boolean
  /** about the highest sum that reaches */
  target: number
  sum(point: Point): number
  /** the sums for every candidate of one variable, the others as in the point */
  sums(point: Point, variable: number): Float64Array
}

/** The point with one variable moved, and the clock on for as long as that takes. */
const moved = ({ variables }: Moves, point: Point, v: number, candidate: number): Point => {
  const trial = point.slice()
  trial[v] = candidate
  if (v > 0) trial[0] = Math.max(trial[0]!, variables[v]!.months[candidate]!)
  return trial
}

/** The cheapest single move that reaches, or else the one that gives most for its cost. */
const bestMove = (moves: Moves, { lo, hi }: Box, model: PointModel, point: Point) => {
  const cost = costOfPoint(moves, point)
  const sum = model.sum(point)
  let reaching: { point: Point; cost: number } | undefined
  let step: { point: Point; worth: number } | undefined
  for (let v = 0; v < point.length; v++) {
    if (lo[v] === hi[v]) continue
    const sums = model.sums(point, v)
    for (let k = lo[v]!; k <= hi[v]!; k++) {
      const given = sum - sums[k]!
      if (k === point[v] || !(given > 0)) continue
      const trial = moved(moves, point, v, k)
      const more = costOfPoint(moves, trial) - cost
      const worth = more > 0 ? given / more : Number.POSITIVE_INFINITY
      const dear = reaching !== undefined && more >= reaching.cost
      if ((dear && step !== undefined && worth <= step.worth) || trial[0]! > hi[0]! || !keepsTies(moves, trial))
        continue
      if (!dear && model.mayReach(sums[k]!) && model.reaches(trial)) reaching = { point: trial, cost: more }
      if (step === undefined || worth > step.worth) step = { point: trial, worth }
    }
  }
  return { reaching: reaching?.point, step: step?.point }
}

/** Moves variables back toward what the person is as long as the point still reaches. */
export const polish = (moves: Moves, { lo, hi }: Box, model: PointModel, from: Point): Point => {
  let point = from
  for (let improved = true; improved; ) {
    improved = false
    for (let v = 0; v < point.length; v++) {
      const { cost, base } = moves.variables[v]!
      if (point[v] === base || lo[v] === hi[v]) continue
      const sums = model.sums(point, v)
      let best = point
      for (let k = lo[v]!; k <= hi[v]!; k++) {
        if (cost[k]! >= cost[best[v]!]! || !model.mayReach(sums[k]!)) continue
        const trial = point.slice()
        trial[v] = k
        if (keepsTies(moves, trial) && model.reaches(trial)) best = trial
      }
      if (best !== point) {
        point = best
        improved = true
      }
    }
  }
  return point
}

/**
 * A point that reaches, by moving one variable at a time, or undefined where that finds none. It is where the search begins, never a
 * proof of anything.
 */
export const firstPoint = (moves: Moves, box: Box, model: PointModel): Point | undefined => {
  let point: Point = Int32Array.from(moves.variables, ({ base }) => base)
  for (let round = 0; round < 2 * point.length; round++) {
    const { reaching, step } = bestMove(moves, box, model, point)
    if (reaching) return polish(moves, box, model, reaching)
    if (!step) return undefined
    point = step
  }
  return undefined
}
