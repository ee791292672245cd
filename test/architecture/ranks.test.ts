import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkImports, MAY_IMPORT, RANKS, readFacts, SIDEWAYS, type SourceFiles } from './imports.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}
const optional = Object.keys(packageJson.peerDependencies ?? {}).filter(
  (name) => packageJson.peerDependenciesMeta?.[name]?.optional,
)
const packages = Object.keys({ ...packageJson.dependencies, ...packageJson.peerDependencies }).filter(
  (name) => !optional.includes(name),
)

const sources: SourceFiles = Object.fromEntries(
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    // Kernels to be compiled are of another language, and import nothing but each other; see their own test.
    .filter((path) => path.endsWith('.ts') && !path.startsWith('src/kernels/assembly/'))
    .sort()
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
)

describe('import ranks', () => {
  it('hold in every file of src', () => {
    expect(Object.keys(sources).length).toBeGreaterThan(20)
    expect(checkImports(sources, packages, optional)).toEqual([])
  })

  it('cover every folder of src', () => {
    const folders = new Set(
      Object.keys(sources)
        .map((path) => path.split('/'))
        .filter((parts) => parts.length > 2)
        .map((parts) => parts[1]!),
    )
    for (const folder of folders) expect(RANKS, `folder src/${folder}`).toHaveProperty(folder)
  })

  it('leave sealed truth to the audit of recovery', () => {
    const readers = (files: SourceFiles) =>
      Object.entries(files)
        .filter(([path, text]) =>
          readFacts(path, text).imports.some(({ specifier: from }) => /\/readTruth\.ts$/.test(from)),
        )
        .map(([path]) => path)
    expect(readers(sources).filter((path) => !path.startsWith('src/audits/recovery/'))).toEqual([])
    expect(readers({ 'src/stages/a.ts': "import { readTruth } from '../population/readTruth.ts'" })).toHaveLength(1)
  })

  it('stand in docs/layout.md as they are checked here', () => {
    const layout = readFileSync(join(root, 'docs/layout.md'), 'utf8')
    for (const [folder, rank] of Object.entries(RANKS)) {
      const row = layout.split('\n').find((line) => line.startsWith(`| \`${folder}/\` `))
      const cells = row?.split('|').map((cell) => cell.trim()) ?? []
      expect(cells[2], `rank of ${folder}`).toBe(String(rank))
      const allowed = [...MAY_IMPORT[folder]!, ...SIDEWAYS.filter(([from]) => from === folder).map(([, to]) => to)]
      if (folder === 'kernels' || folder === 'cli') continue
      if (allowed.includes('*')) expect(cells[4], `imports of ${folder}`).toMatch(/everything below$/)
      else {
        const named = [...cells[4]!.matchAll(/`(\w+)`/g)].map((match) => match[1]!)
        const besides = allowed.filter((name) => name !== 'util' && name !== 'schema')
        expect(named.sort(), `imports of ${folder}`).toEqual(besides.sort())
      }
    }
  })

  it('keep files small: at most 400 lines, the catalogue and the list of public names excepted', () => {
    const lists = ['src/schema/factorCatalogue.ts', 'src/index.ts']
    const long = Object.entries(sources)
      .filter(([path, text]) => !lists.includes(path) && text.split('\n').length > 401)
      .map(([path]) => path)
    expect(long).toEqual([])
  })
})

