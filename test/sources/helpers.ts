import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Engine } from '../../src/engines/engine.ts'
import { TABLES, type TableName } from '../../src/schema/tables.ts'
import { openRawFile } from '../../src/sources/rawFile.ts'
import { type Validated, validate } from '../../src/sources/validate.ts'

export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/sources/${name}`, import.meta.url))
export const mappingFile = (name: string): string =>
  fileURLToPath(new URL(`../../pipelines/mappings/${name}.mapping.yaml`, import.meta.url))
/** The real data, which a clone does not have. */
export const realData = (name: string): string =>
  fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url))

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'glasscore-sources-'))

export const writeText = (folder: string, name: string, text: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** Checks a file whose columns have the names of the contract. */
export const check = async (
  engine: Engine,
  path: string,
  table: TableName,
  options: { strict?: boolean; known?: Record<string, string>; extractDate?: string } = {},
): Promise<Validated> => {
  const raw = await openRawFile(engine, path)
  const scratch = temporaryFolder()
  mkdirSync(scratch, { recursive: true })
  const columns = Object.keys(TABLES[table].columns).filter((c) => raw.columns.includes(c))
  return validate(engine, raw, TABLES[table], {
    table,
    sources: Object.fromEntries(columns.map((c) => [c, { from: c }])),
    extractDate: options.extractDate ?? '2024-01-01',
    strict: options.strict ?? false,
    known: options.known ?? {},
    scratch,
  })
}

/** The message of what is thrown; fails when nothing is. */
export const messageOf = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}
