import { describe, expect, it } from 'vitest'
import type { JobList } from '../../bench/compute/jobs.ts'
import { type Comparison, compareAll, isEqualAuc, type Measurement, median } from '../../bench/compute/summary.ts'
import { isUncompared, type Verdict, verdictOf } from '../../bench/compute/verdict.ts'

/** Rules of an equal AUC: a mean up to the margin below, or any above. */
const CASES: readonly [ours: number[], theirs: number[], equal: boolean][] = [
  [[0.75, 0.77], [0.76, 0.76], true],
  [[0.7581], [0.76], true],
  [[0.7579], [0.76], false],
  [[0.9], [0.76], true],
  [[0.7, 0.9], [0.81, 0.81], false],
]
const passes = (rule: typeof isEqualAuc): boolean => CASES.every(([a, b, equal]) => rule(a, b, 0.002) === equal)

describe('equal AUC', () => {
  it('is a mean not more than the margin below', () => {
    expect(passes(isEqualAuc)).toBe(true)
  })

  it('is not a distance, nor the best seed', () => {
    const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length
    expect(passes((a, b, margin) => Math.abs(mean(a) - mean(b)) <= margin)).toBe(false)
    expect(passes((a, b, margin) => Math.max(...a) >= Math.max(...b) - margin)).toBe(false)
  })
})

const LIST = {
  equalAuc: 0.002,
  equalValues: 1e-8,
  jobs: {
    fit: { work: 'logistic', data: { set: 'synthetic' }, same: {}, peers: { rival: { module: 'x', target: 10 } } },
  },
} as unknown as JobList

const run = (by: string, seed: number, total: number, auc: number, largestGradient: number): Measurement => ({
  by,
  seed,
  auc,
  version: '1',
  job: 'fit',
  variant: 'v',
  threads: 2,
  seconds: { startUp: 1, total },
  figures: { largestGradient },
  memory: { peak: 100 },
  load: 0,
  othersCpu: 0,
  started: '',
})

const compared = (ours: [number, number, number], theirs: [number, number, number]): Comparison =>
  compareAll(
    LIST,
    [1, 2, 3].flatMap((seed) => [run('ours', seed, ...ours), run('rival', seed, ...theirs)]),
    () => 'v',
  )[0]!

describe('comparisons', () => {
  it('take medians of the seeds that both sides have', () => {
    const times: [string, number, number][] = [
      ['ours', 1, 1],
      ['ours', 2, 2],
      ['ours', 3, 9],
      ['rival', 1, 20],
      ['rival', 2, 10],
      ['rival', 3, 40],
      ['rival', 4, 4000],
    ]
    const [c] = compareAll(
      LIST,
      times.map(([by, seed, total]) => run(by, seed, total, 0.7, 0)),
      () => 'v',
    )
    expect(c).toMatchObject({ ratio: 10, ratioWithStartUp: 7, ours: { median: 2, least: 1, most: 9, runs: 3 } })
  })

  it('count against a target at an equal AUC and an equal gradient only', () => {
    expect(verdictOf(compared([1, 0.76, 1e-9], [10, 0.76, 1e-9]))).toBe('met')
    expect(verdictOf(compared([1, 0.76, 1e-9], [9.9, 0.76, 1e-9]))).toBe('missed')
    expect(verdictOf(compared([1, 0.75, 1e-9], [10, 0.76, 1e-9]))).toBe('unequal')
    expect(verdictOf(compared([1, 0.76, 2e-9], [10, 0.76, 1e-9]))).toBe('unequal')
  })

  it('of another size or other settings are not mixed', () => {
    const runs = [run('ours', 1, 1, 0.7, 0), { ...run('rival', 1, 9, 0.7, 0), variant: 'smaller' }]
    expect(compareAll(LIST, runs, () => 'v')).toEqual([])
  })
})

/** One line of a work: what both sides have beside their times. */
const lineOf = (
  work: string,
  ours: Partial<Measurement>,
  theirs: Partial<Measurement>,
  equalValues?: number,
): Comparison => {
  const peer = { module: 'x', target: 10, ...(equalValues === undefined ? {} : { equalValues }) }
  const list = { ...LIST, jobs: { fit: { ...LIST.jobs['fit']!, work, peers: { rival: peer } } } }
  const plain = (by: string, total: number, more: Partial<Measurement>): Measurement => {
    const { auc, figures, ...rest } = run(by, 1, total, 0, 0)
    return { ...rest, ...more }
  }
  return compareAll(list, [plain('ours', 1, ours), plain('rival', 20, theirs)], () => 'v')[0]!
}

const at = (auc: number | null): Partial<Measurement> => ({ auc })
const explained = (largestDifference: number | null, largestValue?: number): Partial<Measurement> => ({
  figures: { largestDifference, ...(largestValue === undefined ? {} : { largestValue }) },
})
const scored = (aucOnTheseRows: number): Partial<Measurement> => ({ figures: { aucOnTheseRows } })
const gradient = (largestGradient: number | null): Partial<Measurement> => ({ auc: 0.7, figures: { largestGradient } })

