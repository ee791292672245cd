/** Receipts against several backgrounds beside those of explain() called directly, the explanation of all and of one person, messages. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explain, explainBlocks } from '../../src/attributions/explain.ts'
import { receipts } from '../../src/attributions/receipt.ts'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { literal } from '../../src/engines/sql.ts'
import { saveModel } from '../../src/formats/modelFile.ts'
import {
  explainedAgainst,
  explainPerson,
  explainScores,
  ingest,
  personFolder,
  readReceipts,
  run,
} from '../../src/index.ts'
import { fitEncoding } from '../../src/matrix/encode.ts'
import { takeRows } from '../../src/matrix/frame.ts'
import type { ExplanationOfAll, ExplanationOfPerson } from '../../src/reports/explanationReport.ts'
import { DEFAULT_SCALE } from '../../src/scores/scale.ts'
import { type Scorer, scoreFrame } from '../../src/scores/scorer.ts'
import { parseBackground } from '../../src/stages/backgroundChoice.ts'
import { proveReceipts } from '../../src/stages/explainReceipts.ts'
import { loadModels } from '../../src/stages/findModels.ts'
import { type LoadedFeatures, loadFeatures } from '../../src/stages/loadFeatures.ts'
import { MemberSums } from '../../src/stages/memberSums.ts'
import { type ReceiptColumn, receiptLayout } from '../../src/stages/receiptColumns.ts'
import type { StageResult } from '../../src/stages/stage.ts'
import { train } from '../../src/stages/train.ts'
import { all, foreignMarkup, loneDigits, numberProblems, parsePage } from '../reports/checkPage.ts'
import { DATED_MAPPING, readJson, workshop, writeDatedTable, writeMapping } from './workshop.ts'

const folder = workshop()
const [features, models, out] = [join(folder, 'features'), join(folder, 'train'), join(folder, 'receipts')]
const TEXTS = ['own', 'all', 'near-cutoff=500', 'group=sex:f', 'period=2024-01-01..2024-03-31']
const backgrounds = TEXTS.map(parseBackground)

let engine: Engine
let loaded: LoadedFeatures
let scorers: Scorer[]
let made: Awaited<ReturnType<typeof explainScores>>
let sexes: string[]

beforeAll(async () => {
  await ingest({ mapping: writeDatedTable(folder, 240), out: features, threads: 1 })
  const lines = readFileSync(join(folder, 'customers.csv'), 'utf8').trim().split('\n').slice(1)
  sexes = lines.map((line) => line.split(',')[4]!)
  const trained = { logistic: {}, forest: { trees: 10, minLeaf: 8 } }
  await train({ features, out: models, threads: 1, train: { models: trained, replicates: 200 } })
  engine = await openDuckDB({ threads: 1 })
  loaded = await loadFeatures(engine, features)
  scorers = (await loadModels([models])).models.map(({ scorer }) => scorer)
  made = await explainScores({ models: [models], features, out, backgrounds, threads: 1 })
})
afterAll(() => engine.close())

const read = (sql: string, file = out) =>
  engine.rows<Record<string, number>>(sql.replace('FILE', `read_parquet('${join(file, 'receipts.parquet')}')`))

/** Positions of the rows of each background, found in another way. */
const rowsOf = (scorer: Scorer): Record<string, number[]> => {
  const where = (keep: (i: number) => boolean) => sexes.flatMap((_, i) => (keep(i) ? [i] : []))
  const { score } = scoreFrame(scorer, loaded.frame)
  const near = (width: number) => where((i) => score[i]! >= 500 && score[i]! < 500 + width)
  let width = 25
  while (near(width).length < Math.min(100, where((i) => score[i]! >= 500).length)) width += 25
  return {
    all_applicants: where(() => true),
    [`near_cutoff_500_${width}`]: near(width),
    reference_group_sex_f: where((i) => sexes[i] === 'f'),
    'period_2024-01-01_2024-03-31': where((i) => i < 120),
  }
}

