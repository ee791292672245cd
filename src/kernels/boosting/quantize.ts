/** Gradients as whole numbers: the readable twin of assembly/boostingGradients.ts. */
import { type BoosterData, bitsOf, exactUnits } from './grownTree.ts'
import type { Scale } from './readableSplit.ts'

/** Quantized gradients and Hessians of all rows. */
export interface Quantized {
  gradient: Int32Array
  hessian: Int32Array
  scale: Scale
}

/** A well mixed 32-bit word from two (the finalizer of MurmurHash3, A. Appleby). */
export const mixed = (a: number, b: number): number => {
  let x = Math.imul(a, 0x9e3779b1) ^ b
  x ^= x >>> 16
  x = Math.imul(x, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

/** Bits of a row's dither: half of a word for the gradient, half for the Hessian. */
const DITHER = 1 / 65536

/**
 * Gradient (p - y) w and Hessian p (1 - p) w of the log loss times a number of units, plus a number in [0, 1) that row and seed decide,
 * rounded down: on average over rows nothing is lost (Shi et al. 2022, Quantized training of gradient boosting decision trees,
 * arXiv:2207.09682). Units are as many as the packed sums of all rows have room for.
 */
export const quantize = (data: BoosterData, probabilities: Float64Array, seed: number): Quantized => {
  const { rows, target, weight } = data
  const most = weight ? weight.reduce((a, b) => Math.max(a, b), 0) : 1
  const units = exactUnits(rows, most)
  const weightOf = (row: number): number => (weight ? weight[row]! : 1)
  let g = 0
  let h = 0
  for (let i = 0; i < rows; i++) {
    const p = probabilities[i]!
    g += Math.floor(Math.abs(p - target[i]!) * weightOf(i) * units)
    h += Math.floor(p * (1 - p) * weightOf(i) * units)
  }
  const bits = bitsOf(rows)
  const slack = 8 * Math.sqrt(rows) + 16
  const gMost = 2 ** (63 - bits.count - bits.hessian) - 1 - slack
  const hMost = 2 ** bits.hessian - 1 - slack
  const gUnits = Math.min(gMost / ((g + rows) / units), 32000 / most)
  const hUnits = Math.min(hMost / ((h + rows) / units), 240000 / most)
  const gradient = new Int32Array(rows)
  const hessian = new Int32Array(rows)
  for (let i = 0; i < rows; i++) {
    const p = probabilities[i]!
    const dither = mixed(i, seed)
    gradient[i] = Math.floor((p - target[i]!) * weightOf(i) * gUnits + (dither & 0xffff) * DITHER)
    hessian[i] = Math.floor(p * (1 - p) * weightOf(i) * hUnits + (dither >>> 16) * DITHER)
  }
  return { gradient, hessian, scale: { gradient: 1 / gUnits, hessian: 1 / hUnits } }
}
