import type { Matrix } from '../matrix/matrix.ts'

/** Attributions of a model's additive output (log-odds, or mean probability), before they become points. */
export interface Contributions {
  /** players x rows asked for, player-major */
  factors: Float64Array
  /** the game whose players are the dimensions */
  dimensions: Float64Array
  /**
   * standard errors of `factors` where these are against background rows that were drawn one by one: how far they may be from those against all
   * the rows that were drawn of
   */
  errors?: Float64Array
}

/** What attributes the output of one model, some rows at a time. */
export interface Contributor {
  /** output of the background: output of a row = base + sum of its contributions */
  readonly base: number
  /** rows that are worked out together where that takes long; absent: any number */
  readonly together?: number
  /** contributions of all rows of `x`, which is of the model's encoding */
  of(x: Matrix): Promise<Contributions>
}

/** Which factor and which dimension each column of X belongs to. */
export interface Players {
  factorOfColumn: Int32Array
  factors: number
  dimensionOfColumn: Int32Array
  dimensions: readonly string[]
}
