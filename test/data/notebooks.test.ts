/** Notebooks as they are stored: executed in order, without faults, small, fit to be read by others; and their cells are sound code. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

interface Output {
  output_type: string
  name?: string
  text?: string | string[]
  data?: Record<string, string | string[]>
}
interface Cell {
  cell_type: 'markdown' | 'code'
  id: string
  metadata: object
  source: string | string[]
  execution_count?: number | null
  outputs?: Output[]
}
interface Notebook {
  cells: Cell[]
  metadata: { kernelspec: { name: string } }
  nbformat: number
  nbformat_minor: number
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'notebooks')
const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb'))
const read = (name: string): Notebook => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Notebook
const joined = (text: string | string[] | undefined): string => (Array.isArray(text) ? text.join('') : (text ?? ''))

/** What is wrong with a stored notebook. */
const complaints = (notebook: Notebook): string[] => {
  const found: string[] = []
  const { cells, metadata, nbformat, nbformat_minor } = notebook
  if (nbformat !== 4 || nbformat_minor < 5) found.push('older than format 4.5')
  if (metadata.kernelspec.name !== 'deno') found.push(`kernel ${metadata.kernelspec.name}`)
  if (new Set(cells.map((c) => c.id)).size !== cells.length) found.push('cells without ids of their own')
  const code = cells.filter((c) => c.cell_type === 'code')
  code.forEach((cell, i) => {
    if (cell.execution_count !== i + 1) found.push(`${cell.id}: executed as ${cell.execution_count}, not as ${i + 1}`)
    for (const output of cell.outputs ?? []) {
      const said = [joined(output.text), ...Object.values(output.data ?? {}).map(joined)].join('\n')
      if (output.output_type === 'error' || output.name === 'stderr')
        found.push(`${cell.id}: ${output.output_type} ${said}`)
      if (said.includes('\u001b')) found.push(`${cell.id}: terminal colors`)
      if (/\b(undefined|NaN)\b/.test(joined(output.data?.['text/markdown']) + joined(output.text)))
        found.push(`${cell.id}: a value that is not there`)
    }
  })
  return found
}

/** What the compiler says about the cells of a notebook, put one after the other, against the sources of the package. */
const faults = (notebook: Notebook): string[] => {
  const file = join(root, 'pipelines', 'notebook-cells.ts')
  const cells = notebook.cells.filter((c) => c.cell_type === 'code').map((c) => joined(c.source))
  const deno =
    'declare const Deno: { readTextFile(path: string): Promise<string>; jupyter: { display(data: object, options: { raw: true }): Promise<void> } }'
  const text = [...cells, deno, 'export {}'].join('\n')
  const config = ts.readConfigFile(join(root, 'tsconfig.test.json'), ts.sys.readFile).config as object
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const host = ts.createCompilerHost({ ...options, noImplicitAny: false })
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (path) => path === file || fileExists(path)
  host.readFile = (path) => (path === file ? text : readFile(path))
  host.getSourceFile = (path, version) =>
    path === file ? ts.createSourceFile(path, text, version) : getSourceFile(path, version)
  // Values read from JSON have no types in a notebook, and its readers are spared the signs that strictness asks for.
  const program = ts.createProgram([file], { ...options, noImplicitAny: false, skipLibCheck: true }, host)
  const source = program.getSourceFile(file)
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((d) => {
    const { line } = ts.getLineAndCharacterOfPosition(source!, d.start ?? 0)
    return `line ${line + 1} (${text.split('\n')[line]}): ${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`
  })
}

it('there is a notebook to begin with', () => {
  expect(names).toContain('01-first-scores.ipynb')
})

describe.each(names)('%s', (name) => {
  const notebook = read(name)

  it('is executed from top to bottom without faults', () => {
    expect(complaints(notebook)).toEqual([])
    const outputs = notebook.cells.flatMap((c) => c.outputs ?? [])
    expect(outputs.filter((o) => o.data?.['image/svg+xml']).length).toBeGreaterThan(2)
    expect(outputs.filter((o) => o.data?.['text/markdown']).length).toBeGreaterThan(2)
    expect(notebook.cells.filter((c) => c.cell_type === 'markdown').length).toBeGreaterThan(8)
  })

  it('is small', () => {
    expect(readFileSync(join(folder, name)).length).toBeLessThan(1_000_000)
  })

  it('uses the package through its entries alone', () => {
    const imports = notebook.cells.flatMap((c) => [
      ...joined(c.source).matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'/g),
    ])
    const allowed = ['glasscore', 'glasscore/shap', 'glasscore/charts']
    expect(imports.length).toBeGreaterThan(0)
    for (const match of imports) expect(allowed).toContain(match[1] ?? match[2])
    const { imports: mapped } = JSON.parse(readFileSync(join(folder, 'deno.json'), 'utf8')) as { imports: object }
    expect(Object.keys(mapped).sort()).toEqual(allowed.sort())
  })

  it('has cells that the compiler accepts', () => {
    expect(faults(notebook)).toEqual([])
  })
})

describe('a notebook that is not in order', () => {
  const good = read('01-first-scores.ipynb')
  const code = good.cells.findIndex((c) => c.cell_type === 'code')
  const broken = (change: (cell: Cell) => void): Notebook => {
    const copy = structuredClone(good)
    change(copy.cells[code]!)
    return copy
  }

  it('is caught', () => {
    const bad: ((cell: Cell) => void)[] = [
      (cell) => (cell.execution_count = null),
      (cell) => (cell.id = good.cells[0]!.id),
      (cell) => (cell.outputs = [{ output_type: 'error' }]),
      (cell) => (cell.outputs = [{ output_type: 'stream', name: 'stderr', text: 'warning' }]),
      (cell) => (cell.outputs = [{ output_type: 'stream', name: 'stdout', text: '\u001b[33m1' }]),
      (cell) => (cell.outputs = [{ output_type: 'stream', name: 'stdout', text: 'AUC undefined' }]),
    ]
    for (const change of bad) expect(complaints(broken(change)).length).toBeGreaterThan(0)
    const source = "import { auc } from 'glasscore'\nauc('text')\nconst x: number = 'y'"
    expect(faults(broken((cell) => (cell.source = source))).length).toBeGreaterThan(1)
  })
})
