/**
 * A scorer as a folder of two files: model.json (everything but the numbers of the model, and the hash of the other file)
 * and model.bin. A model file is data, never code. Written spec: docs/model-format.md.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scorer } from '../scores/scorer.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { modelError } from '../util/errors.ts'
import { sha256 } from '../util/hash.ts'
import { encodeModel } from './modelBinary.ts'
import { MODEL_FORMAT, MODEL_VERSION, type ModelDocument, modelDocument, modelHead, versionFor } from './modelSchema.ts'
import { readPlainJson } from './plainJson.ts'
import { checkFit, scorerOf } from './scorerOf.ts'
import { checkSeal, seal } from './seal.ts'

/** What saving a model gives back. */
export interface SavedModel {
  /** SHA-256 of model.json, which holds the SHA-256 of model.bin: equal hashes mean equal models */
  hash: string
}

/** A loaded model and its hash. */
export interface LoadedModel extends SavedModel {
  /** equal to the one that was saved */
  scorer: Scorer
}

const jsonPath = (folder: string): string => join(folder, 'model.json')
const binPath = (folder: string): string => join(folder, 'model.bin')

interface Parser<T> {
  safeParse(data: unknown): { success: true; data: T } | { success: false; error: { issues: readonly Issue[] } }
}
interface Issue {
  path: readonly PropertyKey[]
  message: string
}

const check = <T>(schema: Parser<T>, data: unknown, file: string): T => {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const where = issue.path.map(String).join('.')
  throw modelError(`the model is not valid${where ? ` at ${where}` : ''}: ${issue.message}`, { file })
}

/** The two files of a scorer, as bytes. Equal scorers have equal bytes. */
export const encodeScorer = (scorer: Scorer, folder = '.'): { json: string; bin: Uint8Array } => {
  checkFit(scorer, jsonPath(folder))
  const bin = encodeModel(scorer.model, binPath(folder))
  const document = {
    format: MODEL_FORMAT,
    version: versionFor(scorer.encoding),
    name: scorer.name,
    kind: scorer.model.kind,
    binary: { file: 'model.bin', bytes: bin.length, sha256: sha256(bin) },
    encoding: scorer.encoding,
    calibration: scorer.calibration,
    scale: scorer.scale,
    training: scorer.training,
  }
  const json = seal(document, jsonPath(folder))
  // What would be refused on loading is refused on saving.
  check<ModelDocument>(modelDocument, readPlainJson(json, jsonPath(folder)), jsonPath(folder))
  return { json, bin }
}

/**
 * Reads the two files of a scorer.
 * @throws GlasscoreError('model') with the reason: not JSON, foreign, of a later version, changed after it was saved, invalid,
 *   hash or length of model.bin wrong, broken trees
 */
export const decodeScorer = (json: Uint8Array, bin: Uint8Array, folder = '.'): Scorer => {
  const file = jsonPath(folder)
  const data = readPlainJson(new TextDecoder().decode(json), file)
  const head = modelHead.safeParse(data)
  if (!head.success)
    throw modelError('this is not a glasscore model', { file, expected: `a JSON object with format "${MODEL_FORMAT}"` })
  if (head.data.version > MODEL_VERSION)
    throw modelError('the model was written by a later version of glasscore', {
      file,
      expected: `format version 1 to ${MODEL_VERSION}`,
      got: head.data.version,
      hint: 'update glasscore to read it',
    })
  checkSeal(head.data, json, file)
  const document = check<ModelDocument>(modelDocument, data, file)
  const { bytes, sha256: expected } = document.binary
  if (bin.length !== bytes)
    throw modelError('the file has the wrong length', {
      file: binPath(folder),
      expected: `${bytes} bytes, as model.json says`,
      got: bin.length,
    })
  const found = sha256(bin)
  if (found !== expected)
    throw modelError('the file is damaged or belongs to another model.json', {
      file: binPath(folder),
      expected: `SHA-256 ${expected.slice(0, 12)}...`,
      got: `${found.slice(0, 12)}...`,
    })
  return scorerOf(document, bin, { json: file, bin: binPath(folder) })
}

/**
 * Writes model.json and model.bin into a folder, each whole or not at all, model.bin first: a folder with both files fits
 * together or is refused on loading by the hash. Equal scorers give equal bytes.
 * @param folder made if it is not there
 * @throws GlasscoreError('model') for a scorer that could not be loaded again: see docs/model-format.md
 */
export const saveModel = async (folder: string, scorer: Scorer): Promise<SavedModel> => {
  const { json, bin } = encodeScorer(scorer, folder)
  await writeFileAtomic(binPath(folder), bin)
  await writeFileAtomic(jsonPath(folder), json)
  return { hash: sha256(json) }
}

const read = async (path: string): Promise<Uint8Array> => {
  try {
    return await readFile(path)
  } catch (cause) {
    throw modelError('the file cannot be read', {
      file: path,
      expected: 'a folder with model.json and model.bin',
      got: (cause as NodeJS.ErrnoException).code ?? String(cause),
      cause,
    })
  }
}

/** The two files of a model as they lie there. @throws GlasscoreError('model') when either is absent */
export const readModelFiles = async (folder: string): Promise<{ json: Uint8Array; bin: Uint8Array }> => ({
  json: await read(jsonPath(folder)),
  bin: await read(binPath(folder)),
})

/**
 * Loads a scorer. Saving it again gives the same bytes.
 * @throws GlasscoreError('model') with the reason when either file is absent, corrupted, cut short, foreign or of a later version
 */
export const loadModel = async (folder: string): Promise<LoadedModel> => {
  const { json, bin } = await readModelFiles(folder)
  return { scorer: decodeScorer(json, bin, folder), hash: sha256(json) }
}