describe('explainScores', () => {
  it('writes what explain() says, for every model and background', async () => {
    const layout = readJson<Required<ReturnType<typeof receiptLayout>>>(join(out, 'receipts.json'))
    for (const scorer of scorers) {
      const own = await explain(scorer, loaded.frame)
      const expected = new Map([[own.backgroundId, own]])
      for (const [id, rows] of Object.entries(rowsOf(scorer))) {
        const background = { id, frame: takeRows(loaded.frame, rows) }
        expected.set(id, await explain(scorer, loaded.frame, { background }))
      }
      const found = await read(`SELECT DISTINCT background_id AS id FROM FILE WHERE model = '${scorer.name}'`)
      expect(found.map((r) => r['id']).sort()).toEqual([...expected.keys()].sort())
      for (const [id, explanation] of expected) {
        const r = receipts(explanation)
        const rows = await read(
          `SELECT * FROM FILE WHERE model = '${scorer.name}' AND background_id = '${id}' ORDER BY person_id`,
        )
        const columns = (list: readonly ReceiptColumn[]) => list.map(({ column }) => rows.map((row) => row[column]))
        const parts = (points: Int32Array) =>
          Array.from({ length: points.length / r.rows }, (_, p) =>
            Array.from(points.subarray(p * r.rows, (p + 1) * r.rows)),
          )
        expect(rows.map((row) => row['score'])).toEqual(Array.from(r.score))
        expect(new Set(rows.map((row) => row['base']))).toEqual(new Set([r.base]))
        expect(columns(layout.factors)).toEqual(parts(r.points))
        expect(columns(layout.dimensions)).toEqual(parts(r.dimensionPoints))
      }
    }
  })

  it('adds up in the file, the sums of members too; a twin that leaves a factor out is caught', async () => {
    const [row] = await read(`SELECT count(*)::INTEGER AS n,
      count(*) FILTER (WHERE base + income + debt + region + scale_limit <> score)::INTEGER AS factors,
      count(*) FILTER (WHERE base + money + place + scale_limit <> score)::INTEGER AS dimensions,
      count(*) FILTER (WHERE money_members <> income + debt OR place_members <> region)::INTEGER AS members,
      count(*) FILTER (WHERE base + income + region + scale_limit <> score)::INTEGER AS broken FROM FILE`)
    expect(row).toMatchObject({ n: 2 * 5 * 240, factors: 0, dimensions: 0, members: 0 })
    expect(row!['broken']).toBeGreaterThan(1000)
    for (const model of Object.values(made.summary.models))
      for (const against of [model, ...model.others])
        expect(against).toMatchObject({ rowsChecked: 240, rowsFailing: 0 })
  })

  it('says of each background what it is, and of both forms of dimensions where they differ', async () => {
    const { forest, logistic } = made.summary.models
    expect(forest).toMatchObject({ backgroundId: 'tree_covers', backgroundRows: null, linear: false })
    expect(logistic).toMatchObject({ backgroundId: 'training_mean', linear: true })
    expect(forest!.others.map((a) => [a.backgroundRows, a.semantics])).toEqual(
      Object.values(rowsOf(scorers.find((s) => s.name === 'forest')!)).map((rows) => [rows.length, 'interventional']),
    )
    expect(forest!.others[2]!.background).toContain('applicants whose sex is f')
    for (const against of [logistic!, ...logistic!.others])
      for (const form of Object.values(against.dimensionForms)) expect(form.largestDifference).toBe(0)
    const scorer = scorers.find((s) => s.name === 'forest')!
    const e = await explain(scorer, loaded.frame, { background: { id: 'all', frame: loaded.frame } })
    const money = e.factors.flatMap((f, j) => (f.dimension === 'money' ? [j] : []))
    const d = e.dimensions.indexOf('money')
    const differences = Array.from({ length: e.rows }, (_, i) =>
      Math.abs(e.dimensionPoints[d * e.rows + i]! - money.reduce((sum, j) => sum + e.points[j * e.rows + i]!, 0)),
    )
    const { money: form } = forest!.others[0]!.dimensionForms
    expect(form!.meanDifference).toBeCloseTo(differences.reduce((a, b) => a + b, 0) / e.rows, 5)
    expect(form!.largestDifference).toBeCloseTo(Math.max(...differences), 5)
    expect(form!.largestDifference).toBeGreaterThan(0.01)
  })

  it('finds the same forms however rows are cut', async () => {
    const [whole, cut] = [new MemberSums(), new MemberSums()]
    for await (const block of explainBlocks(scorers[0]!, loaded.frame)) whole.add(block)
    for await (const block of explainBlocks(scorers[0]!, loaded.frame, { blockRows: 17 })) cut.add(block)
    expect(cut.forms()).toEqual(whole.forms())
  })

  it('would refuse receipts that do not add up, by factors or by dimensions', async () => {
    const r = receipts(await explain(scorers[0]!, loaded.frame))
    expect(() => proveReceipts(r, 0, loaded.frame)).not.toThrow()
    for (const part of ['points', 'dimensionPoints'] as const) {
      const broken = r[part].slice()
      broken[7]! += 1
      expect(() => proveReceipts({ ...r, [part]: broken }, 0, loaded.frame)).toThrow(
        /row c00007: receipts of 1 rows do not add up/,
      )
    }
  })

  it('keeps the default as it is: one background, the seed of samples in the key', async () => {
    const at = (name: string) => ({ models: [models], features, out: join(folder, name), threads: 1 })
    const plain = await explainScores(at('plain'))
    expect(plain.manifest.options).toMatchObject({ backgrounds: [{ kind: 'own' }], backgroundRows: null })
    expect(Object.values(plain.summary.models).map((m) => m.others)).toEqual([[], []])
    const sampled = { ...at('sampled'), backgrounds: [parseBackground('all')], backgroundRows: 60 }
    const [first, again, other] = [
      await explainScores(sampled),
      await explainScores(sampled),
      await explainScores({ ...sampled, seed: 2 }),
    ]
    expect([first.skipped, again.skipped, other.skipped]).toEqual([false, true, false])
    expect(first.summary.models['forest']!.backgroundId).toMatch(/^all_applicants_sample_60_/)
    expect(other.summary.models['forest']!.backgroundId).not.toBe(first.summary.models['forest']!.backgroundId)
  })

  it('takes the background of another table: one person against the whole book', async () => {
    // Whose debt is known: a table in which a factor is missing throughout is refused.
    const at = loaded.frame.numbers['debt']!.findIndex((debt) => !Number.isNaN(debt))
    const id = loaded.frame.personId[at]!
    const people = workshop()
    const lines = readFileSync(join(folder, 'customers.csv'), 'utf8').split('\n')
    writeFileSync(join(people, 'customers.csv'), `${lines[0]}\n${lines.find((line) => line.startsWith(id))}\n`)
    const [one, book] = [join(folder, 'one'), features]
    await ingest({ mapping: writeMapping(people, DATED_MAPPING), out: one, threads: 1 })
    const { summary } = await explainScores({
      models: [models],
      features: one,
      backgroundFeatures: book,
      backgrounds: [parseBackground('all')],
      out: join(folder, 'alone'),
      threads: 1,
    })
    expect(summary.rows).toBe(1)
    const [whole] = await read(
      `SELECT * FROM FILE WHERE person_id = '${id}' AND model = 'forest' AND background_id = 'all_applicants'`,
    )
    const [alone] = await read(`SELECT * FROM FILE WHERE model = 'forest'`, join(folder, 'alone'))
    expect({ ...alone, background_id: '' }).toEqual({ ...whole, background_id: '' })
    expect(alone!['background_id']).toMatch(/^all_applicants_table_[0-9a-f]{8}$/)
  })
})

