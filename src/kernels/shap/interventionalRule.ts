/**
 * Weights of the game of a leaf (leafGame.ts) at the points of a quadrature, for the compiled kernels. Because
 * (p - 1)! n! / (p + n)! is the integral of t^(p - 1) (1 - t)^n over [0, 1], the sum over sets P of g[P] a(|P|, n) is the integral of
 * (1 - t)^n / t times the sum of g[P] t^|P|: one sum over subsets for each point, whatever the sizes. With k players the integrands are
 * polynomials of degree k - 1 or less, for which k / 2 Gauss-Legendre points are exact; where P is empty a(0, n) differs from that of
 * leafGame.ts by a constant, which no value depends on.
 */
import { gaussLegendre } from '../numbers/gaussLegendre.ts'
import { MOST_PATH_PLAYERS } from './pathPlayers.ts'

/** Doubles of one part of a rule: up to 8 points, 0..16 players. */
const PART = 8 * (MOST_PATH_PLAYERS + 1)

/**
 * For every number of players from 0 to 16 three parts of 136 doubles, row by row with as many doubles as points (an even number; a point
 * that is not needed has no weight): t^p by p, weights of `keep` by n, weights of `lose` by n.
 */
export const interventionalRule = (): Float64Array => {
  const rule = new Float64Array(3 * PART * (MOST_PATH_PLAYERS + 1))
  for (let players = 1; players <= MOST_PATH_PLAYERS; players++) {
    const needed = Math.ceil(players / 2)
    const width = Math.max(2, needed + (needed % 2))
    const { points, weights } = gaussLegendre(needed)
    const from = 3 * PART * players
    points.forEach((t, q) => {
      for (let size = 0; size <= players; size++) {
        const at = from + size * width + q
        rule[at] = t ** size
        rule[at + PART] = (weights[q]! * (1 - t) ** size) / t
        rule[at + 2 * PART] = size > 0 ? (weights[q]! * (1 - t) ** (size - 1)) / t : 0
      }
    })
  }
  return rule
}
