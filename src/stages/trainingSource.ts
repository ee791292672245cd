/** Where a model comes from: its training folder and the feature table that it was trained on, so that it can be trained again. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isWideFolder } from '../formats/wideTable.ts'
import { GlasscoreError } from '../util/errors.ts'
import { sha256File } from '../util/hash.ts'
import type { LoadedModel } from './findModels.ts'
import { MODEL_NAMES, type ModelName } from './learners.ts'
import { type FinishedTraining, readTraining } from './reportTraining.ts'
import { readManifest } from './stage.ts'

/** A training that can be done again. */
export interface TrainingSource {
  /** the training folder */
  folder: string
  /** the feature-table folder that it read */
  features: string
  training: FinishedTraining
  model: ModelName
}

/** Why a model cannot be trained again, in words. */
export interface NoTraining {
  why: string
}

const hashOf = async (features: string): Promise<string | undefined> => {
  const file = join(features, 'features.parquet')
  return existsSync(file) && !isWideFolder(features) ? sha256File(file) : undefined
}

/**
 * The training of a model: the folder that it lies in as models/NAME, and the table among `candidates`, and beside the training folder, that
 * has the hash which the model remembers.
 * @param candidates feature-table folders to look at first
 */
export const trainingSource = async (
  { folder, scorer, hash }: LoadedModel,
  candidates: readonly string[],
): Promise<TrainingSource | NoTraining> => {
  const trained = dirname(dirname(resolve(folder)))
  if ((await readManifest(trained))?.stage !== 'train')
    return { why: 'the model lies in no training folder, so its options and rows are not known' }
  const model = MODEL_NAMES.find((name) => name === scorer.name)
  let training: FinishedTraining
  try {
    training = await readTraining(trained)
  } catch (error) {
    if (error instanceof GlasscoreError) return { why: error.what }
    throw error
  }
  if (model === undefined || training.models.find(({ name }) => name === model)?.modelHash !== hash)
    return { why: 'the training folder tells of another model' }
  const wanted = (scorer.training['features'] as { sha256?: unknown } | undefined)?.sha256
  for (const features of [...candidates, join(dirname(trained), 'features')])
    if (typeof wanted === 'string' && (await hashOf(features)) === wanted)
      return { folder: trained, features, training, model }
  return { why: 'the feature table that it was trained on is not there' }
}