const page = (at: string) => parsePage(readFileSync(join(at, 'explanation.html'), 'utf8'))

describe('the explanation of all', () => {
  it('has the figures of the receipts, and its page those of its JSON', async () => {
    const report = readJson<ExplanationOfAll>(join(out, 'explanation.json'))
    expect(report).toMatchObject({ kind: 'all', rows: 240, protectedColumns: ['sex'] })
    expect(report.models.map((m) => [m.name, m.backgrounds.length])).toEqual([
      ['forest', 5],
      ['logistic', 5],
    ])
    const { backgrounds: against } = report.models[0]!
    for (const { backgroundId, factors } of against) {
      const [row] = await read(
        `SELECT avg(abs(income))::DOUBLE AS income FROM FILE WHERE model = 'forest' AND background_id = '${backgroundId}'`,
      )
      expect(factors.find((f) => f.factor === 'income')!.meanAbsolutePoints).toBeCloseTo(row!['income']!, 2)
      expect(factors.reduce((sum, f) => sum + f.share, 0)).toBeCloseTo(1, 12)
    }
    const html = page(out)
    expect(numberProblems(html, report)).toEqual([])
    expect(foreignMarkup(html)).toEqual([])
    expect(loneDigits(html)).toEqual([])
    expect(all(html, 'main > section').map((s) => s.getAttribute('id'))).toEqual([
      'summary',
      'model-0',
      'model-1',
      'provenance',
    ])
    const off = structuredClone(report)
    off.models[1]!.backgrounds[2]!.factors[0]!.meanAbsolutePoints += 1
    expect(numberProblems(html, off).join()).toContain('/models/1/backgrounds/2/factors/0/meanAbsolutePoints')
  })

  it('has the same bytes when it is made again', async () => {
    const again = await explainScores({
      models: [models],
      features,
      out: join(folder, 'again'),
      backgrounds,
      threads: 1,
    })
    expect(again.manifest.outputs).toEqual(made.manifest.outputs)
  })
})

