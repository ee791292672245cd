import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerDataset } from '../../src/engines/dataset.ts'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { readDataset, readFeatureTable, writeDataset, writeFeatureTable } from '../../src/engines/folders.ts'
import type { Dataset, FeatureTable } from '../../src/schema/dataset.ts'
import { DEFAULT_OUTCOME } from '../../src/schema/outcome.ts'
import { GlasscoreError } from '../../src/util/errors.ts'

let base = ''
let folders = 0
const freshFolder = (): string => {
  // quotes and blanks, as folders of people have them
  const folder = join(base, `o'brien "${folders++}"`)
  mkdirSync(folder)
  return folder
}
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'glasscore-folders-'))
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

const DATASET: Dataset = {
  format: 'glasscore.dataset',
  version: 1,
  name: 'tiny',
  currency: 'CNY',
  extractDate: '2025-01-01',
  tables: { people: { files: ['people.parquet'], rows: 2, coveredFrom: '2020-01-01', coveredTo: '2025-01-01' } },
  protectedColumns: ['sex'],
  outcome: DEFAULT_OUTCOME,
  notes: ['made up'],
}
const people = DATASET.tables.people!
const FEATURES: FeatureTable = {
  format: 'glasscore.features',
  version: 1,
  name: 'tiny',
  rows: 2,
  factors: [
    {
      name: 'x',
      dimension: 'other',
      kind: 'number',
      unit: 'CNY',
      scale: 'log',
      expectedRisk: 'none',
      definition: 'made up',
    },
  ],
  unavailable: [{ factor: 'y', reason: 'absent table' }],
  missing: { x: { no_rows: 1 } },
  protectedColumns: [],
  outcome: DEFAULT_OUTCOME,
  waterfall: [{ step: 'people', rows: 2 }],
  notes: [],
  warnings: [],
}

describe('the description of a folder', () => {
  it('comes back as it was written, and is written again as the same bytes', async () => {
    const folder = freshFolder()
    await writeDataset(folder, DATASET)
    await writeFeatureTable(folder, FEATURES)
    expect(await readDataset(folder)).toEqual(DATASET)
    expect(await readFeatureTable(folder)).toEqual(FEATURES)
    const before = readFileSync(join(folder, 'dataset.json'), 'utf8')
    const reordered = Object.fromEntries(Object.entries(await readDataset(folder)).reverse()) as unknown as Dataset
    await writeDataset(folder, reordered)
    expect(readFileSync(join(folder, 'dataset.json'), 'utf8')).toBe(before)
  })

  const refusal = async (text: string | undefined): Promise<GlasscoreError> => {
    const folder = freshFolder()
    if (text !== undefined) writeFileSync(join(folder, 'dataset.json'), text)
    const error = await readDataset(folder).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(GlasscoreError)
    expect((error as GlasscoreError).kind).toBe('data')
    return error as GlasscoreError
  }
  it.each([
    ['no file', undefined, /not a dataset folder; expected a folder with dataset.json/],
    ['no JSON', '{"format": "glass', /dataset.json: not valid JSON/],
    ['another format', JSON.stringify(FEATURES), /column format: /],
    ['a later version', JSON.stringify({ ...DATASET, version: 2 }), /column version: /],
    ['an unknown key', JSON.stringify({ ...DATASET, hello: 1 }), /hello/],
    ['an unknown table', JSON.stringify({ ...DATASET, tables: { persons: people } }), /persons/],
    ['no day', JSON.stringify({ ...DATASET, extractDate: '2025-02-30' }), /column extractDate: /],
    [
      'a path that climbs out',
      JSON.stringify({ ...DATASET, tables: { people: { ...people, files: ['../people.parquet'] } } }),
      /column tables.people.files.0: a path inside the folder/,
    ],
    [
      'an absolute path',
      JSON.stringify({ ...DATASET, tables: { people: { ...people, files: ['/people.parquet'] } } }),
      /a path inside the folder/,
    ],
  ])('is refused with its reason: %s', async (_case, text, message) => {
    expect((await refusal(text)).message).toMatch(message)
  })
})

describe('registerDataset', () => {
  it('shows the files of a folder as views with the names of the tables, under a prefix if wanted', async () => {
    const folder = freshFolder()
    const engine = await openDuckDB({ threads: 1 })
    await engine.writeParquet("SELECT 'P1' AS person_id", join(folder, 'a.parquet'))
    await engine.writeParquet("SELECT 'P2' AS person_id", join(folder, "b's.parquet"))
    const files = ['a.parquet', "b's.parquet"]
    await registerDataset(engine, folder, { ...DATASET, tables: { people: { ...people, files } } }, 'world "2" ')
    expect(await engine.rows('SELECT * FROM "world ""2"" people" ORDER BY person_id')).toEqual([
      { person_id: 'P1' },
      { person_id: 'P2' },
    ])
    await expect(engine.rows('SELECT * FROM people')).rejects.toThrow(/does not exist/)
    engine.close()
  })
})
