import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bootstrapInterval, bootstrapReplicates, percentileInterval } from '../../src/metrics/bootstrap.ts'
import { calibrationSlope } from '../../src/metrics/calibrationSlope.ts'
import { ks, weightedKs } from '../../src/metrics/ks.ts'
import { ksReplicates } from '../../src/metrics/ksInterval.ts'
import { weightedCalibrationLine } from '../../src/metrics/weightedCalibrationLine.ts'
import { type Random, random } from '../../src/util/random.ts'

const sample = (draw: Random, bads: number, goods: number, shift: number) => {
  const target = Uint8Array.from({ length: bads + goods }, (_, i) => (i < bads ? 1 : 0))
  return { target, scores: Float64Array.from(target, (bad) => draw.normal() + shift * bad) }
}

test('the weighted KS is that of the repeated rows; a twin that forgets weights is caught', () => {
  const rows = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 3 })),
    { minLength: 2, maxLength: 25 },
  )
  const agree = (weigh: boolean) => (cells: readonly (readonly [number, number, number])[]) => {
    const weights = Float64Array.from(cells, ([, , w]) => w)
    const got = weightedKs(
      cells.map(([s]) => s),
      cells.map(([, y]) => y),
    )(weigh ? weights : undefined)
    const repeated = cells.flatMap((cell) => Array.from({ length: cell[2] }, () => cell))
    const direct = ks(
      repeated.map(([s]) => s),
      repeated.map(([, y]) => y),
    )
    // 1e-12: a few divisions of small whole numbers.
    const same = Math.abs(got.value - direct.value) < 1e-12
    // A distance of 0 lies nowhere in particular: it may be named after a row without weight.
    return (
      (same && (got.value === 0 || got.at === direct.at)) || (Number.isNaN(got.value) && Number.isNaN(direct.value))
    )
  }
  fc.assert(fc.property(rows, agree(true)))
  expect(fc.check(fc.property(rows, agree(false)), { seed: 1 }).failed).toBe(true)
})

const KS_OF_SHIFT = 0.51607 // 2 Phi(0.7) - 1: bad ~ N(1.4, 1), good ~ N(0, 1)

test('the interval of the KS covers it about as often as it says; percentiles of the maximum do not', () => {
  const trials = 300
  let covered = 0
  let percentile = 0
  for (let trial = 0; trial < trials; trial++) {
    const draw = random(`ks ${trial}`)
    const { target, scores } = sample(draw, 60, 140, 1.4)
    const replicates = ksReplicates(scores, target)
    const drawn = bootstrapReplicates(replicates.figures, { target, replicates: 200, random: draw.fork('b') })
    const inside = ({ low, high }: { low: number; high: number }) => low <= KS_OF_SHIFT && KS_OF_SHIFT <= high
    if (inside(replicates.read(drawn, 0.95))) covered++
    if (inside(percentileInterval(drawn[0]!))) percentile++
  }
  // docs/measurements.md: 95 %; of Binomial(300, 0.92) 265 or more has a probability above 0.98, and the seed is fixed.
  expect(covered).toBeGreaterThanOrEqual(265)
  expect(percentile).toBeLessThan(255)
})

test('the interval of the KS has the value and place of the sample, stays in 0..1, and knows the direction', () => {
  const draw = random('ks direction')
  const { target, scores } = sample(draw, 40, 60, 1)
  const read = (values: Float64Array) => {
    const replicates = ksReplicates(values, target)
    return replicates.read(
      bootstrapReplicates(replicates.figures, { target, replicates: 200, random: random(3) }),
      0.95,
    )
  }
  const found = read(scores)
  const { value, at } = ks(scores, target)
  expect(found).toMatchObject({ value, at })
  expect(found.low).toBeGreaterThan(0)
  expect(found.high).toBeLessThan(1)
  // Reversed scores: the same distance at another place. The tie of a score goes to the other side, which changes nothing here.
  const reversed = read(scores.map((s) => -s))
  expect(reversed.value).toBeCloseTo(found.value, 12)
  expect(reversed.low).toBeCloseTo(found.low, 12)
  expect(reversed.high).toBeCloseTo(found.high, 12)
  const none = ksReplicates([1, 2], [1, 1])
  expect(none.read(bootstrapReplicates(none.figures, { target: [1, 1], replicates: 5, random: draw }), 0.95)).toEqual({
    value: Number.NaN,
    low: Number.NaN,
    high: Number.NaN,
    at: Number.NaN,
  })
})

const probable = (draw: Random, rows: number, slope: number) => {
  const x = Float64Array.from({ length: rows }, () => draw.normal() * 1.2 - 1.5)
  return {
    probabilities: x.map((v) => 1 / (1 + Math.exp(-v))),
    target: Uint8Array.from(x, (v) => (draw.next() < 1 / (1 + Math.exp(-slope * v)) ? 1 : 0)),
  }
}

test('the quick calibration line is that of the careful fit', () => {
  const { probabilities, target } = probable(random('line'), 400, 0.8)
  const line = weightedCalibrationLine(probabilities, target)
  expect(line()).toEqual(calibrationSlope(probabilities, target))
  let farthest = 0
  bootstrapReplicates(
    (weights) => {
      if (!weights) return [0]
      const quick = line(weights)
      const careful = calibrationSlope(probabilities, target, weights)
      farthest = Math.max(
        farthest,
        Math.abs(quick.slope - careful.slope),
        Math.abs(quick.intercept - careful.intercept),
      )
      return [0]
    },
    { target, replicates: 200, random: random(5) },
  )
  // 1e-6: the last step is below 1e-4, and Newton's error after it is of the order of its square.
  expect(farthest).toBeLessThan(1e-6)
})

test('separated replicates have no line, nor has a separated sample', () => {
  // The one overlap rests on rows 2 and 3; without either of them the rest is separated.
  const probabilities = [0.1, 0.2, 0.5, 0.4, 0.8, 0.9]
  const target = [0, 0, 0, 1, 1, 1]
  const line = weightedCalibrationLine(probabilities, target)
  expect(line().slope).toBeGreaterThan(0)
  expect(line([1, 1, 0, 1, 1, 1]).slope).toBeNaN()
  expect(line([1, 1, 1, 0, 1, 1]).intercept).toBeNaN()
  // Far from the start, but defined.
  const far = line([0, 0, 9, 1, 0, 1])
  expect(far.slope).toBeCloseTo(calibrationSlope(probabilities, target, [0, 0, 9, 1, 0, 1]).slope, 6)
  expect(weightedCalibrationLine([0.1, 0.2], [0, 1])([2, 1]).slope).toBeNaN()
})

test('the interval of the calibration slope covers it about as often as it says', () => {
  const trials = 200
  let covered = 0
  for (let trial = 0; trial < trials; trial++) {
    const draw = random(`slope ${trial}`)
    const { probabilities, target } = probable(draw, 400, 0.8)
    const line = weightedCalibrationLine(probabilities, target)
    const options = { target, replicates: 300, random: draw.fork('b') }
    const { low, high } = bootstrapInterval((w) => line(w).slope, options)
    if (low <= 0.8 && 0.8 <= high) covered++
  }
  // Binomial(200, 0.95) lies in 181..198 with probability above 0.99; the seed is fixed.
  expect(covered).toBeGreaterThanOrEqual(181)
  expect(covered).toBeLessThanOrEqual(198)
})
