import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseMapping, readMapping } from '../../src/sources/mapping.ts'
import { protectedWord } from '../../src/sources/protectedNames.ts'
import { GlasscoreError } from '../../src/util/errors.ts'
import { nearestName } from '../../src/util/nearestName.ts'
import { mappingFile, messageOf } from './helpers.ts'

const TEXT = `format: glasscore.mapping
version: 1
kind: features
name: small
currency: EUR
observationDate: '2023-01-01'
target: { column: y, bad: 1 }
outcome: { text: as labeled }
`

describe('the shipped mappings', () => {
  it.each(['taiwan', 'german'])('%s is valid, and its protected columns are in no group', async (name) => {
    expect(existsSync(mappingFile(name))).toBe(true)
    const mapping = await readMapping(mappingFile(name))
    if (mapping.kind !== 'features') throw new Error('wrong kind')
    const grouped = Object.values(mapping.groups ?? {}).flat()
    for (const column of mapping.protected!) expect(grouped).not.toContain(column)
  })
})

describe('parseMapping', () => {
  it('reads codes of any YAML type as text', () => {
    const mapping = parseMapping(`${TEXT}missing: [-1, 99, "?", true]\n`, 'm.yaml')
    expect(mapping.missing).toEqual(['-1', '99', '?', 'true'])
    if (mapping.kind === 'features') expect(mapping.target.bad).toEqual(['1'])
  })

  it('gives line and column for broken YAML', async () => {
    expect(await messageOf(async () => parseMapping('a: 1\n  b: 2\n', 'm.yaml'))).toMatch(
      /m\.yaml, row 1.*not valid YAML/,
    )
  })

  it.each([
    ['missing: *.csv\n', /m\.yaml: not valid YAML; .*must stand in quotes/],
    [
      `notes: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c]\n`,
      /m\.yaml: not valid YAML; Excessive alias count/,
    ],
  ])('refuses the alias of %s as a fault of the file', async (extra, message) => {
    const work = async () => parseMapping(TEXT + extra, 'm.yaml')
    await expect(work()).rejects.toBeInstanceOf(GlasscoreError)
    expect(await messageOf(work)).toMatch(message)
  })

  it('says what a lacking currency should be, and needs a code for bad', async () => {
    expect(await messageOf(async () => parseMapping(TEXT.replace('currency: EUR\n', ''), 'm.yaml'))).toMatch(
      /option currency: the mapping lacks a key; expected an ISO 4217 code such as EUR/,
    )
    expect(await messageOf(async () => parseMapping(TEXT.replace('bad: 1', 'bad: []'), 'm.yaml'))).toMatch(
      /target\.bad.*expected at least one code|expected at least one code.*target\.bad/,
    )
  })

  it('keeps entries of any name apart from what objects bring along', () => {
    const mapping = parseMapping(
      `${TEXT}columns: { __proto__: { kind: flag }, toString: { kind: number } }\n`,
      'm.yaml',
    )
    if (mapping.kind !== 'features') throw new Error('wrong kind')
    expect(Object.keys(mapping.columns!)).toEqual(['__proto__', 'toString'])
    expect(Object.values(mapping.columns!)).toEqual([{ kind: 'flag' }, { kind: 'number' }])
    expect(mapping.columns!['constructor']).toBeUndefined()
  })

  it.each(['__proto__', 'constructor'])('refuses the unknown key %s', async (key) => {
    expect(await messageOf(async () => parseMapping(`${TEXT}${key}: { a: 1 }\n`, 'm.yaml'))).toMatch(key)
    expect(await messageOf(async () => parseMapping(`${TEXT}columns: { x: { ${key}: 1 } }\n`, 'm.yaml'))).toMatch(key)
    expect(await messageOf(async () => parseMapping(`${TEXT}tables: { ${key}: {} }\n`, 'm.yaml'))).toMatch(/tables/)
    const tables = TEXT.replace('features', 'tables').replace(/(observationDate|target).*\n/g, '')
    expect(
      await messageOf(async () =>
        parseMapping(`${tables}extractDate: '2024-01-01'\ntables: { ${key}: {} }\n`, 'm.yaml'),
      ),
    ).toMatch(key)
  })

  it.each([
    ['columns: { x: { kind: nummer } }\n', /columns\.x\.kind/],
    ['expectedRisk: { x: upward }\n', /expectedRisk\.x/],
    ['drop: { x: "" }\n', /drop\.x.*reason/],
    ['colums: {}\n', /did you mean columns\?/],
    ['sha256: abc\n', /sha256/],
  ])('refuses %s', async (extra, message) => {
    expect(await messageOf(async () => parseMapping(TEXT + extra, 'm.yaml'))).toMatch(message)
  })

  it('refuses a kind that is not known, and YAML that is no mapping', async () => {
    expect(await messageOf(async () => parseMapping(TEXT.replace('features', 'feature'), 'm.yaml'))).toMatch(/kind/)
    expect(await messageOf(async () => parseMapping('- a\n- b\n', 'm.yaml'))).toMatch(/not a mapping/)
  })

  it('refuses a bomb of aliases', async () => {
    const bomb = `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`
    expect(await messageOf(async () => parseMapping(bomb, 'm.yaml'))).toMatch(/alias/i)
  })
})

describe('names', () => {
  it('finds the nearest', () => {
    expect(nearestName('occured_at', ['person_id', 'occurred_at'])).toBe('occurred_at')
    expect(nearestName('Person ID', ['person_id', 'occurred_at'])).toBe('person_id')
    expect(nearestName('zebra', ['person_id', 'occurred_at'])).toBeNull()
  })

  it('suggests protected attributes by whole words', () => {
    for (const name of [
      'SEX',
      'Age in years',
      'age',
      'CODE_GENDER',
      'maritalStatus',
      'Foreign Worker',
      'StatusSex',
      'date_of_birth',
    ])
      expect(protectedWord(name), name).not.toBeNull()
    for (const name of ['wage', 'average_balance', 'mortgage', 'Essex', 'LIMIT_BAL', 'percentage', 'storage', 'trace'])
      expect(protectedWord(name), name).toBeNull()
  })
})
