import { describe, expect, it } from 'vitest'
import { jobsOf, ROWS } from '../../bench/attributions/jobs.ts'
import { readOptions } from '../../bench/attributions/options.ts'
import { type Measurement, type Result, textOf } from '../../bench/attributions/results.ts'

const options = (text = '') => readOptions(text.split(' ').filter(Boolean))

describe('options of the bench of attributions', () => {
  it('take everything, some jobs, some peers, or a trial', () => {
    expect(options()).toMatchObject({ whole: true, repeats: 1, rows: ROWS })
    const deep = options('--jobs lightgbm-forest-depth12 --peers woodelf --repeats 3')
    expect(deep).toMatchObject({ whole: false, repeats: 3 })
    expect(new Set(deep.jobs.map((job) => job.method.by))).toEqual(new Set(['ours', 'woodelf']))
    expect(options('--jobs lightgbm-forest-depth8/ours-100').jobs).toHaveLength(1)
    expect(options('--rows 50').jobs.every((job) => job.rows <= 50 && (job.method.background ?? 0) <= 50)).toBe(true)
    expect(options('--uncut ours').jobs.filter((job) => job.method.by === 'ours' && job.trees)).toEqual([])
  })

  it.each([
    '--jobs nothing',
    '--peers nobody',
    '--uncut nobody',
    '--repeats 0',
    '--rows 1e3',
    '--what 1',
    '--jobs shap-path --peers none',
  ])('refuse %s', (text) => {
    expect(() => options(text)).toThrow()
  })
})

describe('tables of the bench of attributions', () => {
  const jobs = jobsOf(ROWS).filter((job) => job.model === 'lightgbm-forest-depth12' && job.method.background === 100)
  const measurements = jobs.map((job): Measurement => {
    const took = { prepare: 1, explain: 10 }
    const measured = { rows: job.rows, seconds: took, processor: took, memory: { loaded: 100, peak: 200 }, cpu: 12 }
    return { ...job, repeat: 1, load: 0, othersCpu: 0, measured }
  })
  const result = {
    machine: { cpu: 'a processor', cores: 2, memoryGiB: 8, system: 'a system', node: 'v22', glasscore: '1' },
    packages: [],
    threads: 1,
    repeats: 1,
    rows: ROWS,
    forests: [{ model: 'lightgbm-forest-depth12', trees: 500, leaves: 1000 }],
    measurements,
    gaps: [{ model: 'lightgbm-forest-depth12', name: 'woodelf-100', rows: 10, largest: 1e-9, largestValue: 0.5 }],
  } satisfies Result

  it('scale what was done to the whole job: rows and trees, and what comes before any row once', () => {
    const [ours, woodelf, shap] = ['ours', 'woodelf', 'shap'].map((by) =>
      textOf(result)
        .split('\n')
        .find((line) => line.includes(`| ${by} |`)),
    )
    // 50 and 10 of 500 trees; 40 of 100,000 rows.
    expect(ours).toContain('| 101* |')
    expect(woodelf).toContain('| 501* | 501* | 1.00 | 4.96 × |')
    expect(woodelf).toContain('1.0e-9 of 0.50')
    expect(shap).toContain('| 25001* |')
  })

  it('name what failed', () => {
    const broken = measurements.map(({ measured: _, ...rest }) => ({ ...rest, failed: 'no memory' }))
    expect(textOf({ ...result, measurements: [...measurements.slice(0, 1), ...broken.slice(1)] })).toContain(
      'woodelf-100: no memory',
    )
  })
})
