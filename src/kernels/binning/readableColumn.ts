/** The readable twin of compiledColumn.ts. */
import { countBelow } from '../numbers/order.ts'
import { binValues, MISSING_BIN } from './bin.ts'
import type { ColumnKernels } from './columnKernels.ts'
import { distinctRuns } from './cuts.ts'

/** @param bins the column of bytes, one a row */
export const readableColumn = (bins: Uint8Array): ColumnKernels => {
  let buckets = new Uint16Array(0)
  return {
    distinct: (values) =>
      distinctRuns(
        values
          .filter((x) => !Number.isNaN(x))
          .map((x) => x + 0)
          .sort(),
      ),
    bin: (values, edges) => binValues(values, edges, bins),
    binMembers(values, members, from) {
      for (let i = from; i < values.length; i++) {
        const x = values[i]!
        const at = countBelow(members, x)
        if (!Number.isNaN(x) && members[at] !== x) return i
        bins[i] = Number.isNaN(x) ? MISSING_BIN : at
      }
      return values.length
    },
    count(values, splitters, weights) {
      const mass = new Float64Array(splitters.length + 1)
      const least = new Float64Array(splitters.length + 1).fill(Number.POSITIVE_INFINITY)
      buckets = new Uint16Array(values.length)
      values.forEach((x, i) => {
        if (Number.isNaN(x)) {
          buckets[i] = splitters.length + 1
          return
        }
        const bucket = countBelow(splitters, x)
        buckets[i] = bucket
        mass[bucket]! += weights ? weights[i]! : 1
        least[bucket] = Math.min(least[bucket]!, x)
      })
      return { mass, least }
    },
    fill(binOfBucket) {
      buckets.forEach((bucket, i) => {
        bins[i] = bucket < binOfBucket.length ? binOfBucket[bucket]! : MISSING_BIN
      })
    },
  }
}
