/**
 * A stage reads inputs, fills one output folder and writes a manifest into it. The folder appears whole or not at all. A stage
 * whose inputs, options, seed and code are those of the manifest in place, and whose files still have their hashes, is skipped.
 */
import { existsSync, realpathSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { openDuckDB } from '../engines/duckdb.ts'
import type { Engine } from '../engines/engine.ts'
import type { Pool } from '../kernels/pool.ts'
import { openPool } from '../threads/openPool.ts'
import { releaseTemporary, removeLeftovers, temporaryName, writeFileAtomic, writeFolderAtomic } from '../util/atomic.ts'
import { dataError, interruptedError, usageError } from '../util/errors.ts'
import { canonicalJson, sha256, sha256File } from '../util/hash.ts'
import { noProgress, type Progress } from '../util/progress.ts'
import { codeDigest, VERSION } from '../util/version.ts'
import { explainFailure } from './knownErrors.ts'

/** Options that every stage takes. */
export interface StageOptions {
  /** folder to write; an earlier result of the same stage is replaced, anything else is refused */
  out: string
  /** default 1 */
  seed?: number
  /** default: all cores; never changes a byte of the result */
  threads?: number
  /** memory that the SQL engine may use, for example "4GB" */
  memoryLimit?: string
  /** do it again even if nothing has changed */
  force?: boolean
  progress?: Progress
  signal?: AbortSignal
}

/** What a stage read, did and wrote; manifest.json in its folder. */
export interface Manifest {
  stage: string
  /** what decides whether the stage must be done again */
  key: string
  glasscore: string
  code: string
  node: string
  engine: string
  seed: number
  options: Record<string, unknown>
  /** input name -> file -> SHA-256 */
  inputs: Record<string, Record<string, string>>
  /** output file -> SHA-256 */
  outputs: Record<string, string>
  threads: number
  seconds: number
  peakMemoryBytes: number
  finishedAt: string
}

export interface StageContext {
  folder: string
  engine: Engine
  pool: Pool
  threads: number
  seed: number
  progress: Progress
  signal?: AbortSignal | undefined
}

/** What every stage gives back. */
export interface StageResult<T> {
  folder: string
  manifest: Manifest
  skipped: boolean
  summary: T
}

/** Files of a folder, those behind links among them: what a link points to is what is read. */
const filesUnder = async (folder: string): Promise<string[]> => {
  const files: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink() ? (await stat(path)).isFile() : entry.isFile())
      files.push(path.slice(folder.length + 1).replaceAll('\\', '/'))
  }
  return files.sort()
}

const hashFiles = async (folder: string, files: readonly string[]): Promise<Record<string, string>> => {
  const out: Record<string, string> = {}
  for (const file of files) out[file] = await sha256File(join(folder, file))
  return out
}

/** The page of a stage that has one, beside summary.json. */
export const SUMMARY_HTML = 'summary.html'
/** Files that describe a folder and that nothing reads: they may say another thing of the same data. */
const DESCRIPTIONS = ['manifest.json', 'summary.json', SUMMARY_HTML]

/** Hashes of an input: every file of a folder but those that describe it, or the one file. */
const hashInput = async (path: string): Promise<Record<string, string>> => {
  const info = await stat(path).catch(() => undefined)
  if (!info) throw dataError('no such file or folder', { file: path })
  if (info.isFile()) return { [path.split(/[\\/]/).at(-1)!]: await sha256File(path) }
  return hashFiles(
    path,
    (await filesUnder(resolve(path))).filter((f) => !DESCRIPTIONS.includes(f)),
  )
}

/** The manifest of a folder that a stage has written, or undefined. */
export const readManifest = async (folder: string): Promise<Manifest | undefined> => {
  try {
    return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
  } catch {
    return undefined
  }
}

const isIntact = async (folder: string, manifest: Manifest): Promise<boolean> => {
  const present = (await filesUnder(folder)).filter((f) => f !== 'manifest.json')
  if (canonicalJson(present) !== canonicalJson(Object.keys(manifest.outputs).sort())) return false
  return canonicalJson(await hashFiles(folder, present)) === canonicalJson(manifest.outputs)
}

/** A link to a folder stays a link: its target is what is written. */
export const followLink = (path: string): string => (existsSync(path) ? realpathSync(path) : path)

