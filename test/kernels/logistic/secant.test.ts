import { expect, test } from 'vitest'
import { learnFromStep } from '../../../src/kernels/logistic/secant.ts'
import { symmetric } from './symmetric.ts'

const N = 6
const { vector, positive, times } = symmetric(N, 17)

test('after a step the information explains how the gradient fell along it', () => {
  const truth = positive('truth')
  const information = positive('guess')
  const step = vector('step')
  const fall = times(truth, step)
  expect(learnFromStep(information, N, step, fall)).toBe(true)
  const now = times(information, step)
  // Sums of six products.
  for (let j = 0; j < N; j++) expect(now[j]).toBeCloseTo(fall[j]!, 10)
})

test('steps along a basis that is conjugate to the truth teach all of it', () => {
  const truth = positive('whole')
  const information = positive('start')
  const basis: Float64Array[] = []
  for (let k = 0; k < N; k++) {
    const next = vector(`basis ${k}`)
    for (const b of basis) {
      const t = times(truth, b)
      const share = next.reduce((s, v, j) => s + v * t[j]!, 0) / b.reduce((s, v, j) => s + v * t[j]!, 0)
      for (let j = 0; j < N; j++) next[j]! -= share * b[j]!
    }
    basis.push(next)
    learnFromStep(information, N, next, times(truth, next))
  }
  for (let i = 0; i < N; i++)
    for (let j = 0; j <= i; j++) expect(information[i * N + j]).toBeCloseTo(truth[i * N + j]!, 7)
})

test('a gradient that did not fall along the step teaches nothing', () => {
  const information = positive('kept')
  const before = information.slice()
  const step = vector('away')
  expect(
    learnFromStep(
      information,
      N,
      step,
      step.map((v) => -v),
    ),
  ).toBe(false)
  expect(learnFromStep(information, N, step, new Float64Array(N))).toBe(false)
  expect(information).toEqual(before)
})
