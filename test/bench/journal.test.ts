import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type JobList, readJobs } from '../../bench/compute/jobs.ts'
import {
  currentOf,
  isWhole,
  keyOf,
  type LineSeeds,
  linesOf,
  type Run,
  readJournal,
  runsOf,
  seedsOf,
  without,
} from '../../bench/compute/journal.ts'
import { readOptions, WrongOption } from '../../bench/compute/options.ts'
import { PEERS } from '../../bench/compute/pages.ts'
import { planOf, runsOfPlan } from '../../bench/compute/plan.ts'
import type { Measurement } from '../../bench/compute/summary.ts'
import { resultOf, writeTables } from '../../bench/compute/writeTables.ts'

const LIST = {
  repeats: 2,
  threads: 2,
  equalAuc: 0.002,
  equalValues: 1e-8,
  jobs: {
    grow: {
      work: 'forest',
      data: { set: 'synthetic', rows: 10, columns: 2 },
      same: {},
      peers: { fast: { module: 'x', target: 2 }, slow: { module: 'x', same: { replace: false } } },
    },
    cut: {
      work: 'binning',
      data: { set: 'synthetic', rows: 10, columns: 2 },
      same: {},
      threads: 1,
      peers: { fast: { module: 'x' } },
    },
  },
} as unknown as JobList

const LINES = linesOf(LIST)
const RUNS = runsOf(LINES, LIST.repeats)

const measured = (run: (typeof RUNS)[number], more: Partial<Measurement> = {}): Measurement => ({
  ...run,
  version: '1',
  seconds: { startUp: 0, total: run.by === 'ours' ? 1 : 3 },
  auc: 0.7,
  memory: { peak: 1 },
  load: 0,
  othersCpu: 0,
  started: '',
  ...more,
})

const failing = (run: (typeof RUNS)[number], failed: string): Measurement => {
  const { seconds, auc, ...rest } = measured(run, { failed })
  return rest
}

const WHOLE = RUNS.map((run) => measured(run))

/** Journals, and whether a run may replace the committed tables by them. */
const JOURNALS: readonly [name: string, journal: readonly Measurement[], whole: boolean][] = [
  ['every run', WHOLE, true],
  ['every run and one more seed', [...WHOLE, measured({ ...RUNS[0]!, seed: 3 })], true],
  ['--jobs: one job alone', WHOLE.filter((m) => m.job === 'grow'), false],
  ['--peers: one peer alone', WHOLE.filter((m) => m.by !== 'slow'), false],
  ['--repeats 1', WHOLE.filter((m) => m.seed === 1), false],
  ['no run of ours for one line', WHOLE.filter((m) => m.by !== 'ours' || m.job !== 'cut'), false],
  ['a run that failed', WHOLE.map((m, i) => (i === 0 ? failing(m, 'no memory') : m)), false],
  ['one that failed before it succeeded', [failing(RUNS[0]!, 'no memory'), ...WHOLE], true],
  ['settings of another time', WHOLE.map((m) => ({ ...m, variant: `${m.variant} trees=1` })), false],
  ['other threads', WHOLE.map((m) => ({ ...m, threads: 4 })), false],
  ['nothing', [], false],
]

const passes = (rule: (seeds: readonly LineSeeds[], repeats: number) => boolean): boolean =>
  JOURNALS.every(([, journal, whole]) => rule(seedsOf(LINES, journal, LIST.repeats), LIST.repeats) === whole)

describe('a journal', () => {
  it.each(JOURNALS)('with %s', (_, journal, whole) => {
    expect(isWhole(seedsOf(LINES, journal, LIST.repeats), LIST.repeats)).toBe(whole)
  })

  it('is not whole with one seed of every line, nor with all seeds of some', () => {
    expect(passes(isWhole)).toBe(true)
    expect(passes((seeds) => seeds.every(({ n }) => n > 0))).toBe(false)
    expect(passes((seeds, repeats) => seeds.some(({ n }) => n === repeats))).toBe(false)
    expect(passes((seeds, repeats) => seeds.filter(({ n }) => n > 0).every(({ n }) => n === repeats))).toBe(false)
  })

  it('gives one measurement a run, the last that succeeded', () => {
    const run = RUNS[0]!
    const [first, again] = [measured(run, { load: 1 }), measured(run, { load: 2 })]
    expect(currentOf([first, again, failing(run, 'late')], RUNS)).toEqual([again])
    expect(currentOf([failing(run, 'a'), failing(run, 'b')], RUNS)).toMatchObject([{ failed: 'b' }])
    expect(currentOf([measured({ ...run, seed: 3 })], RUNS)).toEqual([])
  })

  it('loses only what is measured again: not other seeds, peers, or runs of ours beside them', () => {
    const fast = LINES.filter((line) => line.job === 'grow' && line.peer === 'fast')
    const left = without(WHOLE, runsOf(fast, 1))
    expect(new Set(left.map(keyOf)).size).toBe(new Set(RUNS.map(keyOf)).size - 2)
    expect(seedsOf(LINES, left, 2).map(({ n }) => n)).toEqual([1, 2, 2])
    // What it did before: all of the job's runs of ours went.
    const twin = WHOLE.filter((m) => m.job !== 'grow' || (m.by !== 'ours' && m.by !== 'fast'))
    expect(seedsOf(LINES, twin, 2).map(({ n }) => n)).not.toEqual([1, 2, 2])
  })
})

