import type { FactorFrame } from '../../matrix/frame.ts'
import type { Random } from '../../util/random.ts'

/** The frame without the factors of a dimension. */
export const withoutDimension = (frame: FactorFrame, dimension: string): FactorFrame => ({
  ...frame,
  factors: frame.factors.filter((factor) => factor.dimension !== dimension),
})

/**
 * The frame with the factors of a dimension dealt anew among its rows, all of them by the same order: what they say of each other stays, what they
 * say of the person goes.
 */
export const permuteDimension = (frame: FactorFrame, dimension: string, random: Random): FactorFrame => {
  const order = random.shuffle(Int32Array.from({ length: frame.rows }, (_, i) => i))
  const numbers = { ...frame.numbers }
  const categories = { ...frame.categories }
  for (const { name, dimension: own } of frame.factors) {
    if (own !== dimension) continue
    const values = numbers[name]
    if (values) numbers[name] = Float64Array.from(order, (i) => values[i]!)
    const texts = categories[name]
    if (texts) categories[name] = Array.from(order, (i) => texts[i]!)
  }
  return { ...frame, numbers, categories }
}
