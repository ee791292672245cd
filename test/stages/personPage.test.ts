/** What a person's page is made of, and what it refuses; how it behaves is in test/pages/. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { saveModel } from '../../src/formats/modelFile.ts'
import { fitEncoding } from '../../src/matrix/encode.ts'
import type { FactorFrame } from '../../src/matrix/frame.ts'
import type { PersonData } from '../../src/page/personData.ts'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { factorTitle, valueText } from '../../src/schema/valueText.ts'
import { DEFAULT_SCALE } from '../../src/scores/scale.ts'
import { type Scorer, scoreFrame } from '../../src/scores/scorer.ts'
import { ingest } from '../../src/stages/ingest.ts'
import { loadFeatures } from '../../src/stages/loadFeatures.ts'
import { movableFactors } from '../../src/stages/movableFactors.ts'
import { personPage } from '../../src/stages/personPage.ts'
import { random } from '../../src/util/random.ts'
import { parsePage } from '../reports/checkPage.ts'
import { workshop, writeMapping, writeTable } from './workshop.ts'

const folder = workshop()
const features = join(folder, 'features')
const model = join(folder, 'models', 'line')
let frame: FactorFrame
let scorer: Scorer

/** A linear scorer of the table: debt costs, income helps. */
const lineOf = (table: FactorFrame): Scorer => {
  const encoding = fitEncoding(table, 'linear')
  const coefficients = Float64Array.from(encoding.columns, ({ name }) =>
    name === 'income' ? -0.6 : name === 'debt' ? 0.5 : 0.1,
  )
  return {
    name: 'line',
    model: { kind: 'logistic', intercept: -2.5, coefficients, means: new Float64Array(coefficients.length) },
    encoding,
    calibration: { kind: 'platt', slope: 1, intercept: 0 },
    scale: DEFAULT_SCALE,
    training: {},
  }
}

beforeAll(async () => {
  writeTable(folder)
  await ingest({ mapping: writeMapping(folder), out: features, threads: 1 })
  const engine = await openDuckDB({ threads: 1 })
  frame = (await loadFeatures(engine, features)).frame
  engine.close()
  scorer = lineOf(frame)
  await saveModel(model, scorer)
})

const make = (name: string, more: Partial<Parameters<typeof personPage>[0]> = {}) =>
  personPage({ model, features, person: 'c00003', out: join(folder, name), ...more })

describe('the file', () => {
  it('says the score of the library, and is the same bytes again', async () => {
    const first = await make('a.html')
    await make('b.html', { threads: 2 })
    expect(readFileSync(join(folder, 'a.html')).equals(readFileSync(join(folder, 'b.html')))).toBe(true)
    expect(first.score).toBe(scoreFrame(scorer, frame).score[frame.personId.indexOf('c00003')])
    expect(first.bytes).toBe(readFileSync(join(folder, 'a.html')).length)
    expect(first).toMatchObject({ personId: 'c00003', observationDate: '2024-06-30', model: 'line', cutoff: 650 })
    expect(first.factors).toEqual({ controls: 3, locked: 0, unread: 0 })
  })

  it('names its one script by its hash, and nothing else may run or load', async () => {
    await make('c.html')
    const text = readFileSync(join(folder, 'c.html'), 'utf8')
    const policy = /<meta[^>]*Content-Security-Policy[^>]*>/
      .exec(text)![0]
      .replaceAll('&#39;', "'")
      .replace(/.*content="([^"]+)".*/, '$1')
    const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((m) => m[1]!)
    expect(scripts).toHaveLength(1)
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(scripts[0]!).digest('base64')}'`)
    expect(policy.startsWith("default-src 'none'")).toBe(true)
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*|connect-src/)
    for (const style of text.matchAll(/<style>([\s\S]*?)<\/style>/g))
      expect(policy).toContain(createHash('sha256').update(style[1]!).digest('base64'))
    expect(text).not.toMatch(/<link|src=|https?:\/\/(?!www\.w3\.org)/)
    const data = JSON.parse(parsePage(text).querySelector('#person-data')!.textContent!) as PersonData
    expect(data.factors.map(({ name }) => name)).toEqual(['income', 'debt', 'region'])
    expect(text).not.toMatch(/"sex"/)
  })

  it.each([
    ['an unknown person', { person: 'nobody' }, 'no such person'],
    ['a date without an observation', { asOf: '2020-01-01' }, 'not observed on this date'],
    ['a cut-off that is no score', { cutoff: 1000 }, 'invalid cutoff'],
    ['no model', { model: features }, 'no model here'],
    ['no feature table', { features: join(folder, 'nothing') }, 'nothing'],
  ])('%s: one error, and nothing is written', async (_, more, words) => {
    await expect(make('d.html', more)).rejects.toThrow(new RegExp(words))
    expect(existsSync(join(folder, 'd.html'))).toBe(false)
  })

  it('refuses steps, which no points add up to, and asks which of several models', async () => {
    const isotonic: Scorer = {
      ...scorer,
      name: 'steps',
      calibration: { kind: 'isotonic', upTo: [-1], probabilities: [0.1, 0.5] },
    }
    await saveModel(join(folder, 'models', 'steps'), isotonic)
    await expect(make('e.html', { model: join(folder, 'models', 'steps') })).rejects.toThrow('cannot be split')
    await expect(make('e.html', { model: folder })).rejects.toThrow('several models')
    expect(existsSync(join(folder, 'e.html'))).toBe(false)
  })
})