/** Lines that are twice as fast as their target, and what becomes of them. */
const VERDICTS: readonly [string, Comparison, Verdict][] = [
  ...['forest', 'boosting', 'tree'].flatMap((work): [string, Comparison, Verdict][] => [
    [`${work}, equal`, lineOf(work, at(0.7), at(0.7)), 'met'],
    [`${work}, lower`, lineOf(work, at(0.6), at(0.7)), 'unequal'],
    [`${work}, scaled`, lineOf(work, at(0.7), { scaledFrom: { trees: 4 } }), 'notCompared'],
    [`${work}, no number`, lineOf(work, at(null), at(0.7)), 'notCompared'],
  ]),
  ['logistic, equal', lineOf('logistic', gradient(1e-9), gradient(1e-9)), 'met'],
  ['logistic, scaled', lineOf('logistic', gradient(1e-9), {}), 'notCompared'],
  ['logistic, no gradient', lineOf('logistic', at(0.7), at(0.7)), 'notCompared'],
  ['logistic, no number', lineOf('logistic', gradient(null), gradient(null)), 'unequal'],
  ['binning', lineOf('binning', {}, {}), 'met'],
  ['predict, equal', lineOf('predict', scored(0.7), scored(0.7)), 'met'],
  ['predict, lower', lineOf('predict', scored(0.6), scored(0.7)), 'unequal'],
  ['predict, not scored', lineOf('predict', {}, scored(0.7)), 'notCompared'],
  ['shap, equal', lineOf('shap', explained(0.9e-10, 0.01), { scaledFrom: { rows: 20 } }), 'met'],
  ['shap, apart for its size', lineOf('shap', explained(1.1e-10, 0.01), {}), 'differs'],
  ['shap, large values', lineOf('shap', explained(5e-8, 10), {}), 'met'],
  ['shap, floats', lineOf('shap', explained(0.9e-4, 1), {}, 1e-4), 'met'],
  ['shap, floats apart', lineOf('shap', explained(1.1e-4, 1), {}, 1e-4), 'differs'],
  ['shap, no number', lineOf('shap', explained(null, 1), {}), 'differs'],
  ['shap, all zero', lineOf('shap', explained(0, 0), {}), 'differs'],
  ['shap, no size', lineOf('shap', explained(1e-15), {}), 'notCompared'],
  ['shap, no values of the peer', lineOf('shap', {}, {}), 'notCompared'],
]
const agrees = (rule: (c: Comparison) => Verdict | undefined): boolean =>
  VERDICTS.every(([, c, verdict]) => rule(c) === verdict)

describe('verdicts', () => {
  it.each(VERDICTS)('%s', (_, c, verdict) => {
    expect(verdictOf(c)).toBe(verdict)
    expect(isUncompared(c)).toBe(verdict === 'notCompared')
  })

  it('are not met by what was not compared, nor by values that are near enough in themselves', () => {
    expect(agrees(verdictOf)).toBe(true)
    const byRatio = (c: Comparison): Verdict => (c.ratio >= c.target! ? 'met' : 'missed')
    expect(agrees((c) => (c.auc?.equal === false || c.gradient?.equal === false ? 'unequal' : byRatio(c)))).toBe(false)
    const absolute = (c: Comparison): Verdict | undefined =>
      c.values ? (c.figures.ours['largestDifference']! <= 1e-8 ? byRatio(c) : 'differs') : verdictOf(c)
    expect(agrees(absolute)).toBe(false)
    expect(agrees((c) => (c.scaledFrom ? 'notCompared' : verdictOf(c)))).toBe(false)
  })

  it('are those of the worst run, not of the median', () => {
    const list = { ...LIST, jobs: { fit: { ...LIST.jobs['fit']!, work: 'shap' } } }
    const runs = [1, 2, 3].flatMap((seed) => [
      { ...run('ours', seed, 1, 0.7, 0), ...explained(seed === 2 ? 1e-3 : 0, 1) },
      run('rival', seed, 20, 0.7, 0),
    ])
    const [c] = compareAll(list, runs, () => 'v')
    expect(c!.figures.ours['largestDifference']).toBe(0)
    expect(verdictOf(c!)).toBe('differs')
  })

  it('need to be told what a work is compared on', () => {
    expect(() => verdictOf(lineOf('cluster', at(0.7), at(0.7)))).toThrow('nothing says what a job of cluster')
  })
})

describe('median', () => {
  it('is the middle, or the mean of the two', () => {
    expect(median([5, 1, 9])).toBe(5)
    expect(median([4, 1, 2, 100])).toBe(3)
  })
})