describe('explainPerson', () => {
  let person: StageResult<unknown>
  let report: ExplanationOfPerson
  beforeAll(async () => {
    person = await explainPerson({ receipts: out, features, person: 'c00007', threads: 1 })
    report = readJson(join(person.folder, 'explanation.json'))
  })

  it('shows own values, points of every background and the place among all', async () => {
    expect(person.folder).toBe(`${out}-c00007`)
    const mine = await readReceipts(out, 'c00007')
    const own = readFileSync(join(folder, 'customers.csv'), 'utf8').split('\n')[8]!.split(',')
    for (const model of report.models) {
      const income = model.factors.find((f) => f.factor === 'income')!
      expect(income.value).toBe(Number(own[1]))
      model.backgrounds.forEach(({ backgroundId, base }, b) => {
        const receipt = mine.find((r) => r.model === model.name && r.backgroundId === backgroundId)!
        expect(income.points[b]).toBe(receipt.factors.find((f) => f.factor === 'income')!.points)
        expect(base + model.factors.reduce((sum, f) => sum + f.points[b]!, 0) + model.scaleLimit).toBe(model.score)
        for (const { dimension, against } of model.dimensions)
          expect(receipt.dimensions).toContainEqual({
            dimension,
            points: against[b]!.points,
            members: against[b]!.members,
          })
      })
    }
    const [forest] = report.models
    const { backgroundId } = forest!.backgrounds[3]!
    const rows = await read(`SELECT money FROM FILE WHERE model = 'forest' AND background_id = '${backgroundId}'`)
    const sorted = rows.map((r) => r['money']!).sort((a, b) => a - b)
    const { points, percentile } = forest!.dimensions.find((d) => d.dimension === 'money')!.against[3]!
    expect(percentile).toBeCloseTo((sorted.indexOf(points) + sorted.lastIndexOf(points) + 1) / 2 / sorted.length, 12)
  })

  it('has a page with the numbers of its JSON, and the rows of the person', async () => {
    const html = page(person.folder)
    expect(numberProblems(html, report)).toEqual([])
    expect(foreignMarkup(html)).toEqual([])
    expect(loneDigits(html)).toEqual([])
    const rows = await read('SELECT person_id FROM FILE', person.folder)
    expect(rows).toEqual(new Array(10).fill({ person_id: 'c00007' }))
  })

  it('leaves the receipts alone and is done once', async () => {
    expect((await explainPerson({ receipts: out, features, person: 'c00007', threads: 1 })).skipped).toBe(true)
    expect((await explainScores({ models: [models], features, out, backgrounds, threads: 1 })).skipped).toBe(true)
  })

  it('says what is not there, and leaves nothing behind', async () => {
    await expect(explainPerson({ receipts: out, features, person: 'nobody' })).rejects.toThrow(/no such person/)
    expect(existsSync(personFolder(out, 'nobody'))).toBe(false)
    await expect(explainPerson({ receipts: out, features: join(folder, 'one'), person: 'c00007' })).rejects.toThrow(
      /the receipts are not of this feature table/,
    )
    await expect(explainPerson({ receipts: out, person: 'c00007' })).rejects.toThrow(/features\.parquet is missing/)
  })

  it('goes to a folder whose name no person can choose', () => {
    expect(personFolder('a/receipts/', 'P1')).toBe('a/receipts-P1')
    expect(personFolder('a/receipts', '../../etc')).toMatch(/^a\/receipts-etc_[0-9a-f]{6}$/)
  })
})

