import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  explainScores,
  features,
  ingest,
  type PipelineInput,
  readReceipts,
  run,
  score,
  simulate,
  train,
} from '../../src/index.ts'
import { readJson, workshop, writeMapping, writeTable } from './workshop.ts'

const folder = workshop()
const pipeline: PipelineInput = {
  name: 'people',
  seed: 2,
  source: { kind: 'simulate', people: 700, months: 13, lastObservation: '2025-01-01' },
  train: { models: { declared: {}, logistic: {} }, replicates: 200 },
}
const out = join(folder, 'run')
const models = [join(out, 'train')]

beforeAll(async () => {
  await run(pipeline, { out, threads: 1 })
})

describe('a run', () => {
  it('shows the receipt of the person and date nearest to the cutoff', async () => {
    const { example, receipts } = await run(pipeline, { out, threads: 1 })
    const { nearCutoff } = receipts!.models['logistic']!
    expect(example).toMatchObject({ model: 'logistic', ...nearCutoff })
    const all = await readReceipts(join(out, 'receipts'), nearCutoff.personId)
    const distance = Math.abs(example!.score - 650)
    for (const r of all.filter((x) => x.model === 'logistic'))
      expect(Math.abs(r.score - 650)).toBeGreaterThanOrEqual(distance)
  })

  it('holds no summary of other data while it is unfinished', async () => {
    const controller = new AbortController()
    const progress = (step: string) => {
      if (step.startsWith('train')) controller.abort()
    }
    const again = run({ ...pipeline, seed: 3 }, { out: join(folder, 'second'), threads: 1 })
    await again
    await expect(
      run({ ...pipeline, seed: 4 }, { out: join(folder, 'second'), threads: 1, signal: controller.signal, progress }),
    ).rejects.toMatchObject({ kind: 'interrupted' })
    expect(readJson(join(folder, 'second', 'run.json'))).toMatchObject({ state: 'unfinished' })
    expect(existsSync(join(folder, 'second', 'metrics.json'))).toBe(false)
  })

  it('with shuffled labels removes scores and receipts of an earlier run in its folder', async () => {
    const again = join(folder, 'second')
    await run({ ...pipeline, seed: 3 }, { out: again, threads: 1 })
    await run({ ...pipeline, seed: 3, train: { ...pipeline.train, permuteLabels: 2 } }, { out: again, threads: 1 })
    expect(readdirSync(again).sort()).toEqual(['data', 'data.truth', 'features', 'metrics.json', 'run.json', 'train'])
  })

  it('keeps two stages that work side by side apart', async () => {
    const shared = { models, features: join(out, 'features'), threads: 1 }
    const [scored, explained] = await Promise.all([
      score({ ...shared, out: join(folder, 'side', 'scores') }),
      explainScores({ ...shared, out: join(folder, 'side', 'receipts') }),
    ])
    expect(scored.summary.rows).toBe(explained.summary.rows)
    expect(readdirSync(join(folder, 'side')).sort()).toEqual(['receipts', 'scores'])
  })
})

describe('people', () => {
  it('of the run are scored as of another date, without outcomes', async () => {
    const { summary } = await score({ models: [out], asOf: '2024-11-15', out: join(folder, 'november'), threads: 1 })
    expect(summary.rows).toBeGreaterThan(650)
    expect(summary.warnings).toEqual([])
  })

  it('are not scored on a date that the tables do not cover, unless asked', async () => {
    const late = { models: [out], asOf: '2025-09-01', threads: 1 }
    await expect(score({ ...late, out: join(folder, 'late') })).rejects.toThrow(
      /factors that model declared was trained on are missing for everybody here.*--allow-missing/,
    )
    await expect(explainScores({ ...late, out: join(folder, 'late') })).rejects.toThrow(/missing for everybody here/)
    expect(existsSync(join(folder, 'late'))).toBe(false)
    const { summary } = await score({ ...late, allowMissing: true, out: join(folder, 'late') })
    expect(summary.warnings[0]).toMatch(/factors that model declared was trained on are missing/)
    await expect(score({ models: [out], asOf: '2027-01-01', out: join(folder, 'later') })).rejects.toThrow(
      /option as-of: the date lies after the end of the data; expected a date up to 2026-01-01/,
    )
  })

  it('are not scored by two models of one name', async () => {
    await expect(
      score({
        models: [out, join(folder, 'run/train/models/logistic')],
        features: join(out, 'features'),
        out: join(folder, 'twins'),
      }),
    ).rejects.toThrow(/two models are named logistic/)
  })

  it('split by time train only on outcomes that were known', async () => {
    const { summary } = await train({
      features: join(out, 'features'),
      out: join(folder, 'time'),
      threads: 1,
      train: { split: { by: 'time', testShare: 0.5 }, models: { logistic: {} }, replicates: 200 },
    })
    const left = summary.left.reduce((sum, l) => sum + l.rows, 0)
    const known = (summary.outcomes['good'] ?? 0) + (summary.outcomes['bad'] ?? 0)
    expect(summary.train.rows + summary.test.rows + left).toBe(known)
    expect(left).toBeGreaterThan(summary.train.rows)
  })
})

