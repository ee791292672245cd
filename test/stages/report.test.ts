/** The report of a run: its numbers again from the Parquet files by other means, its messages, its bytes. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, openDuckDB, type PipelineInput, report, run } from '../../src/index.ts'
import type { RunReport } from '../../src/reports/runReport.ts'
import { declaredShares } from '../../src/stages/declaredShares.ts'
import { drawRows } from '../../src/stages/reportFactorPoints.ts'
import type { Manifest } from '../../src/stages/stage.ts'
import { sha256 } from '../../src/util/hash.ts'
import { random } from '../../src/util/random.ts'
import { BAD_INPUTS, badInputLine, withPart } from '../sources/badInputsDocument.ts'
import { readJson, workshop, writeMapping, writeTable } from './workshop.ts'

const folder = workshop()
const out = join(folder, 'run')
const pipeline: PipelineInput = {
  name: 'customers',
  seed: 3,
  source: { kind: 'mapping', mapping: join(folder, 'customers.mapping.yaml') },
  train: {
    models: { declared: { weights: { money: 3, place: 1 } }, logistic: {}, forest: { trees: 20, minLeaf: 10 } },
    replicates: 200,
  },
}
const reportOf = (run: string): RunReport => readJson(join(run, 'report/report.json'))

let engine: Engine
beforeAll(async () => {
  writeTable(folder)
  writeMapping(folder)
  engine = await openDuckDB({ threads: 1 })
  await run(pipeline, { out, threads: 1 })
})
afterAll(() => engine.close())

/** A copy of the run in which a file is made anew by a query over the old one (`old`) and its manifest says nothing of it. */
const forged = async (name: string, file: string, query: string): Promise<string> => {
  const copy = join(folder, name)
  rmSync(copy, { recursive: true, force: true })
  cpSync(out, copy, { recursive: true })
  const path = join(copy, file)
  await engine.run(`CREATE OR REPLACE TABLE forged AS SELECT * FROM read_parquet('${join(out, file)}')`)
  await engine.writeParquet(`SELECT * FROM (${query.replaceAll('OLD', 'forged')}) ORDER BY ALL`, path)
  const [stage, ...rest] = file.split('/')
  const manifestFile = join(copy, stage!, 'manifest.json')
  const manifest = readJson<Manifest>(manifestFile)
  manifest.outputs[rest.join('/')] = sha256(readFileSync(path))
  writeFileSync(manifestFile, JSON.stringify(manifest))
  return copy
}

const parquet = (run: string, file: string): string => `(SELECT * FROM read_parquet('${join(run, file)}'))`

/** AUC by comparing every bad row with every good one. */
const aucByPairs = async (run: string, model: string): Promise<number> => {
  const rows = await engine.rows<{ target: number; margin: number }>(
    `SELECT target, margin FROM ${parquet(run, 'train/predictions.parquet')} WHERE model = '${model}'`,
  )
  const bads = rows.filter((r) => r.target === 1)
  const goods = rows.filter((r) => r.target === 0)
  let won = 0
  for (const b of bads) for (const g of goods) won += b.margin > g.margin ? 1 : b.margin === g.margin ? 0.5 : 0
  return won / (bads.length * goods.length)
}

/** Held-out rows and bads of a band, by the scores that everybody was given. */
const bandOf = async (run: string, model: string, band: string) => {
  const [row] = await engine.rows<{ n: number; bads: number }>(
    `SELECT count(*) AS n, count(*) FILTER (WHERE target = 1) AS bads FROM ${parquet(run, 'train/predictions.parquet')}
     JOIN ${parquet(run, 'scores/scores.parquet')} USING (person_id, observation_date, model)
     WHERE model = '${model}' AND band = '${band}'`,
  )
  return row!
}

