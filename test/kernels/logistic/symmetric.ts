/** Drawn vectors and symmetric matrices of a size, matrices as their lower triangle in n x n numbers. */
import { type Random, random } from '../../../src/util/random.ts'

export const symmetric = (n: number, seed: number) => {
  const r = random(seed)
  const normals = (draw: Random, count: number): Float64Array =>
    Float64Array.from({ length: count }, () => draw.normal())
  return {
    vector: (name: string): Float64Array => normals(r.fork(name), n),
    /** A'A + I */
    positive: (name: string): Float64Array => {
      const a = normals(r.fork(name), n * n)
      const out = new Float64Array(n * n)
      for (let i = 0; i < n; i++)
        for (let j = 0; j <= i; j++) {
          for (let k = 0; k < n; k++) out[i * n + j]! += a[i * n + k]! * a[j * n + k]!
          if (i === j) out[i * n + j]! += 1
        }
      return out
    },
    times: (lower: Float64Array, x: Float64Array): Float64Array =>
      Float64Array.from({ length: n }, (_, i) =>
        x.reduce((sum, v, j) => sum + lower[Math.max(i, j) * n + Math.min(i, j)]! * v, 0),
      ),
  }
}
