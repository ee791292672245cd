import { expect, test } from 'vitest'
import { auc, weightedAuc } from '../../src/metrics/auc.ts'
import { type BootstrapOptions, bootstrapInterval, bootstrapIntervals, quantile } from '../../src/metrics/bootstrap.ts'
import { random } from '../../src/util/random.ts'

/** Five like rows a person: as much is known as from one row a person. */
const persons = 200
const r = random(1)
const badPerson = Uint8Array.from({ length: persons }, () => (r.next() < 0.3 ? 1 : 0))
const score = Float64Array.from(badPerson, (bad) => r.normal() + bad)
const groups = Array.from({ length: 5 * persons }, (_, i) => `p${Math.floor(i / 5)}`)
const target = Uint8Array.from(groups, (_, i) => badPerson[Math.floor(i / 5)]!)
const scores = Float64Array.from(groups, (_, i) => score[Math.floor(i / 5)]!)
const options = (more: Partial<BootstrapOptions> = {}): BootstrapOptions => ({
  target,
  groups,
  replicates: 1000,
  random: random(2),
  ...more,
})
const width = ({ low, high }: { low: number; high: number }) => high - low

test('rows of a person vary together; a twin that draws rows is caught', () => {
  const single = bootstrapInterval(weightedAuc(score, badPerson), options({ target: badPerson, groups: undefined }))
  const grouped = bootstrapInterval(weightedAuc(scores, target), options())
  const byRow = bootstrapInterval(weightedAuc(scores, target), options({ groups: undefined }))
  // Same persons, same draws: repeating a person's row changes nothing.
  expect(grouped.value).toBeCloseTo(single.value, 12)
  expect(grouped.low).toBeCloseTo(single.low, 12)
  expect(grouped.high).toBeCloseTo(single.high, 12)
  // Five times the rows look like a width smaller by root 5 = 2.2.
  expect(width(byRow)).toBeLessThan(0.6 * width(grouped))
})

test('every replicate has as many bad and good persons as the sample', () => {
  const counts = new Set<string>()
  bootstrapInterval(
    (weights) => {
      let bad = 0
      let all = 0
      weights?.forEach((w, i) => {
        all += w
        if (target[i]) bad += w
      })
      if (weights) counts.add(`${bad} of ${all}`)
      return 0
    },
    options({ replicates: 50 }),
  )
  const bad = target.reduce((a, b) => a + b, 0)
  expect([...counts]).toEqual([`${bad} of ${target.length}`])
})

test('the presorted statistic is that of the repeated rows', () => {
  const ranking = weightedAuc(scores, target)
  bootstrapInterval(
    (weights) => {
      if (!weights) return 0
      const rows = [...weights].flatMap((w, i) => Array.from({ length: w }, () => i))
      const direct = auc(
        rows.map((i) => scores[i]!),
        rows.map((i) => target[i]!),
      )
      expect(ranking(weights)).toBeCloseTo(direct, 12)
      return direct
    },
    options({ replicates: 5 }),
  )
})

test('covers the true AUC about as often as it says', () => {
  // Bad ~ N(1, 1), good ~ N(0, 1): AUC = Phi(1 / sqrt 2) = 0.7602.
  let covered = 0
  for (let trial = 0; trial < 100; trial++) {
    const draw = random(`coverage ${trial}`)
    const y = Uint8Array.from({ length: 200 }, (_, i) => (i < 60 ? 1 : 0))
    const s = Float64Array.from(y, (bad) => draw.normal() + bad)
    const { low, high } = bootstrapInterval(weightedAuc(s, y), { target: y, replicates: 300, random: draw.fork('b') })
    if (low <= 0.7602 && 0.7602 <= high) covered++
  }
  // Binomial(100, 0.95) lies in 88..100 with probability above 0.99; the seed is fixed.
  expect(covered).toBeGreaterThanOrEqual(88)
})

test('paired differences are narrower than the intervals they compare', () => {
  const other = scores.map((s, i) => s + 0.1 * Math.sin(i))
  const [a, b] = [weightedAuc(scores, target), weightedAuc(other, target)]
  const difference = bootstrapInterval((w) => a(w) - b(w), options())
  expect(width(difference)).toBeLessThan(0.3 * width(bootstrapInterval(a, options())))
})

test('same stream, same interval', () => {
  const ranking = weightedAuc(scores, target)
  expect(bootstrapInterval(ranking, options())).toEqual(bootstrapInterval(ranking, options()))
})

test.each([['by person'], ['by row']])('several statistics at once get the intervals of each alone: %s', (by) => {
  const shared = options({ groups: by === 'by person' ? groups : undefined, replicates: 200 })
  const [a, b] = [weightedAuc(scores, target), (w?: Float64Array) => (w ? w[0]! || Number.NaN : 1)]
  expect(bootstrapIntervals([a, b], shared)).toEqual([bootstrapInterval(a, shared), bootstrapInterval(b, shared)])
  expect(bootstrapIntervals([], shared)).toEqual([])
})

test('groups of one row each are drawn like rows', () => {
  const alone = Array.from(target, (_, i) => `row ${i}`)
  const ranking = weightedAuc(scores, target)
  expect(bootstrapInterval(ranking, options({ groups: alone }))).toEqual(
    bootstrapInterval(ranking, options({ groups: undefined })),
  )
})

test('undefined replicates are counted and left out', () => {
  let calls = 0
  const interval = bootstrapInterval(() => (calls++ % 2 ? 1 : Number.NaN), options({ replicates: 10 }))
  expect(interval.undefined).toBe(5)
  expect(interval.low).toBe(1)
})

test('quantiles interpolate like numpy', () => {
  expect(quantile([1, 2, 4, 8], 0.5)).toBe(3)
  expect(quantile([1, 2, 4, 8], 0.9)).toBeCloseTo(6.8, 12)
  expect(quantile([], 0.5)).toBeNaN()
})

test.each([
  [{ level: 1 }, 'option level: invalid level of an interval; expected a number between 0 and 1; got 1'],
  [{ replicates: 0 }, 'option replicates: invalid number of replicates; expected a whole number of 1 or more; got 0'],
])('refuses %j', (more, message) => {
  expect(() => bootstrapInterval(() => 0, options(more))).toThrow(message)
})