/** Information value of a category on the training rows, half a row lent to each cell. */
const ivOfRegion = async (run: string): Promise<number> => {
  const [row] = await engine.rows<{ iv: number }>(`
    WITH labeled AS (
      SELECT region, status = 'bad' AS bad FROM ${parquet(run, 'features/features.parquet')}
      JOIN ${parquet(run, 'features/outcomes.parquet')} USING (person_id, observation_date)
      ANTI JOIN ${parquet(run, 'train/predictions.parquet')} USING (person_id, observation_date)
      WHERE status IN ('good', 'bad')),
    levels AS (SELECT region, count(*) FILTER (WHERE bad) + 0.5 AS b, count(*) FILTER (WHERE NOT bad) + 0.5 AS g FROM labeled GROUP BY 1),
    shares AS (SELECT b / sum(b) OVER () AS b, g / sum(g) OVER () AS g FROM levels)
    SELECT sum((g - b) * ln(g / b))::DOUBLE AS iv FROM shares`)
  return row!.iv
}

/** Share of labeled rows without a debt. */
const missingDebt = async (run: string): Promise<number> => {
  const [row] = await engine.rows<{ share: number }>(
    `SELECT avg((debt IS NULL)::INTEGER) AS share FROM ${parquet(run, 'features/features.parquet')}
     JOIN ${parquet(run, 'features/outcomes.parquet')} USING (person_id, observation_date) WHERE status IN ('good', 'bad')`,
  )
  return row!.share
}

/** Mid-rank of the money of a person among everybody, from sorted numbers. */
const percentileOf = async (run: string, model: string, points: number): Promise<number> => {
  const rows = await engine.rows<{ money: number }>(
    `SELECT money FROM ${parquet(run, 'receipts/receipts.parquet')} WHERE model = '${model}'`,
  )
  const sorted = rows.map((r) => r.money).sort((a, b) => a - b)
  return (sorted.indexOf(points) + sorted.lastIndexOf(points) + 1) / 2 / sorted.length
}

/** Mean absolute points of income, by the forest. */
const meanIncome = async (run: string): Promise<number> => {
  const rows = await engine.rows<{ income: number }>(
    `SELECT income FROM ${parquet(run, 'receipts/receipts.parquet')} WHERE model = 'forest'`,
  )
  return rows.reduce((sum, r) => sum + Math.abs(r.income), 0) / rows.length
}

/** By how much the exact points of money are off the sum of those of its factors, on average. */
const moneyApart = async (run: string): Promise<number> => {
  const rows = await engine.rows<{ income: number; debt: number; money: number }>(
    `SELECT income, debt, money FROM ${parquet(run, 'receipts/receipts.parquet')} WHERE model = 'forest'`,
  )
  return rows.reduce((sum, r) => sum + Math.abs(r.money - r.income - r.debt), 0) / rows.length
}

/** Median of the points of income over the rows whose income lies between two. */
const medianWhere = async (run: string, from: number, to: number): Promise<number> => {
  const [row] = await engine.rows<{ median: number }>(
    `SELECT median(r.income)::DOUBLE AS median FROM ${parquet(run, 'receipts/receipts.parquet')} r
     JOIN ${parquet(run, 'features/features.parquet')} f USING (person_id, observation_date)
     WHERE model = 'forest' AND f.income BETWEEN ${from} AND ${to}`,
  )
  return row!.median
}

