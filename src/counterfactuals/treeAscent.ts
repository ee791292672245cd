/**
 * Multipliers under which the bound is high: the volume algorithm (Barahona & Anbil 2000, doi:10.1007/s101070050002), which steps along a running mean
 * of the slopes from the best multipliers that it has met.
 */
import type { Multipliers, TreeDual } from './treeDual.ts'

export interface AscentOptions {
  /** evaluations of the bound, at most */
  rounds: number
  /** cost of the cheapest point known: the ascent ends where the bound reaches it, and steps are measured by what is missing */
  limit: number
  /** called with the candidates that the variables take in each round; returns the cost of the cheapest point known now */
  seen?: (picks: Int32Array) => number
}

export interface Ascended {
  multipliers: Multipliers
  bound: number
  rounds: number
  /** running mean of the slopes */
  mean: Float64Array
}

const AGREED = 1e-12
/** Rounds without a better bound after which steps are shortened. */
const PATIENCE = 10

export const ascend = (
  dual: Pick<TreeDual, 'at'>,
  start: Multipliers,
  { rounds, limit, seen }: AscentOptions,
): Ascended => {
  let known = limit
  const first = dual.at(start)
  if (seen) known = Math.min(known, seen(first.picks))
  let best = start
  let bound = first.bound
  const mean = first.slope
  const n = mean.length
  let scale = 0.1
  let share = 0.1
  let stale = 0
  let checkpoint = bound
  let round = 1
  for (; round < rounds && bound < known; round++) {
    let norm = 0
    for (let i = 0; i < n; i++) norm += mean[i]! * mean[i]!
    const wanted = Math.min(known, bound + 0.3 * Math.abs(bound) + 0.3)
    const step = (scale * Math.max(1.05 * wanted - bound, 1e-4)) / Math.max(norm, AGREED)
    const there = best.slice()
    for (let i = 0; i < n; i++) there[i]! += step * mean[i]!
    if (there[n - 1]! < 0) there[n - 1] = 0
    const asked = dual.at(there)
    const { slope } = asked
    if (seen) known = Math.min(known, seen(asked.picks))
    // The share of the new slope that makes the mean shortest.
    let [across, apart, along] = [0, 0, 0]
    for (let i = 0; i < n; i++) {
      const d = slope[i]! - mean[i]!
      across -= mean[i]! * d
      apart += d * d
      along += mean[i]! * slope[i]!
    }
    const ideal = apart > 0 ? across / apart : share
    const alpha = ideal <= 0 ? share / 10 : Math.min(ideal, share)
    for (let i = 0; i < n; i++) mean[i]! += alpha * (slope[i]! - mean[i]!)
    if (asked.bound > bound) {
      bound = asked.bound
      best = there
      stale = 0
      if (along > 0) scale = Math.min(scale * 1.1, 2)
    } else if (++stale >= PATIENCE) {
      scale = Math.max(scale * 0.66, 1e-5)
      stale = 0
    }
    if (round % 50 === 0) {
      if (bound < checkpoint + 0.01 * Math.abs(checkpoint) && share > 1e-3) share /= 2
      checkpoint = bound
    }
  }
  return { multipliers: best, bound, rounds: round, mean }
}
