/** Reads the imports of TypeScript files and checks them against the ranks of docs/layout.md. Used by the tests only. */
import { dirname, posix } from 'node:path'
import ts from 'typescript'

/** Path of a file from the root of the repository, with forward slashes → its text. */
export type SourceFiles = Record<string, string>

export interface Import {
  specifier: string
  line: number
  /** erased by the compiler: `import type`, or an import of nothing but types */
  typeOnly: boolean
  /** `import(...)`: loaded when the line is reached, if at all */
  dynamic: boolean
}

export interface FileFacts {
  imports: Import[]
  /** things that no file of src may do, with their line */
  forbidden: string[]
}

/** Rank of each folder of src. A folder imports only folders of a lower rank, and its own. */
export const RANKS: Record<string, number> = {
  util: 0,
  schema: 0,
  kernels: 1,
  engines: 2,
  threads: 2,
  sources: 3,
  population: 3,
  features: 4,
  matrix: 5,
  metrics: 5,
  models: 6,
  systems: 6,
  scores: 7,
  formats: 8,
  attributions: 8,
  counterfactuals: 8,
  comparison: 8,
  audits: 9,
  page: 9,
  reports: 10,
  stages: 11,
  cli: 12,
}

/** Folders that a folder may import besides util, schema and its own; `*` means every folder of a lower rank. */
export const MAY_IMPORT: Record<string, readonly string[]> = {
  util: [],
  schema: [],
  kernels: [],
  engines: [],
  threads: ['kernels'],
  sources: ['engines'],
  population: ['engines', 'threads'],
  features: ['engines'],
  matrix: ['kernels'],
  metrics: ['kernels'],
  models: ['matrix', 'kernels', 'metrics', 'threads'],
  systems: [],
  scores: ['models', 'matrix', 'kernels'],
  formats: ['models', 'scores', 'matrix', 'kernels'],
  attributions: ['models', 'scores', 'matrix', 'metrics', 'kernels', 'threads'],
  counterfactuals: ['models', 'scores', 'matrix', 'kernels', 'features', 'engines'],
  comparison: ['matrix', 'kernels', 'models', 'scores', 'metrics', 'systems'],
  audits: ['*'],
  page: ['kernels', 'threads', 'matrix', 'models', 'scores', 'formats', 'attributions', 'counterfactuals'],
  reports: ['*'],
  stages: ['*'],
  cli: [],
}

/** Pairs of equal rank that may be imported in this one direction. */
export const SIDEWAYS: readonly (readonly [from: string, to: string])[] = [
  // a schema is data with errors
  ['schema', 'util'],
  ['util', 'schema'],
]

/** Folders that take nothing but types from outside util and schema: they compute nothing. */
export const TYPES_ONLY: readonly string[] = ['reports']

/** What kernels may import of util. Of the domain they know two words: bad is the event, good the other outcome. */
export const KERNELS_MAY_IMPORT: readonly string[] = ['src/util/errors.ts']

/** Entries of the package: what each may import of src. */
export const ENTRIES: Record<string, (target: string) => boolean> = {
  'src/index.ts': (target) => !target.startsWith('src/cli/'),
  'src/charts.ts': (target) => target.startsWith('src/reports/'),
  'src/shap.ts': (target) => !/^src\/(cli|engines|sources|population|features|reports|stages)\//.test(target),
}

const NETWORK = new Set(['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises', 'inspector'])
const NETWORK_GLOBALS = new Set(['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource'])