/** Made-up files, each wrong in one way, with the words that must appear in the complaint. */
const OFFENDERS: [title: string, files: SourceFiles, complaint: RegExp][] = [
  [
    'a lower folder imports a higher one',
    { 'src/models/a.ts': "import { b } from '../scores/b.ts'", 'src/scores/b.ts': 'export const b = 1' },
    /rank 6 may not import rank 7/,
  ],
  [
    'a folder imports its neighbor of equal rank',
    { 'src/matrix/a.ts': "export * from '../metrics/b.ts'", 'src/metrics/b.ts': 'export const b = 1' },
    /rank 5 may not import rank 5/,
  ],
  [
    'scores know the file format that holds them',
    { 'src/scores/a.ts': "import { b } from '../formats/b.ts'", 'src/formats/b.ts': 'export const b = 1' },
    /rank 7 may not import rank 8/,
  ],
  [
    'an attribution imports the file format beside it',
    { 'src/attributions/a.ts': "import { b } from '../formats/b.ts'", 'src/formats/b.ts': 'export const b = 1' },
    /rank 8 may not import rank 8/,
  ],
  [
    'a model knows an engine',
    { 'src/models/a.ts': "import type { E } from '../engines/b.ts'", 'src/engines/b.ts': 'export type E = 1' },
    /models may not import engines/,
  ],
  [
    'a kernel knows the domain',
    { 'src/kernels/a.ts': "import { B } from '../schema/b.ts'", 'src/schema/b.ts': 'export const B = 1' },
    /kernels import only errors/,
  ],
  [
    'a dynamic import goes up',
    { 'src/engines/a.ts': "export const f = () => import('../features/b.ts')", 'src/features/b.ts': 'export {}' },
    /rank 2 may not import rank 4/,
  ],
  [
    'a type taken inline goes up',
    { 'src/util/a.ts': "export type A = import('../models/b.ts').B", 'src/models/b.ts': 'export type B = 1' },
    /rank 0 may not import rank 6/,
  ],
  [
    'a report computes',
    { 'src/reports/a.ts': "import { b } from '../metrics/b.ts'", 'src/metrics/b.ts': 'export const b = 1' },
    /reports takes only types/,
  ],
  [
    'the command line goes past the entry',
    { 'src/cli/a.ts': "import { b } from '../models/b.ts'", 'src/models/b.ts': 'export const b = 1' },
    /cli goes through src\/index.ts/,
  ],
  [
    'the entry pulls in the command line',
    { 'src/index.ts': "export * from './cli/b.ts'", 'src/cli/b.ts': 'export const b = 1' },
    /not for this entry/,
  ],
  [
    'glasscore/shap pulls in the engine',
    { 'src/shap.ts': "export * from './engines/b.ts'", 'src/engines/b.ts': 'export const b = 1' },
    /not for this entry/,
  ],
  [
    'a folder imports the entry',
    { 'src/scores/a.ts': "import { b } from '../index.ts'", 'src/index.ts': 'export const b = 1' },
    /entries are for those outside/,
  ],
  ['a folder nobody ranked', { 'src/misc/a.ts': "import '../util/b.ts'", 'src/util/b.ts': '' }, /misc has no rank/],
  ['src imports a pipeline', { 'src/stages/a.ts': "import '../../pipelines/x.ts'" }, /outside src/],
  ['src imports a test', { 'src/util/a.ts': "import '../../test/x.ts'" }, /outside src/],
  ['a file that is not there', { 'src/util/a.ts': "import './b.ts'" }, /does not exist/],
  ['an optional package that every start would need', { 'src/util/a.ts': "import x from 'tfjs'" }, /tfjs is optional/],
  [
    'an optional package passed on',
    { 'src/util/a.ts': "export { tensor } from 'tfjs'" },
    /tfjs is optional: import it on demand/,
  ],
  ['an undeclared package', { 'src/util/a.ts': "import x from 'left-pad'" }, /left-pad is not a dependency/],
  ['a built-in without node:', { 'src/util/a.ts': "import x from 'fs'" }, /fs is not a dependency/],
  ['a network module', { 'src/sources/a.ts': "import { get } from 'node:https'" }, /reaches the network/],
  ['a fetch', { 'src/sources/a.ts': "export const f = () => fetch('x')" }, /fetch\(\)/],
  [
    'a fetch by another name',
    { 'src/sources/a.ts': "export const f = () => globalThis.fetch('x')" },
    /globalThis.fetch/,
  ],
  ['a socket', { 'src/sources/a.ts': "export const s = new WebSocket('x')" }, /new WebSocket/],
  ['eval', { 'src/util/a.ts': "export const x = eval('1')" }, /eval\(\)/],
  ['new Function', { 'src/util/a.ts': "export const f = new Function('return 1')" }, /new Function/],
  ['node:vm', { 'src/util/a.ts': "import { runInNewContext } from 'node:vm'" }, /runs text as code/],
  [
    'an import that cannot be checked',
    { 'src/util/a.ts': 'export const f = (n: string) => import(n)' },
    /computed name/,
  ],
  ['hidden randomness', { 'src/models/a.ts': 'export const x = Math.random()' }, /randomness is passed in/],
  [
    'a circle of three',
    {
      'src/models/a.ts': "import { b } from './b.ts'\nexport const a = b",
      'src/models/b.ts': "import type { c } from './c.ts'\nexport const b = 1 as unknown as typeof c",
      'src/models/c.ts': "export { a as c } from './a.ts'",
    },
    /circular import: src\/models\/a.ts → src\/models\/b.ts → src\/models\/c.ts → src\/models\/a.ts/,
  ],
]

describe('the checker', () => {
  it.each(OFFENDERS)('flags: %s', (_title, files, complaint) => {
    const problems = checkImports(files, ['zod'], ['tfjs'])
    expect(problems.join('\n')).toMatch(complaint)
    expect(problems).toHaveLength(1)
  })

  it('accepts what is allowed', () => {
    const files: SourceFiles = {
      'src/util/errors.ts': '// fetch("x") and eval("x") in a comment\nexport const e = "import x from \'left-pad\'"',
      'src/kernels/k.ts': "import { e } from '../util/errors.ts'\nexport const k = e",
      'src/models/m.ts': "import { z } from 'zod/v4'\nimport { k } from '../kernels/k.ts'\nexport const m = [k, z]",
      'src/models/n.ts':
        "import type { T } from 'tfjs'\nexport const n = async (): Promise<T> => (await import('tfjs')).t",
      'src/reports/r.ts': "import type { m } from '../models/m.ts'\nexport type R = typeof m",
      'src/index.ts': "export * from './models/m.ts'",
      'src/cli/c.ts': "import { m } from '../index.ts'\nimport { e } from '../util/errors.ts'\nexport const c = [m, e]",
    }
    expect(checkImports(files, ['zod'], ['tfjs'])).toEqual([])
  })

  it('tells imports of types from imports of values', () => {
    const { imports } = readFacts(
      'a.ts',
      "import type { A } from './1.ts'\nimport { type B } from './2.ts'\nimport { type C, D } from './3.ts'\nimport './4.ts'",
    )
    expect(imports.map((i) => i.typeOnly)).toEqual([true, true, false, false])
  })
})