/** Numbers of a report beside the same from the files of a run: [in the report, recomputed]. */
const recompute = async (report: RunReport, run: string): Promise<Record<string, [number, number]>> => {
  const forest = report.models.find((m) => m.name === 'forest')!
  const band = forest.curves.bands.find((b) => b.label === 'good')!
  const counted = await bandOf(run, 'forest', 'good')
  const region = report.factors.find((f) => f.factor === 'region')!
  const debt = report.factors.find((f) => f.factor === 'debt')!
  const money = report.person!.dimensions.find((d) => d.dimension === 'money')!
  const income = forest.importance!.factors.find((f) => f.factor === 'income')!
  const apart = forest.importance!.dimensions.find((d) => d.dimension === 'money')!.difference
  const bin = forest.importance!.dependence.find((d) => d.factor === 'income')!.bins![7]!
  const [above] = await engine.rows<{ n: number }>(
    `SELECT count(*) AS n FROM ${parquet(run, 'scores/scores.parquet')} WHERE model = 'forest' AND score >= ${report.cutoff}`,
  )
  return {
    auc: [forest.figures.auc.value, await aucByPairs(run, 'forest')],
    rowsOfBand: [band.rows, counted.n],
    badRateOfBand: [band.badRate!.value, counted.bads / counted.n],
    informationValue: [region.informationValue!, await ivOfRegion(run)],
    missingShare: [debt.missingShare, await missingDebt(run)],
    percentile: [money.percentile, await percentileOf(run, report.person!.model, money.points)],
    importance: [income.meanAbsolutePoints, await meanIncome(run)],
    moneyApart: [apart.meanAbsolutePoints, await moneyApart(run)],
    medianOfBin: [bin.median, await medianWhere(run, bin.from, bin.to)],
    aboveCutoff: [forest.scored!.aboveCutoff, above!.n],
  }
}

/** Counts and quotients of whole numbers, sums of a few hundred terms: other orders of adding differ in the last digits only. */
const SAME = 1e-12
const differing = (numbers: Record<string, [number, number]>): string[] =>
  Object.entries(numbers).flatMap(([name, [a, b]]) => (Math.abs(a - b) <= SAME ? [] : [name]))

