/** Facts about the package that a reader of package.json relies on, and that its closed lists match their sources. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CatalogueFactor, FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { TABLE_NAMES, TABLES } from '../../src/schema/tables.ts'
import { CATEGORIES, PUBLIC_RECORD_KINDS, SCENARIOS } from '../../src/schema/vocabulary.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

interface LockEntry {
  version?: string
  resolved?: string
  integrity?: string
  dev?: boolean
  devOptional?: boolean
  hasInstallScript?: boolean
}
interface Manifest {
  license: string
  type: string
  engines: { node: string }
  bin: Record<string, string>
  exports: Record<string, unknown>
  files: string[]
  scripts: Record<string, string>
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}
const manifest = JSON.parse(read('package.json')) as Manifest
const lock = JSON.parse(read('package-lock.json')) as { lockfileVersion: number; packages: Record<string, LockEntry> }
const installed = Object.entries(lock.packages).filter(([path]) => path !== '')

describe('package.json', () => {
  it('has three entries, types first, and nothing else to reach into', () => {
    expect(manifest.exports).toEqual({
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './shap': { types: './dist/shap.d.ts', default: './dist/shap.js' },
      './charts': { types: './dist/charts.d.ts', default: './dist/charts.js' },
      './package.json': './package.json',
    })
    for (const entry of ['.', './shap', './charts'])
      expect(Object.keys(manifest.exports[entry] as object)[0]).toBe('types')
  })

  it('is an ES module under Apache-2.0 with one command', () => {
    expect(manifest.type).toBe('module')
    expect(manifest.license).toBe('Apache-2.0')
    expect(read('LICENSE')).toContain('Version 2.0, January 2004')
    expect(manifest.bin).toEqual({ glasscore: 'dist/cli/main.js' })
  })

  it('accepts Node 20, 22 and 24', () => {
    expect(manifest.engines.node).toBe('>=20.19')
  })

  it('packs what is built, the pipelines and the documents', () => {
    for (const name of ['dist', 'pipelines', 'docs', 'CHANGELOG.md']) expect(manifest.files).toContain(name)
    for (const name of ['src', 'test', 'bench', 'runs']) expect(manifest.files).not.toContain(name)
  })

  it('pins every version exactly', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
  })

  it('runs nothing at install time', () => {
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(manifest.scripts).not.toHaveProperty(name)
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
  })

  it('builds before it tests: worker threads run from dist', () => {
    expect(manifest.scripts['test']).toMatch(/^npm run --silent build && vitest run/)
  })
})

describe('package-lock.json', () => {
  it('locks what package.json pins', () => {
    expect(lock.lockfileVersion).toBe(3)
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version)
  })

  it('has no production package with an install script', () => {
    const scripted = installed.filter(([, entry]) => entry.hasInstallScript && !entry.dev).map(([path]) => path)
    expect(scripted).toEqual([])
  })

  it('names no host, and a hash for every package but the binaries of platforms that it was not made on', () => {
    for (const [path, entry] of installed) {
      expect(entry, path).not.toHaveProperty('resolved')
      // Put in by scripts/complete-lock.mjs: optional, exact, bound to a platform, and not to be had where the file was made.
      if (entry.integrity === undefined) expect(entry, path).toMatchObject({ optional: true, os: [expect.any(String)] })
      else expect(entry.integrity, path).toMatch(/^sha512-/)
    }
  })
})

describe('closed lists', () => {
  it('are long enough, without doubles', () => {
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(20)
    expect(CATEGORIES.length).toBeGreaterThanOrEqual(20)
    expect(PUBLIC_RECORD_KINDS).toHaveLength(12)
    for (const list of [SCENARIOS, CATEGORIES, PUBLIC_RECORD_KINDS])
      expect(new Set<string>(list).size).toBe(list.length)
    for (const name of ['baby_products', 'games', 'furniture', 'cars', 'travel', 'charity'])
      expect(CATEGORIES).toContain(name)
  })

  it('are thirteen tables whose keys, times and references exist', () => {
    expect(TABLE_NAMES).toHaveLength(13)
    for (const name of TABLE_NAMES) {
      const table = TABLES[name]
      const columns = Object.keys(table.columns)
      for (const key of table.key) expect(columns, `${name} key`).toContain(key)
      for (const column of Object.keys(table.references)) expect(columns, `${name} reference`).toContain(column)
      for (const column of table.mayLieAhead) expect(columns, `${name} mayLieAhead`).toContain(column)
      const home = 'table' in table.knownAt ? TABLES[table.knownAt.table] : table
      expect(Object.keys(home.columns), `${name} knownAt`).toContain(table.knownAt.column)
      for (const [column, contract] of Object.entries(table.columns)) {
        if (!contract.knownAt) continue
        expect(columns, `${name}.${column} knownAt`).toContain(contract.knownAt)
        expect(contract.nullable, `${name}.${column} becomes NULL before it is known`).toBe(true)
      }
    }
  })
})

const csvUrl = new URL('../../../shared/factors.csv', import.meta.url)
const csvThere = existsSync(csvUrl)
if (!csvThere) console.log('skipped: the catalogue cannot be compared, ../shared/factors.csv is not here')

/** Rows of a CSV text with double-quoted fields. */
const parseCsv = (text: string): string[][] => {
  const rows: string[][] = []
  let row: string[] = []
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (match[0] === '' && row.length === 0) break
    row.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'))
    if (match[3] === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

/** Where the fact file points at other documents or at its own history; the catalogue, which travels without them, has words of its own. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  payment_scenarios_1y: 'distinct payment scenarios used (see the enumeration in design.md)',
  transactions_1y: 'number of transactions (the DAS meaning is undocumented: ours)',
  transaction_amount_1y: 'sum of transactions (the DAS meaning is undocumented: ours)',
  baby_products_share_1y:
    'share of consumption spent on the category baby products (the founding document names number and volume per category: those are variables of the wide mode, this is the factor)',
  donations_1y:
    'donations made; by itself unrelated to default, only with family responsibility (the interaction claim)',
  car_likelihood: 'likelihood of owning a car, itself the output of a model (opacity on opacity)',
}

const asCsvRow = (f: CatalogueFactor): Record<string, string> => ({
  factor: f.name,
  dimension: f.dimension,
  das_code: f.dasCode ?? '',
  kind: f.kind,
  window_days: f.windowDays === null ? '' : String(f.windowDays),
  unit: f.unit,
  das_upper_edges: f.dasUpperEdges.join(';'),
  expected_risk: f.expectedRisk,
  source_tables: f.sourceTables.join(' '),
  no_rows_means: f.noRowsMeans,
  reason_group: f.reasonGroup,
  reason_text: f.reasonText,
  change: f.change,
  max_change_per_month: f.maxChangePerMonth === null ? '' : String(f.maxChangePerMonth),
  min: f.min === null ? '' : String(f.min),
  max: f.max === null ? '' : String(f.max),
  context: f.context,
  definition: f.definition,
})

describe('the factor catalogue', () => {
  it('has 70 factors of five dimensions with names of their own', () => {
    expect(FACTOR_CATALOGUE).toHaveLength(70)
    expect(new Set(FACTOR_CATALOGUE.map((f) => f.name)).size).toBe(70)
    expect(new Set(FACTOR_CATALOGUE.map((f) => f.dimension)).size).toBe(5)
    for (const factor of FACTOR_CATALOGUE) {
      for (const table of factor.sourceTables) expect(TABLE_NAMES, factor.name).toContain(table)
      const edges = [...factor.dasUpperEdges]
      expect(edges, factor.name).toEqual(edges.toSorted((a, b) => a - b))
    }
  })

  it('is understood without any other document', () => {
    for (const { name, definition, reasonText } of FACTOR_CATALOGUE)
      expect(`${definition} ${reasonText}`, name).not.toMatch(
        /\bsee\b|\bdocument(s|ed names)?\b|\.md\b|wide mode|claim/i,
      )
  })

  it.skipIf(!csvThere)('equals ../shared/factors.csv in every field, some definitions apart', () => {
    const [header, ...rows] = parseCsv(readFileSync(csvUrl, 'utf8'))
    expect(rows).toHaveLength(70)
    rows.forEach((row, i) => {
      const expected: Record<string, string> = Object.fromEntries(header!.map((name, j) => [name, row[j]!]))
      const { name } = FACTOR_CATALOGUE[i]!
      if (Object.hasOwn(OWN_WORDS, name)) {
        expect(expected['definition']).toBe(OWN_WORDS[name])
        expect(FACTOR_CATALOGUE[i]!.definition).not.toBe(OWN_WORDS[name])
        expected['definition'] = FACTOR_CATALOGUE[i]!.definition
      }
      expect(asCsvRow(FACTOR_CATALOGUE[i]!)).toEqual(expected)
    })
  })
})
