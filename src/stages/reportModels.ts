/** What a report says of each model: figures on rows it did not see, scores of everybody, importance from the receipts. */
import { modelCurves } from '../comparison/modelCurves.ts'
import type { Engine } from '../engines/engine.ts'
import { identifier, literal } from '../engines/sql.ts'
import type { Importance, ReportedModel } from '../reports/runReport.ts'
import { DIMENSIONS } from '../schema/dimensions.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { BANDS } from '../schema/score.ts'
import { scoresOf } from '../scores/scale.ts'
import type { Scorer } from '../scores/scorer.ts'
import { dataError } from '../util/errors.ts'
import type { ExplainSummary } from './explain.ts'
import type { ReceiptLayout } from './receiptColumns.ts'
import type { FinishedTraining, TrainingRows } from './reportTraining.ts'
import type { ScoreSummary } from './score.ts'

/** Where the numbers of a report lie. */
export interface ReportSources {
  engine: Engine
  /** Parquet files */
  predictions: string
  scores: string
  /** undefined where no model has receipts */
  receipts: string | undefined
  layout: ReceiptLayout
  scored: ScoreSummary
  explained: ExplainSummary
  training: FinishedTraining
  rows: TrainingRows
  scorers: ReadonlyMap<string, Scorer>
  factors: readonly FactorSpec[]
  cutoff: number
}

/**
 * The rows of a model that it did not see.
 * @throws GlasscoreError('data') when they are not the held-out rows of the run, in their order and with their labels
 */
const heldOut = async ({ engine, predictions, rows }: ReportSources, model: string) => {
  const { numbers, texts } = await engine.columns(
    `SELECT * FROM read_parquet(${literal(predictions)}) WHERE model = ${literal(model)} ORDER BY person_id, observation_date`,
    ['target', 'margin', 'probability'],
    ['person_id', 'observation_date'],
  )
  const { labeled, test } = rows
  const expected = test ?? Int32Array.from(labeled.target.keys())
  const persons = texts['person_id']!
  const dates = texts['observation_date']!
  const target = Uint8Array.from(numbers['target']!)
  const differs = expected.findIndex(
    (row, i) =>
      labeled.frame.personId[row] !== persons[i] ||
      labeled.frame.observationDate[row] !== dates[i] ||
      labeled.target[row] !== target[i],
  )
  if (differs >= 0 || persons.length !== expected.length)
    throw dataError('these are not the held-out rows of the run', {
      file: predictions,
      table: model,
      expected: `${expected.length} rows with the outcomes of the feature table`,
      got: differs >= 0 ? `another row or outcome at ${persons[differs] ?? 'the end'}` : `${persons.length} rows`,
      hint: 'run the pipeline again into this folder',
    })
  const personId = Array.from(expected, (row) => labeled.frame.personId[row]!)
  return { personId, target, margin: numbers['margin']!, probability: numbers['probability']! }
}

const scoredBy = async ({ engine, scores, scored, cutoff }: ReportSources, model: string) => {
  const summary = scored.models[model]
  if (!summary) return null
  const bands = BANDS.map((b, i) => `count(*) FILTER (WHERE band = ${literal(b.name)}) AS band_${i}`)
  const [row] = await engine.rows<Record<string, number>>(
    `SELECT count(*) AS n, sum(score)::DOUBLE AS total, count(*) FILTER (WHERE score >= ${cutoff}) AS above, ${bands.join(', ')}
     FROM read_parquet(${literal(scores)}) WHERE model = ${literal(model)}`,
  )
  return {
    rows: row!['n']!,
    meanScore: row!['total']! / row!['n']!,
    clamped: summary.clamped,
    aboveCutoff: row!['above']!,
    bands: Object.fromEntries(BANDS.map((b, i) => [b.name, row![`band_${i}`]!])),
  }
}

/**
 * Advertised weight of each dimension as a share of all: those of the declared model of the run; without one those of the catalogue,
 * if the factors are of its dimensions and no others; none otherwise.
 */