describe('the numbers of a report', () => {
  it('are those of the Parquet files, counted by other means', async () => {
    expect(differing(await recompute(reportOf(out), out))).toEqual([])
  })

  it('differ from files in which something else stands: the twin of the test above', async () => {
    const honest = reportOf(out)
    const swapped = await forged(
      'swapped',
      'train/predictions.parquet',
      'SELECT * REPLACE (1 - target AS target) FROM OLD',
    )
    expect(differing(await recompute(honest, swapped))).toEqual(['auc', 'badRateOfBand'])
    const moved = await forged(
      'moved',
      'receipts/receipts.parquet',
      "SELECT * REPLACE (CASE WHEN person_id < 'c00300' THEN money + 5 ELSE money END AS money, income + 1 AS income) FROM OLD",
    )
    expect(differing(await recompute(honest, moved))).toEqual(['percentile', 'importance', 'moneyApart', 'medianOfBin'])
    const filled = await forged(
      'filled',
      'features/features.parquet',
      "SELECT * REPLACE (0 AS debt, 'x' AS region) FROM OLD",
    )
    expect(differing(await recompute(honest, filled))).toEqual(['informationValue', 'missingShare'])
  })

  it('name the files that they come from, with hashes that hold, and no file with protected attributes', () => {
    const { inputs } = reportOf(out)
    for (const [file, hash] of Object.entries(inputs)) expect(sha256(readFileSync(join(out, file))), file).toBe(hash)
    expect(Object.keys(inputs)).toContain('train/predictions.parquet')
    expect(Object.keys(inputs).filter((file) => file.includes('groups'))).toEqual([])
  })

  it('hold together: waterfall, training and test rows, shares, receipt', () => {
    const r = reportOf(out)
    const of = (step: string) => r.waterfall.find((w) => w.step === step)!.rows
    expect(r.train.rows + r.test.rows).toBe(of('good') + of('bad'))
    expect(r.train.bads + r.test.bads).toBe(of('bad'))
    expect(r.models.map((m) => m.name)).toEqual(['declared', 'logistic', 'forest'])
    for (const { figures, curves, importance, scored } of r.models) {
      expect(figures.rows).toBe(r.test.rows)
      expect(curves.bands.reduce((sum, b) => sum + b.rows, 0)).toBe(r.test.rows)
      expect(Object.values(scored!.bands).reduce((a, b) => a + b)).toBe(scored!.rows)
      // Sums of a few shares of one.
      expect(importance!.factors.reduce((sum, f) => sum + f.share, 0)).toBeCloseTo(1, 12)
      expect(Object.fromEntries(importance!.dimensions.map((d) => [d.dimension, d.declaredShare]))).toEqual({
        money: 0.75,
        place: 0.25,
      })
    }
    const { base, factors, dimensions, scaleLimit, score, band } = r.person!
    expect(base + factors.reduce((sum, f) => sum + f.points, 0) + scaleLimit).toBe(score)
    expect(base + dimensions.reduce((sum, d) => sum + d.points, 0) + scaleLimit).toBe(score)
    expect(base + dimensions.reduce((sum, d) => sum + d.members, 0) + scaleLimit).toBe(score)
    const ofMoney = factors.filter((f) => f.dimension === 'money').reduce((sum, f) => sum + f.points, 0)
    expect(dimensions.find((d) => d.dimension === 'money')!.members).toBe(ofMoney)
    expect(band).toBe(score >= 650 ? 'very good' : 'good')
    expect(r.person!.model).toBe('forest')
  })

  it('have the points and values of drawn persons, row by row, the same persons for each model', async () => {
    const { folder: asked } = await report({ run: out, out: join(folder, 'drawn'), threads: 1, sample: 50 })
    const { drawn, models, seed } = readJson<RunReport>(join(asked, 'report.json'))
    const features = await engine.rows<Record<string, number | string | null>>(
      `SELECT * FROM ${parquet(out, 'features/features.parquet')} ORDER BY person_id, observation_date`,
    )
    const { rows } = drawRows(
      features.map((f) => f['person_id'] as string),
      50,
      random(seed).fork('report'),
    )
    expect([drawn!.persons, drawn!.ofPersons, drawn!.ofRows]).toEqual([50, 600, 600])
    expect(drawn!.factors.map((f) => f.factor).sort()).toEqual(['debt', 'income', 'region'])
    for (const { factor, values, missing } of drawn!.factors) {
      const own = rows.map((i) => features[i]![factor]!)
      expect(values).toEqual(own.map((v) => (typeof v === 'number' ? Number(v.toPrecision(5)) : v)))
      expect(missing).toBe(own.filter((v) => v === null).length)
    }
    const wrong = async (ids: readonly number[]): Promise<number> => {
      let off = 0
      for (const { name, importance } of models) {
        const receipts = await engine.rows<Record<string, number>>(
          `SELECT * FROM ${parquet(out, 'receipts/receipts.parquet')} WHERE model = '${name}' ORDER BY person_id, observation_date`,
        )
        expect(importance!.swarm.map((s) => s.factor)).toEqual(importance!.factors.map((f) => f.factor))
        for (const { factor, points } of importance!.swarm)
          off += ids.filter((row, k) => receipts[row]![factor] !== points[k]).length
      }
      return off
    }
    expect(await wrong(rows)).toBe(0)
    // the twin: the points of the persons beside them
    expect(await wrong(rows.map((row) => (row + 1) % 600))).toBeGreaterThan(100)
  })

  it('draw nobody where nobody is asked for, and show dependence of the model that is shown alone', async () => {
    const asked = await report({ run: out, out: join(folder, 'none'), threads: 1, sample: 0, model: 'logistic' })
    const { drawn, models } = readJson<RunReport>(join(asked.folder, 'report.json'))
    expect(drawn).toBeNull()
    expect(models.map((m) => m.importance!.swarm)).toEqual([[], [], []])
    expect(models.map((m) => m.importance!.dependence.length)).toEqual([0, 3, 0])
    const region = models[1]!.importance!.dependence.find((d) => d.factor === 'region')!
    expect(region.bins).toBeNull()
    expect(region.levels!.map((l) => l.level).sort()).toEqual(['north', 'south', 'west'])
    const counted = region.levels!.reduce((sum, l) => sum + l.rows, region.missing?.rows ?? 0)
    expect(counted).toBe(600)
  })

  it('have intervals over persons, and dimensions that are apart by rounding alone where factors are added up', () => {
    for (const { name, importance } of reportOf(out).models) {
      expect(importance!.persons).toBe(600)
      for (const of of [
        ...importance!.factors,
        ...importance!.dimensions,
        ...importance!.dimensions.map((d) => d.members),
      ]) {
        expect(of.low!).toBeLessThanOrEqual(of.meanAbsolutePoints)
        expect(of.high!).toBeGreaterThanOrEqual(of.meanAbsolutePoints)
      }
      // Each number is within one point of what it was before rounding: two factors and their dimension within three.
      if (name !== 'forest') for (const d of importance!.dimensions) expect(d.largestDifference).toBeLessThanOrEqual(3)
    }
  })

  it('hold no number that JSON cannot', () => {
    expect(readFileSync(join(out, 'report/report.json'), 'utf8')).not.toMatch(/NaN|Infinity/)
  })
})

