import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { proposeMapping } from '../../src/sources/initMapping.ts'
import { parseMapping } from '../../src/sources/mapping.ts'
import { ingestReadyTable } from '../../src/sources/readyTable.ts'
import { messageOf, realData, temporaryFolder, writeText } from './helpers.ts'

let engine: Engine
const folder = temporaryFolder()
beforeAll(async () => {
  engine = await openDuckDB({ threads: 2 })
})
afterAll(() => engine.close())

const NASTY = `a"b: {drop} # table`
const made = (target: string): string => {
  const header = `customer_id,${JSON.stringify(NASTY).replace('\\"', '""')},income,sex,same,code,opened,gone,word,later,${target}`
  const lines = Array.from({ length: 120 }, (_, i) =>
    [
      i + 1000,
      i % 7,
      i % 11 === 0 ? '?' : 500 + i * i * 3,
      i % 2 ? 'f' : 'm',
      1,
      i % 10 === 0 ? 999 : i % 9,
      `2020-01-${String(1 + (i % 28)).padStart(2, '0')}`,
      '',
      i % 4 === 0 ? 'None' : 'guarantor',
      (i % 5 === 0 ? 1000 : 0) + i,
      i % 5 === 0 ? 1 : 0,
    ].join(','),
  )
  return writeText(folder, 'made file.csv', `${header}\n${lines.join('\n')}\n`)
}

