/** Where values of a factor lie on the axis of a chart: as they are, or by their logarithm where most of them would stand in a corner. */
import { count, plain } from '../numbers.ts'

/** Places on an axis from 0 to 1. */
export interface ValueScale {
  kind: 'linear' | 'log'
  /** 0 for the lowest value of the axis, 1 for the highest */
  at: (value: number) => number
  ticks: { at: number; label: string }[]
}

/** Less of the axis than this for the middle half of the values, and a logarithm is tried. */
const CROWDED = 0.1
const MOST_TICKS = 5

const quantileOf = (sorted: readonly number[], q: number): number => sorted[Math.round(q * (sorted.length - 1))]!

/** 1,200,000 → 1.2M: ticks have little room. */
const tickLabel = (x: number): string => {
  const size = Math.abs(x)
  const [unit, sign] = size >= 1e9 ? [1e9, 'B'] : size >= 1e6 ? [1e6, 'M'] : size >= 1e4 ? [1e3, 'k'] : [1, '']
  const short = Number((x / unit).toPrecision(3))
  return `${Number.isInteger(short) ? count(short) : plain(short)}${sign}`
}

/** Round steps, at most so many within the limits. */
const linearTicks = (low: number, high: number): number[] => {
  if (!(high > low)) return [low]
  const power = 10 ** Math.floor(Math.log10((high - low) / MOST_TICKS))
  const step = [1, 2, 5, 10, 20]
    .map((k) => k * power)
    .find((s) => Math.floor(high / s) - Math.ceil(low / s) < MOST_TICKS)!
  const first = Math.ceil(low / step - 1e-9)
  const ticks = Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => (first + k) * step)
  return ticks.map((t) => Number(t.toPrecision(12)))
}

/** Powers of ten from the unit up, on both sides of zero, thinned. */
const logTicks = (low: number, high: number, unit: number): number[] => {
  const powers = (most: number): number[] => {
    const all: number[] = []
    for (let t = unit; t <= most * (1 + 1e-9); t *= 10) all.push(Number(t.toPrecision(6)))
    return all
  }
  const above = powers(high)
  const below = powers(-low).map((t) => -t)
  const all = [...below.reverse(), ...(low <= 0 && high >= 0 ? [0] : []), ...above].filter((t) => t >= low)
  const step = Math.ceil(all.length / MOST_TICKS)
  const from = Math.max(0, all.indexOf(0)) % step
  return all.filter((_, i) => i % step === from)
}

/**
 * The scale for values as they are spread: linear, or the signed logarithm sign(v) ln(1 + |v| / unit) where that leaves the middle half
 * of the values that are not zero more room. The unit is the power of ten below all but a twentieth of them.
 * @param values without missing ones; what lies between is not needed: the limits of bins do
 */
export const valueScale = (values: readonly number[], only?: 'linear' | 'log'): ValueScale => {
  const sorted = values.toSorted((a, b) => a - b)
  const low = sorted[0] ?? 0
  const high = sorted.at(-1) ?? 1
  const linear = (v: number): number => (high > low ? (v - low) / (high - low) : 0.5)
  const other = sorted.filter((v) => v !== 0)
  const sizes = other.map(Math.abs).toSorted((a, b) => a - b)
  const unit = sizes.length ? 10 ** Math.floor(Math.log10(quantileOf(sizes, 0.05))) : 1
  const bent = (v: number): number => Math.sign(v) * Math.log1p(Math.abs(v) / unit)
  const log = (v: number): number => (high > low ? (bent(v) - bent(low)) / (bent(high) - bent(low)) : 0.5)
  const room = (at: (v: number) => number): number =>
    other.length ? at(quantileOf(other, 0.75)) - at(quantileOf(other, 0.25)) : 1
  const kind = only ?? (room(linear) < CROWDED && room(log) > room(linear) ? 'log' : 'linear')
  const at = kind === 'log' ? log : linear
  const ticks = kind === 'log' ? logTicks(low, high, unit) : linearTicks(low, high)
  return { kind, at, ticks: ticks.map((t) => ({ at: at(t), label: tickLabel(t) })) }
}
