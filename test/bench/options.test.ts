import { describe, expect, it } from 'vitest'
import { growthSizes } from '../../bench/compute/growth.ts'
import { readJobs, variantOf } from '../../bench/compute/jobs.ts'
import { readOptions, WrongOption } from '../../bench/compute/options.ts'
import { isUncompared } from '../../bench/compute/verdict.ts'

const list = readJobs()
const read = (...args: string[]) => readOptions(args, list)

describe('options of the benchmark', () => {
  it('are ours once by default, and all seeds with peers', () => {
    expect(read()).toMatchObject({ withPeers: false, repeats: 1, jobsNamed: false, jobs: Object.keys(list.jobs) })
    expect(read('--with-peers')).toMatchObject({ withPeers: true, repeats: 5, budget: 300 })
    expect(read('--jobs', 'forest200k, forest1m', '--rows', '20000')).toMatchObject({
      jobs: ['forest200k', 'forest1m'],
      rows: 20_000,
      jobsNamed: true,
    })
    expect(read('--with-peers', '--growth', '--jobs', 'shap')).toMatchObject({
      growth: true,
      withPeers: false,
      jobs: ['shap'],
    })
  })

  it.each([
    [['--jobs', 'forest9'], 'there is no job "forest9"; there are forest200k'],
    [['--peers', 'nobody'], 'there is no peer "nobody"; there are lightgbm'],
    [['--rows=-5'], '--rows takes a whole number from 1 to 100000000; got "-5"'],
    [['--rows', '1e5'], '--rows takes a whole number from 1 to 100000000; got "1e5"'],
    [['--columns', '0'], '--columns takes a whole number from 1 to 65536; got "0"'],
    [['--repeats', '2.5'], '--repeats takes a whole number'],
    [['--speed'], "Unknown option '--speed'"],
    [['--tables', '--jobs', 'forest200k'], '--tables measures nothing: it does not go with --jobs'],
    [['forest200k'], "Unexpected argument 'forest200k'"],
    [['--jobs', 'shapDepth8', '--peers', 'ydf'], 'none of the jobs shapDepth8 has a peer ydf'],
    [['--growth', '--jobs', 'forest200k'], 'there is no job of --growth "forest200k"; there are binning'],
    [['--growth', '--threads', '1'], '--growth runs ours alone'],
  ])('%j cannot be meant', (args, message) => {
    expect(() => read(...args)).toThrow(WrongOption)
    expect(() => read(...args)).toThrow(message)
  })
})

describe('sizes of growth', () => {
  it('end where they are told to, each once', () => {
    const sizes = growthSizes(list.growth, 2, 40_000, 200)
    const of = (axis: string) => sizes.filter((s) => s.axis === axis)
    expect(of('rows').map((s) => s.rows)).toEqual([10_000, 30_000, 40_000])
    expect(of('columns').map((s) => s.columns)).toEqual([10, 30, 70, 200])
    expect(of('threads').map((s) => [s.rows, s.columns, s.threads])).toEqual([
      [40_000, 70, 1],
      [40_000, 70, 2],
    ])
  })

  it('are otherwise those of the list', () => {
    const sizes = growthSizes(list.growth, 2)
    expect(Math.max(...sizes.map((s) => s.rows))).toBe(3_000_000)
    expect(Math.max(...sizes.map((s) => s.columns))).toBe(2000)
  })
})

describe('the list of jobs', () => {
  it('has works that say what they are compared on, and looser values for floats alone', () => {
    for (const [name, { work, peers }] of Object.entries(list.jobs)) {
      expect(() => isUncompared({ work }), name).not.toThrow()
      if (work === 'shap')
        for (const [peer, entry] of Object.entries(peers))
          expect(entry.equalValues ?? list.equalValues, `${name} beside ${peer}`).toBe(peer === 'xgboost' ? 1e-4 : 1e-8)
    }
  })

  it('draws rows as each peer does', () => {
    for (const [name, job] of Object.entries(list.jobs)) {
      if (job.work !== 'forest') continue
      for (const [peer, { module, settings }] of Object.entries(job.peers)) {
        if (module === 'npm') continue
        const { same } = variantOf(job, peer)
        const share = settings?.['bagging_fraction'] ?? settings?.['subsample']
        const drawn = share === undefined ? { replace: true } : { replace: false, ratio: share }
        expect(same, `${name} beside ${peer}`).toMatchObject(drawn)
      }
    }
  })

  it('gives both sides the same leaves, depth and pace', () => {
    for (const [name, job] of Object.entries(list.jobs))
      for (const [peer, { module, settings }] of Object.entries(job.peers)) {
        if (module !== 'lightgbm' || (job.work !== 'forest' && job.work !== 'boosting')) continue
        const { same } = variantOf(job, peer)
        expect(settings?.['min_data_in_leaf'], `${name} beside ${peer}`).toBe(same['minLeaf'])
        if (job.work === 'forest') expect(settings?.['max_depth'], name).toBe(same['maxDepth'])
        else {
          expect(settings?.['num_leaves'], name).toBe(same['leaves'])
          expect(settings?.['learning_rate'], name).toBe(same['learningRate'])
          expect(settings?.['lambda_l2'], name).toBe(same['lambda'])
        }
      }
  })
})
