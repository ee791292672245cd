/** One variable of a tile of rows. */
import { CELL_OPS } from './cellProgram.ts'
import { type SeriesTile, TILE } from './seriesTile.ts'

/** a / b, missing where b is not above 0. */
const ratio = (a: number, b: number): number => (b > 0 ? a / b : Number.NaN)

/**
 * Reads the variable at `at` of `variables` (see CellProgram) for all rows of a tile into `out`.
 * @param divisor what sums, amounts and levels are divided by
 */
export const readValue = (
  tile: SeriesTile,
  variables: Int32Array,
  at: number,
  divisor: number,
  out: Float64Array,
): void => {
  const { slices, count, sum, largest, active, last, first, level } = tile
  const s = variables[at + 1]!
  const k = variables[at + 2]!
  const b = variables[at + 3]!
  const longer = variables[at + 4]!
  const own = (s * slices + k - 1) * TILE
  const other = (b * slices + k - 1) * TILE
  const whole = (s * slices + longer - 1) * TILE
  switch (variables[at]) {
    case CELL_OPS.count:
      for (let i = 0; i < TILE; i++) out[i] = count[own + i]!
      break
    case CELL_OPS.sum:
      for (let i = 0; i < TILE; i++) out[i] = sum[own + i]! / divisor
      break
    case CELL_OPS.mean:
      for (let i = 0; i < TILE; i++) out[i] = ratio(sum[own + i]!, count[own + i]!) / divisor
      break
    case CELL_OPS.largest:
      for (let i = 0; i < TILE; i++) out[i] = count[own + i]! > 0 ? largest[own + i]! / divisor : Number.NaN
      break
    case CELL_OPS.active:
      for (let i = 0; i < TILE; i++) out[i] = active[own + i]!
      break
    case CELL_OPS.peak:
      peak(tile, s, k, divisor, out)
      break
    case CELL_OPS.variation:
      variation(tile, s, k, out)
      break
    case CELL_OPS.last:
      for (let i = 0; i < TILE; i++) out[i] = finite(last[s * TILE + i]!)
      break
    case CELL_OPS.first:
      for (let i = 0; i < TILE; i++) out[i] = finite(first[s * TILE + i]!)
      break
    case CELL_OPS.flag:
      for (let i = 0; i < TILE; i++) out[i] = count[own + i]! > 0 ? 1 : 0
      break
    case CELL_OPS.countShare:
      for (let i = 0; i < TILE; i++) out[i] = ratio(count[own + i]!, count[other + i]!)
      break
    case CELL_OPS.sumShare:
      for (let i = 0; i < TILE; i++) out[i] = ratio(sum[own + i]!, sum[other + i]!)
      break
    case CELL_OPS.net:
      for (let i = 0; i < TILE; i++) out[i] = (sum[own + i]! - sum[other + i]!) / divisor
      break
    case CELL_OPS.countTrend:
      for (let i = 0; i < TILE; i++) out[i] = ratio(count[own + i]! * longer, count[whole + i]! * k)
      break
    case CELL_OPS.sumTrend:
      for (let i = 0; i < TILE; i++) out[i] = ratio(sum[own + i]! * longer, sum[whole + i]! * k)
      break
    case CELL_OPS.now:
      for (let i = 0; i < TILE; i++) out[i] = level[s * slices * TILE + i]! / divisor
      break
    case CELL_OPS.levelMean:
    case CELL_OPS.levelLeast:
    case CELL_OPS.levelMost:
      levels(tile, s, k, variables[at]!, divisor, out)
      break
    case CELL_OPS.change:
      for (let i = 0; i < TILE; i++)
        out[i] = (level[s * slices * TILE + i]! - level[(s * slices + k) * TILE + i]!) / divisor
      break
    default:
      throw new Error(`there is no operation ${variables[at]}`)
  }
}

const finite = (age: number): number => (Number.isFinite(age) ? age : Number.NaN)

const peak = ({ slices, inSlice }: SeriesTile, s: number, k: number, divisor: number, out: Float64Array): void => {
  out.fill(0)
  const from = s * slices * TILE
  for (let m = 0; m < k; m++)
    for (let i = 0; i < TILE; i++) out[i] = Math.max(out[i]!, inSlice[from + m * TILE + i]! / divisor)
}

/** Over the slices, those without anything included; divided by their number. */
const variation = ({ slices, inSlice, sum }: SeriesTile, s: number, k: number, out: Float64Array): void => {
  const from = s * slices * TILE
  for (let i = 0; i < TILE; i++) {
    const total = sum[from + (k - 1) * TILE + i]!
    if (!(total > 0)) {
      out[i] = Number.NaN
      continue
    }
    const mean = total / k
    let squares = 0
    for (let m = 0; m < k; m++) {
      const off = inSlice[from + m * TILE + i]! - mean
      squares += off * off
    }
    out[i] = Math.sqrt(squares / k) / mean
  }
}

const levels = (
  { slices, level }: SeriesTile,
  s: number,
  k: number,
  op: number,
  divisor: number,
  out: Float64Array,
): void => {
  const from = s * slices * TILE
  for (let i = 0; i < TILE; i++) {
    let known = 0
    let total = 0
    let least = Number.POSITIVE_INFINITY
    let most = Number.NEGATIVE_INFINITY
    for (let m = 0; m < k; m++) {
      const x = level[from + m * TILE + i]!
      if (Number.isNaN(x)) continue
      known++
      total += x
      if (x < least) least = x
      if (x > most) most = x
    }
    const value = op === CELL_OPS.levelMean ? total / known : op === CELL_OPS.levelLeast ? least : most
    out[i] = known > 0 ? value / divisor : Number.NaN
  }
}
