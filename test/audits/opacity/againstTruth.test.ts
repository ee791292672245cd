import { expect, it } from 'vitest'
import { opacityAgainstTruth } from '../../../src/audits/opacity/opacityAgainstTruth.ts'
import type { PointTable } from '../../../src/audits/recovery/attributionAgreement.ts'
import { random } from '../../../src/util/random.ts'

const rows = 90
const stream = random(2)
const table = (sizes: readonly number[]): PointTable => ({
  players: sizes.length,
  rows,
  points: Float64Array.from(
    { length: sizes.length * rows },
    (_, k) => sizes[Math.floor(k / rows)]! * stream.normal() + 0,
  ),
})
const truth = { factors: table([10, 5, 0, 0, 0]), dimensions: table([10, 4, 1]) }
const blurred = { model: 'blurred', factors: table([10, 5, 3, 3, 3]), dimensions: table([4, 10, 1]) }
const persons = {
  personId: Array.from({ length: rows }, (_, i) => `P${i}`),
  target: Uint8Array.from({ length: rows }, (_, i) => (i % 4 ? 0 : 1)),
  replicates: 60,
  random: random(1),
}

it('a model that is the truth lies nowhere else, and one that is not lies as far as its shares say', () => {
  const found = opacityAgainstTruth('made up', truth, [{ model: 'truth', ...truth }, blurred], persons)
  const [same, other] = found.models
  expect(same).toEqual({
    model: 'truth',
    distance: { value: 0, low: 0, high: 0 },
    rankCorrelation: 1,
    moreFactors: { value: 0, low: 0, high: 0 },
  })
  const shares = ({ dimensions }: { dimensions: PointTable }) => {
    const sums = [0, 1, 2].map((d) =>
      dimensions.points.slice(d * rows, (d + 1) * rows).reduce((sum, v) => sum + Math.abs(v), 0),
    )
    return sums.map((s) => s / sums.reduce((a, b) => a + b, 0))
  }
  const [t, b] = [shares(truth), shares(blurred)]
  expect(other!.distance.value).toBeCloseTo(
    t.reduce((sum, v, d) => sum + Math.abs(v - b[d]!) / 2, 0),
    12,
  )
  expect(other!.distance.low!).toBeGreaterThan(0.1)
  expect(other!.rankCorrelation).toBe(0.5)
  expect(other!.moreFactors.low!).toBeGreaterThan(1)
  expect(found.neededByAll.value).toBe(2)
  expect(found.share.map((s) => s.value)).toEqual(t.map((v) => expect.closeTo(v, 12)))
})
