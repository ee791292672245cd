/** Where rising values are cut into bins of about equal mass. */

/**
 * Positions after which to cut: at most `most` - 1 of them. A bin closes once it holds its share of what is left, so that one heavy
 * value does not starve the bins after it.
 * @param mass of each distinct value (or bucket of values), rising; 0 or more
 */
export const cutsBetween = (mass: ArrayLike<number>, most: number): number[] => {
  const cuts: number[] = []
  let left = 0
  for (let k = 0; k < mass.length; k++) left += mass[k]!
  let held = 0
  for (let k = 0; k < mass.length - 1 && cuts.length < most - 1; k++) {
    held += mass[k]!
    if (held === 0 || held < left / (most - cuts.length)) continue
    cuts.push(k)
    left -= held
    held = 0
  }
  return cuts
}

/**
 * The same for buckets, which are cut where the mass comes nearest to a share: every cut is off its place by no more than half a
 * bucket, and what is off is not handed on to the cuts after it. A heavy bucket stands alone.
 */
export const nearestCuts = (mass: ArrayLike<number>, most: number): number[] => {
  const cuts: number[] = []
  let left = 0
  for (let k = 0; k < mass.length; k++) left += mass[k]!
  let held = 0
  for (let k = 0; k < mass.length - 1 && cuts.length < most - 1; k++) {
    held += mass[k]!
    const share = left / (most - cuts.length)
    if (held <= 0 || held + mass[k + 1]! / 2 < share) continue
    cuts.push(k)
    const over = held - share
    const heavy = Math.abs(over) > share / 2
    left -= heavy ? held : share
    held = heavy ? 0 : over
  }
  return cuts
}

/** Different values in rising order, -0 as 0. */
export interface Runs {
  values: Float64Array
  /** how often each stands there */
  counts: Float64Array
  /** how many there are, counted as often */
  present: number
}

/** The different values of a rising array and how often each stands in it. */
export const distinctRuns = (rising: Float64Array): Runs => {
  const values = new Float64Array(rising.length)
  const counts = new Float64Array(rising.length)
  let n = 0
  for (let i = 0; i < rising.length; i++) {
    const x = rising[i]!
    if (n === 0 || x !== values[n - 1]) values[n++] = x
    counts[n - 1]!++
  }
  return { values: values.slice(0, n), counts: counts.slice(0, n), present: rising.length }
}
