// The smallest kernel: sums, for the tests of memory and threads.
import { barrier, fail, take } from './team'

export { fail as teamFail }

/** Sum of `count` doubles from `values`. */
export function sumOf(values: usize, count: u32): f64 {
  let sum: f64 = 0
  for (let i: u32 = 0; i < count; i++) sum += load<f64>(values + ((<usize>i) << 3))
  return sum
}

/** Every thread takes stretches of `stretch` doubles and writes their sums to `sums`; after the barrier each adds all of them, in order. */
export function teamSum(values: usize, count: u32, stretch: u32, sums: usize, control: usize, threads: u32): f64 {
  const parts = (count + stretch - 1) / stretch
  for (let k = take(control); k < parts; k = take(control)) {
    const from = k * stretch
    const length = min(stretch, count - from)
    store<f64>(sums + ((<usize>k) << 3), sumOf(values + ((<usize>from) << 3), length))
  }
  barrier(control, threads)
  return sumOf(sums, parts)
}
