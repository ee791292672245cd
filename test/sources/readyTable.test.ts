import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { readFeatureTable } from '../../src/engines/folders.ts'
import { type FeaturesMapping, parseMapping, readMapping } from '../../src/sources/mapping.ts'
import { ingestReadyTable } from '../../src/sources/readyTable.ts'
import { GlasscoreError } from '../../src/util/errors.ts'
import { sha256File } from '../../src/util/hash.ts'
import { mappingFile, realData, temporaryFolder, writeText } from './helpers.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openDuckDB({ threads: 2 })
})
afterAll(() => engine.close())

const features = (yaml: string): FeaturesMapping => {
  const mapping = parseMapping(yaml, 'm.yaml')
  if (mapping.kind !== 'features') throw new Error('wrong kind')
  return mapping
}
const HEAD = `format: glasscore.mapping
version: 1
kind: features
name: made
currency: EUR
`

describe('a made table', () => {
  const NASTY = `a"b; drop table people`
  const yaml = `${HEAD}
id: who
observationDate: { column: seen, format: '%d.%m.%Y' }
target: { column: result, bad: [B, D], good: A, indeterminate: C }
outcome: { text: as labeled }
missing: ['?']
protected: [sex, age]
drop: { empty: nothing in it }
columns:
  sex: { values: { 1: male, 2: female } }
  ${JSON.stringify(NASTY)}: { name: nasty, kind: number, missing: -9, unit: EUR }
  since: { levels: [none, short, long] }
groups: { money: [${JSON.stringify(NASTY)}, amount], work: [since] }
expectedRisk: { since: down }
`
  const csv = [
    `who;seen;result;sex;age;${JSON.stringify(NASTY).replace('\\"', '""')};since;amount;owner;kind;empty`,
    `p2;31.12.2022;B;1;40;5;short;2000;1;it's;x`,
    `p1;31.12.2022;A;2;;-9;long;100;0;"a;b";x`,
    `p3;31.12.2022;C;2;30;7.5;?;90000;1;"say ""no""";x`,
    `p4;31.12.2022;D;?;20;1;none;300;0;?;x`,
    'p5;31.12.2022;E;1;20;1;none;300;0;x;x',
    'p6;31.02.2022;A;1;20;1;forever;300;0;x;x',
    'p7;31.12.2022;A;1;20;one;none;300;0;x;x',
    'p8;31.12.2022;A;1;20;1;forever;300;0;x;x',
    '',
  ].join('\n')

  it('becomes features, outcomes and groups, with what was rejected', async () => {
    const folder = temporaryFolder()
    const input = writeText(folder, 'made.csv', csv)
    const out = join(folder, 'out')
    const { table, report } = await ingestReadyTable(engine, { mapping: features(yaml), input, out })
    expect(await engine.rows(`SELECT * FROM '${join(out, 'features.parquet')}'`)).toEqual([
      { person_id: 'p1', observation_date: '2022-12-31', nasty: null, since: 3, amount: 100, owner: 0, kind: 'a;b' },
      { person_id: 'p2', observation_date: '2022-12-31', nasty: 5, since: 2, amount: 2000, owner: 1, kind: "it's" },
      {
        person_id: 'p3',
        observation_date: '2022-12-31',
        nasty: 7.5,
        since: null,
        amount: 90000,
        owner: 1,
        kind: 'say "no"',
      },
      { person_id: 'p4', observation_date: '2022-12-31', nasty: 1, since: 1, amount: 300, owner: 0, kind: null },
    ])
    expect(await engine.rows(`SELECT person_id, sex, age FROM '${join(out, 'groups.parquet')}'`)).toEqual([
      { person_id: 'p1', sex: 'female', age: null },
      { person_id: 'p2', sex: 'male', age: '40' },
      { person_id: 'p3', sex: 'female', age: '30' },
      { person_id: 'p4', sex: null, age: '20' },
    ])
    expect(
      (await engine.rows<{ status: string }>(`SELECT status FROM '${join(out, 'outcomes.parquet')}'`)).map(
        (r) => r.status,
      ),
    ).toEqual(['good', 'bad', 'indeterminate', 'bad'])
    expect(
      report.tables[0]!.rejected.map(
        (r) => `${r.reason} ${r.column} ${r.examples[0]!.row} ${r.examples[0]!.value}`,
      ).sort(),
    ).toEqual([
      'bad date seen 7 31.02.2022',
      'not in closed list result 6 E',
      'not in closed list since 9 forever',
      `wrong type ${NASTY} 8 one`,
    ])
    expect(readFileSync(join(out, 'rejects.csv'), 'utf8').split('\n').length).toBe(6)
    const read = await readFeatureTable(out)
    expect(read).toEqual(JSON.parse(JSON.stringify(table)))
    expect(read.factors.map((f) => `${f.name} ${f.dimension} ${f.kind} ${f.scale} ${f.expectedRisk}`)).toEqual([
      'nasty money number linear none',
      'since work ordinal linear down',
      'amount money number log none',
      'owner other flag linear none',
      'kind other category linear none',
    ])
    expect(read.missing).toEqual({
      nasty: { missing_in_source: 1 },
      since: { missing_in_source: 1 },
      kind: { missing_in_source: 1 },
    })
    expect(read.protectedColumns).toEqual(['sex', 'age'])
    expect(read.waterfall.map((s) => s.rows)).toEqual([8, 4, 1, 2, 1])
    expect(read.notes).toContain('Dropped empty: nothing in it')
  })

  it('numbers rows where there is no id, and warns of leaks, constants and protected names', async () => {
    const folder = temporaryFolder()
    const lines = Array.from(
      { length: 60 },
      (_, i) =>
        `${i % 3 === 0 ? 1 : 0},${i % 3 === 0 ? 100 + i : i},5,${i % 2 ? 'f' : 'm'},${i % 3 === 0 ? '' : i % 7}`,
    )
    const input = writeText(folder, 'made.csv', `y,later,same,gender,gap\n${lines.join('\n')}\n`)
    const yaml = `${HEAD}observationDate: '2023-01-01'\ntarget: { column: y, bad: 1 }\noutcome: { text: as labeled }\n`
    const out = join(folder, 'out')
    const { table } = await ingestReadyTable(engine, { mapping: features(yaml), input, out })
    const [first] = await engine.rows<{ person_id: string }>(`SELECT person_id FROM '${join(out, 'features.parquet')}'`)
    expect(first!.person_id).toBe('row-02')
    expect(table.warnings.map((w) => w.slice(0, 32))).toEqual([
      'column later: it alone predicts ',
      'column same: constant, it cannot',
      'column gender: the name suggests',
      'column gap: it alone predicts th',
    ])
  })

  it('reads Parquet, JSON and a table of a DuckDB file to the same bytes', async () => {
    const folder = temporaryFolder()
    const rows = `SELECT * FROM (VALUES ('a', 1.5, 0), ('b', 2.5, 1), ('c', NULL, 0)) AS v(id, x, bad)`
    await engine.run(`COPY (${rows}) TO '${join(folder, 'made.parquet')}' (FORMAT parquet)`)
    await engine.run(`COPY (${rows}) TO '${join(folder, 'made.json')}' (FORMAT json)`)
    await engine.run(`COPY (${rows}) TO '${join(folder, 'made [1]*.csv')}' (FORMAT csv)`)
    await engine.run(`ATTACH '${join(folder, 'made.duckdb')}' AS made; CREATE TABLE made."t'1" AS ${rows}; DETACH made`)
    const yaml = `${HEAD}id: id\nobservationDate: '2023-01-01'\ntarget: { column: bad, bad: 1, good: 0 }\noutcome: { text: as labeled }\n`
    const hashes = new Set<string>()
    for (const [name, extra] of [
      ['made.parquet', ''],
      ['made.json', ''],
      ['made [1]*.csv', ''],
      ['made.duckdb', `table: "t'1"\n`],
    ] as const) {
      const out = join(folder, `out`)
      await ingestReadyTable(engine, { mapping: features(yaml + extra), input: join(folder, name), out })
      hashes.add(await sha256File(join(out, 'features.parquet')))
    }
    expect(hashes.size).toBe(1)
  })
})

