/**
 * Best-first branch and bound over boxes of candidates (Land & Doig 1960, doi:10.2307/1910129). The box with the lowest bound of cost is
 * parted next, so that the first box whose bound is not below the best point found proves that point; where no box is left and no point was
 * found, none exists.
 */
import { BoxQueue } from './boxQueue.ts'
import type { Relaxation } from './relaxation.ts'
import { brokenLink, type Cut, keepsTies, tighten } from './ties.ts'
import { type Box, cheapestPoint, costOfPoint, type Moves, type Point } from './variable.ts'

/** Costs that differ by less are the same. */
export const SAME_COST = 1e-9

/** What a search has found. */
export interface Found {
  /** the cheapest point that was found; absent: none was */
  point?: Point
  /** its cost; Infinity without one */
  cost: number
  /** no allowed point that reaches costs less; Infinity where none exists, equal to `cost` where the point is proved */
  bound: number
  /** boxes looked at */
  nodes: number
}

/**
 * The cheapest point of a box that reaches, or the proof that there is none.
 * @param limit boxes looked at, at most
 * @param known a point that reaches and keeps all ties
 */
export const search = (moves: Moves, root: Box, relaxation: Relaxation, limit: number, known?: Point): Found => {
  let best = known
  let cost = known ? costOfPoint(moves, known) : Number.POSITIVE_INFINITY
  let nodes = 0
  const queue = new BoxQueue()
  const consider = (box: Box, parent: number, state?: unknown): void => {
    nodes++
    if (!tighten(moves, box)) return
    const point = cheapestPoint(moves, box)
    const least = costOfPoint(moves, point)
    if (least >= cost - SAME_COST) return
    const broken: Cut | undefined = brokenLink(moves, point, box)
    if (relaxation.reaches(point)) {
      if (broken) queue.push({ box, bound: Math.max(parent, least), state, ...broken })
      else {
        best = point
        cost = least
      }
      return
    }
    const relaxed = relaxation.bound(box, point, cost, state)
    const { guess } = relaxed
    if (guess && keepsTies(moves, guess)) {
      const dear = costOfPoint(moves, guess)
      if (dear < cost - SAME_COST && relaxation.reaches(guess)) {
        best = guess
        cost = dear
      }
    }
    const bound = Math.max(parent, least, relaxed.cost)
    // Without a place to part it, every point of the box has the score of this one.
    if (relaxed.variable < 0 || bound >= cost - SAME_COST) return
    queue.push({ box, bound, variable: relaxed.variable, cut: relaxed.cut, state: relaxed.state })
  }
  relaxation.prepare(root, cost)
  consider({ lo: root.lo.slice(), hi: root.hi.slice() }, 0)
  for (;;) {
    const node = queue.pop()
    if (!node || node.bound >= cost - SAME_COST) return { ...(best ? { point: best } : {}), cost, bound: cost, nodes }
    if (nodes >= limit) return { ...(best ? { point: best } : {}), cost, bound: node.bound, nodes }
    const { box, bound, variable, cut, state } = node
    const low = { lo: box.lo.slice(), hi: box.hi.slice() }
    low.hi[variable] = cut
    box.lo[variable] = cut + 1
    consider(low, bound, state)
    consider(box, bound, state)
  }
}
