/** Sum of all weights, and of those of bad rows. */
export const weightsOf = (target: Uint8Array, weights?: Float64Array | undefined): { total: number; bad: number } => {
  let total = 0
  let bad = 0
  for (let i = 0; i < target.length; i++) {
    const weight = weights ? weights[i]! : 1
    total += weight
    if (target[i]) bad += weight
  }
  return { total, bad }
}