describe('names that objects bring along', () => {
  const rows = (columns: string) =>
    `id,${columns},bad\n${Array.from({ length: 30 }, (_, i) => `${i},${(i * 7) % 11},${(i * 3) % 5},x${i % 3},${i % 4 ? 0 : 1}`).join('\n')}\n`
  const yaml = `${HEAD}id: id\nobservationDate: '2023-01-01'\ntarget: { column: bad, bad: 1, good: 0 }\noutcome: { text: as labeled }\n`
  const read = (columns: string, extra = '') => {
    const folder = temporaryFolder()
    const input = writeText(folder, 'made.csv', rows(columns))
    return ingestReadyTable(engine, { mapping: features(yaml + extra), input, out: join(folder, 'out'), strict: true })
  }

  it('are columns like others', async () => {
    const { table } = await read('constructor,toString,hasOwnProperty')
    expect(table.factors.map((f) => [f.name, f.kind, f.dimension, f.expectedRisk])).toEqual([
      ['constructor', 'number', 'other', 'none'],
      ['toString', 'number', 'other', 'none'],
      ['hasOwnProperty', 'category', 'other', 'none'],
    ])
    // names that the queries use themselves
    const own = await read('j,x,n')
    expect(own.table.factors.map((f) => f.kind)).toEqual(['number', 'number', 'category'])
  })

  it('__proto__ must be renamed or dropped, and is not overlooked in a mapping', async () => {
    const work = read('a,__proto__,c')
    await expect(work).rejects.toBeInstanceOf(GlasscoreError)
    await expect(work).rejects.toThrow(/column __proto__: a factor cannot have this name; .*rename it/)
    await expect(read('a,__proto__,c', 'protected: [__proto__]\n')).rejects.toThrow(/cannot have this name/)
    const renamed = await read('a,__proto__,c', 'columns: { __proto__: { name: proto, kind: number } }\n')
    expect(renamed.table.factors.map((f) => f.name)).toEqual(['a', 'proto', 'c'])
    const dropped = await read('a,__proto__,c', 'drop: { __proto__: a name of no use }\n')
    expect(dropped.table.factors.map((f) => f.name)).toEqual(['a', 'c'])
    for (const key of [
      'columns: { __proto__: { kind: number } }',
      'drop: { __proto__: gone }',
      'expectedRisk: { __proto__: up }',
    ])
      await expect(read('a,b,c', `${key}\n`), key).rejects.toThrow(/column __proto__: the mapping names a column that/)
  })
})

