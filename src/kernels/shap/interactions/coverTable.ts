/**
 * The table of a leaf in the path-dependent game (Lundberg et al., doi:10.1038/s42256-019-0138-9): of players outside a coalition, rows
 * follow both branches by their cover. With o_k = 1 where the row meets all conditions of player k, else 0, and z_k the product of the
 * cover ratios of k's edges, a coalition S is worth v times the product of o_k over S and of z_k over the others. Then
 *
 *     Shapley value of i:        v (o_i - z_i)                    integral of the product over k != i    of w_k
 *     interaction index of i, j: v (o_i - z_i) (o_j - z_j)        integral of the product over k != i, j of w_k
 *
 * over t from 0 to 1, w_k = o_k t + z_k (1 - t): the weight s! (n - s)! / (n + 1)! of a coalition of s among n others is the integral of
 * t^s (1 - t)^(n - s) in both. The integrands are polynomials of at most one degree less than there are players, so Gauss-Legendre
 * quadrature with half as many points is exact.
 */
import { gaussLegendre } from '../../numbers/gaussLegendre.ts'
import type { LeafTable } from './leafTable.ts'
import type { TwigLeaf } from './visitTwigs.ts'

type Rule = ReturnType<typeof gaussLegendre>
const rules: Rule[] = []
const ruleFor = (players: number): Rule => {
  const points = Math.max(1, Math.ceil(players / 2))
  rules[points] ??= gaussLegendre(points)
  return rules[points]
}

/** Adds a leaf to the table of its twig, for `count` patterns. */
export const coverTable = ({ ratios, value, met }: TwigLeaf, count: number, table: LeafTable): void => {
  const n = ratios.length
  const { shapley, pairs } = table
  const { points, weights } = ruleFor(n)
  // w_k and (o_k - z_k) / w_k at one point, for o_k = 0 and 1. With o_k = 0 the quotient is -1 / (1 - t) whatever z_k is; where z_k is 0
  // too, w_k is 0 and so is all that the leaf gives.
  const w = [new Float64Array(n), new Float64Array(n)] as const
  const quotient = new Float64Array(n)
  const c = new Float64Array(n)
  for (let q = 0; q < points.length; q++) {
    const t = points[q]!
    const weight = weights[q]! * value
    const unmet = -1 / (1 - t)
    for (let k = 0; k < n; k++) {
      const z = ratios[k]!
      w[0][k] = z * (1 - t)
      w[1][k] = t + z * (1 - t)
      quotient[k] = (1 - z) / w[1][k]!
    }
    for (let p = 0; p < count; p++) {
      let product = weight
      for (let k = 0; k < n; k++) {
        const o = met[k * count + p]!
        product *= o === 1 ? w[1][k]! : w[0][k]!
        c[k] = o === 1 ? quotient[k]! : unmet
      }
      let at = p
      for (let k = 0; k < n; k++) {
        const one = product * c[k]!
        shapley[k * count + p]! += one
        for (let l = k + 1; l < n; l++) {
          pairs[at]! += one * c[l]!
          at += count
        }
      }
    }
  }
}
