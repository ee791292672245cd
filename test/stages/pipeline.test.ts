import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  explainScores,
  type FeatureTable,
  ingest,
  loadModel,
  openDuckDB,
  type PipelineInput,
  readReceipts,
  run,
  score,
  type TrainSummary,
  train,
} from '../../src/index.ts'
import { readJson, workshop, writeMapping, writeTable } from './workshop.ts'

const folder = workshop()
const models = { logistic: {}, tree: { minLeaf: 20 }, forest: { trees: 20, minLeaf: 10 } }
const pipeline: PipelineInput = {
  name: 'customers',
  seed: 3,
  source: { kind: 'mapping', mapping: join(folder, 'customers.mapping.yaml') },
  train: { models, replicates: 200 },
}

const hashesOf = (stages: { stage: string; manifest: { outputs: Record<string, string> } }[]) =>
  stages.map((s) => ({
    stage: s.stage,
    // The summary of the ingest names the file it read, the rest is the same wherever it is run.
    ...Object.fromEntries(Object.entries(s.manifest.outputs).filter(([file]) => file !== 'summary.json')),
  }))

beforeAll(() => {
  writeTable(folder)
  writeMapping(folder)
})

describe('run', () => {
  const out = join(folder, 'run')

  it('goes from a file to receipts that add up, and is the same for 1 and 2 threads', async () => {
    const one = await run(pipeline, { out, threads: 1 })
    const two = await run(pipeline, { out: join(folder, 'run2'), threads: 2 })
    expect(hashesOf(one.stages)).toEqual(hashesOf(two.stages))
    expect(Object.keys(one.training.models)).toEqual(['logistic', 'tree', 'forest'])
    for (const model of Object.values(one.receipts!.models)) {
      expect(model.rowsChecked).toBe(600)
      expect(model.rowsFailing).toBe(0)
    }
    const metrics = readJson<TrainSummary>(join(out, 'metrics.json'))
    const { value, low, high } = metrics.models['logistic']!.auc
    expect(low).toBeLessThan(value)
    expect(value).toBeLessThan(high)
    // The latent risk drives income, debt and outcome; 0.6 is far below what it gives and far above chance.
    expect(value).toBeGreaterThan(0.6)
  })

  it('that names no model leaves the declared one out where it cannot apply, and says so; one that names it fails', async () => {
    const { models: _, ...train } = pipeline.train!
    const all = await run({ ...pipeline, train }, { out: join(folder, 'unnamed'), threads: 1 })
    expect(Object.keys(all.training.models)).toEqual(['logistic', 'tree', 'forest'])
    expect(all.training.warnings.filter((w) => w.startsWith('declared: left out'))).toHaveLength(1)
    expect(
      (await run({ ...pipeline, train }, { out: join(folder, 'unnamed'), threads: 1 })).stages.every((s) => s.skipped),
    ).toBe(true)
    const named = { ...pipeline, train: { ...train, models: { declared: {}, logistic: {} } } }
    await expect(run(named, { out: join(folder, 'named'), threads: 1 })).rejects.toThrow(
      'finds no factor of any of its dimensions',
    )
    const weighted = { ...train, models: { declared: { weights: { money: 3, place: 1 } } } }
    const own = await run({ ...pipeline, train: weighted }, { out: join(folder, 'weighted'), threads: 1 })
    expect(Object.keys(own.training.models)).toEqual(['declared'])
    expect(own.training.warnings).toEqual([])
  })

  it('adds up in the files: base + factors + scale_limit = score = base + dimensions + scale_limit', async () => {
    const engine = await openDuckDB({ threads: 1 })
    const receipts = `read_parquet('${join(out, 'receipts/receipts.parquet')}')`
    const scores = `read_parquet('${join(out, 'scores/scores.parquet')}')`
    const [row] = await engine.rows<Record<string, number>>(`
      SELECT count(*) AS n,
        count(*) FILTER (WHERE base + income + debt + region + scale_limit <> r.score) AS factors,
        count(*) FILTER (WHERE base + money + place + scale_limit <> r.score) AS dimensions,
        count(*) FILTER (WHERE r.score <> s.score OR r.score < 350 OR r.score > 950) AS scores,
        -- the twin that must be caught: one factor left out
        count(*) FILTER (WHERE base + income + debt + scale_limit <> r.score) AS broken
      FROM ${receipts} AS r JOIN ${scores} AS s USING (person_id, observation_date, model, model_hash)`)
    engine.close()
    expect(row).toMatchObject({ n: 1800, factors: 0, dimensions: 0, scores: 0 })
    expect(row!['broken']).toBeGreaterThan(500)
  })

  it('skips what is up to date, and does again what was touched', async () => {
    const again = await run(pipeline, { out, threads: 1 })
    expect(again.stages.map((s) => s.skipped)).toEqual([true, true, true, true, true])
    appendFileSync(join(out, 'scores', 'scores.parquet'), 'x')
    const mended = await run(pipeline, { out, threads: 1 })
    expect(mended.stages.map((s) => s.skipped)).toEqual([true, true, false, true, true])
    const other = await run({ ...pipeline, seed: 4 }, { out, threads: 1 })
    expect(other.stages.map((s) => s.skipped)).toEqual([false, false, false, false, false])
  })

  it('never trusts what a killed process left behind', async () => {
    const left = join(out, 'train.tmp-999999999-0')
    mkdirSync(left)
    writeFileSync(join(left, 'manifest.json'), '{}')
    rmSync(join(out, 'receipts', 'manifest.json'))
    await expect(run({ ...pipeline, seed: 4 }, { out, threads: 1 })).rejects.toThrow(
      /holds something else and is left alone/,
    )
    rmSync(join(out, 'receipts'), { recursive: true })
    const mended = await run({ ...pipeline, seed: 4 }, { out, threads: 1 })
    expect(mended.stages.map((s) => s.skipped)).toEqual([true, true, true, false, true])
    expect(existsSync(left)).toBe(false)
  })

  it('leaves folders of others alone', async () => {
    const foreign = join(folder, 'foreign')
    mkdirSync(foreign)
    writeFileSync(join(foreign, 'thesis.txt'), 'years of work')
    await expect(run(pipeline, { out: foreign })).rejects.toThrow(/option out: the output folder holds something else/)
    expect(readdirSync(foreign)).toEqual(['thesis.txt'])
  })

  it('stops at a signal and leaves nothing half-written', async () => {
    const stopped = join(folder, 'stopped')
    const controller = new AbortController()
    const work = run(pipeline, {
      out: stopped,
      threads: 1,
      signal: controller.signal,
      progress: (step) => {
        if (step.startsWith('train forest')) controller.abort()
      },
    })
    await expect(work).rejects.toMatchObject({ kind: 'interrupted' })
    expect(readdirSync(stopped).sort()).toEqual(['features', 'run.json'])
    const resumed = await run(pipeline, { out: stopped, threads: 1 })
    expect(resumed.stages.map((s) => s.skipped)).toEqual([true, false, false, false, false])
    const straight = await run(pipeline, { out: join(folder, 'run2'), threads: 1 })
    expect(hashesOf(resumed.stages)).toEqual(hashesOf(straight.stages))
  })
})