const checkOut = async (out: string, stage: string): Promise<void> => {
  if (!existsSync(out)) return
  if (!(await stat(out)).isDirectory())
    throw usageError('the output is a file', { option: 'out', expected: 'a folder', got: out })
  const manifest = await readManifest(out)
  const empty = (await readdir(out)).length === 0
  if (!empty && manifest?.stage !== stage)
    throw usageError('the output folder holds something else and is left alone', {
      option: 'out',
      expected: `a new or empty folder, or an earlier result of ${stage}`,
      got: out,
    })
}

/** Largest resident memory of this process so far, bytes. */
const peakMemory = (): number => process.resourceUsage().maxRSS * 1024

const MEMORY = /^\d+(\.\d+)?\s?([KMGT]i?B|B)$/i

/** Opens engine, pool and scratch space for some work, and closes them whatever comes of it. */
const withMachine = async <T>(
  folder: string,
  out: string,
  seed: number,
  options: StageOptions,
  work: (context: StageContext) => Promise<T>,
): Promise<T> => {
  const { progress = noProgress, signal, memoryLimit } = options
  if (memoryLimit !== undefined && !MEMORY.test(memoryLimit))
    throw usageError('invalid memory limit', {
      option: 'memory-limit',
      expected: 'a size such as 4GB',
      got: memoryLimit,
    })
  const pool = openPool(options.threads ?? availableParallelism())
  const { threads } = pool
  const scratch = temporaryName(`${out}.scratch`)
  let engine: Engine | undefined
  const stop = () => engine?.interrupt()
  signal?.addEventListener('abort', stop)
  try {
    await mkdir(scratch)
    engine = await openDuckDB({ threads, temporaryFolder: scratch, ...(memoryLimit ? { memoryLimit } : {}) })
    if (signal?.aborted) throw interruptedError()
    return await work({ folder, engine, pool, threads, seed, progress, signal })
  } finally {
    signal?.removeEventListener('abort', stop)
    engine?.close()
    await pool.close()
    await rm(scratch, { recursive: true, force: true })
    releaseTemporary(scratch)
  }
}

/**
 * Does the work of a stage, or skips it.
 * @param spec.inputs name -> file or folder that the work reads; their hashes enter the key
 * @param work fills `context.folder` and returns a summary (plain JSON), kept as summary.json
 */
export const runStage = async <T>(
  spec: { stage: string; options: Record<string, unknown>; inputs: Record<string, string> },
  options: StageOptions,
  work: (context: StageContext) => Promise<T>,
): Promise<StageResult<T>> => {
  const { signal, seed = 1 } = options
  const out = followLink(resolve(options.out))
  await checkOut(out, spec.stage)
  await removeLeftovers(out)
  const inputs: Manifest['inputs'] = {}
  for (const [name, path] of Object.entries(spec.inputs)) inputs[name] = await hashInput(path)
  const key = sha256(
    canonicalJson({ stage: spec.stage, options: spec.options, inputs, seed, version: VERSION, code: codeDigest() }),
  )
  const earlier = await readManifest(out)
  if (!options.force && earlier?.key === key && (await isIntact(out, earlier))) {
    const summary = JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')) as T
    return { folder: out, manifest: earlier, skipped: true, summary }
  }
  const started = performance.now()
  try {
    return await writeFolderAtomic(out, (folder) =>
      withMachine(folder, out, seed, options, async (context) => {
        const summary = await work(context)
        await writeFileAtomic(join(folder, 'summary.json'), `${canonicalJson(summary, 2)}\n`)
        const manifest: Manifest = {
          stage: spec.stage,
          key,
          glasscore: VERSION,
          code: codeDigest(),
          node: process.version,
          engine: context.engine.name,
          seed,
          options: spec.options,
          inputs,
          outputs: await hashFiles(folder, await filesUnder(folder)),
          threads: context.threads,
          seconds: Math.round((performance.now() - started) / 10) / 100,
          peakMemoryBytes: peakMemory(),
          finishedAt: new Date().toISOString(),
        }
        await writeFileAtomic(join(folder, 'manifest.json'), `${canonicalJson(manifest, 2)}\n`)
        return { folder: out, manifest, skipped: false, summary }
      }),
    )
  } catch (error) {
    // A query that was stopped may come back as any error; a real one shows again when the run is resumed.
    if (signal?.aborted) throw interruptedError()
    throw explainFailure(error)
  }
}
