/** The audit of opacity as a command does it: of runs on a small table, and of files. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { literal } from '../../src/engines/sql.ts'
import {
  auditOpacity,
  auditOpacityFile,
  type Engine,
  explain,
  GlasscoreError,
  loadModel,
  type OpacityFileReport,
  type OpacityReport,
  openDuckDB,
  type PipelineInput,
  run,
  simulate,
} from '../../src/index.ts'
import { renderOpacity } from '../../src/reports/opacityPage.ts'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { opacityClaims } from '../../src/stages/opacityClaims.ts'
import { random } from '../../src/util/random.ts'
import { foreignMarkup, loneDigits, numberProblems, parsePage } from '../reports/checkPage.ts'
import { HOSTILE } from '../reports/fixture.ts'
import { BAD_INPUTS, badInputLine, withPart } from '../sources/badInputsDocument.ts'
import { MAPPING, readJson, workshop, writeMapping, writeTable } from './workshop.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const folder = workshop()
const input = writeTable(folder)
// Three groups of one factor each, so that there is a polygon to draw.
const mapping = writeMapping(folder, MAPPING.replace('money: [income, debt]', 'money: [income]\n  burden: [debt]'))
const models = { logistic: { l2: 1 }, boosting: { rounds: 20, maxLeaves: 8, validationShare: 0 } }
const pipeline = (split: object): PipelineInput =>
  ({
    name: 'customers',
    seed: 3,
    source: { kind: 'mapping', mapping, input },
    train: { models, replicates: 200, split },
  }) as PipelineInput
const small = {
  rows: 80,
  permutations: 1,
  repeats: 2,
  retrainings: 4,
  replicates: 40,
  backgroundRows: 5,
  threads: 1,
  tolerance: 0.05,
}
const declared = { declared: { money: 70, burden: 20, place: 10 }, claims: [['income', 'debt']] as [string, string][] }
const out = join(folder, 'run')
const readLines = (path: string): string[][] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','))
const opacityIn = (path: string): OpacityReport => readJson(join(path, 'opacity.json'))

let engine: Engine
beforeAll(async () => {
  engine = await openDuckDB({ threads: 1 })
  await run(pipeline({ by: 'person', testShare: 0.3 }), { out, threads: 1 })
})
afterAll(() => engine.close())

describe('the audit of a run', () => {
  let found: OpacityReport
  beforeAll(async () => {
    const { summary } = await auditOpacity({ ...small, run: out, ...declared })
    found = opacityIn(join(out, 'opacity'))
    expect(summary.models.map((m) => m.model)).toEqual(['logistic', 'boosting'])
  })

  it('is of rows that no model had seen, and has all parts of every model', () => {
    expect(found).toMatchObject({
      format: 'glasscore.opacity',
      name: 'customers',
      evaluation: 'test',
      groups: ['sex'],
      truth: null,
    })
    expect(found.dimensions).toEqual(['money', 'burden', 'place'])
    expect(found.declared.shares).toEqual([0.7, 0.2, 0.1])
    expect(found.rows).toMatchObject({ train: 420, fitted: 420, held: 180, looked: 80, persons: 80 })
    for (const m of found.models) {
      expect(m.weights!.dimensions.map((d) => d.dimension)).toEqual(found.dimensions)
      expect(m.pentagon!.rows).toBe(80)
      expect(m.surrogates.trees).toHaveLength(8)
      expect(m.reasons!.retrainings + m.failedRetrainings).toBe(4)
      expect(m.groups.filter((g) => g.by === 'sex').reduce((n, g) => n + g.heldRows, 0)).toBe(180)
      expect(m.index.value!).toBeGreaterThan(0)
      expect(m.stacked.share).toBeNull()
    }
    const [logistic, boosting] = found.models
    expect(logistic!.interactions.share.value).toBe(0)
    expect(boosting!.interactions.share.value!).toBeGreaterThan(0.01)
    expect(found.comparable.values).toHaveLength(2)
    expect(found.claims!.pairs).toEqual([['income', 'debt']])
    expect(logistic!.claims[0]).toMatchObject({ standing: null, found: false })
    expect(boosting!.claims[0]!.standing!.of).toBe(3)
  })

  it('has shares that points from the model file give, on the rows that it lists', async () => {
    const { scorer } = await loadModel(join(out, 'train', 'models', 'boosting'))
    const read = await engine.columns(
      `SELECT o.person_id, o.score, o.factors_needed, f.income, f.debt, f.region
FROM read_parquet(${literal(join(out, 'opacity', 'opacity.parquet'))}) AS o
JOIN read_parquet(${literal(join(out, 'features', 'features.parquet'))}) AS f USING (person_id, observation_date)
WHERE o.model = 'boosting' ORDER BY o.person_id`,
      ['score', 'factors_needed', 'income', 'debt'],
      ['person_id', 'region'],
    )
    expect(read.rows).toBe(80)
    const { income, debt } = read.numbers
    const explained = await explain(scorer, {
      rows: 80,
      personId: read.texts['person_id'] as string[],
      observationDate: new Array<string>(80).fill('2024-06-30'),
      factors: scorer.encoding.factors,
      numbers: { income: income!, debt: debt! },
      categories: { region: read.texts['region']! },
    })
    const absolute = explained.dimensions.map((_, d) =>
      explained.dimensionPoints.slice(d * 80, (d + 1) * 80).reduce((sum, v) => sum + Math.abs(v), 0),
    )
    const all = absolute.reduce((a, b) => a + b, 0)
    const boosting = found.models[1]!
    boosting.weights!.dimensions.forEach((d) => {
      expect(d.share.value).toBeCloseTo(absolute[explained.dimensions.indexOf(d.dimension)]! / all, 9)
    })
    read.numbers['score']!.forEach((score, i) => {
      expect(score).toBe(Math.min(950, Math.max(350, Math.floor(explained.rawScore[i]! + 0.5))))
    })
    const needed = read.numbers['factors_needed']!.reduce((a, b) => a + b, 0) / 80
    expect(boosting.needed.people.value).toBeCloseTo(needed, 12)
  })

  it('has the AUC of the training', () => {
    const metrics = readJson<{ models: Record<string, { auc: { value: number } }> }>(join(out, 'metrics.json'))
    for (const m of found.models) expect(m.weights!.auc).toBeCloseTo(metrics.models[m.model]!.auc.value, 12)
  })

  it('has a page that says what its JSON says, and nothing else', () => {
    const page = parsePage(readFileSync(join(out, 'opacity', 'opacity.html'), 'utf8'))
    expect(numberProblems(page, found)).toEqual([])
    expect(loneDigits(page)).toEqual([])
    expect(foreignMarkup(page)).toEqual([])
    // A number that is not that of the JSON is seen.
    expect(numberProblems(page, { ...found, rows: { ...found.rows, held: 181 } })).not.toEqual([])
  })

  it('shows names that are markup as text, and models without some of the parts', () => {
    const [model] = found.models
    const hostile: OpacityReport = {
      ...found,
      name: HOSTILE[0]!,
      dimensions: HOSTILE.slice(0, 3),
      groups: HOSTILE.slice(0, 2),
      models: [
        {
          ...model!,
          model: HOSTILE[1]!,
          groups: model!.groups.map((g) => ({ ...g, by: HOSTILE[0]!, group: HOSTILE[2]! })),
        },
        {
          ...model!,
          model: HOSTILE[3]!,
          weights: null,
          groups: [],
          pentagon: null,
          dimensionInteractions: null,
          reasons: null,
          multiplicity: null,
          person: null,
        },
      ],
      acrossModels: null,
      notes: [...HOSTILE],
    }
    const page = parsePage(renderOpacity(hostile))
    expect(numberProblems(page, hostile)).toEqual([])
    expect(foreignMarkup(page)).toEqual([])
    expect(page.textContent).toContain(HOSTILE[3]!.trim().slice(0, 12))
  })

  it('is skipped when nothing has changed, and the same bytes when made again', async () => {
    const again = await auditOpacity({ ...small, run: out, ...declared })
    expect(again.skipped).toBe(true)
    const twin = join(folder, 'twin')
    await auditOpacity({ ...small, run: out, out: twin, ...declared })
    for (const file of ['opacity.json', 'opacity.html'])
      expect(readFileSync(join(twin, file))).toEqual(readFileSync(join(out, 'opacity', file)))
    const other = join(folder, 'other')
    await auditOpacity({ ...small, run: out, out: other, seed: 99, models: ['logistic'] })
    expect(opacityIn(other).models).toHaveLength(1)
    expect(opacityIn(other).declared.shares).toEqual([null, null, null])
    expect(opacityIn(other).models[0]!.weights!.distance).toBeNull()
    expect(opacityIn(other).models[0]!.needed.people).not.toEqual(found.models[0]!.needed.people)
  })

  it('leaves nothing half-written when it is stopped', async () => {
    const stopped = join(folder, 'stopped')
    const controller = new AbortController()
    const audit = auditOpacity({
      ...small,
      run: out,
      out: stopped,
      signal: controller.signal,
      progress: (step) => {
        if (step.includes('retrain')) controller.abort()
      },
    })
    await expect(audit).rejects.toThrow('stopped by the user')
    expect(existsSync(stopped)).toBe(false)
    expect(readdirSync(folder).filter((name) => name.includes('stopped'))).toEqual([])
  })
})

it('trains models of a run on folds again, so that there are people that they have not seen', async () => {
  const folds = join(folder, 'folds')
  await run(pipeline({ by: 'folds', folds: 2, repeats: 1 }), { out: folds, threads: 1 })
  await auditOpacity({ ...small, retrainings: 2, run: folds, models: ['boosting'] })
  const found = opacityIn(join(folds, 'opacity'))
  expect(found.evaluation).toBe('trained_again')
  // A quarter of the good and of the bad persons.
  expect(found.rows.held).toBeGreaterThanOrEqual(149)
  expect(found.rows.held).toBeLessThanOrEqual(152)
  expect(found.rows.train + found.rows.held).toBe(600)
  expect(found.notes.join(' ')).toContain('trained again on three quarters')
})

it('asks about the pair that the sealed truth of simulated people knows of, whether it is on or off', async () => {
  const factors = FACTOR_CATALOGUE.map((f) => f.name)
  const texts = []
  for (const interaction of [1, 0]) {
    const data = join(folder, `people-${interaction}`)
    await simulate({ people: 64, months: 13, asOf: '2025-01-01', switches: { interaction }, out: data, threads: 1 })
    const found = await opacityClaims(undefined, data, factors)
    expect(found!.pairs).toEqual([['baby_products_share_1y', 'donations_1y']])
    texts.push(found!.text)
    // Pairs that are named come before it, and a table without these factors is not asked.
    expect((await opacityClaims([['donations_1y', 'flights_1y']], data, factors))!.pairs[0]![1]).toBe('flights_1y')
    expect(await opacityClaims(undefined, data, ['income'])).toBeNull()
  }
  expect(texts[0]).toContain('turned on in its marginal form')
  expect(texts[1]).toContain('turned off')
  expect(await opacityClaims(undefined, join(folder, 'nowhere'), factors)).toBeNull()
})

describe('the audit of a file', () => {
  const file = join(folder, 'scored.csv')
  const stream = random(5)
  const rows = Array.from({ length: 400 }, (_, i) => {
    const [a, b, noise] = [stream.normal(), stream.normal(), stream.normal()]
    const kind = ['x', 'y', 'z'][stream.integer(3)]!
    const score = 600 + 40 * a + (kind === 'x' ? 30 : 0) + 2 * b
    return { id: `p${i}`, a, b, noise, kind, sex: i % 3 ? 'f' : 'm', score }
  })
  const write = (path: string, all: readonly object[]) =>
    writeFileSync(
      path,
      `${Object.keys(all[0]!).join(',')}\n${all.map((row) => Object.values(row).join(',')).join('\n')}\n`,
    )
  write(file, rows)
  const columns = {
    score: 'score',
    person: 'id',
    groups: ['sex'],
    dimensions: { own: ['a', 'b'], other: ['kind', 'noise'] },
  }
  const base = { file, columns, cutoff: 620, replicates: 40, repeats: 2, threads: 1 }

  it('learns the score from its factors, and says what they weigh and what is not here', async () => {
    const { summary } = await auditOpacityFile({ ...base, declared: { own: 50, other: 50 } })
    expect(summary.readerR2.value!).toBeGreaterThan(0.85)
    expect(summary.strongest.slice(0, 2).map((f) => f.name)).toEqual(['a', 'kind'])
    const report = readJson<OpacityFileReport>(join(`${file}.opacity`, 'opacity.json'))
    const { findings } = report
    expect(findings).toMatchObject({ rows: 400, learned: 280, looked: 120, factors: 4 })
    const share = (name: string) => findings.byDimension.find((d) => d.name === name)!.share.value!
    // 40² of 40² + 30² (2/9) + 2²: what the score was made of.
    expect(share('own')).toBeGreaterThan(0.75)
    expect(findings.distance!.value).toBeCloseTo(share('own') - 0.5, 9)
    expect(findings.byFactor.find((f) => f.name === 'noise')!.share.value!).toBeLessThan(0.02)
    expect(findings.groups.map((g) => [g.group, g.r2 === null])).toEqual([
      ['f', false],
      ['m', true],
    ])
    expect(findings.leftOut.map((l) => l.part)).toContain('pentagon')
    const page = parsePage(readFileSync(join(`${file}.opacity`, 'opacity.html'), 'utf8'))
    expect(numberProblems(page, report)).toEqual([])
    expect(loneDigits(page)).toEqual([])
    expect(foreignMarkup(page)).toEqual([])
  })

  it('says that declared weights were scaled, on the page, in the JSON and for the terminal', async () => {
    const scaled = join(folder, 'scaled')
    const { summary } = await auditOpacityFile({ ...base, out: scaled, declared: { own: 6, other: 2 } })
    const said = 'The declared weights (own 6, other 2) add up to 8 and were scaled to 100 %.'
    expect(summary.notes).toContain(said)
    expect(readJson<OpacityFileReport>(join(scaled, 'opacity.json')).notes).toContain(said)
    expect(readFileSync(join(scaled, 'opacity.html'), 'utf8')).toContain(said)
  })

  it('tells a score that its columns do not explain from one that they do', async () => {
    const secret = join(folder, 'secret.csv')
    write(
      secret,
      rows.map((row) => ({ ...row, score: 600 + 40 * stream.normal() + 5 * row.a })),
    )
    const { summary } = await auditOpacityFile({ ...base, file: secret })
    expect(summary.readerR2.value!).toBeLessThan(0.2)
    expect(summary.index!).toBeGreaterThan(0.8)
  })

  it('reads probabilities, and scores of risk, as well', async () => {
    const other = join(folder, 'other.csv')
    write(
      other,
      rows.map(({ score, ...row }) => ({ ...row, p: 1 / (1 + Math.exp((score - 600) / 40)), risk: 1000 - score })),
    )
    const { score: _, ...rest } = columns
    const p = await auditOpacityFile({
      ...base,
      file: other,
      columns: { ...rest, probability: 'p', ignore: ['risk'] },
      cutoff: 420,
    })
    expect(p.summary.readerR2.value!).toBeGreaterThan(0.8)
    const risk = await auditOpacityFile({
      ...base,
      file: other,
      columns: { ...rest, score: 'risk', higherIs: 'risk', ignore: ['p'] },
      cutoff: 380,
    })
    const report = readJson<OpacityFileReport>(join(`${other}.opacity`, 'opacity.json'))
    expect(report.findings.cutoff).toBe(380)
    const straight = await auditOpacityFile({ ...base, force: true })
    expect(risk.summary.readerR2.value).toBeCloseTo(straight.summary.readerR2.value!, 6)
  })
})

describe('bad input', () => {
  const scored = join(folder, 'scored.csv')
  const rows = readLines(scored)
  const write = (name: string, change: (cells: string[], i: number) => string[]): string => {
    const path = join(folder, name)
    const [head, ...body] = rows
    writeFileSync(path, `${[head!, ...body.map(change)].map((cells) => cells.join(',')).join('\n')}\n`)
    return path
  }
  const at = (name: string): number => rows[0]!.indexOf(name)
  const withScore = (of: (i: number, was: string) => string) => (cells: string[], i: number) =>
    cells.map((cell, j) => (j === at('score') ? of(i, cell) : cell))
  const columns = { score: 'score', person: 'id', groups: ['sex'] }
  const ofRun = (options: object) => () => auditOpacity({ ...small, run: out, out: target, ...options })
  const ofFile = (options: object) => () =>
    auditOpacityFile({
      file: scored,
      columns,
      cutoff: 620,
      replicates: 40,
      repeats: 1,
      threads: 1,
      out: target,
      ...options,
    })
  const target = join(folder, 'refused')
  const cases: [string, () => Promise<unknown>][] = [
    ['a cutoff that no score can have', ofRun({ cutoff: 100 })],
    ['too few rows', ofRun({ rows: 3 })],
    ['one retraining', ofRun({ retrainings: 1 })],
    ['a tolerance of AUC above one half', ofRun({ tolerance: 2 })],
    ['a model that the run has not', ofRun({ models: ['forest'] })],
    ['a model named twice', ofRun({ models: ['logistic', 'logistic'] })],
    ['a pair of a factor that is not there', ofRun({ claims: [['income', 'detb']] })],
    ['a pair of one factor', ofRun({ claims: [['debt', 'debt']] })],
    ['a declared weight of a dimension that is not there', ofRun({ declared: { money: 60, place: 30, credit: 10 } })],
    ['a declared weight below 0', ofRun({ declared: { money: 120, place: -20 } })],
    ['declared weights that add up to 0', ofRun({ declared: { money: 0, place: 0 } })],
    ['a factor made elsewhere that is not there', ofRun({ madeElsewhere: ['incmoe'] })],
    ['a folder that is no run', ofRun({ run: join(out, 'train') })],
    ['a file that is not there', ofFile({ file: join(folder, 'nowhere.csv') })],
    ['a column that is not there', ofFile({ columns: { ...columns, score: 'scor' } })],
    ['no column of scores', ofFile({ columns: { person: 'id' } })],
    [
      'a probability that would be safer where it is higher',
      ofFile({ columns: { probability: 'a', higherIs: 'safety' } }),
    ],
    ['a column of two uses', ofFile({ columns: { ...columns, groups: ['sex', 'score'] } })],
    ['a file without a cutoff', ofFile({ cutoff: undefined })],
    ['a declared weight of a file of one dimension', ofFile({ declared: { money: 100 } })],
    ['a factor of a file made elsewhere that is not there', ofFile({ madeElsewhere: ['nois'] })],
    ['a cutoff above every score', ofFile({ cutoff: 5000 })],
    ['a cutoff that every score reaches', ofFile({ cutoff: 10 })],
    ['no shuffles', ofFile({ repeats: 0 })],
    [
      'a row without a score',
      ofFile({
        file: write(
          'empty.csv',
          withScore((i, was) => (i === 7 ? '' : was)),
        ),
      }),
    ],
    [
      'a score that is no number',
      ofFile({
        file: write(
          'text.csv',
          withScore((i, was) => (i === 7 ? 'high' : was)),
        ),
      }),
    ],
    [
      'a probability of 1',
      ofFile({
        file: write(
          'sure.csv',
          withScore(() => '1'),
        ),
        columns: { ...columns, score: undefined, probability: 'score' },
      }),
    ],
    [
      'scores that are all alike',
      ofFile({
        file: write(
          'flat.csv',
          withScore(() => '5'),
        ),
      }),
    ],
    [
      'a row without a person',
      ofFile({ file: write('nobody.csv', (cells, i) => (i === 3 ? ['', ...cells.slice(1)] : cells)) }),
    ],
    ['few people', ofFile({ file: write('few.csv', (cells, i) => [`p${i % 40}`, ...cells.slice(1)]) })],
    ['no factors', ofFile({ columns: { ...columns, ignore: ['a', 'b', 'noise', 'kind'] } })],
  ]

  it('gets one message, nothing is written, and the document has the message', async () => {
    const lines: string[] = []
    for (const [name, work] of cases) {
      const error: unknown = await work().then(
        () => undefined,
        (e: unknown) => e,
      )
      expect(error, name).toBeInstanceOf(GlasscoreError)
      lines.push(badInputLine(name, (error as Error).message.replaceAll(`${folder}/`, '')))
      expect(existsSync(target), name).toBe(false)
    }
    expect(readdirSync(folder).filter((f) => f.includes('.tmp-'))).toEqual([])
    const text = [
      'What `glasscore audit opacity` says of files and runs that it cannot audit; made by `test/stages/auditOpacity.test.ts`. A',
      'run that is unfinished or was changed is refused with the messages of reports.',
      '',
      '| input | message |',
      '|---|---|',
      ...lines,
    ].join('\n')
    await expect(withPart('Audits of opacity', text)).toMatchFileSnapshot(BAD_INPUTS)
  })
})