describe('a journal of two machines', () => {
  const first = WHOLE.filter((m) => m.job === 'grow').map((m) => ({ ...m, on: 'A' }))
  const second = WHOLE.map((m) => ({ ...m, on: 'B' }))

  it('compares runs of one machine, that with the most seeds of both sides', () => {
    const oneSeed = second.filter((m) => m.job === 'cut' || m.seed === 1)
    expect(seedsOf(LINES, [...first, ...oneSeed], 2).map(({ n }) => n)).toEqual([2, 2, 2])
    // Ours on one machine and the peer on another are no line.
    const apart = [...first.filter((m) => m.by === 'ours'), ...second.filter((m) => m.by !== 'ours')]
    expect(seedsOf(LINES, apart, 2).map(({ n }) => n)).toEqual([0, 0, 0])
    // The twin that forgets where they ran.
    expect(
      seedsOf(
        LINES,
        apart.map(({ on: _, ...m }) => m),
        2,
      ).map(({ n }) => n),
    ).toEqual([2, 2, 0])
  })

  it('keeps what another machine measured', () => {
    expect(without([...first, ...second], RUNS, 'B')).toEqual(first)
    expect(currentOf([...first, ...second], RUNS)).toHaveLength(first.length + second.length)
  })
})

describe('what is run', () => {
  const list = readJobs()
  const planned = (...args: string[]) => {
    const options = readOptions(args, list)
    return runsOfPlan(planOf(list, options), options)
  }
  const keys = (runs: readonly Run[]) => [...new Set(runs.map(keyOf))].sort()

  it('with peers and no other option is what the tables need', () => {
    const needed = keys(runsOf(linesOf(list), list.repeats))
    expect(keys(planned('--with-peers'))).toEqual(needed)
    expect(keys(planned('--with-peers', '--repeats', '4'))).not.toEqual(needed)
    expect(keys(planned('--with-peers', '--peers', 'lightgbm'))).not.toEqual(needed)
    expect(keys(planned('--with-peers', '--jobs', 'shapDepth8'))).not.toEqual(needed)
  })

  it('for one peer is its runs, and those of ours beside it', () => {
    const runs = planned('--with-peers', '--jobs', 'forest200k', '--peers', 'lightgbm', '--repeats', '1')
    const line = linesOf(list).filter(({ job, peer }) => job === 'forest200k' && peer === 'lightgbm')
    expect(keys(runs)).toEqual(keys(runsOf(line, 1)))
  })

  it('without peers is ours once a job that is timed', () => {
    const runs = planned()
    expect(runs.every(({ by, seed }) => by === 'ours' && seed === 1)).toBe(true)
    const timed = Object.entries(list.jobs).flatMap(([name, { compares }]) => (compares ? [] : [name]))
    expect(runs.map(({ job }) => job)).toEqual(timed)
    expect(planned('--jobs', 'forestGerman', '--threads', '1')).toMatchObject([{ job: 'forestGerman', threads: 1 }])
  })
})

describe('tables', () => {
  const about = {
    machine: { cpu: 'c', cores: 2, memoryGiB: 8, system: 's', node: 'v22', glasscore: '1' },
    packages: [],
  }
  const few = WHOLE.filter((m) => m.seed === 1 && m.by !== 'slow')
  let folder = ''
  const places = () => ({
    results: join(folder, 'results.json'),
    page: join(folder, 'page.md'),
    apart: join(folder, 'apart.json'),
  })
  const OLD = `before\n${PEERS.begin}\n\nold\n\n${PEERS.end}\nafter\n`

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'glasscore-bench-'))
    writeFileSync(places().page, OLD)
    writeFileSync(places().results, 'old')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('of a part of the list go apart, and the committed ones stay', () => {
    const result = resultOf(LIST, few, LINES, 2, about)
    expect(writeTables(result, isWhole(result.seeds, 2), places())).toEqual([places().apart])
    expect(readFileSync(places().page, 'utf8')).toBe(OLD)
    expect(readFileSync(places().results, 'utf8')).toBe('old')
  })

  it('of the whole list say how many seeds there are', () => {
    const result = resultOf(LIST, WHOLE, LINES, 2, about)
    expect(writeTables(result, isWhole(result.seeds, 2), places())).toEqual([places().results, places().page])
    expect(readFileSync(places().page, 'utf8')).toContain('glasscore 1. 2 seeds; other processes')
  })

  it('asked for of a part say on how many seeds each line rests', () => {
    const result = resultOf(LIST, [...few, measured({ ...RUNS[0]!, seed: 9 })], LINES, 2, about)
    writeTables(result, true, places())
    const page = readFileSync(places().page, 'utf8')
    expect(page).toContain('Seeds (n): 1 for grow beside fast and cut beside fast; 0 for grow beside slow; other')
    expect(page).toMatch(/^before\n.*after\n$/s)
    expect(JSON.parse(readFileSync(places().results, 'utf8')).seeds).toEqual([
      { job: 'grow', peer: 'fast', n: 1 },
      { job: 'grow', peer: 'slow', n: 0 },
      { job: 'cut', peer: 'fast', n: 1 },
    ])
  })

  it('are asked for alone', () => {
    const read = (...args: string[]) => readOptions(args, { ...LIST, growth: { jobs: {} } } as unknown as JobList)
    expect(read('--with-peers', '--tables')).toMatchObject({ tables: true })
    expect(read('--with-peers')).toMatchObject({ tables: false })
    for (const other of [['--resume'], ['--jobs', 'grow'], ['--repeats', '1'], ['--growth'], ['--rows', '5']]) {
      expect(() => read('--tables', ...other)).toThrow(WrongOption)
      expect(() => read('--tables', ...other)).toThrow(`does not go with ${other[0]}`)
    }
  })

  it('read the journal line by line', () => {
    const file = join(folder, 'journal.jsonl')
    expect(readJournal(file)).toEqual([])
    writeFileSync(file, `${few.map((m) => JSON.stringify(m)).join('\n')}\n`)
    expect(readJournal(file)).toEqual(few)
  })
})
