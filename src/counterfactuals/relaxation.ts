import type { Box, Point } from './variable.ts'

/** What a model says of a box without looking at each of its points. */
export interface Relaxed {
  /** no point of the box that reaches the cutoff costs less; Infinity where none reaches it */
  cost: number
  /** where to part the box: candidates up to `cut` of the variable and those after it; -1: nothing in the box differs */
  variable: number
  cut: number
  /** a point that is likely to reach and not dear; it may break ties */
  guess?: Point
  /** what the bounds of both parts begin with */
  state?: unknown
}

/** A model as the search asks it, in candidates of one person. Sums are those of the model: the lower, the higher the score. */
export interface Relaxation {
  /** to be called before a search: what serves all boxes of `root` */
  prepare(root: Box, limit: number): void
  /** whether the score of a point is at least the cutoff: to the point, as `scoreFrame` has it */
  reaches(point: Point): boolean
  /**
   * A bound of the costs in a box whose cheapest point does not reach. The box may be narrowed, in place, to what is of interest.
   * @param limit points that cost as much are of no interest: the bound may leave them out
   * @param state that of the box which this one is part of
   */
  bound(box: Box, point: Point, limit: number, state?: unknown): Relaxed
  /** a point of the box that reaches and keeps all ties, to begin with; undefined where none is at hand */
  first(box: Box): Point | undefined
}
