/** Outer products of scores summed over clusters: the middle of a cluster-robust covariance. */
import { sigmoid } from '../numbers/elementary.ts'
import { type LogisticData, linearMargins } from './logisticData.ts'
import { type Scaling, unscaled } from './scaling.ts'

/** Clusters whose scores are held at a time. */
const CLUSTERS = 256

/**
 * Sum over clusters of s s' with s = sum over its rows of weight x (y - p) x, in working coordinates, lower triangle; times
 * G / (G - 1) x (N - 1) / (N - n) for G clusters and N rows with weight, the usual correction for few clusters.
 *
 * @param beta in working coordinates
 * @param groups number of each row's cluster, 0, 1, ...
 * @returns undefined where they say nothing of how scores vary: one cluster, no more rows with weight than coefficients
 */
export const clusterScores = (
  data: LogisticData,
  scaling: Scaling,
  beta: Float64Array,
  groups: Int32Array,
): { meat: Float64Array; clusters: number } | undefined => {
  const { rows, columns, target, weights, values } = data
  const n = columns + 1
  const residual = linearMargins(data, unscaled(beta, scaling))
  for (let i = 0; i < rows; i++) {
    const sign = target[i] ? 1 : -1
    residual[i] = sign * (weights ? weights[i]! : 1) * sigmoid(-sign * residual[i]!)
  }
  const { order, start } = byCluster(groups, weights)
  const clusters = start.length - 1
  const meat = new Float64Array(n * n)
  const scores = new Float64Array(n * CLUSTERS)
  for (let first = 0; first < clusters; first += CLUSTERS) {
    const count = Math.min(CLUSTERS, clusters - first)
    for (let j = 0; j < n; j++) {
      const column = values.subarray((j - 1) * rows, j * rows)
      const center = scaling.centers[j]!
      const scale = scaling.scales[j]!
      for (let c = 0; c < count; c++) {
        let sum = 0
        for (let k = start[first + c]!; k < start[first + c + 1]!; k++) {
          const row = order[k]!
          sum += residual[row]! * (j === 0 ? 1 : (column[row]! - center) * scale)
        }
        scores[j * CLUSTERS + c] = sum
      }
    }
    for (let j = 0; j < n; j++) {
      const a = scores.subarray(j * CLUSTERS, j * CLUSTERS + count)
      for (let k = 0; k <= j; k++) {
        const b = scores.subarray(k * CLUSTERS, k * CLUSTERS + count)
        let s0 = 0
        let s1 = 0
        let c = 0
        for (; c + 1 < count; c += 2) {
          s0 += a[c]! * b[c]!
          s1 += a[c + 1]! * b[c + 1]!
        }
        if (c < count) s0 += a[c]! * b[c]!
        meat[j * n + k]! += s0 + s1
      }
    }
  }
  const counted = order.length
  if (clusters < 2 || counted <= n) return undefined
  const correction = ((clusters / (clusters - 1)) * (counted - 1)) / (counted - n)
  return { meat: meat.map((m) => m * correction), clusters }
}

/** Rows with weight, cluster after cluster; clusters without any are left out. */
const byCluster = (groups: Int32Array, weights?: Float64Array): { order: Int32Array; start: Int32Array } => {
  const sizes: number[] = []
  for (let i = 0; i < groups.length; i++) {
    const g = groups[i]!
    while (sizes.length <= g) sizes.push(0)
    if (weights?.[i] !== 0) sizes[g]!++
  }
  const position = new Int32Array(sizes.length)
  const starts = [0]
  let sum = 0
  sizes.forEach((size, g) => {
    position[g] = sum
    sum += size
    if (size > 0) starts.push(sum)
  })
  const order = new Int32Array(sum)
  for (let i = 0; i < groups.length; i++) if (weights?.[i] !== 0) order[position[groups[i]!]!++] = i
  return { order, start: Int32Array.from(starts) }
}
