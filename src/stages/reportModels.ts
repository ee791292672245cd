/** What a report says of each model: figures on rows it did not see, scores of everybody, importance from the receipts. */
import { modelCurves } from '../comparison/modelCurves.ts'
import { literal } from '../engines/sql.ts'
import type { ReportedModel } from '../reports/runReport.ts'
import { BANDS } from '../schema/score.ts'
import { scoresOf } from '../scores/scale.ts'
import { dataError } from '../util/errors.ts'
import { reportImportance } from './reportImportance.ts'
import type { ReportSources } from './reportSources.ts'

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

/** Why a model has no receipts, in the words of the stage that makes them. */
const whyNone = (notes: readonly string[], model: string): string =>
  notes.find((note) => note.startsWith(`${model}: `) && note.endsWith('no receipts'))?.slice(model.length + 2) ??
  'the run holds no receipts of this model'

/** Every model of the run, in the order of the training; what is drawn of single rows comes later. */
export const reportModels = async (sources: ReportSources): Promise<ReportedModel[]> => {
  const { training, scorers, explained, cutoff, predictions } = sources
  const models: ReportedModel[] = []
  for (const { name, modelHash, figures, boosting, permutation } of training.models) {
    const scorer = scorers.get(name)
    if (!scorer) throw dataError('a model of the run is not there', { file: predictions, got: name })
    const held = await heldOut(sources, name)
    const score = scoresOf(held.probability, scorer.scale)
    const importance = await reportImportance(sources, name)
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
