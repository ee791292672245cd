/** Trains forests and boosted trees on a wide table, and measures them on rows that they did not see. */
import { join } from 'node:path'
import { evaluate } from '../../comparison/evaluate.ts'
import { saveModel } from '../../formats/modelFile.ts'
import { readWideTable } from '../../formats/wideTable.ts'
import { DEFAULT_SCALE } from '../../scores/scale.ts'
import { writeFileAtomic } from '../../util/atomic.ts'
import { interruptedError, usageError } from '../../util/errors.ts'
import { canonicalJson } from '../../util/hash.ts'
import { random as randomFrom } from '../../util/random.ts'
import { VERSION } from '../../util/version.ts'
import type { TrainOptions } from '../config.ts'
import { labelRows } from '../labels.ts'
import { learnersOf } from '../learners.ts'
import { storePredictions } from '../predictions.ts'
import { sidesOf } from '../sidesOf.ts'
import { runStage, type StageResult } from '../stage.ts'
import type { TrainStageOptions, TrainSummary } from '../trainSummary.ts'
import { fitWide, type WideFit } from './fitWide.ts'
import { rollUpOf, wideEncoding, wideRows } from './wideRows.ts'

/** Models that train on bytes. */
const ON_BINS = ['forest', 'boosting'] as const

const refused = (option: string, expected: string, got: unknown) =>
  usageError('a wide table is not trained on in this way', {
    option,
    expected,
    got,
    hint: 'its numbers are there as bins only, a byte each (docs/wide.md)',
  })

/** The models that train on bins; others are left out where that was allowed, and refused elsewhere. */
const wideModels = (options: TrainOptions, skip: boolean): TrainOptions['models'] => {
  const { split, permuteLabels, permutationRepeats, models } = options
  if (split.by === 'folds') throw refused('split', 'person or time', 'folds')
  if (permuteLabels > 0) throw refused('permute-labels', 'none', permuteLabels)
  if (permutationRepeats !== undefined) throw refused('permutation-importance', 'none', permutationRepeats)
  const named = Object.keys(models).filter((name) => models[name as keyof typeof models] !== undefined)
  const other = named.find((name) => !ON_BINS.includes(name as never))
  if (other && !skip) throw refused('models', ON_BINS.join(', '), other)
  const kept = Object.fromEntries(ON_BINS.flatMap((name) => (models[name] ? [[name, models[name]]] : [])))
  return kept as TrainOptions['models']
}

/**
 * The same as `train` for the folder of a wide table: writes models/<name>/, metrics.json and predictions.parquet. Models have the variables
 * as their factors; `training.rollUp` says whose each of them is.
 */
export const trainWide = (
  options: TrainStageOptions,
  checked: TrainOptions,
  skip: boolean,
): Promise<StageResult<TrainSummary>> => {
  const models = wideModels(checked, skip)
  const spec = {
    stage: 'train',
    options: { ...checked, models, wide: true },
    inputs: { features: options.features },
  }
  return runStage(spec, options, async (context) => {
    const { engine, folder, pool, seed, progress, signal } = context
    const table = await readWideTable(options.features)
    const { frame, status } = await wideRows(engine, options.features, table)
    const root = randomFrom(seed).fork('train')
    const labeled = labelRows(frame, status, checked.indeterminate)
    const sides = sidesOf(labeled, table, checked.split, root.fork('split'))!
    const encoding = wideEncoding(table)
    const work = { folder: options.features, table, encoding, pool, ...(signal ? { signal } : {}) }
    const count = (rows: Int32Array) => ({
      rows: rows.length,
      bads: rows.reduce((sum, i) => sum + labeled.target[i]!, 0),
    })
    const summary: TrainSummary = {
      evaluation: 'test',
      models: {},
      train: count(sides.train),
      test: count(sides.test),
      outcomes: labeled.counts,
      left: sides.left,
      warnings: [],
      permutations: 0,
    }
    const { factors, factorOfVariable } = rollUpOf(table)
    const shared = {
      glasscore: VERSION,
      seed,
      ...summary.train,
      evaluation: summary.evaluation,
      split: checked.split,
      calibration: checked.calibration,
      indeterminate: checked.indeterminate,
      outcome: { ...table.outcome },
      features: { name: table.name, sha256: table.sha256.bins },
      rollUp: { factors, factorOfVariable: Array.from(factorOfVariable) },
    }
    const trained: WideFit[] = []
    for (const learner of learnersOf(models, [])) {
      if (signal?.aborted) throw interruptedError()
      const told = {
        ...work,
        progress: (_: string, done: number, all: number) => progress(`train ${learner.kind}`, done, all),
      }
      const random = root.fork(learner.kind)
      const fit = await fitWide(told, learner, labeled, sides, checked.calibration, random)
      trained.push(fit)
      const { held, model, calibration, report } = fit
      const measure = { replicates: checked.replicates, random: root.fork('bootstrap') }
      const rows = { personId: held.frame.personId, target: held.target, margin: held.margin }
      const figures = evaluate({ ...rows, probability: held.probability! }, measure)
      const training = { ...shared, learner: learner.options, report }
      const scorer = { name: learner.kind, model, encoding, calibration, scale: DEFAULT_SCALE, training }
      const { hash } = await saveModel(join(folder, 'models', learner.kind), scorer)
      summary.models[learner.kind] = { ...figures, report, modelHash: hash }
      summary.warnings.push(...((report['warnings'] as string[] | undefined) ?? []).map((w) => `${learner.kind}: ${w}`))
    }
    await storePredictions(context, trained, summary.evaluation)
    await writeFileAtomic(join(folder, 'metrics.json'), `${canonicalJson(summary, 2)}\n`)
    return summary
  })
}