/** Imports and forbidden acts of one file, from its syntax tree: comments and strings do not count. */
export const readFacts = (path: string, text: string): FileFacts => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  const facts: FileFacts = { imports: [], forbidden: [] }
  const lineOf = (node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean, dynamic = false) => {
    if (specifier && ts.isStringLiteralLike(specifier))
      facts.imports.push({ specifier: specifier.text, line: lineOf(node), typeOnly, dynamic })
    else if (specifier) facts.forbidden.push(`line ${lineOf(node)}: import of a computed name`)
  }
  const forbid = (node: ts.Node, what: string) => facts.forbidden.push(`line ${lineOf(node)}: ${what}`)
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause
      const named = clause?.namedBindings
      const onlyTypes =
        clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
        (!!named &&
          ts.isNamedImports(named) &&
          !clause?.name &&
          named.elements.length > 0 &&
          named.elements.every((e) => e.isTypeOnly))
      add(node, node.moduleSpecifier, onlyTypes)
    } else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node)) add(node, (node.argument as ts.LiteralTypeNode).literal, true)
    else if (ts.isCallExpression(node)) {
      const callee = node.expression
      if (callee.kind === ts.SyntaxKind.ImportKeyword) add(node, node.arguments[0], false, true)
      else if (ts.isIdentifier(callee)) {
        if (callee.text === 'require') add(node, node.arguments[0], false)
        if (callee.text === 'eval' || callee.text === 'Function') forbid(node, `${callee.text}()`)
        if (NETWORK_GLOBALS.has(callee.text)) forbid(node, `${callee.text}()`)
      } else if (ts.isPropertyAccessExpression(callee)) {
        const owner = callee.expression.getText(file)
        if (owner === 'globalThis' && (NETWORK_GLOBALS.has(callee.name.text) || callee.name.text === 'eval'))
          forbid(node, `globalThis.${callee.name.text}()`)
        if (owner === 'Math' && callee.name.text === 'random') forbid(node, 'Math.random(): randomness is passed in')
      }
    } else if (ts.isNewExpression(node) && ts.isIdentifier(node.expression)) {
      if (node.expression.text === 'Function' || NETWORK_GLOBALS.has(node.expression.text))
        forbid(node, `new ${node.expression.text}()`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return facts
}

const folderOf = (path: string): string => (path.split('/').length > 2 ? path.split('/')[1]! : '')

/** Why `from` may not import the file `to` of src; undefined when it may. */
export const refusal = (from: string, to: string, typeOnly: boolean): string | undefined => {
  const entry = ENTRIES[from]
  if (entry) return entry(to) ? undefined : 'not for this entry'
  const source = folderOf(from)
  const target = folderOf(to)
  if (!(source in RANKS)) return `folder ${source || 'src'} has no rank`
  if (source === target) return undefined
  if (source === 'cli') return to === 'src/index.ts' || target === 'util' ? undefined : 'cli goes through src/index.ts'
  if (target === '') return 'entries are for those outside'
  if (!(target in RANKS)) return `folder ${target} has no rank`
  if (SIDEWAYS.some(([a, b]) => a === source && b === target)) return undefined
  if (RANKS[target]! >= RANKS[source]!) return `rank ${RANKS[source]} may not import rank ${RANKS[target]}`
  if (source === 'kernels') return KERNELS_MAY_IMPORT.includes(to) ? undefined : 'kernels import only errors of util'
  if (target === 'util' || target === 'schema') return undefined
  const allowed = MAY_IMPORT[source]!
  if (!allowed.includes('*') && !allowed.includes(target)) return `${source} may not import ${target}`
  if (TYPES_ONLY.includes(source) && !typeOnly) return `${source} takes only types from ${target}`
  return undefined
}

/** The first import cycle found from each file, as `a → b → a`; type-only imports count too. */
const findCycles = (edges: Map<string, string[]>): string[] => {
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const walk = (file: string, trail: string[]): void => {
    state.set(file, 'open')
    for (const next of edges.get(file) ?? []) {
      if (state.get(next) === 'open') cycles.push([...trail.slice(trail.indexOf(next)), next].join(' → '))
      else if (!state.has(next)) walk(next, [...trail, next])
    }
    state.set(file, 'done')
  }
  for (const file of edges.keys()) if (!state.has(file)) walk(file, [file])
  return cycles
}

/**
 * Everything wrong with the imports of the files of src, one sentence each; empty when all is well.
 * @param packages names that package.json declares as dependencies
 * @param optional names of optional peer dependencies: for types, and for imports that happen on demand
 */
export const checkImports = (
  files: SourceFiles,
  packages: readonly string[],
  optional: readonly string[] = [],
): string[] => {
  const problems: string[] = []
  const edges = new Map<string, string[]>()
  for (const [path, text] of Object.entries(files)) {
    const { imports, forbidden } = readFacts(path, text)
    for (const act of forbidden) problems.push(`${path}: ${act}`)
    const targets: string[] = []
    for (const { specifier, line, typeOnly, dynamic } of imports) {
      const where = `${path} line ${line}`
      if (specifier.startsWith('.')) {
        const target = posix.normalize(posix.join(dirname(path), specifier))
        if (!target.startsWith('src/')) problems.push(`${where}: ${specifier} lies outside src`)
        else if (!(target in files)) problems.push(`${where}: ${specifier} does not exist`)
        else {
          targets.push(target)
          const reason = refusal(path, target, typeOnly)
          if (reason) problems.push(`${where}: ${specifier}: ${reason}`)
        }
      } else if (specifier.startsWith('node:')) {
        if (path.startsWith('src/kernels/'))
          problems.push(`${where}: ${specifier}: kernels run in pages too, where Node is not`)
        if (NETWORK.has(specifier.slice(5))) problems.push(`${where}: ${specifier} reaches the network`)
        if (specifier === 'node:vm') problems.push(`${where}: ${specifier} runs text as code`)
      } else {
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/')
        if (optional.includes(name)) {
          if (!dynamic && !typeOnly) problems.push(`${where}: ${name} is optional: import it on demand`)
        } else if (!packages.includes(name))
          problems.push(`${where}: ${name} is not a dependency (built-ins need node:)`)
      }
    }
    edges.set(path, targets)
  }
  for (const cycle of findCycles(edges)) problems.push(`circular import: ${cycle}`)
  return problems
}
