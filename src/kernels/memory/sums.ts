/** Sums: the smallest tasks, for the tests of pools and memory. */
import type { TaskThread } from '../taskThread.ts'

/** Sum of a stretch of numbers; an error at -Infinity. */
export const sumRange = (shared: { values: Float64Array }, part: { from: number; to: number }): number => {
  let sum = 0
  for (let i = part.from; i < part.to; i++) {
    const value = shared.values[i]!
    if (value === Number.NEGATIVE_INFINITY) throw new Error(`value ${i} is not finite`)
    sum += value
  }
  return sum
}

/** Sum of numbers in the memory of the kernels, added up by all threads; `sums` has room for one number a stretch. */
export const sumTeam = (
  shared: { values: number; count: number; stretch: number; sums: number; control: number },
  part: { failing?: number },
  { core, index, threads }: TaskThread,
): number => {
  if (part.failing === index) throw new Error(`thread ${index} fails`)
  const { values, count, stretch, sums, control } = shared
  return core.kernels['teamSum']!(values, count, stretch, sums, control, threads)
}
