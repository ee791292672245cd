import { expect, test } from 'vitest'
import { choleskyInverse, choleskyLeavingOut, choleskySolve } from '../../src/kernels/numbers/cholesky.ts'

const a = [4, 2, 0.6, 2, 3, 0.4, 0.6, 0.4, 2]

test('solves and inverts', () => {
  const l = Float64Array.from(a)
  expect(choleskyLeavingOut(l, 3)).toEqual([])
  const x = choleskySolve(l, 3, Float64Array.of(1, 2, 3))
  const back = [0, 1, 2].map((i) => a[3 * i]! * x[0]! + a[3 * i + 1]! * x[1]! + a[3 * i + 2]! * x[2]!)
  back.forEach((b, i) => {
    expect(b).toBeCloseTo(i + 1, 12)
  })
  const inverse = choleskyInverse(l, 3)
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      const product = [0, 1, 2].reduce((sum, k) => sum + a[3 * i + k]! * inverse[3 * k + j]!, 0)
      expect(product).toBeCloseTo(i === j ? 1 : 0, 12)
    }
})

test('leaves out a column that depends on earlier ones, and solves with the others', () => {
  const l = Float64Array.from([1, 1, 0, 1, 1, 0, 0, 0, 4])
  expect(choleskyLeavingOut(l, 3)).toEqual([1])
  expect([...choleskySolve(l, 3, Float64Array.of(3, 3, 8))]).toEqual([3, 0, 2])
  expect([...choleskyInverse(l, 3)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0.25])
})
