import { describe, expect, it } from 'vitest'
import { peersMarkdown } from '../../bench/compute/peersPage.ts'
import type { Comparison, Measurement } from '../../bench/compute/summary.ts'
import { seedsText, summaryOf } from '../../bench/compute/summaryText.ts'

const spread = { median: 1, least: 1, most: 1, runs: 1 }

const line = (more: Partial<Comparison>): Comparison => ({
  job: 'grow',
  work: 'forest',
  peer: 'rival',
  version: '1',
  variant: 'v',
  ours: spread,
  theirs: spread,
  ratio: 20,
  ratioWithStartUp: 20,
  target: 10,
  memory: { ours: 1, theirs: 1 },
  figures: { ours: {}, theirs: {} },
  compares: 'time',
  ...more,
})

const auc = (ours: number, theirs: number) => ({
  auc: { ours, oursSd: 0, theirs, theirsSd: 0, differenceSe: 0, equal: ours >= theirs - 0.002, seeds: 1 },
})

const TIMED = [
  line(auc(0.8, 0.8)),
  line({ ...auc(0.8, 0.8), ratio: 9, peer: 'quick' }),
  line({ ...auc(0.7, 0.8), peer: 'better' }),
  line({ peer: 'scaled', scaledFrom: { trees: 4 } }),
  line({ job: 'explain', work: 'shap', values: { difference: 1e-3, equal: false } }),
  line({ job: 'explain', work: 'shap', peer: 'same', values: { difference: 1e-15, equal: true } }),
]
const REAL = [
  line({ job: 'real', compares: 'auc', ...auc(0.7, 0.7) }),
  line({ job: 'real', compares: 'auc', peer: 'better', ...auc(0.7, 0.7051) }),
]

const failing = (job: string, by: string, seed: number, failed: string): Measurement => ({
  job,
  by,
  seed,
  failed,
  version: '',
  variant: 'v',
  threads: 2,
  load: 0,
  othersCpu: 0,
  started: '',
})
const FAILED = [failing('grow', 'rival', 1, 'no `room`\nleft'), failing('grow', 'rival', 2, 'other')]

/** What the sentence must not leave out. */
const PARTS = [
  '2 met, 1 missed, 1 that do not count for a lower AUC or a larger gradient, 1 for other values, 1 because',
  'grow beside quick (9.00 × of 10 ×)',
  'grow beside better (20 × of 10 ×, not equal)',
  'explain beside rival (20 × of 10 ×, values differ)',
  'grow beside scaled (20 × of 10 ×, not compared)',
  'AUC on real sets: not equal in 1 of 2 comparisons: real beside better (-0.0051).',
  'Failed: grow by rival, 2 runs (first: `no room left`).',
]
const saysAll = (text: string): boolean => PARTS.every((part) => text.includes(part))

describe('the summary', () => {
  const all = [...TIMED, ...REAL]

  it('names what is missed, unequal, not compared or failed', () => {
    const text = summaryOf(all, FAILED)
    for (const part of PARTS) expect(text).toContain(part)
  })

  it('is not that of the timed jobs, of runs with a result, or of lines that have an AUC', () => {
    expect(saysAll(summaryOf(all, FAILED))).toBe(true)
    expect(saysAll(summaryOf(TIMED, FAILED))).toBe(false)
    expect(saysAll(summaryOf(all, []))).toBe(false)
    expect(
      saysAll(
        summaryOf(
          all.filter((c) => c.auc),
          FAILED,
        ),
      ),
    ).toBe(false)
  })

  it('says that nothing is missing where nothing is', () => {
    expect(summaryOf([TIMED[0]!, REAL[0]!], [])).toBe(
      'Targets: 1 met, 0 missed, 0 that do not count for a lower AUC or a larger gradient, 0 for other values, ' +
        '0 because AUC, gradient or values were not compared. AUC on real sets: equal in all of 1 comparisons.',
    )
    expect(summaryOf([line({ job: 'real', compares: 'auc' })], [])).toContain(
      '1 of 1 comparisons: real beside rival (not',
    )
  })

  it('stands above a table that shows the same', () => {
    const machine = { cpu: 'c', cores: 2, memoryGiB: 8, system: 's', node: 'v22', glasscore: '1' }
    const seeds = [{ job: 'grow', peer: 'rival', n: 5 }]
    const settings = { repeats: 5 }
    const page = peersMarkdown({ machine, packages: [], settings, seeds, comparisons: all, measurements: FAILED })
    expect(page).toContain(summaryOf(all, FAILED))
    const row = (start: string) => page.split('\n').find((text) => text.startsWith(start))
    expect(row('| grow | scaled')).toContain('| ≥ 10 ×: **not compared**, does not count |  |  | not compared |')
    expect(row('| explain | rival')).toContain('**differs**, does not count |  |  | **no**; values differ by 1.0e-3 |')
    expect(row('| explain | same')).toContain('met |  |  | yes; values differ by 1.0e-15 |')
  })
})

describe('seeds', () => {
  it('are one number, or told line by line', () => {
    const seeds = [
      { job: 'a', peer: 'x', n: 5 },
      { job: 'a', peer: 'y', n: 3 },
      { job: 'a', peer: 'z', n: 3 },
      { job: 'b', peer: 'x', n: 0 },
    ]
    expect(seedsText(seeds, 5)).toBe('Seeds (n): 5 unless said; 3 for a beside y, z; 0 for b beside x')
    expect(seedsText(seeds.slice(0, 1), 5)).toBe('5 seeds')
  })
})
