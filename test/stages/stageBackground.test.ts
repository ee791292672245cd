/** Backgrounds of stages: their text, their rows on a small table with two dates, and what is refused. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackgroundSpec } from '../../src/attributions/backgroundSpec.ts'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { ingest } from '../../src/index.ts'
import { type Scorer, scoreFrame } from '../../src/scores/scorer.ts'
import { parseBackground, resolveBackgrounds } from '../../src/stages/backgroundChoice.ts'
import { loadModels } from '../../src/stages/findModels.ts'
import { loadFeatures } from '../../src/stages/loadFeatures.ts'
import { type BackgroundTable, backgroundTable, stageBackground } from '../../src/stages/stageBackground.ts'
import { train } from '../../src/stages/train.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { workshop, writeDatedTable, writeMapping, writeTable } from './workshop.ts'

const folder = workshop()
const pool = openPool(1)
let engine: Engine
let table: BackgroundTable
let scorer: Scorer

beforeAll(async () => {
  const mapping = writeDatedTable(folder, 400)
  const features = join(folder, 'features')
  await ingest({ mapping, out: features, threads: 1 })
  const models = { forest: { trees: 10, minLeaf: 10 } }
  await train({ features, out: join(folder, 'train'), threads: 1, train: { models, replicates: 200 } })
  engine = await openDuckDB({ threads: 1 })
  const loaded = await loadFeatures(engine, features)
  table = await backgroundTable({ engine }, { backgroundFeatures: null }, { folder: features, loaded })
  scorer = (await loadModels([join(folder, 'train')])).models[0]!.scorer
})
afterAll(() => engine.close())

const make = (spec: BackgroundSpec, rows: number | null = null, seed = 1) =>
  stageBackground({ engine, pool, seed, signal: undefined }, scorer, spec, table, { rows, allowMissing: false })

describe('parseBackground', () => {
  it('reads every form', () => {
    expect(parseBackground('own')).toEqual({ kind: 'own' })
    expect(parseBackground('all')).toEqual({ kind: 'all' })
    expect(parseBackground('near-cutoff')).toEqual({ kind: 'near_cutoff', cutoff: 650 })
    expect(parseBackground('near-cutoff=600')).toEqual({ kind: 'near_cutoff', cutoff: 600 })
    expect(parseBackground('group=sex:f')).toEqual({ kind: 'reference_group', column: 'sex', level: 'f' })
    expect(parseBackground('group=rate:1:2')).toEqual({ kind: 'reference_group', column: 'rate', level: '1:2' })
    expect(parseBackground('period=2024-01-01..2024-06-30')).toEqual({
      kind: 'period',
      from: '2024-01-01',
      to: '2024-06-30',
    })
  })

  it.each([
    ['everybody', /expected own, all, near-cutoff/],
    ['', /expected own, all, near-cutoff/],
    ['all=1', /expected all, without a value/],
    ['near-cutoff=', /expected near-cutoff=SCORE/],
    ['near-cutoff=high', /expected near-cutoff=SCORE/],
    ['group', /expected group=COLUMN:LEVEL/],
    ['group=sex', /expected group=COLUMN:LEVEL/],
    ['group=:f', /expected group=COLUMN:LEVEL/],
    ['period=2024-01-01', /expected period=FROM..TO/],
    ['period=2024-02-30..2024-06-30', /a day as 2024-01-31; got "2024-02-30"/],
    ['period=2024-06-30..2024-01-01', /the period ends before it begins/],
  ])('refuses %j', (text, message) => {
    expect(() => parseBackground(text)).toThrow(message)
  })
})

describe('resolveBackgrounds', () => {
  it('takes what the model brings where nothing is said', () => {
    expect(resolveBackgrounds({})).toEqual({
      backgrounds: [{ kind: 'own' }],
      backgroundRows: null,
      backgroundFeatures: null,
    })
  })

  it('refuses what is given twice, in whatever form, and what nothing would read', () => {
    const near = { kind: 'near_cutoff', cutoff: 650 } as const
    expect(() => resolveBackgrounds({ backgrounds: [near, { ...near, width: 25 }] })).toThrow(/given twice/)
    expect(() => resolveBackgrounds({ backgrounds: [] })).toThrow(/nothing to explain against/)
    expect(() => resolveBackgrounds({ backgroundRows: 10 })).toThrow(
      /option background-rows.*nothing reads this|nothing reads this.*background-rows/,
    )
    expect(() => resolveBackgrounds({ backgroundFeatures: 'x' })).toThrow(/background-features/)
    expect(() => resolveBackgrounds({ backgrounds: [{ kind: 'all' }], backgroundRows: 0 })).toThrow(/no number of rows/)
  })
})

describe('stageBackground', () => {
  it('takes everybody without a copy', async () => {
    const all = await make({ kind: 'all' })
    expect(all).toMatchObject({ id: 'all_applicants', rows: 400, outOf: 400, notes: [] })
    expect(all.frame).toBe(table.frame)
  })

  it('finds those near a cut-off by the scores of the model', async () => {
    const near = await make({ kind: 'near_cutoff', cutoff: 500, width: 30, least: 1 })
    const { score } = scoreFrame(scorer, table.frame)
    const expected = table.frame.personId.filter((_, i) => score[i]! >= 500 && score[i]! < 530)
    expect(near.frame.personId).toEqual(expected)
    expect(near.id).toBe('near_cutoff_500_30')
    expect(expected.length).toBeGreaterThan(5)
  })

  it('finds a reference group by the protected column of the source file', async () => {
    const women = await make({ kind: 'reference_group', column: 'sex', level: 'f' })
    const lines = readFileSync(join(folder, 'customers.csv'), 'utf8').trim().split('\n').slice(1)
    const expected = lines.map((line) => line.split(',')).filter((cells) => cells[4] === 'f')
    expect(women.frame.personId).toEqual(expected.map((cells) => cells[0]))
    expect(women.sentence).toContain('sex is f')
    expect(women.frame.factors.map((f) => f.name)).not.toContain('sex')
  })

  it('finds a period by the observation dates', async () => {
    const march = await make({ kind: 'period', from: '2024-01-01', to: '2024-03-31' })
    expect(march.frame.personId).toEqual(table.frame.personId.slice(0, 200))
  })

  it('draws a sample by the seed', async () => {
    const [a, b, other] = [
      await make({ kind: 'all' }, 50),
      await make({ kind: 'all' }, 50),
      await make({ kind: 'all' }, 50, 2),
    ]
    expect(a.frame.personId).toEqual(b.frame.personId)
    expect(a).toMatchObject({ rows: 50, outOf: 400 })
    expect(other.frame.personId).not.toEqual(a.frame.personId)
    expect(other.id).not.toBe(a.id)
  })

  it('takes rows of another table, whose identity goes with them', async () => {
    const people = workshop()
    writeTable(people, { rows: 120, seed: 5 })
    const book = join(people, 'book')
    await ingest({ mapping: writeMapping(people), out: book, threads: 1 })
    const explained = { folder: table.folder, loaded: table }
    const elsewhere = await backgroundTable({ engine }, { backgroundFeatures: book }, explained)
    const options = { rows: null, allowMissing: false }
    const all = await stageBackground(
      { engine, pool, seed: 1, signal: undefined },
      scorer,
      { kind: 'all' },
      elsewhere,
      options,
    )
    expect(all.rows).toBe(120)
    expect(all.id).toMatch(/^all_applicants_table_[0-9a-f]{8}$/)
    expect(all.sentence).toContain('feature table customers')
  })

  it('says what is not there', async () => {
    await expect(make({ kind: 'reference_group', column: 'age', level: '30' })).rejects.toThrow(
      /no such protected column.*sex/,
    )
    await expect(make({ kind: 'reference_group', column: 'sex', level: 'x' })).rejects.toThrow(/expected one of f, m/)
    await expect(make({ kind: 'reference_group', column: 'income', level: '1' })).rejects.toThrow(
      /no such protected column; expected one of sex; got "income"/,
    )
    await expect(make({ kind: 'period', from: '2023-01-01', to: '2023-12-31' })).rejects.toThrow(/no rows/)
    await expect(make({ kind: 'near_cutoff', cutoff: 949 })).rejects.toThrow(/no rows/)
  })
})
