import { expect, test } from 'vitest'
import { learnFromStep } from '../../../src/kernels/logistic/secant.ts'
import { SecantPairs } from '../../../src/kernels/logistic/secantPairs.ts'
import { choleskyLeavingOut, choleskySolve } from '../../../src/kernels/numbers/cholesky.ts'
import { symmetric } from './symmetric.ts'

const N = 7
const { vector, positive, times } = symmetric(N, 23)
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, j) => sum + v * b[j]!, 0)
const factorOf = (information: Float64Array): Float64Array => {
  const l = information.slice()
  choleskyLeavingOut(l, N, 1e-12)
  return l
}

/** The step after three pairs beside one factor, and after the same three put into the information itself. */
const both = (order: readonly number[]): [Float64Array, Float64Array] => {
  const truth = positive('truth')
  const start = positive('start')
  const updated = start.slice()
  const pairs = new SecantPairs()
  const steps = [0, 1, 2].map((k) => vector(`step ${k}`))
  for (const step of steps) learnFromStep(updated, N, step, times(truth, step))
  for (const k of order) {
    const step = steps[k]!
    expect(pairs.learn(step, times(truth, step), dot(step, times(start, step)))).toBe(true)
  }
  const gradient = vector('gradient')
  return [pairs.stepAlong(gradient, factorOf(start)), choleskySolve(factorOf(updated), N, gradient.slice())]
}

test('pairs beside a factor give the step of the information that was updated by them', () => {
  const [beside, within] = both([0, 1, 2])
  // Three updates and two factorizations of a 7 x 7 matrix whose condition is below 1e3.
  for (let j = 0; j < N; j++) expect(beside[j]).toBeCloseTo(within[j]!, 10)
})

test('the twin that takes them in another order is caught', () => {
  const [beside, within] = both([1, 0, 2])
  expect(Math.max(...beside.map((b, j) => Math.abs(b - within[j]!)))).toBeGreaterThan(1e-4)
})

test('without pairs the step is that of the factor', () => {
  const factor = factorOf(positive('start'))
  const gradient = vector('gradient')
  const pairs = new SecantPairs()
  expect(pairs.length).toBe(0)
  expect(pairs.stepAlong(gradient, factor)).toEqual(choleskySolve(factor, N, gradient.slice()))
})

test('a gradient that did not fall teaches nothing, and what was learned can be forgotten', () => {
  const pairs = new SecantPairs()
  const step = vector('away')
  const length = dot(step, step)
  expect(pairs.learn(step, new Float64Array(N), length)).toBe(false)
  expect(
    pairs.learn(
      step,
      step.map((v) => -v),
      length,
    ),
  ).toBe(false)
  expect(pairs.learn(step, step, 0)).toBe(false)
  expect(pairs.length).toBe(0)
  expect(pairs.learn(step, step, length)).toBe(true)
  expect(pairs.length).toBe(1)
  pairs.clear()
  expect(pairs.length).toBe(0)
})
