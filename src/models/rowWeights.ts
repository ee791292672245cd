/** Weights of training rows: those of the sample times those of the classes. */
import { usageError } from '../util/errors.ts'
import { checkNumber } from './checkOptions.ts'
import type { FitOptions } from './model.ts'

/** balanced: both classes weigh as much together, half of all rows each; or the weights of a good and of a bad row */
export type ClassWeight = 'balanced' | readonly [good: number, bad: number]

/** Products and squares of sums of such weights are far from the end of doubles. */
const MOST_WEIGHT = 1e12

export const checkClassWeight = (value: ClassWeight | undefined): ClassWeight | undefined => {
  if (value === undefined || value === 'balanced') return value
  if (!Array.isArray(value) || value.length !== 2)
    throw usageError('invalid option of a learner', {
      option: 'classWeight',
      expected: 'balanced, or the weights of a good and of a bad row',
      got: value,
    })
  const [good, bad] = value.map((w, k) => checkNumber(`classWeight[${k}]`, w, { above: 0, max: MOST_WEIGHT }))
  return [good!, bad!]
}

/** @returns one a row, or undefined where every row weighs 1. @throws on a weight below 0, or a class without any */
export const rowWeights = (
  target: Uint8Array,
  classWeight: ClassWeight | undefined,
  sampleWeight: Float64Array | undefined,
): Float64Array | undefined => {
  if (sampleWeight && sampleWeight.length !== target.length)
    throw usageError('sample weights and rows differ in number', {
      option: 'sampleWeight',
      expected: `${target.length}, one for each row`,
      got: sampleWeight.length,
    })
  if (!classWeight && !sampleWeight) return undefined
  const sums = [0, 0]
  for (let i = 0; i < target.length; i++) {
    const weight = sampleWeight ? sampleWeight[i]! : 1
    if (!(weight >= 0 && weight <= MOST_WEIGHT))
      throw usageError('invalid sample weight', {
        option: 'sampleWeight',
        row: i,
        expected: 'a number of 0 or more up to 1e12',
        got: weight,
      })
    sums[target[i]!]! += weight
  }
  if (!(sums[0]! > 0 && sums[1]! > 0))
    throw usageError('sample weights leave one outcome only', { expected: 'good and bad rows with weights above 0' })
  const [good, bad] =
    classWeight === 'balanced' ? sums.map((sum) => (sums[0]! + sums[1]!) / (2 * sum)) : (classWeight ?? [1, 1])
  return Float64Array.from(target, (t, i) => (sampleWeight ? sampleWeight[i]! : 1) * (t ? bad! : good!))
}

/** For learners that know no weights of rows. @throws GlasscoreError('usage') when they are given */
export const refuseWeights = (learner: string, { sampleWeight }: FitOptions): void => {
  if (sampleWeight)
    throw usageError(`${learner} knows no weights of rows`, {
      option: 'sampleWeight',
      expected: 'none',
      got: `${sampleWeight.length} weights`,
    })
}