describe('leaks', () => {
  it('finds nothing to learn in shuffled labels, keeps no model, and says so', async () => {
    const summary = await run(
      { ...pipeline, train: { ...pipeline.train, permuteLabels: 12 } },
      { out: join(folder, 'shuffled'), threads: 1 },
    )
    expect(summary.receipts).toBeUndefined()
    expect(summary.training.permutations).toBe(12)
    for (const { auc } of Object.values(summary.training.models)) {
      // A tree that finds no split says 0.5 of everybody.
      expect(auc.low).toBeLessThanOrEqual(0.5)
      expect(auc.high).toBeGreaterThanOrEqual(0.5)
    }
  })

  it('warns of a planted column that knows the outcome, and of models that use it', async () => {
    const planted = workshop()
    writeTable(planted, { future: 3 })
    const mapping = writeMapping(planted)
    const summary = await run(
      { ...pipeline, source: { kind: 'mapping', mapping } },
      { out: join(planted, 'run'), threads: 1 },
    )
    expect(summary.training.warnings.join('\n')).toMatch(/closing_code alone tells good from bad with an AUC of/)
    expect(summary.training.warnings.join('\n')).toMatch(/forest: an AUC of .* asks for an explanation/)
  })

  it('names the column when it tells good from bad without error, so that nothing can be calibrated', async () => {
    const planted = workshop()
    writeTable(planted, { future: 100 })
    const source = { kind: 'mapping' as const, mapping: writeMapping(planted) }
    await expect(run({ ...pipeline, source }, { out: join(planted, 'run'), threads: 1 })).rejects.toThrow(
      /^logistic: margins cannot be calibrated.*closing_code alone tells good from bad with an AUC of 1\.000/,
    )
  })

  it('refuses a protected column among the factors', async () => {
    const table = await ingest({
      mapping: join(folder, 'customers.mapping.yaml'),
      out: join(folder, 'table'),
      threads: 1,
    })
    const file = join(table.folder, 'features.json')
    const features = readJson<FeatureTable>(file)
    writeFileSync(file, JSON.stringify({ ...features, protectedColumns: ['Region'] }))
    await expect(train({ features: table.folder, out: join(folder, 'refused') })).rejects.toThrow(
      /column region: a protected attribute cannot be an input of a score/,
    )
    expect(existsSync(join(folder, 'refused'))).toBe(false)
  })
})

