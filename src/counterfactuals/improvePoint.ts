/**
 * Cheaper points near one that reaches: some of its changes are taken back, and what is then missing is made up for in the best way at hand
 * (large neighborhood search; Shaw 1998, doi:10.1007/3-540-49481-2_30).
 */
import { type PointModel, polish } from './firstPoint.ts'
import { repairPoint } from './repairPoint.ts'
import { SAME_COST } from './search.ts'
import { type Box, costOfPoint, type Moves, type Point } from './variable.ts'

/** The point with some variables as the person is, and the clock no longer than the rest takes. */
const takenBack = ({ variables }: Moves, point: Point, some: readonly number[]): Point => {
  const out = point.slice()
  for (const v of some) out[v] = variables[v]!.base
  if (!some.includes(0)) return out
  out[0] = variables.reduce((most, { months }, v) => (v > 0 ? Math.max(most, months[out[v]!]!) : most), 0)
  return out
}

/** What may be taken back: each change, then each two of them, the dear ones first. */
const partsOf = ({ variables }: Moves, { lo, hi }: Box, point: Point): number[][] => {
  const paid = (v: number): number => variables[v]!.cost[point[v]!]!
  const moved = Array.from(point.keys()).filter((v) => lo[v] !== hi[v] && point[v] !== variables[v]!.base)
  moved.sort((a, b) => paid(b) - paid(a) || a - b)
  const pairs = moved.flatMap((v, i) => moved.slice(i + 1).map((w) => [v, w]))
  pairs.sort(([a, b], [c, d]) => paid(c!) + paid(d!) - paid(a!) - paid(b!))
  return [...moved.map((v) => [v]), ...pairs]
}

/**
 * A point that reaches, keeps all ties and costs no more than `from`, which does too.
 * @param tries repairs, at most
 */
export const improvePoint = (moves: Moves, box: Box, model: PointModel, from: Point, tries: number): Point => {
  let best = from
  for (let left = tries; left > 0; ) {
    const cost = costOfPoint(moves, best)
    let better: Point | undefined
    for (const part of partsOf(moves, box, best)) {
      if (left-- <= 0) break
      const start = takenBack(moves, best, part)
      const most = part.map((v) => [v, best[v]!] as const)
      const found = repairPoint(moves, box, model, start, { below: cost - SAME_COST, most })
      if (!found) continue
      better = polish(moves, box, model, found)
      break
    }
    if (!better) break
    best = better
  }
  return best
}
