import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { literal } from '../../src/engines/sql.ts'
import { BANDS_OF, bandSql } from '../../src/features/codeFactors.ts'
import {
  explainScores,
  FACTOR_CATALOGUE,
  features,
  loadModel,
  readFeatureTable,
  run,
  score,
  simulate,
  train,
} from '../../src/index.ts'
import { applyEncoding, fitEncoding } from '../../src/matrix/encode.ts'
import type { FactorFrame } from '../../src/matrix/frame.ts'
import { bandCode, bandCount, bandNumber, bandText, type FactorBands, sameBands } from '../../src/schema/bands.ts'
import { sha256File } from '../../src/util/hash.ts'
import { random } from '../../src/util/random.ts'
import { MAPPING, workshop, writeMapping, writeTable } from '../stages/workshop.ts'
import { randomWorld } from './randomWorld.ts'
import { buildWorld } from './world.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openDuckDB({ threads: 1 })
})
afterAll(() => engine.close())

/** The next double above a positive number, or below it. */
const beside = (x: number, step: 1n | -1n): number => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  view.setBigInt64(0, view.getBigInt64(0) + step)
  return view.getFloat64(0)
}

/** Intervals looked through one by one: (lo, hi], zero apart. */
const slowBand = ({ upperEdges, zero }: FactorBands, value: number): number => {
  const uppers = [...(zero ? [0] : []), ...upperEdges, Number.POSITIVE_INFINITY]
  const lowers = [Number.NEGATIVE_INFINITY, ...uppers.slice(0, -1)]
  return 1 + uppers.findIndex((hi, k) => value > lowers[k]! && value <= hi)
}

/** Left-closed, [lo, hi). */
const brokenBand = ({ upperEdges, zero }: FactorBands, value: number): number =>
  upperEdges.reduce((band, edge) => band + (value >= edge ? 1 : 0), zero && value > 0 ? 2 : 1)

const probes = ({ upperEdges }: FactorBands): number[] => [
  -1e9,
  -1,
  0,
  Number.MIN_VALUE,
  ...upperEdges.flatMap((e) => [beside(e, -1n), e, beside(e, 1n)]),
  1e12,
]

/** Problems of a way to find bands, by factor. */
const faults = (bandOf: (bands: FactorBands, value: number) => number): string[] =>
  [...BANDS_OF].flatMap(([name, bands]) =>
    probes(bands)
      .filter((value) => bandOf(bands, value) !== slowBand(bands, value))
      .map((value) => `${name} ${value}`),
  )

describe('bands', () => {
  it('are those of the catalogue: all factors with published edges, and no others', () => {
    const published = FACTOR_CATALOGUE.filter((f) => f.dasUpperEdges.length > 0)
    expect([...BANDS_OF.keys()]).toEqual(published.map((f) => f.name))
    expect(published).toHaveLength(45)
    for (const f of published) expect(BANDS_OF.get(f.name)!.upperEdges, f.name).toEqual(f.dasUpperEdges)
  })

  it('are right-closed for every factor: at an edge, beside it, at zero, below it', () => {
    expect(faults(bandNumber)).toEqual([])
    // every edge of every factor is a probe that tells
    const edges = [...BANDS_OF.values()].reduce((sum, b) => sum + b.upperEdges.length, 0)
    expect(faults(brokenBand)).toHaveLength(edges)
  })

  it('are the same in SQL', async () => {
    for (const [name, bands] of BANDS_OF) {
      const values = [...probes(bands), Number.NaN]
      await engine.createTable('probe', {
        k: { type: 'INTEGER', values: Int32Array.from(values.keys()) },
        x: { type: 'DOUBLE', values: Float64Array.from(values) },
      })
      const { numbers } = await engine.columns(`SELECT ${bandSql('x', bands)} AS band FROM probe ORDER BY k`, ['band'])
      expect([...numbers['band']!], name).toEqual(values.map((x) => bandNumber(bands, x)))
      await engine.run('DROP TABLE probe')
    }
  })

  it('have zero to themselves where things are counted or money is added up, and not where zero is an ordinary value', () => {
    const visits = BANDS_OF.get('institutions_visited_1m')!
    expect([0, 1, 2, 3, 4, 7, 8].map((x) => bandCode(bandNumber(visits, x)))).toEqual([
      '01',
      '02',
      '03',
      '03',
      '04',
      '04',
      '05',
    ])
    expect(bandText(visits)).toBe('01: 0; 02: (0, 1]; 03: (1, 3]; 04: (3, 7]; 05: above 7')
    const tenure = BANDS_OF.get('phone_tenure_days')!
    expect(bandText(tenure)).toMatch(/^01: up to 270; 02: \(270, 540\]; .*; 09: above 1800$/)
    expect(bandNumber(tenure, 0)).toBe(1)
    const plain = [...BANDS_OF].filter(([, bands]) => !bands.zero).map(([name]) => name)
    expect(plain).toEqual([
      'credit_history_days',
      'mean_fare_discount_1y',
      'phone_tenure_days',
      'address_tenure_days',
      'consumption_variability_1y',
      'contact_stability_1y',
      'social_influence_index',
    ])
  })

  it('have two digits, and # for a missing value', () => {
    expect(bandCode(bandNumber(BANDS_OF.get('overdue_amount_1m')!, 1e9))).toBe('15')
    expect(bandCode(bandNumber(BANDS_OF.get('overdue_amount_1m')!, Number.NaN))).toBe('#')
    for (const [name, bands] of BANDS_OF) {
      expect(bandNumber(bands, 1e12), name).toBe(bandCount(bands))
      expect(bandText(bands).split('; '), name).toHaveLength(bandCount(bands))
    }
    const [a, b] = [BANDS_OF.get('flights_1y')!, BANDS_OF.get('institutions_visited_1m')!]
    expect([sameBands(a, a), sameBands(a, b), sameBands(a, undefined), sameBands(undefined, undefined)]).toEqual([
      true,
      false,
      false,
      true,
    ])
  })
})

