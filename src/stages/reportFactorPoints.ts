/** What the charts of attributions are drawn from: persons drawn at random, and how the points of a factor depend on its value. */
import { dependenceOnLevel, dependenceOnNumber } from '../attributions/dependence.ts'
import { identifier, literal } from '../engines/sql.ts'
import type { DrawnFactor, DrawnPeople, FactorDependence, ReportedModel } from '../reports/runReport.ts'
import { dataError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'
import type { ReportSources } from './reportSources.ts'

/** Factors with a row of dots, and with a chart of their own. */
const SWARMS = 12
const DEPENDENCES = 9

/** One row each of so many persons, all where there are fewer, drawn without replacement; in the order of the rows. */
export const drawRows = (
  personId: readonly string[],
  most: number,
  random: Random,
): { rows: number[]; persons: number } => {
  const starts: number[] = []
  for (let i = 0; i < personId.length; i++) if (i === 0 || personId[i] !== personId[i - 1]) starts.push(i)
  const order = random.fork('persons').shuffle(Int32Array.from(starts.keys()))
  const which = random.fork('rows')
  const rows = Array.from(order.subarray(0, most), (p) => {
    const from = starts[p]!
    return from + which.integer((starts[p + 1] ?? personId.length) - from)
  })
  return { rows: rows.sort((a, b) => a - b), persons: starts.length }
}

/** Points by column over all rows of the feature table. @throws GlasscoreError('data') when the receipts are of other rows */
const pointsOf = async (
  { engine, frame }: ReportSources,
  receipts: string,
  model: string,
  columns: readonly string[],
): Promise<Record<string, Float64Array>> => {
  const { rows, numbers, texts } = await engine.columns(
    `SELECT person_id, observation_date, ${columns.map(identifier).join(', ')} FROM read_parquet(${literal(receipts)})
     WHERE model = ${literal(model)} ORDER BY person_id, observation_date`,
    columns,
    ['person_id', 'observation_date'],
  )
  const other = frame.personId.findIndex(
    (id, i) => texts['person_id']![i] !== id || texts['observation_date']![i] !== frame.observationDate[i],
  )
  if (other >= 0 || rows !== frame.rows)
    throw dataError('the receipts are not those of the feature table', {
      file: receipts,
      table: model,
      expected: `${frame.rows} rows of its persons and dates`,
      got: other >= 0 ? `another row at ${frame.personId[other]!}` : `${rows} rows`,
      hint: 'run the pipeline again into this folder',
    })
  return numbers
}

/** A number in a chart, or in a file that many see: five meaning digits. */
const brief = (x: number): number | null => (Number.isNaN(x) ? null : Number(x.toPrecision(5)))

const drawnFactor = ({ frame, factors }: ReportSources, name: string, rows: readonly number[]): DrawnFactor => {
  const { kind, unit } = factors.find((f) => f.name === name)!
  const values = rows.map((i) => (kind === 'category' ? frame.categories[name]![i]! : brief(frame.numbers[name]![i]!)))
  return { factor: name, kind, unit, missing: values.filter((v) => v === null).length, values }
}

const dependenceOf = ({ frame, factors }: ReportSources, name: string, points: Float64Array): FactorDependence => {
  const { kind, unit } = factors.find((f) => f.name === name)!
  const about = { factor: name, kind, unit }
  return kind === 'category'
    ? { ...about, bins: null, ...dependenceOnLevel(frame.categories[name]!, points) }
    : { ...about, levels: null, ...dependenceOnNumber(frame.numbers[name]!, points) }
}

/**
 * Models with the points of rows to show dots of, the same rows for all, and with the dependence of the factors of one of them.
 * @param shown the model with dependence
 * @param most persons to draw; 0 for none
 */
export const reportFactorPoints = async (
  sources: ReportSources,
  models: readonly ReportedModel[],
  shown: string | undefined,
  most: number,
  random: Random,
): Promise<{ models: ReportedModel[]; drawn: DrawnPeople | null }> => {
  const { receipts, frame, layout } = sources
  const { rows, persons } = drawRows(frame.personId, most, random)
  const columnOf = new Map(layout.factors.map(({ name, column }) => [name, column]))
  const names = new Set<string>()
  const made: ReportedModel[] = []
  for (const model of models) {
    const { name, importance } = model
    if (!importance || receipts === undefined || (name !== shown && rows.length === 0)) {
      made.push(model)
      continue
    }
    const factors = importance.factors
      .filter((f) => f.meanAbsolutePoints > 0)
      .slice(0, SWARMS)
      .map(({ factor }) => ({ factor, column: columnOf.get(factor)! }))
    const points = await pointsOf(
      sources,
      receipts,
      name,
      factors.map(({ column }) => column),
    )
    const swarm = rows.length
      ? factors.map(({ factor, column }) => ({ factor, points: rows.map((i) => points[column]![i]!) }))
      : []
    for (const { factor } of swarm) names.add(factor)
    const dependence =
      name === shown
        ? factors.slice(0, DEPENDENCES).map(({ factor, column }) => dependenceOf(sources, factor, points[column]!))
        : []
    made.push({ ...model, importance: { ...importance, swarm, dependence } })
  }
  const factors = sources.factors.filter((f) => names.has(f.name)).map((f) => drawnFactor(sources, f.name, rows))
  const drawn = factors.length ? { persons: rows.length, ofPersons: persons, ofRows: frame.rows, factors } : null
  return { models: made, drawn }
}
