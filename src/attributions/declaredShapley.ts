/**
 * Exact interventional Shapley values of the declared function, in closed form. The value of a coalition is the mean, over background rows,
 * of the function with the coalition's factors from the row and the others from the background (Lundberg & Lee 2017, arXiv:1705.07874;
 * interventional: Janzing et al. 2020, arXiv:1910.13413). Shapley values are linear in the function, so each part is split on its own:
 *
 * - g(x_j): all of g(x_j) - E g to factor j
 * - h(x_j, x_k): to j the half of [h(x_j, x_k) - E h(X_j, x_k)] + [E h(x_j, X_k) - E h(X_j, X_k)], to k the other way round. With
 *   h = w·a·b these means are w·E[a]·b, w·a·E[b] and w·E[a·b]
 *
 * The same with groups of factors as players: a pair within one group is that group's alone.
 */
import type { DeclaredFunction, DeclaredParts } from '../schema/declaredFunction.ts'

/** What background rows come down to. */
export interface DeclaredBackground {
  /** how many */
  rows: number
  /** mean of each term */
  terms: number[]
  /** of each pair the means of the first curve, of the second, and of their product */
  pairs: { first: number; second: number; product: number }[]
  /** mean of the function, log-odds */
  base: number
}

/** Sums of background rows that come block by block. */
export class BackgroundSums {
  readonly #fn: DeclaredFunction
  readonly #terms: Float64Array
  readonly #pairs: Float64Array
  #rows = 0

  constructor(fn: DeclaredFunction) {
    this.#fn = fn
    this.#terms = new Float64Array(fn.terms.length)
    this.#pairs = new Float64Array(3 * fn.pairs.length)
  }

  /** @param rows positions in the parts that belong to the background; they are added in this order */
  add(parts: DeclaredParts, rows: ArrayLike<number>): void {
    this.#rows += rows.length
    parts.terms.forEach((values, t) => {
      for (let k = 0; k < rows.length; k++) this.#terms[t]! += values[rows[k]!]!
    })
    parts.pairs.forEach(([a, b], p) => {
      for (let k = 0; k < rows.length; k++) {
        const [x, y] = [a[rows[k]!]!, b[rows[k]!]!]
        this.#pairs[3 * p]! += x
        this.#pairs[3 * p + 1]! += y
        this.#pairs[3 * p + 2]! += x * y
      }
    })
  }

  /** @throws Error when no row was added */
  means(): DeclaredBackground {
    const rows = this.#rows
    if (rows === 0) throw new Error('a background needs at least one row')
    const terms = Array.from(this.#terms, (sum) => sum / rows)
    const pairs = this.#fn.pairs.map((_, p) => ({
      first: this.#pairs[3 * p]! / rows,
      second: this.#pairs[3 * p + 1]! / rows,
      product: this.#pairs[3 * p + 2]! / rows,
    }))
    let base = this.#fn.intercept
    for (const mean of terms) base += mean
    pairs.forEach(({ product }, p) => {
      base += this.#fn.pairs[p]!.weight * product
    })
    return { rows, terms, pairs, base }
  }
}

/**
 * Shapley values of rows, in log-odds: base + sum over players = the function.
 * @param playerOf whose each factor is: every factor its own player, or a dimension for many of them
 * @param players how many
 * @returns players x rows, player-major
 */
export const declaredShapley = (
  fn: DeclaredFunction,
  parts: DeclaredParts,
  rows: number,
  background: DeclaredBackground,
  playerOf: (factor: string) => number,
  players: number,
): Float64Array => {
  const phi = new Float64Array(players * rows)
  fn.terms.forEach(({ factor }, t) => {
    const [values, mean, at] = [parts.terms[t]!, background.terms[t]!, playerOf(factor) * rows]
    for (let i = 0; i < rows; i++) phi[at + i]! += values[i]! - mean
  })
  fn.pairs.forEach(({ factors: [j, k], weight }, p) => {
    const [a, b] = parts.pairs[p]!
    const { first, second, product } = background.pairs[p]!
    const [one, two] = [playerOf(j) * rows, playerOf(k) * rows]
    for (let i = 0; i < rows; i++) {
      const [x, y] = [a[i]!, b[i]!]
      // Split from the whole: of one group it is the whole of it that comes together again.
      phi[one + i]! += (weight / 2) * (x * y - first * y + x * second - product)
      phi[two + i]! += (weight / 2) * (x * y - x * second + first * y - product)
    }
  })
  return phi
}