/** A tree that asks 17 factors one after the other. */
const deepScorer = (): Scorer => {
  const names = Array.from({ length: 17 }, (_, j) => `f${j}`)
  const factors = names.map((name) => ({
    name,
    dimension: 'money',
    kind: 'number' as const,
    unit: '',
    scale: 'linear' as const,
    expectedRisk: 'none' as const,
    definition: name,
  }))
  const frame = {
    rows: 40,
    personId: Array.from({ length: 40 }, (_, i) => `P${String(i).padStart(2, '0')}`),
    observationDate: new Array<string>(40).fill('2024-01-01'),
    factors,
    numbers: Object.fromEntries(
      names.map((name, j) => [name, Float64Array.from({ length: 40 }, (_, i) => (i * (j + 1)) % 19)]),
    ),
    categories: {},
  }
  const nodes = 35
  const chain = (of: (k: number) => number, leaf: number) =>
    Array.from({ length: nodes }, (_, n) => (n % 2 === 0 && n < 34 ? of(n / 2) : leaf))
  const tree = {
    feature: Int32Array.from(chain((k) => k, -1)),
    threshold: Float64Array.from(chain(() => 9.5, 0)),
    childrenLeft: Int32Array.from(chain((k) => 2 * k + 1, -1)),
    childrenRight: Int32Array.from(chain((k) => 2 * k + 2, -1)),
    defaultLeft: Uint8Array.from(chain(() => 1, 0)),
    value: Float64Array.from({ length: nodes }, (_, n) => n / 10 - 2),
    cover: Float64Array.from({ length: nodes }, (_, n) => (n % 2 === 0 ? 100 - n : 2)),
  }
  return {
    name: 'deep',
    model: { kind: 'tree', columns: 17, trees: [tree] },
    encoding: fitEncoding(frame, 'tree'),
    calibration: { kind: 'platt', slope: 1, intercept: 0 },
    scale: DEFAULT_SCALE,
    training: {},
  } as Scorer
}

describe('what cannot be explained so', () => {
  const asked = (name: string, more: object) =>
    explainScores({ models: [models], features, out: join(folder, name), threads: 1, ...more })

  it.each([
    [
      'unknown column',
      { backgrounds: [parseBackground('group=age:30')] },
      /no such protected column.*expected one of sex/,
    ],
    ['unknown level', { backgrounds: [parseBackground('group=sex:x')] }, /expected one of f, m; got "x"/],
    ['empty period', { backgrounds: [parseBackground('period=2020-01-01..2020-12-31')] }, /the background has no rows/],
    ['nobody near', { backgrounds: [parseBackground('near-cutoff=950')] }, /the background has no rows/],
    ['rows of own', { backgroundRows: 10 }, /nothing reads this option/],
    [
      'no table',
      { backgrounds: [parseBackground('all')], backgroundFeatures: join(folder, 'none') },
      /no such file or folder/,
    ],
    [
      'same rows',
      {
        backgrounds: [
          { kind: 'near_cutoff', cutoff: 500, width: 25, least: 1 },
          { kind: 'near_cutoff', cutoff: 500, width: 25, least: 2 },
        ],
      },
      /two backgrounds of model \w+ have the same name/,
    ],
  ])('%s', async (name, more, message) => {
    await expect(asked(`bad ${name}`, more)).rejects.toThrow(message)
    expect(existsSync(join(folder, `bad ${name}`))).toBe(false)
  })

  it('a tree that asks more than 16 factors on a path: against few rows, with errors where they were drawn', async () => {
    const scorer = deepScorer()
    const at = join(folder, 'deep')
    await saveModel(at, scorer)
    const names = scorer.encoding.factors.map((f) => f.name)
    const csv = [`id,${names.join(',')},outcome`]
    for (let i = 0; i < 40; i++) csv.push(`P${i},${names.map((_, j) => (i * (j + 1)) % 19).join(',')},${i % 2}`)
    writeFileSync(join(folder, 'deep.csv'), `${csv.join('\n')}\n`)
    writeFileSync(
      join(folder, 'deep.mapping.yaml'),
      `format: glasscore.mapping\nversion: 1\nkind: features\nname: deep\nfile: deep.csv\nid: id\nobservationDate: 2024-06-30\ncurrency: EUR\ntarget: { column: outcome, bad: [1], good: [0] }\noutcome: { text: 'Bad: late.' }\ncolumns:\n${names.map((n) => `  ${n}: { kind: number }`).join('\n')}\n`,
    )
    const table = join(folder, 'deep-features')
    await ingest({ mapping: join(folder, 'deep.mapping.yaml'), out: table, threads: 1 })
    const deep = { models: [at], features: table }
    const everybody = { ...deep, backgrounds: [parseBackground('all')] }
    const exact = await asked('deep all', everybody)
    expect(exact.summary.models['deep']).toMatchObject({ rowsChecked: 40, rowsFailing: 0 })
    expect(existsSync(join(exact.folder, 'errors.parquet'))).toBe(false)
    // Points against some of the rows have errors, and those against all of them lie within a few of these.
    const drawn = await asked('deep drawn', { ...everybody, backgroundRows: 12 })
    expect(drawn.summary.models['deep']).toMatchObject({ rowsChecked: 40, rowsFailing: 0 })
    expect(drawn.summary.notes.join()).toMatch(
      /exact for its 12 rows, and errors.parquet has the standard error of each/,
    )
    const read = (file: string) =>
      engine.rows<Record<string, number>>(`SELECT * FROM read_parquet(${literal(file)}) ORDER BY person_id`)
    const errors = await read(join(drawn.folder, 'errors.parquet'))
    const [these, those] = [
      await read(join(drawn.folder, 'receipts.parquet')),
      await read(join(exact.folder, 'receipts.parquet')),
    ]
    let [off, far, seen] = [0, 0, 0]
    errors.forEach((error, i) => {
      for (const name of names) {
        const difference = Math.abs(these[i]![name]! - those[i]![name]!)
        expect(error[name]!).toBeGreaterThanOrEqual(0)
        if (error[name]! === 0) continue
        seen++
        off += difference
        // Both are rounded to whole points.
        if (difference > 5 * error[name]! + 1) far++
      }
    })
    expect(seen).toBeGreaterThan(100)
    expect(off).toBeGreaterThan(0)
    expect(far / seen).toBeLessThan(0.05)
    const { frame } = await loadFeatures(engine, table)
    const many = takeRows(
      frame,
      Int32Array.from({ length: 1001 }, (_, i) => i % frame.rows),
    )
    await expect(explain(scorer, frame, { background: { id: 'many', frame: many } })).rejects.toThrow(
      /expected at most 1000 background rows where a path has more than 16.*got "1001 rows, 17 factors on a path".*--background-rows 100/,
    )
    expect((await asked('covers', deep)).summary.models['deep']!.rowsFailing).toBe(0)
  })
})