describe('clear words for', () => {
  it('a damaged Parquet file', async () => {
    const data = await simulate({ people: 600, asOf: '2025-01-01', out: join(folder, 'damaged'), threads: 1 })
    const file = join(data.folder, 'transactions', readdirSync(join(data.folder, 'transactions'))[0]!)
    truncateSync(file, 1000)
    await expect(features({ data: data.folder, out: join(folder, 'never'), threads: 1 })).rejects.toMatchObject({
      kind: 'data',
      message: expect.stringMatching(/transactions\/.*parquet: the file cannot be read as Parquet/),
    })
  })

  it('a memory limit that is none, or too small', async () => {
    const options = { people: 600, asOf: '2025-01-01', threads: 1 }
    await expect(simulate({ ...options, memoryLimit: 'lots', out: join(folder, 'never') })).rejects.toThrow(
      /option memory-limit: invalid memory limit; expected a size such as 4GB; got "lots"/,
    )
    expect(readdirSync(folder).filter((name) => name.includes('.tmp-'))).toEqual([])
  })

  it('receipts whose columns are not described', async () => {
    const receipts = await explainScores({
      models,
      features: join(out, 'features'),
      out: join(folder, 'undescribed'),
      threads: 1,
    })
    const file = join(receipts.folder, 'receipts.json')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.slice(0, 20))
    await expect(readReceipts(receipts.folder, 'P10000001')).rejects.toThrow(
      /the columns of the receipts cannot be read/,
    )
  })

  it('a table of one outcome', async () => {
    const one = workshop()
    writeTable(one, { rows: 40 })
    const mapping = writeMapping(one)
    const lines = readFileSync(join(one, 'customers.csv'), 'utf8').trim().split('\n')
    writeFileSync(
      join(one, 'customers.csv'),
      `${[lines[0], ...lines.slice(1).filter((l) => l.endsWith(',0'))].join('\n')}\n`,
    )
    const table = await ingest({ mapping, out: join(one, 'table'), threads: 1 })
    await expect(train({ features: table.folder, out: join(one, 'train'), threads: 1 })).rejects.toThrow(
      /table outcomes: too few labeled rows to train on; expected at least two good and two bad rows/,
    )
  })
})

describe('the folders of others', () => {
  it('two runs in one folder do not mix', async () => {
    const shared = join(folder, 'shared')
    const first = run(pipeline, { out: shared, threads: 1 })
    await new Promise((resolve) => setTimeout(resolve, 100))
    // The lock names the process: a second process is refused. Within one process the number is our own, so ask as another would.
    expect(readFileSync(join(shared, 'run.lock'), 'utf8')).toBe(String(process.pid))
    await expect(run({ ...pipeline, seed: 9 }, { out: shared, threads: 1 })).rejects.toThrow(
      /another run works in this folder/,
    )
    await first
    expect(existsSync(join(shared, 'run.lock'))).toBe(false)
    writeFileSync(join(shared, 'run.lock'), '999999999')
    const taken = await run(pipeline, { out: shared, threads: 1 })
    expect(taken.stages.every((s) => s.skipped)).toBe(true)
  })

  it('a link as output stays a link, and a link as input is followed', async () => {
    const home = workshop()
    writeTable(home, { rows: 300 })
    const table = await ingest({ mapping: writeMapping(home), out: join(home, 'table'), threads: 1 })
    const linked = join(home, 'linked')
    mkdirSync(linked)
    for (const name of readdirSync(table.folder)) symlinkSync(join(table.folder, name), join(linked, name))
    mkdirSync(join(home, 'target'))
    symlinkSync(join(home, 'target'), join(home, 'out'))
    const options = {
      features: linked,
      out: join(home, 'out'),
      threads: 1,
      train: { models: { logistic: {} }, replicates: 200 },
    }
    const trained = await train(options)
    expect(Object.keys(trained.manifest.inputs['features']!)).toContain('features.parquet')
    expect(existsSync(join(home, 'target', 'metrics.json'))).toBe(true)
    expect(lstatSync(join(home, 'out')).isSymbolicLink()).toBe(true)
  })
})
