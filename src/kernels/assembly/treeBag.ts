// The rows of one tree: kernels/trees/bag.ts, and their entries.
import { below } from './random'
import {
  COUNTS, DRAWS, ENTRIES, GROUP_ROWS, GROUP_START, MOST_DRAWS, REPLACE, ROWS, TARGET, UNITS, WEIGHTS,
} from './treeJob'

/** Draws units (rows or groups); counts of groups stand at `counts` first and are spread to their rows through `spare`. */
export function drawBag(job: usize, counts: usize, spare: usize): void {
  const units = load<u32>(job, UNITS)
  const draws = load<u32>(job, DRAWS)
  const groups = <usize>load<u32>(job, GROUP_START)
  const drawn = groups ? spare : counts
  memory.fill(drawn, 0, <usize>units << 1)
  if (load<u32>(job, REPLACE)) drawWith(drawn, units, draws)
  else drawWithout(drawn, units, draws)
  if (!groups) return
  const rows = <usize>load<u32>(job, GROUP_ROWS)
  for (let g: usize = 0; g < <usize>units; g++) {
    const count = load<u16>(drawn + (g << 1))
    const to = load<u32>(groups + (g << 2), 4)
    for (let p = load<u32>(groups + (g << 2)); p < to; p++) {
      store<u16>(counts + ((<usize>load<u32>(rows + (<usize>p << 2))) << 1), count)
    }
  }
}

function drawWith(drawn: usize, units: u32, draws: u32): void {
  for (let d: u32 = 0; d < draws; d++) {
    const at = drawn + ((<usize>below(units)) << 1)
    store<u16>(at, load<u16>(at) + 1)
  }
}

function drawWithout(drawn: usize, units: u32, draws: u32): void {
  let left = draws
  for (let unit: u32 = 0; left > 0 && unit < units; unit++) {
    if (draws < units && below(units - unit) >= left) continue
    store<u16>(drawn + ((<usize>unit) << 1), 1)
    left--
  }
}

/** Most draws of a row in the last call of fillEntries. */
export let mostDraws: u32 = 0

/** The entries of drawn rows, rising; their number. */
export function fillEntries(job: usize, desk: usize): u32 {
  const rows = load<u32>(job, ROWS)
  const target = <usize>load<u32>(job, TARGET)
  const weights = <usize>load<u32>(job, WEIGHTS)
  const counts = <usize>load<u32>(desk, COUNTS)
  const entries = <usize>load<u32>(desk, ENTRIES)
  let at = entries
  let most: u32 = 0
  for (let row: u32 = 0; row < rows; row++) {
    const draws = <u32>load<u16>(counts + ((<usize>row) << 1))
    const taken = draws > 0 && (!weights || load<f64>(weights + ((<usize>row) << 3)) > 0)
    most = max(most, draws)
    store<u32>(at, row | (min(draws, MOST_DRAWS) << 26) | (<u32>load<u8>(target + <usize>row) << 31))
    at += <usize>taken << 2
  }
  mostDraws = most
  return <u32>((at - entries) >> 2)
}
