/**
 * The search moves variables: the clock (months that pass, and the factors that grow with them), and one for every other factor that may
 * change. A variable has candidates in the order of their values; a point names one candidate of each variable.
 */

/** One thing that can be moved. */
export interface Variable {
  /** positions, in the factors of the encoding, of those that it moves: one, but for the clock */
  factors: readonly number[]
  /** the candidate that stands for the person as it is; its cost is 0 */
  base: number
  /** values of each factor of `factors` by candidate: numbers (NaN is missing), or texts (null is missing) */
  values: readonly (Float64Array | readonly (string | null)[])[]
  /** cost of each candidate; does not fall from the base outward */
  cost: Float64Array
  /** months that must pass for each candidate; does not fall from the base outward */
  months: Int32Array
  /** options that must differ freeze whole groups */
  group: string
}

/** A link between the numbers of two variables. */
export interface VariableLink {
  kind: 'order' | 'zeros'
  lower: number
  upper: number
  times?: number
}

/** All that may be moved for one person. Variable 0 is the clock: candidate k is k months. */
export interface Moves {
  variables: readonly Variable[]
  links: readonly VariableLink[]
}

/** One candidate of each variable. */
export type Point = Int32Array

/** An interval of candidates of each variable, both ends included; the ends of variable v are lo[v] and hi[v]. */
export interface Box {
  lo: Int32Array
  hi: Int32Array
}

/** The cheapest candidate of an interval: the one nearest to the base. */
export const cheapest = (variable: Variable, lo: number, hi: number): number =>
  Math.min(Math.max(variable.base, lo), hi)

/** The cheapest point of a box when nothing ties its variables. */
export const cheapestPoint = ({ variables }: Moves, { lo, hi }: Box): Point =>
  Int32Array.from(variables, (variable, v) => cheapest(variable, lo[v]!, hi[v]!))

/** What a point costs: the sum over its variables, in their order. */
export const costOfPoint = ({ variables }: Moves, point: Point): number => {
  let cost = 0
  for (let v = 0; v < point.length; v++) cost += variables[v]!.cost[point[v]!]!
  return cost
}

/** All candidates of all variables but those of frozen groups, which stay as they are. */
export const rootBox = ({ variables }: Moves, frozen: ReadonlySet<string>): Box => ({
  lo: Int32Array.from(variables, ({ group, base }) => (frozen.has(group) ? base : 0)),
  hi: Int32Array.from(variables, ({ group, base, cost }) => (frozen.has(group) ? base : cost.length - 1)),
})
