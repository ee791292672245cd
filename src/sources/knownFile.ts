/** Files whose original is known by its SHA-256. */
import type { Engine } from '../engines/engine.ts'
import { sha256File } from '../util/hash.ts'
import type { CsvOptions } from './csvHeader.ts'
import { openRawFile, type RawFile } from './rawFile.ts'

/** How a file is to be read, and what it should be. */
export interface KnownFile {
  delimiter?: string | undefined
  encoding?: CsvOptions['encoding'] | undefined
  /** table of a DuckDB file */
  table?: string | undefined
  /** of the known original */
  sha256?: string | undefined
}

/**
 * Opens a file; other bytes than those of the known original are warned of, not refused.
 * @throws GlasscoreError as `openRawFile` does
 */
export const openKnownFile = async (
  engine: Engine,
  path: string,
  { delimiter, encoding, table, sha256 }: KnownFile,
): Promise<{ raw: RawFile; warnings: string[] }> => {
  const raw = await openRawFile(engine, path, {
    ...(delimiter ? { delimiter } : {}),
    ...(encoding ? { encoding } : {}),
    ...(table ? { table } : {}),
  })
  const differs = sha256 !== undefined && (await sha256File(path)) !== sha256
  return {
    raw,
    warnings: differs ? [`file ${path}: not the bytes of the known original (SHA-256 differs)`] : [],
  }
}
