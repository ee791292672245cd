/** What an audit of opacity needs of a finished run: its models, their recipes, and rows that they have not seen. */
import { join } from 'node:path'
import type { Background } from '../attributions/background.ts'
import { chooseBackground } from '../attributions/backgrounds.ts'
import { canExplain } from '../attributions/explain.ts'
import type { ProtectedColumn } from '../audits/fairness/auditRows.ts'
import type { LabeledRows, Recipe } from '../audits/opacity/refit.ts'
import type { Engine } from '../engines/engine.ts'
import { loadModel } from '../formats/modelFile.ts'
import { type FactorFrame, takeRows } from '../matrix/frame.ts'
import { type Split, splitByPerson } from '../matrix/splits.ts'
import { onFrames } from '../models/frameLearner.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { DEFAULT_SCALE } from '../scores/scale.ts'
import { type Scorer, scoreFrameOn } from '../scores/scorer.ts'
import { dataError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'
import type { ModelsConfig } from './config.ts'
import { learnersOf, type ModelName } from './learners.ts'
import { type LoadedFeatures, loadFeatures } from './loadFeatures.ts'
import { measureHeldOut, pick } from './measureModels.ts'
import { readGroups } from './readGroups.ts'
import { type FinishedTraining, trainingRows } from './reportTraining.ts'
import type { StageContext } from './stage.ts'
import { wantedModels } from './wantedModels.ts'

/** Share of the persons that is held out where the run trained its models on all of them. */
const HELD_SHARE = 0.25

/** A model of the run, and how it is made again. */
export interface AuditedModelOfRun {
  scorer: Scorer
  recipe: Recipe
}

/** Rows and models of a run. */
export interface OpacityOfRun {
  evaluation: 'test' | 'trained_again'
  dimensions: string[]
  train: LabeledRows
  held: LabeledRows
  groups: ProtectedColumn[]
  models: AuditedModelOfRun[]
  without: { model: string; reason: string }[]
}

/** The learner that the options of a training describe, for any table of factors. */
export const recipeOf = (name: string, options: ModelsConfig): Recipe => ({
  name,
  learner: (factors: readonly FactorSpec[]) => {
    const [learner] = learnersOf({ [name]: options[name as ModelName] } as ModelsConfig, factors)
    if (!learner) throw dataError('the options of the training do not say how the model was made', { column: name })
    return learner
  },
})

/** Protected columns of some rows of a loaded table, which are found by person and date. */
const groupsOf = async (
  engine: Engine,
  folder: string,
  { frame: whole }: LoadedFeatures,
  frame: FactorFrame,
): Promise<ProtectedColumn[]> => {
  const key = ({ personId, observationDate }: FactorFrame, i: number): string => `${personId[i]}\0${observationDate[i]}`
  const at = new Map(whole.personId.map((_, i) => [key(whole, i), i]))
  const rows = frame.personId.map((_, i) => at.get(key(frame, i))!)
  const groups = await readGroups(engine, folder)
  return groups.map(({ name, values }) => ({ name, values: rows.map((i) => values[i]!) }))
}

const STEPS = 'isotonic calibration makes steps, which no sum of points follows'

/** Reads a finished run. Models that were trained on all rows are trained again on most of the persons, so that the others have not been seen. */
export const opacityOfRun = async (
  { engine, pool, progress, signal }: StageContext,
  run: { features: string; train: string },
  training: FinishedTraining,
  wanted: readonly string[] | undefined,
  random: Random,
): Promise<OpacityOfRun> => {
  const loaded = await loadFeatures(engine, run.features)
  const { labeled, train, test } = trainingRows(loaded, training, run.train)
  const split: Split | undefined = train && test ? { train, test, left: [] } : undefined
  const sides = split ?? splitByPerson(labeled.frame.personId, labeled.target, HELD_SHARE, random.fork('split'))
  const part = (rows: Int32Array): LabeledRows => ({
    frame: takeRows(labeled.frame, rows),
    target: pick(labeled.target, rows),
  })
  const held = part(sides.test)
  const models: AuditedModelOfRun[] = []
  const without: { model: string; reason: string }[] = []
  for (const [k, name] of wantedModels(
    training.models.map((m) => m.name),
    wanted,
  ).entries()) {
    progress('read models', k, training.models.length)
    const { scorer } = await loadModel(join(run.train, 'models', name))
    const recipe = recipeOf(name, training.options.models!)
    if (!canExplain(scorer)) without.push({ model: name, reason: STEPS })
    else if (split) models.push({ scorer, recipe })
    else {
      const { model, calibration } = await measureHeldOut(
        onFrames(recipe.learner(labeled.frame.factors)),
        labeled,
        sides,
        { calibration: training.options.calibration, permuteLabels: 0 },
        random.fork('again').fork(name),
        { pool, ...(signal ? { signal } : {}) },
      )
      const { model: fitted, encoding } = model
      models.push({
        scorer: { name, model: fitted, encoding, calibration: calibration!, scale: DEFAULT_SCALE, training: {} },
        recipe,
      })
    }
  }
  return {
    evaluation: split ? 'test' : 'trained_again',
    dimensions: [...new Set(labeled.frame.factors.map((f) => f.dimension))],
    train: part(sides.train),
    held,
    groups: await groupsOf(engine, run.features, loaded, held.frame),
    models,
    without,
  }
}

/** Whole persons in random order, as many as have at most `most` rows in all; all rows where there are no more. Rows keep their order. */
export const someRows = (personId: readonly string[], most: number, random: Random): Int32Array => {
  if (personId.length <= most) return Int32Array.from(personId.keys())
  const rowsOf = new Map<string, number[]>()
  personId.forEach((id, i) => {
    const rows = rowsOf.get(id)
    if (rows) rows.push(i)
    else rowsOf.set(id, [i])
  })
  const chosen: number[] = []
  for (const id of random.shuffle([...rowsOf.keys()])) {
    const rows = rowsOf.get(id)!
    if (chosen.length + rows.length <= most) chosen.push(...rows)
  }
  return Int32Array.from(chosen).sort()
}

/** The rows of some positions. */
export const someOf = ({ frame, target }: LabeledRows, rows: Int32Array): LabeledRows => ({
  frame: takeRows(frame, rows),
  target: pick(target, rows),
})

/** A sample of all training rows, and one of those at or just above the cut-off by the model. */
export const backgroundsOf = async (
  { pool, signal }: StageContext,
  scorer: Scorer,
  train: FactorFrame,
  { cutoff, rows, random }: { cutoff: number; rows: number; random: Random },
): Promise<(Background & { text: string })[]> => {
  const { score } = await scoreFrameOn(scorer, train, pool, { signal })
  const source = { frame: train, scores: score }
  const sample = (label: string) => ({ rows, random: random.fork(label) })
  const found = [
    { name: 'all_applicants', chosen: chooseBackground({ kind: 'all' }, source, sample('all')) },
    ...(score.some((s) => s >= cutoff)
      ? [
          {
            name: 'near_cutoff',
            chosen: chooseBackground({ kind: 'near_cutoff', cutoff }, source, sample('near')),
          },
        ]
      : []),
  ]
  return found.map(({ name, chosen }) => ({ id: name, frame: takeRows(train, chosen.rows), text: chosen.sentence }))
}