describe('declaredShares', () => {
  const of = (...dimensions: string[]) =>
    Object.fromEntries(
      declaredShares(
        new Map(),
        dimensions.map((dimension) => ({ dimension })),
      ),
    )

  it('are those of the catalogue for its dimensions, and none for a table that shares a name with it', () => {
    expect(of('credit_history', 'personal_relationships')).toEqual({
      credit_history: 0.35,
      behavior_preference: 0.25,
      fulfillment_capacity: 0.2,
      identity_characteristics: 0.15,
      personal_relationships: 0.05,
    })
    expect(of('credit_history', 'housing')).toEqual({})
  })
})

describe('report', () => {
  it('finds what run made up to date, and makes the same bytes with other threads and in other folders', async () => {
    const again = await report({ run: out, threads: 1 })
    expect(again.skipped).toBe(true)
    const two = await report({ run: out, out: join(folder, 'elsewhere'), threads: 2 })
    expect(two.manifest.outputs).toEqual(again.manifest.outputs)
    expect(Object.keys(two.manifest.outputs)).toEqual(['report.html', 'report.json', 'summary.json'])
  })

  it('shows who is asked for, by which model, at which cutoff', async () => {
    const asked = await report({
      run: out,
      out: join(folder, 'asked'),
      threads: 1,
      person: 'c00007',
      model: 'logistic',
      cutoff: 600,
    })
    const { person, models, cutoff } = readJson<RunReport>(join(asked.folder, 'report.json'))
    expect(person).toMatchObject({ personId: 'c00007', model: 'logistic', observationDate: '2024-06-30' })
    expect(cutoff).toBe(600)
    const { atCutoff, approval } = models[0]!.curves
    expect(atCutoff).toEqual(approval.find((a) => a.cutoff === 600))
    expect(asked.summary.person).toEqual({ personId: 'c00007', model: 'logistic', observationDate: '2024-06-30' })
    const values = person!.factors.map((f) => [f.factor, f.value, f.missing] as const)
    const [row] = await engine.rows<Record<string, number | string | null>>(
      `SELECT * FROM ${parquet(out, 'features/features.parquet')} WHERE person_id = 'c00007'`,
    )
    for (const [name, value, missing] of values) {
      expect(value, name).toBe(row![name])
      expect(missing, name).toBe(value === null ? 'missing_in_source' : null)
    }
  })

  it('takes the cutoff of the pipeline, for the scores and the example of the run too', async () => {
    const at600 = join(folder, 'at600')
    const {
      example,
      report: made,
      scores,
    } = await run({ ...pipeline, report: { cutoff: 600 } }, { out: at600, threads: 1 })
    expect([reportOf(at600).cutoff, made!.cutoff, scores!.cutoff]).toEqual([600, 600, 600])
    const [nearest] = await engine.rows<{ gap: number }>(
      `SELECT min(abs(score - 600)) AS gap FROM ${parquet(at600, 'receipts/receipts.parquet')} WHERE model = 'forest'`,
    )
    expect(Math.abs(example!.score - 600)).toBe(nearest!.gap)
    const { personId, score, factors } = reportOf(at600).person!
    expect([example!.personId, example!.score, example!.model]).toEqual([personId, score, 'forest'])
    expect(Object.fromEntries(example!.factors.map((f) => [f.factor, f.points]))).toEqual(
      Object.fromEntries(factors.map((f) => [f.factor, f.points])),
    )
  })

  it('says of each person whether the model was trained on their row', async () => {
    const held = await engine.rows<{ person_id: string }>(
      `SELECT person_id FROM ${parquet(out, 'train/predictions.parquet')} WHERE model = 'forest' ORDER BY 1`,
    )
    const test = new Set(held.map((r) => r.person_id))
    for (const person of ['c00000', 'c00001', 'c00002', 'c00003', 'c00004', held[0]!.person_id]) {
      const asked = await report({ run: out, out: join(folder, 'asked'), threads: 1, person })
      const shown = readJson<RunReport>(join(asked.folder, 'report.json')).person!
      expect(shown.trainedOn, person).toBe(!test.has(person))
    }
  })

  it('works where every row is measured out of fold, and where no model has receipts', async () => {
    const folds = join(folder, 'folds')
    await run(
      {
        ...pipeline,
        train: {
          models: { logistic: {} },
          split: { by: 'folds', folds: 3, repeats: 2 },
          replicates: 200,
          calibration: 'isotonic',
        },
      },
      { out: folds, threads: 1 },
    )
    const r = reportOf(folds)
    expect(r.evaluation).toBe('out_of_fold')
    expect(r.train).toEqual(r.test)
    expect(r.factors.every((f) => f.psi === null)).toBe(true)
    expect(r.person).toBeNull()
    expect(r.models[0]!.importance).toBeNull()
    expect(r.models[0]!.noImportance).toBe(
      'isotonic calibration makes steps, which no sum of points follows; no receipts',
    )
    await expect(report({ run: folds, person: 'c00001' })).rejects.toThrow(/nobody can be shown/)
  })
})

