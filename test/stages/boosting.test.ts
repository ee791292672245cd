/** Boosting as a model like the others, through every stage of a run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  auditFairness,
  compare,
  loadModel,
  type PipelineInput,
  type RunReport,
  type RunSummary,
  report,
  run,
  score,
  type TrainSummary,
} from '../../src/index.ts'
import { readJson, workshop, writeMapping, writeTable } from './workshop.ts'

const folder = workshop()
const out = join(folder, 'run')
const pipeline: PipelineInput = {
  name: 'customers',
  seed: 3,
  source: { kind: 'mapping', mapping: join(folder, 'customers.mapping.yaml') },
  train: {
    models: { forest: { trees: 20 }, boosting: { rounds: 60, learningRate: 0.1, minLeaf: 10, monotone: 'catalogue' } },
    permutationRepeats: 5,
    replicates: 200,
  },
}
const filesOf = (path: string) =>
  Object.fromEntries(
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(parquet|bin|html)$/.test(entry.name))
      .map((entry) => [
        join(entry.parentPath, entry.name).slice(path.length),
        readFileSync(join(entry.parentPath, entry.name)),
      ]),
  )
let made: RunSummary

beforeAll(async () => {
  writeTable(folder)
  writeMapping(folder)
  made = await run(pipeline, { out, threads: 1 })
})

describe('a run with boosting', () => {
  it('has receipts that add up in every row, and the same bytes on two threads', async () => {
    const { rowsChecked, rowsFailing, semantics, additivityGap, meanAbsolutePoints } =
      made.receipts!.models['boosting']!
    expect({ rowsChecked, rowsFailing, semantics }).toMatchObject({ rowsChecked: 600, rowsFailing: 0 })
    // Points of one row: sums of some 60 trees in double precision.
    expect(additivityGap).toBeLessThan(1e-9)
    expect(meanAbsolutePoints.factors['income']).toBeGreaterThan(0)
    const other = join(folder, 'run2')
    await run(pipeline, { out: other, threads: 2 })
    expect(Object.keys(filesOf(other)).length).toBeGreaterThan(5)
    expect(filesOf(other)).toEqual(filesOf(out))
  })

  it('keeps a model that is loaded, with its categories as one column, its rounds and its directions', async () => {
    const { scorer } = await loadModel(join(out, 'train', 'models', 'boosting'))
    expect(scorer.encoding.columns.map(({ name, role }) => [name, role])).toContainEqual(['region', 'category'])
    const { report: fit } = readJson<TrainSummary>(join(out, 'train', 'metrics.json')).models['boosting']!
    const { rounds, validation, importance, monotone } = fit as {
      rounds: number
      validation: { rows: number; logLoss: number[]; stoppedEarly: boolean }
      importance: { column: string; gain: number }[]
      monotone: object
    }
    expect(validation.logLoss[rounds - 1]).toBe(Math.min(...validation.logLoss))
    expect(validation.rows).toBeGreaterThan(40)
    expect(importance.map((c) => c.column).sort()).toEqual(['debt', 'income', 'region'])
    expect(monotone).toEqual({ income: -1, debt: 1 })
    // Income and debt drive the outcome; 0.6 is far below what they give and far above chance.
    expect(made.training.models['boosting']!.auc.value).toBeGreaterThan(0.6)
  })

  it('is on the page with its rounds, what it was stopped on, and its importance', () => {
    const page = readFileSync(join(out, 'report', 'report.html'), 'utf8')
    const { rounds, validation } = readJson<TrainSummary>(join(out, 'train', 'metrics.json')).models['boosting']!
      .report as {
      rounds: number
      validation: { rows: number }
    }
    const text = page.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
    expect(text).toContain(`${rounds} trees are kept, of at most 60 , with `)
    expect(text).toContain(`${validation.rows} training rows were kept out`)
    expect(text).toContain('Gain by column: boosting')
    expect(text).toContain('Factors shuffled')
    const { models } = readJson<RunReport>(join(out, 'report', 'report.json'))
    expect(models[0]!.boosting).toBeUndefined()
    for (const { permutation } of models) {
      expect(permutation!.factors.map((f) => f.factor).sort()).toEqual(['debt', 'income', 'region'])
      // What makes the outcome, against noise.
      expect(permutation!.factors.at(-1)!.factor).toBe('region')
      const { value, low, high } = permutation!.factors[0]!.drop
      expect(value!).toBeGreaterThan(0.02)
      expect(low!).toBeLessThan(value!)
      expect(high!).toBeGreaterThan(value!)
    }
  })

  it('scores, compares and audits', async () => {
    const people = join(folder, 'scores')
    const scored = await score({
      models: [join(out, 'train', 'models', 'boosting')],
      features: join(out, 'features'),
      out: people,
    })
    expect(scored.summary.models['boosting']!.meanScore).toBeGreaterThan(350)
    const compared = await compare({ runs: [out], out: join(folder, 'compare') })
    expect(JSON.stringify(compared.summary)).toContain('boosting')
    const audited = await auditFairness({ source: out, out: join(folder, 'audit'), models: ['boosting'] })
    expect(JSON.stringify(audited.summary)).toContain('boosting')
    const again = await report({ run: out, out: join(folder, 'page') })
    expect(existsSync(join(again.folder, 'report.html'))).toBe(true)
  })
})
