/**
 * Linear models as the search asks them: the margin is a sum over variables, so the cheapest change is a knapsack with one choice a variable.
 * Its bound is the Lagrangian one, at the price where the margin just reaches (Sinha & Zoltners 1979, doi:10.1287/opre.27.3.503).
 */
import type { Matrix } from '../matrix/matrix.ts'
import type { LinearModel } from '../models/model.ts'
import type { Scorer } from '../scores/scorer.ts'
import { variableOfColumn } from './candidateTrees.ts'
import { type CostHull, cornerAt, costHull } from './costHull.ts'
import type { PointModel } from './firstPoint.ts'
import type { Relaxation, Relaxed } from './relaxation.ts'
import { repairPoint } from './repairPoint.ts'
import { highestSum, scoreOfSum } from './scoreOfSum.ts'
import type { Moves, Point } from './variable.ts'

const HALVINGS = 60
const ROUNDING = 1e-9

const IMPOSSIBLE: Relaxed = { cost: Number.POSITIVE_INFINITY, variable: -1, cut: 0 }

/**
 * A linear model in the candidates of one person.
 * @param x encoded rows of `candidateFrame`
 */
export const linearRelaxation = (
  scorer: Scorer & { model: LinearModel },
  moves: Moves,
  x: Matrix,
  cutoff: number,
): Relaxation => {
  const { intercept, coefficients } = scorer.model
  const { variables } = moves
  const of = variableOfColumn(moves, x.columns)
  const gains = variables.map(({ cost }) => new Float64Array(cost.length))
  let fixed = intercept
  coefficients.forEach((coefficient, j) => {
    const column = x.values.subarray(j * x.rows)
    const gain = gains[of[j]!]
    if (!gain) fixed += coefficient * column[0]!
    else for (let k = 0; k < gain.length; k++) gain[k]! += coefficient * column[k]!
  })
  // Column by column, as `margin` adds them up.
  const sum = (point: Point): number => {
    let margin = intercept
    for (let j = 0; j < coefficients.length; j++)
      margin += coefficients[j]! * x.values[j * x.rows + (of[j]! < 0 ? 0 : point[of[j]!]!)]!
    return margin
  }
  const ends = gains.map(minMax)
  const low = ends.reduce((total, [least]) => total + least, fixed)
  const high = ends.reduce((total, [, most]) => total + most, fixed)
  const room = 1e-6 * (1 + Math.abs(low) + Math.abs(high))
  const target = highestSum(scorer, cutoff, low - room, high + room)
  const slack = ROUNDING * (1 + Math.abs(target))
  const hulls = new Map<string, CostHull>()
  const hullOf = (v: number, lo: number, hi: number, own: number): CostHull => {
    const key = `${v}:${lo}:${hi}`
    const known = hulls.get(key) ?? costHull(variables[v]!.cost, gains[v]!, lo, hi, own)
    hulls.set(key, known)
    return known
  }
  const model: PointModel = {
    reaches: (point) => scoreOfSum(scorer, sum(point)) >= cutoff,
    mayReach: (total) => total <= target + slack,
    target,
    sum,
    sums: (point, v) => {
      const rest = sum(point) - gains[v]![point[v]!]!
      return gains[v]!.map((gain) => rest + gain)
    },
  }
  return {
    reaches: model.reaches,
    prepare: () => hulls.clear(),
    // What the bound guesses breaks links: a walk that keeps them. Where there are none the bound guesses better.
    first: (box) => {
      if (moves.links.length === 0 || !Number.isFinite(target)) return undefined
      const base = Int32Array.from(variables, ({ base: own }) => own)
      return repairPoint(moves, box, model, base, { below: Number.POSITIVE_INFINITY })
    },
    bound: ({ lo, hi }, point) => {
      if (target === Number.NEGATIVE_INFINITY) return IMPOSSIBLE
      const all = variables.map((_, v) => hullOf(v, lo[v]!, hi[v]!, point[v]!))
      const at = (price: number) => {
        let [cost, total] = [0, fixed]
        for (const hull of all) {
          const corner = cornerAt(hull, price)
          cost += hull.cost[corner]!
          total += hull.sum[corner]!
        }
        return { value: cost + price * (total - target - slack), reaches: total <= target + slack }
      }
      if (all.reduce((total, { sum: s }) => total + s.at(-1)!, fixed) > target + slack) return IMPOSSIBLE
      let dear = 1
      while (!at(dear).reaches && dear < 1e30) dear *= 8
      let cheap = 0
      let value = 0
      for (let i = 0; i < HALVINGS; i++) {
        const price = cheap > 0 ? Math.sqrt(cheap * dear) : dear / 64
        if (price <= cheap || price >= dear) break
        const there = at(price)
        value = Math.max(value, there.value)
        if (there.reaches) dear = price
        else cheap = price
      }
      value = Math.max(value, at(dear).value, at(cheap).value)
      let variable = -1
      let cut = 0
      let most = 0
      const guess = Int32Array.from(all, (hull, v) => {
        const [near, far] = [hull.candidate[cornerAt(hull, cheap)]!, hull.candidate[cornerAt(hull, dear)]!]
        const given = gains[v]![near]! - gains[v]![far]!
        if (given > most) {
          most = given
          variable = v
          // Beside the person's own value first, for the first step is the dear one; else halfway.
          const between = near === variables[v]!.base ? near + (far > near ? 0 : -1) : Math.floor((near + far) / 2)
          cut = between
        }
        return far
      })
      if (variable < 0) {
        // So near that rounding decides: any variable that gives something.
        variable = all.findIndex((hull) => hull.sum.length > 1)
        if (variable >= 0) cut = Math.min(point[variable]!, hi[variable]! - 1)
      }
      return { cost: value - ROUNDING, variable, cut, guess }
    },
  }
}

const minMax = (values: Float64Array): [number, number] => {
  let [least, most] = [values[0]!, values[0]!]
  for (const v of values) {
    if (v < least) least = v
    if (v > most) most = v
  }
  return [least, most]
}
