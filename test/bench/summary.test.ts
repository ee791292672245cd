import { describe, expect, it } from 'vitest'
import type { JobList } from '../../bench/compute/jobs.ts'
import {
  type Comparison,
  compareAll,
  isEqualAuc,
  type Measurement,
  median,
  verdictOf,
} from '../../bench/compute/summary.ts'

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

describe('median', () => {
  it('is the middle, or the mean of the two', () => {
    expect(median([5, 1, 9])).toBe(5)
    expect(median([4, 1, 2, 100])).toBe(3)
  })
})
