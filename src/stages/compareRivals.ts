/** What is trained to stand beside the models of a run, on its own training rows. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BASELINE_NAMES, type BaselineName, type RivalName } from '../models/baseline/statements.ts'
import type { ComparedBaseline, ComparedModel, CompareReport } from '../reports/compareReport.ts'
import { DEFAULT_SCALE, scoresOf } from '../scores/scale.ts'
import { dataError, usageError } from '../util/errors.ts'
import { sha256File } from '../util/hash.ts'
import { measureBaseline } from './compareBaselines.ts'
import type { RunPredictions } from './compareRuns.ts'
import { loadFeatures } from './loadFeatures.ts'
import type { Held } from './measureModels.ts'
import { storePredictions } from './predictions.ts'
import { trainingRows } from './reportTraining.ts'
import type { StageContext } from './stage.ts'

/** A model on the compared rows. */
export interface Contender {
  name: string
  kind: ComparedModel['kind']
  modelHash: string | null
  margin: Float64Array
  probability: Float64Array
  score: Int32Array
}

/** The values at the given positions. */
export const take = (values: Float64Array, rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => values[i]!)

/** @throws GlasscoreError('usage') for a name that is none */
export const rivalNames = (baselines: readonly BaselineName[] | boolean | undefined, network = false): RivalName[] => {
  const wanted = baselines === true ? BASELINE_NAMES : baselines || []
  for (const name of wanted)
    if (!BASELINE_NAMES.includes(name))
      throw usageError('there is no such baseline', {
        option: 'baselines',
        expected: `some of ${BASELINE_NAMES.join(', ')}`,
        got: name,
      })
  return [...BASELINE_NAMES.filter((name) => wanted.includes(name)), ...(network ? (['network'] as const) : [])]
}

/** Files of a feature table that a training reads. */
export const TRAINED_ON = ['features.parquet', 'outcomes.parquet'] as const

/** The feature table of the first run, checked to be the one that it was trained on. */
export const featuresOf = async (run: RunPredictions, given: string | undefined): Promise<string> => {
  const folder = given ?? run.features
  if (folder === undefined)
    throw usageError('baselines need the factors that the models were trained on', {
      option: 'features',
      expected: 'the feature-table folder, for this training lies in no run',
      got: run.train,
    })
  for (const name of TRAINED_ON) {
    const file = join(folder, name)
    const expected = run.featureHashes[name]
    const got = existsSync(file) ? await sha256File(file) : undefined
    if (got !== expected)
      throw dataError('these are not the features that the models were trained on', {
        file,
        expected: `SHA-256 ${String(expected).slice(0, 12)}...`,
        got: got === undefined ? 'no such file' : `${got.slice(0, 12)}...`,
      })
  }
  return folder
}

/** What was trained, and what could not be. */
export interface Rivals {
  contenders: Contender[]
  baselines: ComparedBaseline[]
  unavailable: CompareReport['unavailable']
}

/** Trains the baselines on the training rows of the first run, stores their predictions, and takes the compared rows of them. */
export const trainRivals = async (
  context: StageContext,
  names: readonly RivalName[],
  run: RunPredictions,
  features: string,
  rows: Int32Array,
  prefix: string,
  cap: number | undefined,
): Promise<Rivals> => {
  const loaded = await loadFeatures(context.engine, features)
  const found = trainingRows(loaded, run.training, run.train)
  const rivals: Rivals = { contenders: [], baselines: [], unavailable: [] }
  const measured: { learner: { kind: string }; held: Held }[] = []
  for (const name of names) {
    const result = await measureBaseline(context, name, found, run.training, cap)
    if ('reason' in result) {
      rivals.unavailable.push(result)
      continue
    }
    const { held, trained } = result
    const same =
      held.target.every((y, i) => y === run.target[i]) &&
      held.frame.personId.every((id, i) => id === run.personId[i]) &&
      held.frame.observationDate.every((day, i) => day === run.observationDate[i])
    if (!same || held.target.length !== run.target.length)
      throw dataError('the held-out rows of the run cannot be told again from its features', {
        file: run.train,
        hint: 'run the pipeline again into this folder',
      })
    measured.push({ learner: { kind: name }, held })
    const { name: kind, ...stated } = trained
    rivals.baselines.push({ name: `${prefix}${kind}`, ...stated })
    const probability = take(held.probability, rows)
    rivals.contenders.push({
      name: `${prefix}${kind}`,
      kind: kind === 'network' ? 'network' : 'baseline',
      modelHash: null,
      margin: take(held.margin, rows),
      probability,
      score: scoresOf(probability, DEFAULT_SCALE),
    })
  }
  if (measured.length > 0) await storePredictions(context, measured, run.training.evaluation)
  return rivals
}