/** What is done to a run, and what is then asked for: the messages of docs/bad-inputs.md. */
const CASES: [name: string, work: () => Promise<unknown>][] = []
const unlike = (name: string, change: (copy: string) => void | Promise<void>, options: object = {}): void => {
  CASES.push([
    name,
    async () => {
      const copy = join(folder, 'runs')
      rmSync(copy, { recursive: true, force: true })
      cpSync(out, copy, { recursive: true })
      await change(copy)
      await report({ run: copy, threads: 1, ...options })
    },
  ])
}
const nothing = (): void => {}
const edit = (file: string, change: (text: string) => string) => (copy: string) =>
  writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')))
const fix = async (copy: string, stage: string, file: string): Promise<void> => {
  const manifestFile = join(copy, stage, 'manifest.json')
  const manifest = readJson<Manifest>(manifestFile)
  manifest.outputs[file] = sha256(readFileSync(join(copy, stage, file)))
  writeFileSync(manifestFile, JSON.stringify(manifest))
}

unlike('no such run', (copy) => rmSync(copy, { recursive: true }))
unlike('a file instead of a run', (copy) => {
  rmSync(copy, { recursive: true })
  writeFileSync(copy, 'x')
})
unlike('a folder that is no run, or whose stages were run one by one', (copy) => rmSync(join(copy, 'run.json')))
unlike('a run.json of something else', (copy) => writeFileSync(join(copy, 'run.json'), '{"format":"other"}'))
unlike('a run that was killed or still works', (copy) =>
  writeFileSync(join(copy, 'run.json'), '{"format":"glasscore.run","state":"unfinished"}'),
)
unlike(
  'a run whose labels were shuffled',
  edit('run.json', (text) => text.replace('"permutations": 0', '"permutations": 20')),
)
unlike('a run without its scores', (copy) => rmSync(join(copy, 'scores'), { recursive: true }))
unlike('a run without one of its files', (copy) => rmSync(join(copy, 'receipts/receipts.json')))
unlike('a file that was changed after the run', (copy) => writeFileSync(join(copy, 'train/predictions.parquet'), 'x'))
unlike('predictions with other outcomes, and a manifest that hides it', async (copy) => {
  const twin = await forged('swapped', 'train/predictions.parquet', 'SELECT * REPLACE (1 - target AS target) FROM OLD')
  rmSync(copy, { recursive: true })
  cpSync(twin, copy, { recursive: true })
})
unlike('a training on other features', async (copy) => {
  const twin = await forged('filled', 'features/features.parquet', 'SELECT * REPLACE (0 AS debt) FROM OLD')
  rmSync(copy, { recursive: true })
  cpSync(twin, copy, { recursive: true })
})
unlike('scores by other models', async (copy) => {
  edit('train/models/forest/model.json', (text) => `${text} `)(copy)
  await fix(copy, 'train', 'models/forest/model.json')
})
unlike('figures of an earlier version', async (copy) => {
  edit('train/metrics.json', (text) => text.replaceAll('"brier"', '"briar"'))(copy)
  await fix(copy, 'train', 'metrics.json')
})
unlike('receipts of other people', async (copy) => {
  const twin = await forged(
    'others',
    'receipts/receipts.parquet',
    "SELECT * REPLACE (replace(person_id, 'c', 'd') AS person_id) FROM OLD",
  )
  rmSync(copy, { recursive: true })
  cpSync(twin, copy, { recursive: true })
})
unlike('a person who is not there', nothing, { person: 'c99999' })
unlike('a person who was not observed on that date', nothing, { person: 'c00001', asOf: '2020-01-01' })
unlike('a date on which nobody was observed', nothing, { asOf: '2020-01-01' })
unlike('a model that the run does not have', nothing, { model: 'oracle' })
unlike('a cutoff that no score can reach', nothing, { cutoff: 1000 })
unlike('a cutoff between two scores', nothing, { cutoff: 650.5 })
unlike('more persons than a chart has room for', nothing, { sample: 5000 })
unlike(
  'an output folder that holds something else',
  (copy) => {
    mkdirSync(join(copy, 'mine'))
    writeFileSync(join(copy, 'mine/thesis.txt'), 'years of work')
  },
  { out: join(folder, 'runs/mine') },
)

