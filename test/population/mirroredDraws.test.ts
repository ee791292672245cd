import { expect, test } from 'vitest'
import { MirroredDraws } from '../../src/population/mirroredDraws.ts'
import { random } from '../../src/util/random.ts'

test('the second path gets the numbers of the first the other way round, in their order', () => {
  const draws = new MirroredDraws()
  const [stream, same] = [random('mirror'), random('mirror')]
  draws.begin(stream)
  const first = [draws.next(), draws.normal(), draws.next(), draws.normal()]
  expect(first).toEqual([same.next(), same.normal(), same.next(), same.normal()])
  draws.mirror()
  const second = [draws.next(), draws.normal(), draws.next(), draws.normal()]
  expect(second[0]).toBeCloseTo(1 - first[0]!, 12)
  expect(second[1]).toBe(-first[1]!)
  expect(second[2]).toBeCloseTo(1 - first[2]!, 12)
  // new numbers afterwards
  draws.begin(stream)
  expect(draws.next()).not.toBe(first[0])
})

test('mirrored numbers stay below 1 and are uniform, and a pair varies less than two independent numbers', () => {
  const draws = new MirroredDraws()
  const stream = random('pairs')
  let [least, most, sum, squares] = [1, 0, 0, 0]
  const pairs = 20_000
  for (let k = 0; k < pairs; k++) {
    draws.begin(stream)
    const a = Math.exp(draws.next())
    draws.mirror()
    const u = draws.next()
    least = Math.min(least, u)
    most = Math.max(most, u)
    const mean = (a + Math.exp(u)) / 2
    sum += mean
    squares += mean * mean
  }
  expect(least).toBeGreaterThanOrEqual(0)
  expect(most).toBeLessThan(1)
  // the mean of exp(u) is e - 1; its variance over independent pairs is 0.2420 / 2, over mirrored ones 0.0039
  expect(sum / pairs).toBeCloseTo(Math.E - 1, 2)
  expect(squares / pairs - (sum / pairs) ** 2).toBeLessThan(0.01)
})