describe('proposeMapping', () => {
  it('proposes a mapping that works as it is', async () => {
    const file = made('default')
    const { yaml, warnings, complete } = await proposeMapping(engine, file)
    expect(complete).toBe(true)
    const mapping = parseMapping(yaml, 'proposed.yaml')
    expect(mapping).toMatchObject({
      kind: 'features',
      name: 'made-file',
      file: 'made file.csv',
      id: 'customer_id',
      observationDate: { column: 'opened' },
      target: { column: 'default', bad: ['1'], good: ['0'] },
      missing: ['?'],
      protected: ['sex'],
      drop: {
        same: 'constant',
        gone: 'all values are missing',
        later: expect.stringContaining('it alone predicts the target'),
      },
      columns: { [NASTY]: { kind: 'number' }, income: { kind: 'number', scale: 'log' }, code: { kind: 'number' } },
    })
    for (const part of [
      'column customer_id: every value is different',
      'column same: constant',
      'column code: 999 may mean missing',
      'column word: None may mean missing',
      'column income: ? taken as missing',
      'column sex: the name suggests a protected attribute',
      'column later: it alone predicts the target',
    ])
      expect(
        warnings.some((w) => w.startsWith(part)),
        part,
      ).toBe(true)
    if (mapping.kind !== 'features') throw new Error('wrong kind')
    const { table, report } = await ingestReadyTable(engine, {
      mapping,
      input: folder,
      out: join(folder, 'out'),
      strict: true,
    })
    expect(report.tables[0]!.accepted).toBe(120)
    expect(table.factors.map((f) => f.name)).toEqual([NASTY, 'income', 'code', 'word'])
  })

  it('leaves one place to fill in when no target is recognized, and the rest is valid', async () => {
    const file = made('verdict')
    const { yaml, complete, warnings } = await proposeMapping(engine, file)
    expect(complete).toBe(false)
    expect(warnings.some((w) => w.includes('no target recognized'))).toBe(true)
    expect(yaml.match(/FILL_IN/g)!.length).toBe(2)
    const mapping = parseMapping(yaml, 'proposed.yaml')
    if (mapping.kind !== 'features') throw new Error('wrong kind')
    expect(
      await messageOf(() => ingestReadyTable(engine, { mapping, input: folder, out: join(folder, 'out') })),
    ).toMatch(/names a column that the file does not have \(target\)/)
    const filled = parseMapping(
      yaml
        .replace('column: FILL_IN', 'column: verdict')
        .replace('bad: FILL_IN', 'bad: 1')
        .replace('  verdict: { kind: flag }', '  # verdict'),
      'p.yaml',
    )
    if (filled.kind !== 'features') throw new Error('wrong kind')
    const { table } = await ingestReadyTable(engine, { mapping: filled, input: folder, out: join(folder, 'out') })
    expect(table.waterfall.find((s) => s.step === 'bad')!.rows).toBe(24)
  })

  const tied = (codes: [string, string], counts: [number, number]): string => {
    const line = (code: string) => (_: unknown, i: number) => `${(i * 7) % 13},${code}`
    const lines = codes.flatMap((code, k) => Array.from({ length: counts[k]! }, line(code)))
    return writeText(folder, 'tied.csv', `income,target\n${lines.join('\n')}\n`)
  }

  it.each<[[string, string], [number, number], string, string]>([
    [['0', '1'], [30, 30], '1', '1 taken as bad by custom: 0 and 1 have as many rows each'],
    [['0', '1'], [20, 40], '0', '0 taken as bad because it is the rarer (20 rows of 60)'],
    [['bad', 'good'], [40, 20], 'bad', 'bad taken as bad because of its word'],
    [['good', 'bad'], [30, 30], 'bad', 'bad taken as bad because of its word'],
  ])('says truly why of %j with %j rows the bad code is %s', async (codes, counts, bad, why) => {
    const { yaml, warnings, complete } = await proposeMapping(engine, tied(codes, counts))
    expect(complete).toBe(true)
    expect(parseMapping(yaml, 'p.yaml')).toMatchObject({ target: { column: 'target', bad: [bad] } })
    expect(warnings.find((w) => w.startsWith('target '))).toContain(why)
  })

  it('leaves the bad code open when nothing says which it is, and ingest asks for it', async () => {
    const { yaml, warnings, complete } = await proposeMapping(engine, tied(['A', 'B'], [30, 30]))
    expect(complete).toBe(false)
    expect(warnings.find((w) => w.startsWith('target '))).toBe(
      'target target: A and B have as many rows each, and nothing says which is bad: fill in target.bad',
    )
    expect(yaml).toContain('bad: FILL_IN # the code for bad: A or B; the other counts as good')
    const mapping = parseMapping(yaml, 'p.yaml')
    if (mapping.kind !== 'features') throw new Error('wrong kind')
    expect(mapping.columns).toEqual({ income: { kind: 'number' } })
    const message = await messageOf(() =>
      ingestReadyTable(engine, { mapping, input: folder, out: join(folder, 'out') }),
    )
    expect(message).toMatch(/target\.bad: the mapping has a place that is not filled in/)
  })

  it('proposes for wide files, with names that objects bring along', async () => {
    const names = ['__proto__', 'constructor', 'j', 'x', 'bad', ...Array.from({ length: 400 }, (_, i) => `c${i}`)]
    const line = (_: unknown, i: number) =>
      [...names.map((_, k) => (k % 5 === 4 ? 'abc'[(i + k) % 3] : (i * 3 + k) % 23)), i % 5 ? 0 : 1].join(',')
    const file = writeText(
      folder,
      'wide.csv',
      `${names.join(',')},target\n${Array.from({ length: 60 }, line).join('\n')}\n`,
    )
    const { yaml } = await proposeMapping(engine, file)
    const mapping = parseMapping(yaml, 'p.yaml')
    if (mapping.kind !== 'features') throw new Error('wrong kind')
    const { table } = await ingestReadyTable(engine, { mapping, input: folder, out: join(folder, 'out'), strict: true })
    expect(table.factors.map((f) => f.name)).toEqual(names.map((n) => (n === '__proto__' ? 'proto_column' : n)))
  }, 60_000)

  it('refuses a broken file as ingest does', async () => {
    const file = writeText(folder, 'broken.csv', 'a,b\n1,2\n3')
    expect(await messageOf(() => proposeMapping(engine, file))).toMatch(
      /row 3: the file is cut in the middle of this line/,
    )
    expect(await messageOf(() => proposeMapping(engine, writeText(folder, 'none.csv', 'a,b\n')))).toMatch(/no rows/)
  })
})

const there = existsSync(realData('taiwan')) && existsSync(realData('german'))
if (!there) console.log('skipped: Taiwan and German are not beside the repository (see data/README.md)')

it.skipIf(!there).each([
  ['taiwan/UCI_Credit_Card.csv.gz', 'ID', 'class', '1', ['SEX', 'EDUCATION', 'MARRIAGE', 'AGE']],
  ['german/german_credit_codiert.csv', 'Index', 'Target', '0', ['StatusSex', 'Age in years', 'Foreign Worker']],
])('finds id, target, bad code and protected columns of %s', async (name, id, target, bad, groups) => {
  const { yaml } = await proposeMapping(engine, realData(name))
  expect(parseMapping(yaml, 'p.yaml')).toMatchObject({ id, target: { column: target, bad: [bad] }, protected: groups })
})