describe('score and explain', () => {
  it('work on saved models alone, with people that have no outcome', async () => {
    const people = workshop()
    writeTable(people, { rows: 50, seed: 9 })
    const mapping = writeMapping(people)
    const csv = join(people, 'customers.csv')
    const lines = readFileSync(csv, 'utf8').trim().split('\n')
    writeFileSync(csv, `${lines.map((line) => line.slice(0, line.lastIndexOf(','))).join('\n')}\n`)
    const table = await ingest({ mapping, out: join(people, 'table'), threads: 1, withoutTarget: true })
    const scored = await score({
      models: [join(folder, 'run2')],
      features: table.folder,
      out: join(people, 'scores'),
      threads: 1,
    })
    expect(scored.summary.rows).toBe(50)
    const explained = await explainScores({
      models: [join(folder, 'run2/train/models/forest')],
      features: table.folder,
      out: join(people, 'receipts'),
      threads: 1,
    })
    const [receipt] = await readReceipts(explained.folder, 'c00007')
    const { hash } = await loadModel(join(folder, 'run2/train/models/forest'))
    expect(receipt!.modelHash).toBe(hash)
    expect(receipt!.base + receipt!.factors.reduce((s, f) => s + f.points, 0) + receipt!.scaleLimit).toBe(
      receipt!.score,
    )
    await expect(readReceipts(explained.folder, "x' OR 1=1 --")).rejects.toThrow(/no such person/)
  })

  it('ask for whom, clearly', async () => {
    const models = [join(folder, 'run2')]
    await expect(score({ models, out: join(folder, 'nobody') })).rejects.toThrow(/whom to score is not clear/)
    await expect(score({ models: [folder], features: folder, out: join(folder, 'nobody') })).rejects.toThrow(
      /no model here/,
    )
  })

  it('give no receipts under isotonic calibration, and say why', async () => {
    const isotonic = await run(
      { ...pipeline, train: { models: { logistic: {} }, calibration: 'isotonic', replicates: 200 } },
      { out: join(folder, 'isotonic'), threads: 1 },
    )
    expect(isotonic.receipts!.models).toEqual({})
    expect(isotonic.receipts!.notes[0]).toMatch(/logistic: isotonic calibration makes steps/)
  })
})
