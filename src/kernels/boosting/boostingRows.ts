/** What a boosting is trained on beside the bins, and how its trees draw from it. */
export interface BoostingRows {
  /** 1 = bad, 0 = good */
  target: Uint8Array
  /** 0 or more, rows of 0 are left out; absent: 1 for every row */
  weight?: Float64Array | undefined
  /** 1: held out, for early stopping; absent: none */
  held?: Uint8Array | undefined
  /** rows drawn together: those of group g are rows[start[g]] .. rows[start[g + 1] - 1]; absent: every row by itself */
  groups?: { start: Int32Array; rows: Int32Array } | undefined
  /** 1, -1 or 0 for each column */
  monotone: Int8Array
  /** four key words for each round */
  keys: (round: number) => Uint32Array
}
