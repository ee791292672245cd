/**
 * The observational game of a linear function of Gaussian columns. With X ~ N(m, C), f = a + b'X and a coalition that knows the columns S,
 *
 *     v(S) = E[f | X_S = x_S] = f(m) + c_S' (x - m)_S,     C_SS c_S = (C b)_S
 *
 * (conditional mean of a Gaussian; Aas, Jullum & Loland 2021, doi:10.1016/j.artint.2021.103502). So Shapley values are linear in x - m, and
 * all that depends on coalitions is one matrix, players x columns, for any number of rows.
 */
import { usageError } from '../../util/errors.ts'

/** A linear function, the covariance of its columns, and whose each column is. */
export interface GaussianGame {
  /** one a column */
  coefficients: Float64Array
  /** columns x columns, positive definite */
  covariance: Float64Array
  /** 0 .. players - 1, one a column */
  playerOfColumn: Int32Array
  players: number
}

/** A pivot below this share of its variance: the column is a combination of others. */
const SINGULAR = 1e-13

/** Columns that are known, with the Cholesky factor of their covariance: one column more costs one row of it. */
export class KnownColumns {
  readonly #game: GaussianGame
  readonly #columns: number
  readonly #columnsOf: readonly number[][]
  /** C b */
  readonly #target: Float64Array
  readonly #order: Int32Array
  readonly #factor: Float64Array
  /** solution y of L y = (C b)_S */
  readonly #forward: Float64Array
  readonly #solution: Float64Array
  #count = 0

  constructor(game: GaussianGame) {
    const { coefficients, covariance, playerOfColumn, players } = game
    const n = coefficients.length
    this.#game = game
    this.#columns = n
    this.#columnsOf = Array.from({ length: players }, () => [])
    playerOfColumn.forEach((player, j) => {
      this.#columnsOf[player]!.push(j)
    })
    this.#target = new Float64Array(n)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) this.#target[j]! += covariance[j * n + k]! * coefficients[k]!
    this.#order = new Int32Array(n)
    this.#factor = new Float64Array(n * n)
    this.#forward = new Float64Array(n)
    this.#solution = new Float64Array(n)
  }

  /** How many are known. */
  get count(): number {
    return this.#count
  }

  /** Forgets all but the first `count`. */
  keep(count: number): void {
    this.#count = count
  }

  /** @throws GlasscoreError('usage') when the covariance is not positive definite */
  add(player: number): void {
    for (const column of this.#columnsOf[player]!) this.#addColumn(column)
  }

  #addColumn(column: number): void {
    const n = this.#columns
    const { covariance } = this.#game
    const l = this.#factor
    const m = this.#count
    const variance = covariance[column * n + column]!
    let pivot = variance
    let right = this.#target[column]!
    for (let i = 0; i < m; i++) {
      let sum = covariance[column * n + this.#order[i]!]!
      for (let k = 0; k < i; k++) sum -= l[i * n + k]! * l[m * n + k]!
      const value = sum / l[i * n + i]!
      l[m * n + i] = value
      pivot -= value * value
      right -= value * this.#forward[i]!
    }
    if (!(pivot > SINGULAR * variance))
      throw usageError('the covariance is not positive definite', {
        column: String(column),
        expected: 'no column that is a combination of others; more shrinkage makes it so',
        got: pivot / variance,
      })
    l[m * n + m] = Math.sqrt(pivot)
    this.#forward[m] = right / l[m * n + m]!
    this.#order[m] = column
    this.#count++
  }

  /** Adds `weight` times c_S to out[at + column], column by column. */
  addTo(out: Float64Array, at: number, weight: number): void {
    const m = this.#count
    for (let i = 0; i < m; i++) out[at + this.#order[i]!]! += weight * this.#solution[i]!
  }

  /** Works c_S out, for `addTo`. */
  solve(): void {
    const n = this.#columns
    const m = this.#count
    const l = this.#factor
    const c = this.#solution
    if (m === n) {
      // All is known: these are the coefficients, without rounding.
      for (let i = 0; i < m; i++) c[i] = this.#game.coefficients[this.#order[i]!]!
      return
    }
    for (let i = m - 1; i >= 0; i--) {
      let sum = this.#forward[i]!
      for (let k = i + 1; k < m; k++) sum -= l[k * n + i]! * c[k]!
      c[i] = sum / l[i * n + i]!
    }
  }
}

/**
 * The matrix by enumeration of all coalitions: Shapley values = it times (x - m).
 * @returns players x columns, row-major; its rows sum to the coefficients
 */
export const gaussianWeights = (game: GaussianGame): Float64Array => {
  const { players, coefficients } = game
  const columns = coefficients.length
  const weights = new Float64Array(players * columns)
  const known = new KnownColumns(game)
  const inside = new Uint8Array(players)
  // joins[s] = s! (players - 1 - s)! / players!: how often s players are there when one more joins.
  const joins = new Float64Array(players)
  joins[0] = 1 / players
  for (let s = 1; s < players; s++) joins[s] = (joins[s - 1]! * s) / (players - s)
  const visit = (player: number, size: number): void => {
    if (player < players) {
      visit(player + 1, size)
      const before = known.count
      known.add(player)
      inside[player] = 1
      visit(player + 1, size + 1)
      inside[player] = 0
      known.keep(before)
      return
    }
    if (size === 0) return
    known.solve()
    for (let p = 0; p < players; p++) known.addTo(weights, p * columns, inside[p] ? joins[size - 1]! : -joins[size]!)
  }
  visit(0, 0)
  return weights
}

/**
 * What each player adds to the matrix when they join in this order; added to `out`, players x columns, times `weight`.
 * @param order every player once
 */
export const addGaussianOrder = (known: KnownColumns, order: Int32Array, out: Float64Array, weight: number): void => {
  const columns = out.length / order.length
  known.keep(0)
  for (let t = 0; t < order.length; t++) {
    known.add(order[t]!)
    known.solve()
    known.addTo(out, order[t]! * columns, weight)
    if (t + 1 < order.length) known.addTo(out, order[t + 1]! * columns, -weight)
  }
}