describe('a feature table in bands', () => {
  it('has the number of the band in the place of each value, and leaves the other factors alone', async () => {
    const world = randomWorld(random(31), '2023-06-01', 40)
    const plain = await buildWorld(world, ['2023-03-01', '2023-06-01'])
    const coded = await buildWorld(world, ['2023-03-01', '2023-06-01'], { coding: 'das' })
    expect(coded.reasons).toEqual(plain.reasons)
    let moved = 0
    for (const [i, row] of plain.rows.entries())
      for (const [name, value] of Object.entries(row)) {
        const bands = BANDS_OF.get(name)
        const expected = bands && value !== null ? bandNumber(bands, value as number) : value
        expect(coded.rows[i]![name], name).toEqual(expected)
        if (expected !== value) moved++
      }
    expect(moved).toBeGreaterThan(500)
    expect(coded.table.missing).toEqual(plain.table.missing)
    for (const spec of coded.table.factors) {
      const before = plain.table.factors.find((f) => f.name === spec.name)!
      const bands = BANDS_OF.get(spec.name)
      if (!bands) expect(spec).toEqual(before)
      else expect(spec).toMatchObject({ kind: 'ordinal', scale: 'linear', unit: 'band', bands })
      expect([spec.dimension, spec.expectedRisk]).toEqual([before.dimension, before.expectedRisk])
    }
    const note = coded.table.notes.find((n) => n.startsWith('DAS coding: 45 factors'))!
    expect(note).toMatch(/As they were measured, for want of published bands: transactions_1y, .*account_age_days, /)
  })

  const folder = workshop()
  const build = (out: string, threads: number) =>
    features({ data: 'data/sample/population', coding: 'das', out: join(folder, out), threads })

  it('stores the codes, and has the same bytes for 1 and 2 threads', async () => {
    const { summary } = await build('one', 1)
    await build('two', 2)
    for (const file of ['features.parquet', 'codes.parquet', 'features.json'])
      expect(await sha256File(join(folder, 'one', file)), file).toBe(await sha256File(join(folder, 'two', file)))
    expect(await readFeatureTable(join(folder, 'one'))).toEqual(summary)
    const parquet = (file: string) => `read_parquet(${literal(join(folder, 'one', file))})`
    const rows = await engine.rows<Record<string, string | null>>(
      `SELECT c.* REPLACE (c.observation_date::VARCHAR AS observation_date), f.overdue_cases_12m AS band, f.reached_m1_12m AS flag
       FROM ${parquet('codes.parquet')} AS c JOIN ${parquet('features.parquet')} AS f USING (person_id, observation_date)`,
    )
    expect(rows).toHaveLength(summary.rows)
    const bands = new Set<string>()
    for (const row of rows) {
      expect(row['overdue_cases_12m']).toBe(bandCode(row['band'] === null ? Number.NaN : Number(row['band'])))
      expect(row['reached_m1_12m']).toBe(row['flag'] === null ? '#' : Number(row['flag']) === 1 ? 'Y' : 'N')
      bands.add(row['overdue_cases_12m']!)
    }
    expect(bands.has('#') && bands.has('01') && bands.has('02')).toBe(true)
    // keys, banded factors and flags
    expect(Object.keys(rows[0]!)).toHaveLength(2 + 45 + 9 + 2)
  })

  it('keeps its coding with the models: people as of a date are coded alike, and values as measured are refused', async () => {
    const data = join(folder, 'people')
    const asOf = '2025-01-01'
    await simulate({ people: 1200, asOf, seed: 5, out: data })
    const table = join(folder, 'coded')
    await features({ data, coding: 'das', out: table })
    const models = { logistic: { l2: 10 }, tree: { minLeaf: 30 } }
    await train({ features: table, train: { models, replicates: 200 }, out: join(folder, 'models') })
    const { scorer } = await loadModel(join(folder, 'models', 'models', 'logistic'))
    expect(scorer.encoding.factors.filter((f) => f.bands)).toHaveLength(45)
    const named = { models: [join(folder, 'models')] }
    await score({ ...named, features: table, out: join(folder, 'held') })
    await score({ ...named, data, asOf, out: join(folder, 'asof') })
    const scores = (name: string) =>
      engine.rows(
        `SELECT h.model, h.person_id, s.score FROM read_parquet(${literal(join(folder, 'held', 'scores.parquet'))}) AS h
         JOIN read_parquet(${literal(join(folder, name, 'scores.parquet'))}) AS s USING (model, person_id) ORDER BY ALL`,
      )
    const held = await scores('held')
    expect(held.length).toBeGreaterThan(1500)
    expect(await scores('asof')).toEqual(held)
    expect(existsSync(join(folder, 'asof', 'features', 'codes.parquet'))).toBe(true)
    const plain = join(folder, 'plain')
    await features({ data, out: plain })
    const refused = /coded otherwise in the table than in the model; expected bands \(01: /
    const x = join(folder, 'x')
    await expect(score({ ...named, features: plain, out: x })).rejects.toThrow(refused)
    await expect(explainScores({ ...named, features: plain, out: x })).rejects.toThrow(refused)
  }, 400_000)

  it('is what an encoding was fitted on, or it is refused', () => {
    const bands = BANDS_OF.get('flights_1y')!
    const spec = {
      name: 'flights_1y',
      dimension: 'd',
      kind: 'ordinal' as const,
      unit: '',
      scale: 'linear' as const,
      expectedRisk: 'none' as const,
      definition: '',
    }
    const frameOf = (coded: boolean): FactorFrame => ({
      rows: 3,
      personId: ['a', 'b', 'c'],
      observationDate: ['2024-01-01', '2024-01-01', '2024-01-01'],
      factors: [coded ? { ...spec, bands } : spec],
      numbers: { flights_1y: Float64Array.of(1, 2, 3) },
      categories: {},
    })
    for (const coded of [false, true]) {
      const encoding = fitEncoding(frameOf(coded), 'tree')
      expect(applyEncoding(encoding, frameOf(coded)).values).toEqual(Float64Array.of(1, 2, 3))
      expect(() => applyEncoding(encoding, frameOf(!coded))).toThrow(/column flights_1y: a factor is coded otherwise/)
    }
  })

  it('is not made of a ready table, nor by a coding that is not known', async () => {
    writeTable(folder)
    const mapping = writeMapping(folder, MAPPING)
    const source = { kind: 'mapping' as const, mapping }
    await expect(
      run({ name: 'x', source, features: { coding: 'das' } }, { out: join(folder, 'ready') }),
    ).rejects.toThrow(
      'option features.coding: the factors of a ready table have no published bands; expected none, or a source of events',
    )
    const unknown = 'bands' as 'das'
    expect(() => features({ data: 'data/sample/population', coding: unknown, out: join(folder, 'y') })).toThrow(
      'option coding: invalid value; expected none or das',
    )
  })
})