describe('people whose outcome is not known', () => {
  const yaml = `${HEAD}id: id\nobservationDate: '2023-01-01'\ntarget: { column: bad, bad: 1, good: 0 }\noutcome: { text: as labeled }\n`
  it.each([
    ['absent', 'id,a,b\n1,5,x\n2,6,y\n3,,x\n'],
    ['there, with any code', 'id,a,bad,b\n1,5,,x\n2,6,7,y\n3,,1,x\n'],
  ])('are read without the target: the column is %s', async (_, csv) => {
    const folder = temporaryFolder()
    const options = { mapping: features(yaml), input: writeText(folder, 'm.csv', csv), out: join(folder, 'out') }
    await expect(ingestReadyTable(engine, { ...options, strict: true })).rejects.toBeInstanceOf(GlasscoreError)
    const { table, report } = await ingestReadyTable(engine, { ...options, strict: true, withoutTarget: true })
    expect(table.factors.map((f) => f.name)).toEqual(['a', 'b'])
    expect(report.tables[0]!.rejected).toEqual([])
    expect(await engine.rows(`SELECT * FROM '${join(folder, 'out', 'outcomes.parquet')}'`)).toEqual(
      ['1', '2', '3'].map((person_id) => ({ person_id, observation_date: '2023-01-01', status: null })),
    )
    expect(await engine.rows(`SELECT person_id, a, b FROM '${join(folder, 'out', 'features.parquet')}'`)).toEqual([
      { person_id: '1', a: 5, b: 'x' },
      { person_id: '2', a: 6, b: 'y' },
      { person_id: '3', a: null, b: 'x' },
    ])
    expect(table.waterfall.map((s) => s.rows)).toEqual([3, 3, 0, 0, 0])
    expect(table.notes).toContain('Target bad: not read; nobody has an outcome.')
  })
})

const there = existsSync(realData('taiwan')) && existsSync(realData('german'))
if (!there) console.log('skipped: Taiwan and German are not beside the repository (see data/README.md)')

describe.skipIf(!there)('the real sets', () => {
  it.each([
    ['taiwan', 30_000, 6_636, 19, ['SEX', 'AGE', 'MARRIAGE', 'EDUCATION']],
    ['german', 1_000, 300, 17, ['status_sex', 'age_years', 'foreign_worker']],
  ])('%s', async (name, rows, bad, factors, groups) => {
    const mapping = await readMapping(mappingFile(name))
    if (mapping.kind !== 'features') throw new Error('wrong kind')
    const hashes: string[][] = []
    for (const threads of [1, 2]) {
      const own = await openDuckDB({ threads })
      const out = join(temporaryFolder(), name)
      const { table, report } = await ingestReadyTable(own, { mapping, input: realData(name), out, strict: true })
      expect(table.rows).toBe(rows)
      expect(table.waterfall.find((s) => s.step === 'bad')!.rows).toBe(bad)
      expect(table.factors.length).toBe(factors)
      expect(table.protectedColumns).toEqual(groups)
      expect(table.warnings).toEqual([])
      expect(table.missing).toEqual({})
      expect(report.warnings).toEqual([])
      for (const column of groups) expect(table.factors.map((f) => f.name)).not.toContain(column)
      hashes.push(
        await Promise.all(
          readdirSync(out)
            .sort()
            .map((f) => sha256File(join(out, f))),
        ),
      )
      own.close()
    }
    expect(hashes[0]).toEqual(hashes[1])
  })

  it('keeps the counts of the protected codes that are published', async () => {
    const mapping = await readMapping(mappingFile('taiwan'))
    if (mapping.kind !== 'features') throw new Error('wrong kind')
    const out = join(temporaryFolder(), 'taiwan')
    await ingestReadyTable(engine, { mapping, input: realData('taiwan'), out })
    const groups = `'${join(out, 'groups.parquet')}'`
    expect(await engine.rows(`SELECT SEX, count(*)::INTEGER AS n FROM ${groups} GROUP BY 1 ORDER BY 1`)).toEqual([
      { SEX: 'female', n: 18_112 },
      { SEX: 'male', n: 11_888 },
    ])
    const [codes] = await engine.rows<{ n: number }>(
      `SELECT count(*)::INTEGER AS n FROM '${join(out, 'features.parquet')}' WHERE delay_september = -2`,
    )
    expect(codes!.n).toBe(2_759)
  })
})
