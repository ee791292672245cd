import { dirname } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { dateLiteral, literal } from '../engines/sql.ts'
import { valueAt } from '../matrix/valueAt.ts'
import type { PersonFactor, ReportedPerson } from '../reports/runReport.ts'
import { bandOf } from '../schema/score.ts'
import { dataError, usageError } from '../util/errors.ts'
import { dimensionPercentiles } from './dimensionPercentiles.ts'
import type { LoadedFeatures } from './loadFeatures.ts'
import { missingOfPerson } from './missingOfPerson.ts'
import { type PersonReceipt, readReceipts } from './readReceipts.ts'
import { largestReasons } from './reportReasons.ts'
import type { ReportSources } from './reportSources.ts'

/** Who is asked for; by default whoever is nearest to the cutoff. */
export interface PersonChoice {
  personId?: string | undefined
  /** default: forest, or the last model that has receipts */
  model?: string | undefined
  /** observation date; default the latest one of the person */
  asOf?: string | undefined
}

/** The model that is shown at length: of the receipt, and of the charts of dependence. @throws when a model is asked for that the run does not have, or that has no receipts */
export const shownModel = ({ training, explained }: ReportSources, choice: PersonChoice): string | undefined => {
  const explainedModels = training.models.map((m) => m.name).filter((name) => Object.hasOwn(explained.models, name))
  const { model } = choice
  if (model === undefined) return explainedModels.includes('forest') ? 'forest' : explainedModels.at(-1)
  if (explainedModels.includes(model)) return model
  throw usageError(
    training.models.some((m) => m.name === model) ? 'this model has no receipts' : 'the run has no such model',
    { option: 'model', expected: explainedModels.join(', ') || 'none: no model of the run has receipts', got: model },
  )
}

/** The key of the row whose score is nearest to the cutoff; among equals the first by person and date. */
const nearestKey = async (
  engine: Engine,
  receipts: string,
  model: string,
  cutoff: number,
  asOf: string | undefined,
): Promise<{ personId: string; observationDate: string } | undefined> => {
  const onDate = asOf === undefined ? '' : ` AND observation_date = ${dateLiteral(asOf)}`
  const [row] = await engine.rows<{ person_id: string; observation_date: string }>(
    `SELECT person_id, observation_date FROM read_parquet(${literal(receipts)}) WHERE model = ${literal(model)}${onDate}
     ORDER BY abs(score - ${cutoff}), person_id, observation_date LIMIT 1`,
  )
  return row && { personId: row.person_id, observationDate: row.observation_date }
}

const receiptOf = async (
  sources: ReportSources & { receipts: string },
  model: string,
  { personId, asOf }: PersonChoice,
): Promise<PersonReceipt> => {
  const { engine, receipts, cutoff } = sources
  const key =
    personId === undefined
      ? await nearestKey(engine, receipts, model, cutoff, asOf)
      : { personId, observationDate: asOf }
  if (!key)
    throw usageError('nobody was explained as of this date', {
      option: 'as-of',
      expected: 'an observation date',
      got: asOf,
    })
  const all = (await readReceipts(dirname(receipts), key.personId)).filter((r) => r.model === model)
  const dates = all.map((r) => r.observationDate)
  const found = all.find((r) => r.observationDate === (key.observationDate ?? dates.at(-1)))
  if (found) return found
  throw usageError('the person was not observed on this date', {
    option: 'as-of',
    expected: dates.join(', '),
    got: key.observationDate,
  })
}

const trainedOn = ({ rows }: ReportSources, { personId, observationDate }: PersonReceipt): boolean => {
  const { frame } = rows.labeled
  const at = frame.personId.findIndex((id, i) => id === personId && frame.observationDate[i] === observationDate)
  return at >= 0 && (rows.train === undefined || rows.train.includes(at))
}

/**
 * The person of a report.
 * @param features feature-table folder
 * @returns null where no model has receipts
 * @throws GlasscoreError for an unknown person, model or date
 */
export const reportPerson = async (
  sources: ReportSources,
  loaded: LoadedFeatures,
  features: string,
  choice: PersonChoice,
): Promise<{ person: ReportedPerson | null; personChoice: string }> => {
  const model = shownModel(sources, choice)
  const { receipts } = sources
  if (model === undefined || receipts === undefined) {
    if (choice.personId !== undefined)
      throw usageError('no model of the run has receipts, so nobody can be shown', {
        option: 'person',
        got: choice.personId,
      })
    return { person: null, personChoice: 'no model of the run has receipts' }
  }
  const receipt = await receiptOf({ ...sources, receipts }, model, choice)
  const { personId, observationDate } = receipt
  const row = loaded.frame.personId.findIndex(
    (id, i) => id === personId && loaded.frame.observationDate[i] === observationDate,
  )
  if (row < 0) throw dataError('the person is not in the feature table', { file: features, got: personId })
  const [scored] = await sources.engine.rows<{ probability: number }>(
    `SELECT probability FROM read_parquet(${literal(sources.scores)}) WHERE model = ${literal(model)}
       AND person_id = ${literal(personId)} AND observation_date = ${dateLiteral(observationDate)}`,
  )
  const why = await missingOfPerson(sources.engine, features, loaded, receipt)
  const place = await dimensionPercentiles(sources.engine, receipts, sources.layout, receipt)
  const { factors: used, dimensions } = sources.explained.models[model]!.meanAbsolutePoints
  const specs = new Map(sources.factors.map((f) => [f.name, f]))
  const factors = receipt.factors
    .filter(({ factor }) => Object.hasOwn(used, factor))
    .map(({ factor, points }): PersonFactor => {
      const { dimension, unit, definition } = specs.get(factor)!
      const value = valueAt(loaded.frame, factor, row)
      return {
        factor,
        dimension,
        points,
        value,
        unit,
        missing: value === null ? why(factor) : null,
        definition,
      }
    })
  const person: ReportedPerson = {
    personId,
    observationDate,
    model,
    semantics: receipt.semantics,
    backgroundId: receipt.backgroundId,
    link: receipt.link,
    base: receipt.base,
    scaleLimit: receipt.scaleLimit,
    score: receipt.score,
    band: bandOf(receipt.score),
    probability: scored!.probability,
    outcome: loaded.status[row]!,
    trainedOn: trainedOn(sources, receipt),
    factors: factors.toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points)),
    dimensions: receipt.dimensions
      .map(({ dimension, points }, d) => ({
        dimension,
        points,
        members: factors.reduce((sum, f) => (f.dimension === dimension ? sum + f.points : sum), 0),
        percentile: place[d]!,
      }))
      .filter(({ dimension }) => Object.hasOwn(dimensions, dimension)),
    reasons: largestReasons(factors),
  }
  const chosen =
    choice.personId === undefined
      ? `whose score by the model ${model} is nearest to the cutoff; among equals the first by person and date`
      : 'named by whoever asked for the report'
  return { person, personChoice: chosen }
}
