/**
 * A column too long to sort: its edges are sought among the values of a sample. The sample gives splitters, all rows are counted
 * between them, and edges lie at the splitters whose exact ranks come nearest to the quantiles. So only the candidates are drawn;
 * their ranks are those of all rows.
 */
import { cutsBetween, type Runs } from './cuts.ts'

/** Values that a sample has. */
export const SAMPLE = 32_768
/** Buckets that splitters are to make of values that are all different: four for each of 255 bins, 32 of the sample each. */
const BUCKETS = 1024
/** Most splitters: searched in 11 steps. */
export const MOST_SPLITTERS = 2047

/** A number 0 <= x < 1 from a position: the same on every machine (a multiplicative hash in 32 bits). */
const jitter = (k: number): number => {
  let h = Math.imul(k ^ 0x2545f491, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32
}

/** Positions of a sample out of `count`: one anywhere in each of `SAMPLE` stretches of equal length, in rising order. */
export const samplePositions = (count: number): Int32Array => {
  const size = Math.min(SAMPLE, count)
  return Int32Array.from({ length: size }, (_, k) => Math.min(count - 1, Math.floor(((k + jitter(k)) * count) / size)))
}

/** The same by mass: stretches of equal weight. A row stands in it again and again when it weighs as much as several stretches. */
export const weightedPositions = (weights: Float64Array): Int32Array => {
  let total = 0
  for (const weight of weights) total += weight
  const size = Math.min(SAMPLE, weights.length)
  const positions = new Int32Array(size)
  let row = 0
  let passed = weights[0]!
  for (let k = 0; k < size; k++) {
    const at = ((k + jitter(k)) * total) / size
    while (passed <= at && row < weights.length - 1) passed += weights[++row]!
    positions[k] = row
  }
  return positions
}

/**
 * Splitters from a sample: all its values when they are few, else values at its quantiles. A value that alone fills a bucket
 * gets one for itself: the value below it is a splitter too.
 * @returns `all`: no value of the sample is left out
 */
export const chooseSplitters = ({ values, counts, present }: Runs): { splitters: Float64Array; all: boolean } => {
  if (values.length <= MOST_SPLITTERS) return { splitters: values, all: true }
  const cuts = cutsBetween(counts, BUCKETS)
  const heavy = present / BUCKETS
  const chosen = new Set(cuts)
  for (const k of cuts) {
    if (chosen.size >= MOST_SPLITTERS) break
    if (k > 0 && counts[k]! >= heavy) chosen.add(k - 1)
  }
  const rising = [...chosen].sort((a, b) => a - b)
  return { splitters: Float64Array.from(rising, (k) => values[k]!), all: false }
}
