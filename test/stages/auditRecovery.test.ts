/** The audit of recovery as a command and a run do it, on outcomes from the declared function. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { literal } from '../../src/engines/sql.ts'
import {
  type AuditRecoveryOptions,
  auditOpacity,
  auditRecovery,
  DEFAULT_SCALE,
  type Engine,
  report as makeReport,
  type OpacityReport,
  openDuckDB,
  type PipelineInput,
  type RecoveryReport,
  type RunReport,
  run,
  type TrainSummary,
} from '../../src/index.ts'
import { digestOf, type TruthHead, truthFiles } from '../../src/population/truthFolder.ts'
import { numberProblems, parsePage } from '../reports/checkPage.ts'
import { BAD_INPUTS, badInputLine, withPart } from '../sources/badInputsDocument.ts'
import { readJson, workshop, writeMapping, writeTable } from './workshop.ts'

// Runs from people to report.
vi.setConfig({ testTimeout: 400_000, hookTimeout: 400_000 })

const folder = workshop()
const out = join(folder, 'run')
const models = { logistic: { l2: 10 }, forest: { trees: 30, minLeaf: 10 } }
const pipeline: PipelineInput = {
  name: 'declared',
  seed: 2,
  source: { kind: 'simulate', people: 2560, asOf: '2025-01-01', outcome: 'declared' },
  train: { models, replicates: 200 },
}
const recoveryIn = (path: string): RecoveryReport => readJson(join(path, 'recovery.json'))

let engine: Engine
let found: RecoveryReport
beforeAll(async () => {
  engine = await openDuckDB({ threads: 1 })
  await run(pipeline, { out, threads: 1 })
  found = recoveryIn(join(out, 'recovery'))
})
afterAll(() => engine.close())

const parquet = (file: string) => `read_parquet(${literal(file)})`

describe('the audit of a run on simulated people', () => {
  it('is made by the run itself, with the AUC of the truth that pairs of rows have', async () => {
    const [row] = await engine.rows<{ auc: number; rows: number; bads: number }>(`
      WITH held AS (
        SELECT t.p_bad, p.target FROM ${parquet(join(out, 'train/predictions.parquet'))} AS p
        JOIN ${parquet(truthFiles(join(out, 'data'), 'declared').parquet)} AS t USING (person_id, observation_date)
        WHERE p.model = 'forest')
      SELECT avg(CASE WHEN b.p_bad > g.p_bad THEN 1.0 WHEN b.p_bad = g.p_bad THEN 0.5 ELSE 0 END)::DOUBLE AS auc,
        (SELECT count(*) FROM held) AS rows, (SELECT count(*) FROM held WHERE target = 1) AS bads
      FROM held AS b JOIN held AS g ON b.target = 1 AND g.target = 0`)
    expect(found.ceiling.value).toBeCloseTo(row!.auc, 10)
    expect([found.rows, found.bads]).toEqual([row!.rows, row!.bads])
    expect(found).toMatchObject({ evaluation: 'test', truth: { kind: 'declared' }, name: 'declared', replicates: 200 })
    const metrics = readJson<TrainSummary>(join(out, 'metrics.json'))
    expect(found.models.map((m) => m.model)).toEqual(['logistic', 'forest'])
    for (const { model, auc, gap, slope, logOddsCorrelation } of found.models) {
      // The same draws as the training's.
      const { value, low, high } = metrics.models[model]!.auc
      expect(auc).toEqual({ value, low, high })
      expect(gap.value).toBeCloseTo(found.ceiling.value! - value, 12)
      for (const b of [auc, gap, slope, logOddsCorrelation]) {
        expect(b.low!).toBeLessThan(b.value!)
        expect(b.high!).toBeGreaterThan(b.value!)
      }
      expect(logOddsCorrelation.value).toBeGreaterThan(0.5)
    }
  })

  it('compares points with the closed form, factor by factor and dimension by dimension', () => {
    const { declared } = found
    expect(declared!.factors).toHaveLength(70)
    expect(declared!.dimensions).toHaveLength(5)
    expect(declared!.background).toMatch(/^the \d+ training rows$/)
    const silent = declared!.factors.flatMap((f, j) => (f.spoken ? [] : [j]))
    expect(silent).toHaveLength(17)
    expect(declared!.models.map((m) => [m.model, m.semantics, m.backgroundId])).toEqual([
      ['logistic', 'interventional', 'training_mean'],
      ['forest', 'path_dependent', 'tree_covers'],
      ['forest', 'interventional', 'training_rows'],
    ])
    const [, pathDependent, interventional] = declared!.models
    // The same model and rows, another question: near, and not the same.
    expect(interventional!.misplaced.value).not.toBe(pathDependent!.misplaced.value)
    expect(Math.abs(interventional!.misplaced.value! - pathDependent!.misplaced.value!)).toBeLessThan(0.3)
    for (const { model, semantics, factors, dimensions, misplaced, importances } of declared!.models) {
      for (const j of silent) expect(factors[j]!.truth).toBe(0)
      expect(misplaced.value).toBeGreaterThan(0.05)
      // So few people show the large dimensions, and not each of the small ones.
      expect(dimensions.filter((d) => d.correlation.value! > 0.3).length).toBeGreaterThanOrEqual(3)
      // A dimension's points are no more than those of its factors.
      const sizes = found.declared!.dimensions.map((d) =>
        factors.reduce((sum, f, j) => (declared!.factors[j]!.dimension === d ? sum + f.truth : sum), 0),
      )
      dimensions.forEach((d, k) => {
        expect(d.truth).toBeLessThanOrEqual(sizes[k]! + 1e-9)
      })
      // Simpler importances have no background: they stand beside the first points of a model.
      expect(importances.map((i) => i.kind)).toEqual([
        'attributions',
        ...(model === 'logistic' ? ['coefficients', 'permutation'] : []),
        ...(semantics === 'path_dependent' ? ['split', 'permutation'] : []),
      ])
      expect(importances[0]!.rankCorrelation.value).toBeGreaterThan(0.1)
      for (const { rankCorrelation, imagined, values } of importances) {
        expect(values).toHaveLength(70)
        // Permutation says next to nothing on so few bads.
        expect(Math.abs(rankCorrelation.value!)).toBeLessThan(0.95)
        expect(imagined.value).toBeGreaterThanOrEqual(0)
        expect(imagined.value).toBeLessThan(0.6)
      }
    }
  })

  it('gives an audit of opacity the weights that the function has', async () => {
    const opacity = join(folder, 'opacity')
    await auditOpacity({
      run: out,
      out: opacity,
      models: ['logistic'],
      rows: 100,
      fitRows: 400,
      permutations: 0,
      repeats: 1,
      retrainings: 2,
      replicates: 40,
      threads: 1,
    })
    const { truth, dimensions, models } = readJson<OpacityReport>(join(opacity, 'opacity.json'))
    const { numbers, rows } = await engine.columns(
      `SELECT t.* FROM ${parquet(join(opacity, 'opacity.parquet'))} AS o
       JOIN ${parquet(truthFiles(join(out, 'data'), 'declared').parquet)} AS t USING (person_id, observation_date)`,
      [...dimensions],
    )
    // What was sealed has the people of the simulation as background, the audit the training rows: nearly the same.
    expect(rows).toBe(100)
    const means = dimensions.map((d) => numbers[d]!.reduce((sum, v) => sum + Math.abs(v), 0))
    const all = means.reduce((a, b) => a + b, 0)
    truth!.share.forEach((share, d) => {
      expect(Math.abs(share.value! - means[d]! / all)).toBeLessThan(0.03)
    })
    expect(truth!.models[0]!.model).toBe('logistic')
    const own = models[0]!.weights!.dimensions
    const distance = own.reduce((sum, w, d) => sum + Math.abs(w.share.value! - truth!.share[d]!.value!) / 2, 0)
    expect(truth!.models[0]!.distance.value).toBeCloseTo(distance, 9)
    expect(models[0]!.stacked.factors).toHaveLength(4)
  })

  it('takes the closed form from the sealed file up to its background: constants that no row changes', async () => {
    const { numbers, rows } = await engine.columns(
      `SELECT t.* FROM ${parquet(join(out, 'train/predictions.parquet'))} AS p
       JOIN ${parquet(truthFiles(join(out, 'data'), 'declared').parquet)} AS t USING (person_id, observation_date)
       WHERE p.model = 'forest'`,
      ['overdue_cases_12m', 'games_share_1y'],
    )
    // All held-out rows were looked at.
    expect(found.declared!.rows).toBe(rows)
    const at = found.declared!.factors.findIndex((f) => f.name === 'overdue_cases_12m')
    const points = 60 / Math.LN2
    const sealed = numbers['overdue_cases_12m']!.reduce((s, v) => s + Math.abs(v), 0) * (points / rows)
    const { truth } = found.declared!.models[0]!.factors[at]!
    expect(DEFAULT_SCALE.pdo).toBe(60)
    expect(truth).toBeGreaterThan(2)
    // Training rows or all labeled rows as the background: within a tenth.
    expect(Math.abs(truth / sealed - 1)).toBeLessThan(0.1)
  })

  it('has the same bytes again, and for 2 threads; fewer rows are fewer', async () => {
    const again = (name: string, more: Partial<AuditRecoveryOptions>) =>
      auditRecovery({ run: out, out: join(folder, name), ...more })
    await again('two', { threads: 2 })
    const bytes = (path: string) => readFileSync(join(path, 'recovery.json'), 'utf8')
    expect(bytes(join(folder, 'two'))).toBe(bytes(join(out, 'recovery')))
    const few = await again('few', { rows: 100 })
    expect(recoveryIn(few.folder).declared!.rows).toBe(100)
    expect(recoveryIn(few.folder).ceiling).toEqual(found.ceiling)
    expect((await auditRecovery({ run: out })).skipped).toBe(true)
  })

  it('is a page without scripts, whose numbers are those of the JSON', () => {
    const html = readFileSync(join(out, 'recovery', 'recovery.html'), 'utf8')
    const page = parsePage(html)
    expect(numberProblems(page, found)).toEqual([])
    expect(numberProblems(page, { ...found, rows: found.rows + 1 })).not.toEqual([])
    expect(html).not.toMatch(/<script/)
    expect(html).toMatch(/games_share_1y<\/bdi> \(silent\)/)
  })

  it('is in the report: the ceiling beside the AUC of every model', async () => {
    const json = readJson<RunReport>(join(out, 'report', 'report.json'))
    expect(json.ceiling).toEqual({
      truth: 'declared',
      auc: found.ceiling,
      gaps: Object.fromEntries(found.models.map((m) => [m.model, m.gap])),
    })
    const text = readFileSync(join(out, 'report', 'report.html'), 'utf8')
    expect(text).toMatch(/the latent ceiling is the AUC of the declared function/)
    expect(numberProblems(parsePage(text), json)).toEqual([])
    // An audit of another training is not shown.
    const moved = join(folder, 'moved')
    cpSync(out, moved, { recursive: true })
    const file = join(moved, 'recovery', 'recovery.json')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/"train\/predictions.parquet": "../, '"train/predictions.parquet": "00'),
    )
    await makeReport({ run: moved })
    expect(readJson<RunReport>(join(moved, 'report', 'report.json')).ceiling).toBeUndefined()
    rmSync(moved, { recursive: true })
  })

  it('knows factors in bands by what was sealed', async () => {
    const banded = join(folder, 'banded')
    // The data are there already, and so is the truth beside them.
    cpSync(out, banded, { recursive: true })
    await run(
      { ...pipeline, features: { coding: 'das' }, train: { models: { logistic: { l2: 10 } }, replicates: 200 } },
      { out: banded },
    )
    const { declared, ceiling } = recoveryIn(join(banded, 'recovery'))
    expect(declared!.background).toMatch(/^all rows that are good or bad.*coded in bands/)
    expect(ceiling.value).toBe(found.ceiling.value)
    const j = declared!.factors.findIndex((f) => f.name === 'mean_liquid_assets_6m')
    const [raw, coded] = [found, { declared }].map((x) => x.declared!.models[0]!.factors[j]!.truth)
    expect(Math.abs(coded! / raw! - 1)).toBeLessThan(0.1)
  })
})

describe('a run that cannot be audited', () => {
  it('hears why, in one line', async () => {
    writeTable(folder)
    const ready = join(folder, 'ready')
    const mapping = writeMapping(folder)
    await run(
      { name: 'customers', source: { kind: 'mapping', mapping }, train: { models: { logistic: {} }, replicates: 200 } },
      { out: ready },
    )
    const copy = join(folder, 'copy')
    const truth = truthFiles(join(copy, 'data'), 'declared')
    const sealed = () => readFileSync(truth.json, 'utf8')
    const changed = (file: string, text: string) => writeFileSync(join(copy, file), text)
    const cases: [string, () => AuditRecoveryOptions][] = [
      ['no such folder', () => ({ run: join(folder, 'nothing') })],
      ['real data', () => ({ run: ready })],
      ['too few rows', () => ({ run: copy, rows: 10 })],
      ['data that are not there', () => ({ run: copy, data: join(folder, 'gone') })],
      [
        'other data than those of the run',
        () => {
          changed(
            'data/dataset.json',
            readFileSync(join(out, 'data/dataset.json'), 'utf8').replace('No row', 'No line'),
          )
          return { run: copy }
        },
      ],
      [
        'no truth beside the data',
        () => {
          rmSync(join(copy, 'data.truth'), { recursive: true })
          return { run: copy }
        },
      ],
      [
        'truth that was cut',
        () => {
          rmSync(truth.parquet)
          return { run: copy }
        },
      ],
      [
        'truth of a later version',
        () => {
          writeFileSync(truth.json, readFileSync(truth.json, 'utf8').replace('  "version": 1\n}', '  "version": 9\n}'))
          return { run: copy }
        },
      ],
      [
        'truth of other outcomes',
        () => {
          const head = { ...(JSON.parse(sealed()) as TruthHead), outcomesSha256: '00'.repeat(32) }
          writeFileSync(truth.json, JSON.stringify({ ...head, digest: digestOf(head) }))
          return { run: copy }
        },
      ],
      [
        'truth whose JSON was changed',
        () => {
          writeFileSync(truth.json, sealed().replace(/"outcomesSha256": "../, '"outcomesSha256": "00'))
          return { run: copy }
        },
      ],
      [
        'truth that was changed',
        () => {
          writeFileSync(truth.parquet, 'x')
          return { run: copy }
        },
      ],
    ]
    const lines: string[] = []
    for (const [name, prepare] of cases) {
      rmSync(copy, { recursive: true, force: true })
      cpSync(out, copy, { recursive: true })
      const error = await auditRecovery({ out: join(folder, 'x'), ...prepare() }).then(
        () => undefined,
        (e: Error) => e,
      )
      expect(error, name).toMatchObject({ name: 'GlasscoreError' })
      const message = error!.message
        .replaceAll(`${folder}/`, '')
        .replaceAll(/SHA-256 [0-9a-f]{12}/g, 'SHA-256 0123456789ab')
        .replaceAll(/digest [0-9a-f]{12}/g, 'digest 0123456789ab')
        .replaceAll(/got "[0-9a-f]{12}\.\.\."/g, 'got "ba9876543210..."')
      expect(message, name).not.toMatch(/\n|undefined|\[object/)
      lines.push(badInputLine(name, message))
      expect(existsSync(join(folder, 'x')), name).toBe(false)
      expect(readdirSync(folder).filter((f) => f.includes('.tmp-'))).toEqual([])
    }
    const text = [
      'What `glasscore audit recovery` says of runs that it cannot audit; made by `test/stages/auditRecovery.test.ts`.',
      '',
      '| input | message |',
      '|---|---|',
      ...lines,
    ].join('\n')
    await expect(withPart('Audits of recovery', text)).toMatchFileSnapshot(BAD_INPUTS)
  })
})
