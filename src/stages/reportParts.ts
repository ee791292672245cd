/**
 * The folders of a run that a report is made from, each still as its stage wrote it and all of one piece: models trained on
 * these features, scores and receipts by these models.
 */
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { dataError, usageError } from '../util/errors.ts'
import { sha256File } from '../util/hash.ts'

/** One folder of a run, checked. */
export interface RunPart {
  folder: string
  /** file in it → SHA-256, of everything that the stage wrote */
  outputs: Record<string, string>
}

/** The folders that a report reads. The data set and the protected attributes are not among them. */
export interface RunParts {
  features: RunPart
  train: RunPart
  scores: RunPart
  receipts: RunPart
}

/** What a finished run says of itself in run.json. */
export interface RunHead {
  name: string
  seed: number
}

const hashes = z.record(z.string(), z.string())
const manifestSchema = z.looseObject({ stage: z.string(), inputs: z.record(z.string(), hashes), outputs: hashes })
type PartManifest = z.infer<typeof manifestSchema>

const runSchema = z.looseObject({
  format: z.literal('glasscore.run'),
  state: z.string().optional(),
  name: z.string().optional(),
  seed: z.number().int().optional(),
  training: z.looseObject({ permutations: z.number() }).optional(),
})

const RUN = 'a folder that glasscore run wrote'
const AGAIN = 'run the pipeline again into this folder: what is missing or changed is made anew'

const readJson = async (file: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Reads run.json of a finished run.
 * @throws GlasscoreError when there is no such folder, it is no run, the run is unfinished, or its labels were shuffled
 */
export const readRunHead = async (run: string): Promise<RunHead> => {
  const info = await stat(run).catch(() => undefined)
  if (!info) throw dataError('no such folder', { file: run, expected: RUN })
  const file = join(run, 'run.json')
  if (!info.isDirectory() || !existsSync(file))
    throw dataError('this is not a run', {
      file: run,
      expected: `${RUN}, with run.json in it`,
      hint: 'folders made by train, score and explain alone are no run',
    })
  const parsed = runSchema.safeParse(await readJson(file))
  if (!parsed.success)
    throw dataError('this is not the summary of a run', { file, expected: 'what glasscore run wrote' })
  const { state, name, seed, training } = parsed.data
  if (state !== undefined || name === undefined || seed === undefined || !training)
    throw dataError('the run is not finished', { file: run, expected: 'a finished run', hint: AGAIN })
  if (training.permutations > 0)
    throw usageError('the labels of this run were shuffled, so there is no model to look at', {
      file: run,
      expected: 'a run without --permute-labels',
      hint: 'the AUCs of the shuffled labels are in metrics.json',
    })
  return { name, seed }
}

/** Hashes every file of a part that its manifest names. @throws when one is gone or not as it was written */
const checkFiles = async (folder: string, outputs: Record<string, string>): Promise<void> => {
  for (const [name, expected] of Object.entries(outputs)) {
    const file = join(folder, name)
    if (!existsSync(file)) throw dataError('a file of the run is gone', { file, hint: AGAIN })
    const got = await sha256File(file)
    if (got !== expected)
      throw dataError('the file was changed after the run wrote it', {
        file,
        expected: `SHA-256 ${expected.slice(0, 12)}...`,
        got: `${got.slice(0, 12)}...`,
        hint: AGAIN,
      })
  }
}

const readPart = async (run: string, name: string, stages: readonly string[]): Promise<RunPart & PartManifest> => {
  const folder = join(run, name)
  const parsed = manifestSchema.safeParse(await readJson(join(folder, 'manifest.json')))
  if (!parsed.success || !stages.includes(parsed.data.stage))
    throw dataError('a part of the run is not there', {
      file: folder,
      expected: `the folder that the stage ${stages[0]} wrote`,
      hint: AGAIN,
    })
  await checkFiles(folder, parsed.data.outputs)
  return { folder, ...parsed.data }
}

const otherPieces = (folder: string, what: string): never => {
  throw dataError(`this was made from ${what} than those of the run`, {
    file: folder,
    expected: 'the parts of one run',
    hint: AGAIN,
  })
}

/** The files of the feature table that a stage read are those that lie in the run now. */
const checkFeatures = (part: RunPart & PartManifest, features: RunPart): void => {
  const read = Object.entries(part.inputs['features'] ?? {})
  if (read.length === 0 || read.some(([file, hash]) => features.outputs[file] !== hash))
    otherPieces(part.folder, 'other features')
}

/** The models that a stage read are those that lie in the run now, and all of them. */
const checkModels = (part: RunPart & PartManifest, train: RunPart): void => {
  const read = Object.entries(part.inputs)
    .filter(([name]) => name !== 'features')
    .map(([, files]) => files['model.json'])
  const trained = Object.entries(train.outputs).flatMap(([file, hash]) => (file.endsWith('/model.json') ? [hash] : []))
  if (read.length !== trained.length || trained.some((hash) => !read.includes(hash)))
    otherPieces(part.folder, 'other models')
}

/**
 * Checks the folders of a run against their manifests and against each other.
 * @throws GlasscoreError('data') when a folder is absent, a file is gone or was changed, or the parts are of different runs
 */
export const readRunParts = async (run: string): Promise<RunParts> => {
  const features = await readPart(run, 'features', ['features', 'ingest'])
  const train = await readPart(run, 'train', ['train'])
  const scores = await readPart(run, 'scores', ['score'])
  const receipts = await readPart(run, 'receipts', ['explain'])
  for (const part of [train, scores, receipts]) checkFeatures(part, features)
  for (const part of [scores, receipts]) checkModels(part, train)
  return { features, train, scores, receipts }
}