export const declaredShares = (
  scorers: ReadonlyMap<string, Scorer>,
  factors: readonly Pick<FactorSpec, 'dimension'>[],
): ReadonlyMap<string, number> => {
  const learner = scorers.get('declared')?.training['learner'] as { weights?: Record<string, number> } | undefined
  const ofCatalogue = factors.every((f) => DIMENSIONS.some((d) => d.name === f.dimension))
  const advertised = ofCatalogue ? Object.fromEntries(DIMENSIONS.map((d) => [d.name, d.weight])) : {}
  const weights = Object.entries(learner?.weights ?? advertised)
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
  return new Map(weights.map(([name, weight]) => [name, weight / total]))
}

const importanceOf = async (sources: ReportSources, model: string): Promise<Importance | null> => {
  const { engine, receipts, layout, explained, factors, scorers } = sources
  const summary = explained.models[model]
  if (!summary || receipts === undefined) return null
  const ownFactors = layout.factors.filter(({ name }) => Object.hasOwn(summary.meanAbsolutePoints.factors, name))
  const ownDimensions = layout.dimensions.filter(({ name }) =>
    Object.hasOwn(summary.meanAbsolutePoints.dimensions, name),
  )
  const columns = [...ownFactors, ...ownDimensions].map(
    ({ column }, i) => `sum(abs(${identifier(column)}))::DOUBLE AS c${i}`,
  )
  const [row] = await engine.rows<Record<string, number>>(
    `SELECT count(*) AS n, ${columns.join(', ')} FROM read_parquet(${literal(receipts)}) WHERE model = ${literal(model)}`,
  )
  const means = (names: readonly { name: string }[], first: number) => {
    const points = names.map((_, i) => row![`c${first + i}`]! / row!['n']!)
    const total = points.reduce((a, b) => a + b, 0)
    return names
      .map(({ name }, i) => ({
        name,
        meanAbsolutePoints: points[i]!,
        share: total > 0 ? points[i]! / total : 0,
      }))
      .sort((a, b) => b.meanAbsolutePoints - a.meanAbsolutePoints)
  }
  const dimensionOf = new Map(factors.map((f) => [f.name, f.dimension]))
  const declared = declaredShares(scorers, factors)
  return {
    rows: row!['n']!,
    semantics: summary.semantics,
    backgroundId: summary.backgroundId,
    link: summary.link,
    base: summary.base,
    factors: means(ownFactors, 0).map(({ name, ...rest }) => ({
      factor: name,
      dimension: dimensionOf.get(name)!,
      ...rest,
    })),
    dimensions: means(ownDimensions, ownFactors.length).map(({ name, ...rest }) => ({
      dimension: name,
      ...rest,
      declaredShare: declared.get(name) ?? null,
    })),
    rowsChecked: summary.rowsChecked,
    rowsFailing: summary.rowsFailing,
    additivityGap: summary.additivityGap,
  }
}

/** Why a model has no receipts, in the words of the stage that makes them. */
const whyNone = (notes: readonly string[], model: string): string =>
  notes.find((note) => note.startsWith(`${model}: `) && note.endsWith('no receipts'))?.slice(model.length + 2) ??
  'the run holds no receipts of this model'

/** Every model of the run, in the order of the training. */
export const reportModels = async (sources: ReportSources): Promise<ReportedModel[]> => {
  const { training, scorers, explained, cutoff, predictions } = sources
  const models: ReportedModel[] = []
  for (const { name, modelHash, figures, boosting, permutation } of training.models) {
    const scorer = scorers.get(name)
    if (!scorer) throw dataError('a model of the run is not there', { file: predictions, got: name })
    const held = await heldOut(sources, name)
    const score = scoresOf(held.probability, scorer.scale)
    const importance = await importanceOf(sources, name)
    models.push({
      name,
      modelHash,
      figures,
      curves: modelCurves({ ...held, score }, { cutoff }),
      scored: await scoredBy(sources, name),
      importance,
      noImportance: importance ? null : whyNone(explained.notes, name),
      ...(boosting ? { boosting } : {}),
      ...(permutation ? { permutation } : {}),
    })
  }
  return models
}