describe('a pipeline that names backgrounds', () => {
  it('has their receipts beside those of the report, and no longer when it names none', async () => {
    const at = join(folder, 'run')
    const pipeline = {
      name: 'customers',
      source: { kind: 'mapping' as const, mapping: join(folder, 'customers.mapping.yaml') },
      train: { models: { logistic: {} }, replicates: 200 },
    }
    const explained = { ...pipeline, explain: { backgrounds: ['own', 'near-cutoff=500'], backgroundRows: 50 } }
    const summary = await run(explained, { out: at, threads: 1 })
    const ids = (s: typeof summary.receipts) => explainedAgainst(s!.models['logistic']!).map((a) => a.backgroundId)
    expect(ids(summary.receipts)).toEqual(['training_mean'])
    expect(ids(summary.backgrounds)).toEqual([
      'training_mean',
      expect.stringMatching(/^near_cutoff_500_\d+_sample_50_/),
    ])
    expect(existsSync(join(at, 'receipts/explanation.html'))).toBe(false)
    expect(existsSync(join(at, 'backgrounds/explanation.html'))).toBe(true)
    const plain = await run(pipeline, { out: at, threads: 1 })
    expect(plain.backgrounds).toBeUndefined()
    expect(existsSync(join(at, 'backgrounds'))).toBe(false)
    // Only what hangs on backgrounds was done again.
    expect(plain.stages.every((stage) => stage.skipped)).toBe(true)
  })
})

describe('receiptLayout', () => {
  it('gives every column a name of its own', () => {
    const { factors, dimensions, members } = receiptLayout(['money', 'Money_members', 'score'], ['money', 'base'])
    const columns = [...factors, ...dimensions, ...members].map((c) => c.column.toLowerCase())
    expect(new Set(columns).size).toBe(columns.length)
    expect(members).toEqual([
      { name: 'money', column: 'sum_money_members' },
      { name: 'base', column: 'base_members' },
    ])
  })
})
