/**
 * Cholesky factors of symmetric positive definite matrices, n x n, row-major; only the lower triangle is read.
 * Golub & Van Loan, Matrix Computations, 4th ed., section 4.2.
 */

/** Solves L L' x = b in place of `b`. */
export const choleskySolve = (l: Float64Array, n: number, b: Float64Array): Float64Array => {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!
    for (let k = 0; k < i; k++) sum -= l[i * n + k]! * b[k]!
    b[i] = sum / l[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i]! * b[k]!
    b[i] = sum / l[i * n + i]!
  }
  return b
}

/** The inverse of L L', full n x n. */
export const choleskyInverse = (l: Float64Array, n: number): Float64Array => {
  const inverse = new Float64Array(n * n)
  const column = new Float64Array(n)
  for (let j = 0; j < n; j++) {
    column.fill(0)
    column[j] = 1
    choleskySolve(l, n, column)
    inverse.set(column, j * n)
  }
  return inverse
}

/**
 * Replaces the lower triangle of `a` by L with L L' = a. An index whose pivot is not above `tolerance` times its diagonal, so that its
 * column is (nearly) a combination of earlier ones, is left out: its row and column of L are 0 with Infinity on the diagonal, so that solving gives it 0, and so does the inverse.
 *
 * @returns the indices left out, rising
 */
export const choleskyLeavingOut = (a: Float64Array, n: number, tolerance = 1e-12): number[] => {
  const out: number[] = []
  const isOut = new Uint8Array(n)
  for (let i = 0; i < n; i++) {
    const row = a.subarray(i * n, i * n + i + 1)
    const diagonal = row[i]!
    let pivot = diagonal
    for (let j = 0; j < i; j++) {
      if (isOut[j]) {
        row[j] = 0
        continue
      }
      const other = a.subarray(j * n, j * n + j + 1)
      let sum = row[j]!
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!
      row[j] = sum / other[j]!
      pivot -= row[j]! * row[j]!
    }
    if (pivot > tolerance * diagonal) row[i] = Math.sqrt(pivot)
    else {
      out.push(i)
      isOut[i] = 1
      row.fill(0)
      row[i] = Number.POSITIVE_INFINITY
    }
  }
  return out
}