describe('what cannot be reported on', () => {
  it('gets one clear message each, and leaves nothing half-written', async () => {
    const lines: string[] = []
    for (const [name, work] of CASES) {
      const error = await work().then(
        () => undefined,
        (e: unknown) => e as Error,
      )
      expect(error, name).toMatchObject({ name: 'GlasscoreError' })
      const message = error!.message.replaceAll(`${folder}/`, '').replaceAll(/[0-9a-f]{12}\.\.\./g, '9f86d0818842...')
      expect(message, name).not.toMatch(/\n|undefined|\[object/)
      lines.push(badInputLine(name, message))
      const left = existsSync(join(folder, 'runs')) ? (readdirSync(folder) as string[]) : []
      expect(left.filter((file) => file.includes('.tmp-'))).toEqual([])
    }
    const text = [
      'What `glasscore report` says of runs that it cannot report on; made by `test/stages/report.test.ts`. A run is checked against its',
      'manifests first: what was changed after the run is not reported.',
      '',
      '| input | message |',
      '|---|---|',
      ...lines,
    ].join('\n')
    await expect(withPart('Reports', text)).toMatchFileSnapshot(BAD_INPUTS)
  })

  it('would be reported on unchanged: the twin of the test above', async () => {
    const copy = join(folder, 'runs')
    rmSync(copy, { recursive: true, force: true })
    cpSync(out, copy, { recursive: true })
    await expect(report({ run: copy, threads: 1 })).resolves.toMatchObject({ skipped: true })
  })

  it('is no run with shuffled labels: run makes no report of it and removes an earlier one', async () => {
    const shuffled = join(folder, 'shuffled')
    cpSync(out, shuffled, { recursive: true })
    await run({ ...pipeline, train: { ...pipeline.train, permuteLabels: 2 } }, { out: shuffled, threads: 1 })
    expect(existsSync(join(shuffled, 'report'))).toBe(false)
    await expect(report({ run: shuffled })).rejects.toThrow(/labels of this run were shuffled/)
  })
})