describe('what may be moved', () => {
  const NAMES = [
    'institutions_visited_3m',
    'repayment_months_total',
    'credit_history_days',
    'overdue_cases_12m',
    'reached_m1_3m',
    'employer_type',
    'social_influence_index',
    'car_likelihood',
  ]
  const specs = FACTOR_CATALOGUE.filter(({ name }) => NAMES.includes(name)).map(
    ({ name, dimension, kind, unit, expectedRisk, definition }) => ({
      name,
      dimension,
      kind,
      unit,
      scale: 'linear' as const,
      expectedRisk,
      definition,
    }),
  )
  const stream = random(2)
  const rows = 200
  const people: FactorFrame = {
    rows,
    personId: Array.from({ length: rows }, (_, i) => `P${i}`),
    observationDate: new Array(rows).fill('2025-01-01'),
    factors: specs,
    numbers: Object.fromEntries(
      specs
        .filter(({ kind }) => kind !== 'category')
        .map(({ name, kind }) => [
          name,
          Float64Array.from({ length: rows }, (_, i) =>
            name === 'overdue_cases_12m' && i % 5 === 0
              ? Number.NaN
              : kind === 'flag'
                ? stream.integer(2)
                : kind === 'ordinal'
                  ? 1 + stream.integer(3)
                  : stream.integer(30),
          ),
        ]),
    ),
    categories: Object.fromEntries(
      specs
        .filter(({ kind }) => kind === 'category')
        .map(({ name }) => [name, Array.from({ length: rows }, () => ['state', 'private'][stream.integer(2)]!)]),
    ),
  }
  const movable = (row: number) => {
    const factors = movableFactors(
      lineOf(people),
      people,
      row,
      specs.map(() => 'no_exposure' as const),
    )
    return new Map(factors.map((factor) => [factor.name, factor]))
  }

  it('follows the catalogue: fixed, upward, with time, within its ends', () => {
    const factors = movable(1)
    expect(factors.get('institutions_visited_3m')).toMatchObject({ change: 'free', way: 'both', min: 0, low: 0 })
    expect(factors.get('repayment_months_total')).toMatchObject({ change: 'up', way: 'up' })
    expect(factors.get('credit_history_days')).toMatchObject({ change: 'time', way: 'up', maxChangePerMonth: 30.4 })
    expect(factors.get('overdue_cases_12m')).toMatchObject({ change: 'time', way: 'down' })
    for (const name of ['employer_type', 'social_influence_index', 'car_likelihood'])
      expect(factors.get(name)).toMatchObject({ change: 'fixed', way: 'none' })
    expect(factors.get('social_influence_index')!.context).toBe('social')
    expect(factors.get('car_likelihood')!.context).toBe('inferred')
    expect(factors.get('reached_m1_3m')!.levels).toEqual([
      { value: 0, text: 'no' },
      { value: 1, text: 'yes' },
    ])
    expect(factors.get('employer_type')!.levels!.map(({ value }) => value)).toEqual(['private', 'state'])
  })

  it('offers no value where the model has seen none, or the person has none', () => {
    const factors = movable(0)
    expect(factors.get('overdue_cases_12m')).toMatchObject({ own: null, missing: 'no_exposure', mayBeMissing: true })
    expect(factors.get('institutions_visited_3m')).toMatchObject({ missing: null, mayBeMissing: false })
  })

  it('holds the own value between the ends of its slider', () => {
    for (let row = 0; row < 30; row++)
      for (const { own, low, high } of movable(row).values())
        if (typeof own === 'number') {
          expect(low).toBeLessThanOrEqual(own)
          expect(high).toBeGreaterThanOrEqual(own)
        }
  })

  it('says values and names in words', () => {
    expect(valueText(3, { kind: 'number', unit: 'flights' })).toBe('3 flights')
    expect(valueText(1, { kind: 'number', unit: 'flights' })).toBe('1 flight')
    expect(valueText(1234.5, { kind: 'number', unit: 'CNY' })).toBe('1,234.50 CNY')
    expect(valueText(0.25, { kind: 'number', unit: 'share 0..1' })).toBe('0.25')
    expect(valueText(1, { kind: 'flag', unit: 'yes/no' })).toBe('yes')
    expect(valueText(null, { kind: 'number', unit: '' })).toBe('no value')
    expect(factorTitle('institutions_visited_1m')).toBe('institutions visited, 1 month')
    expect(factorTitle('flights_1y')).toBe('flights, 1 year')
    expect(factorTitle('income')).toBe('income')
  })
})
