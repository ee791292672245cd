/** The closed form for rows of a run, in score points: what the attributions of a model would be if it had found the function. */
import { BackgroundSums, declaredShapley } from '../../attributions/declaredShapley.ts'
import type { Engine } from '../../engines/engine.ts'
import { identifier, literal } from '../../engines/sql.ts'
import { type FactorFrame, takeRows } from '../../matrix/frame.ts'
import type { Truth } from '../../population/readTruth.ts'
import { declaredLogOdds, declaredParts, silentFactors } from '../../schema/declaredFunction.ts'
import { DECLARED_FUNCTION } from '../../schema/declaredTerms.ts'
import { DEFAULT_SCALE, scaleFactor } from '../../scores/scale.ts'
import { dataError } from '../../util/errors.ts'
import type { PointTable } from './attributionAgreement.ts'

/** The closed form of some rows. */
export interface ClosedForm {
  /** in the order of the factors of the frame */
  factors: PointTable
  dimensions: PointTable
  background: string
  /** positions of factors that matter to the function */
  spoken: number[]
}

/** Higher points are safer: the function is log-odds of bad. */
const toPoints = (phi: Float64Array, players: number, rows: number): PointTable => {
  const factor = scaleFactor(DEFAULT_SCALE)
  // + 0 turns -0 into 0
  return { players, rows, points: phi.map((v) => -factor * v + 0) }
}

/** Columns of the sealed file for the rows of a frame, in their order. */
const sealed = async (
  engine: Engine,
  { file }: Truth,
  frame: FactorFrame,
  names: readonly string[],
): Promise<Record<string, Float64Array>> => {
  const rows = Int32Array.from({ length: frame.rows }, (_, i) => i)
  await engine.createTable('recovery_rows', {
    k: { type: 'INTEGER', values: rows },
    person_id: { type: 'VARCHAR', values: frame.personId },
    day: { type: 'VARCHAR', values: frame.observationDate },
  })
  try {
    const { numbers } = await engine.columns(
      `SELECT ${names.map((name) => `t.${identifier(name)}`).join(', ')} FROM recovery_rows AS r
LEFT JOIN read_parquet(${literal(file)}) AS t ON t.person_id = r.person_id AND t.observation_date = r.day::DATE ORDER BY r.k`,
      names,
    )
    return numbers
  } finally {
    await engine.run('DROP TABLE recovery_rows')
  }
}

const join = (columns: readonly Float64Array[], rows: number): Float64Array => {
  const out = new Float64Array(columns.length * rows)
  columns.forEach((column, j) => {
    out.set(column, j * rows)
  })
  return out
}

/**
 * The closed form of rows of a frame, against its training rows. Where factors are coded in bands, what the function was asked is gone:
 * then what was sealed is taken, whose background is that of the simulation.
 * @param dimensions in the order that is wanted
 * @param background rows that stand for "nothing known": those that the models were trained on
 * @throws GlasscoreError('data') when the factors are not those that the outcomes were drawn from
 */
export const closedForm = async (
  engine: Engine,
  truth: Truth,
  frame: FactorFrame,
  dimensions: readonly string[],
  background: FactorFrame,
): Promise<ClosedForm> => {
  const fn = DECLARED_FUNCTION
  const names = frame.factors.map((f) => f.name)
  const silent = new Set(silentFactors(fn, names))
  const spoken = [...names.keys()].filter((j) => !silent.has(names[j]!))
  const table = (phi: Float64Array, players: number) => toPoints(phi, players, frame.rows)
  const columns = await sealed(engine, truth, frame, ['log_odds', ...names, ...dimensions])
  const of = (wanted: readonly string[]) =>
    join(
      wanted.map((name) => columns[name]!),
      frame.rows,
    )
  if (frame.factors.some((f) => f.bands)) {
    const text = (truth.head.details['background'] as { text?: unknown } | undefined)?.text
    return {
      factors: table(of(names), names.length),
      dimensions: table(of(dimensions), dimensions.length),
      background: `${typeof text === 'string' ? text : 'that of the simulation'}; the factors are coded in bands, so what was sealed is taken`,
      spoken,
    }
  }
  const parts = declaredParts(fn, frame)
  const logOdds = declaredLogOdds(fn, parts, frame.rows)
  const differs = logOdds.findIndex((value, i) => !(Math.abs(value - columns['log_odds']![i]!) < 1e-9))
  if (differs >= 0)
    throw dataError('the outcomes were drawn from other factors than those of the run', {
      file: truth.file,
      row: `${frame.personId[differs]} on ${frame.observationDate[differs]}`,
      expected: `log-odds of ${logOdds[differs]}, by the factors of the run`,
      got: columns['log_odds']![differs]!,
      hint: 'run the pipeline again into this folder',
    })
  const sums = new BackgroundSums(fn)
  sums.add(
    declaredParts(fn, background),
    Int32Array.from({ length: background.rows }, (_, i) => i),
  )
  const means = sums.means()
  const factorAt = new Map(names.map((name, j) => [name, j]))
  const dimensionAt = new Map(frame.factors.map((f) => [f.name, dimensions.indexOf(f.dimension)]))
  const phi = (at: ReadonlyMap<string, number>, players: number) =>
    declaredShapley(fn, parts, frame.rows, means, (factor) => at.get(factor)!, players)
  return {
    factors: table(phi(factorAt, names.length), names.length),
    dimensions: table(phi(dimensionAt, dimensions.length), dimensions.length),
    background: `the ${means.rows} training rows`,
    spoken,
  }
}

/** Rows of a frame by their keys. @throws when one is not there */
export const rowsByKey = (
  frame: FactorFrame,
  keys: readonly { personId: string; observationDate: string }[],
): FactorFrame => {
  const at = new Map(frame.personId.map((id, i) => [`${id}\0${frame.observationDate[i]}`, i]))
  return takeRows(
    frame,
    keys.map(({ personId, observationDate }) => {
      const row = at.get(`${personId}\0${observationDate}`)
      if (row === undefined)
        throw dataError('a row of the run has no factors', { row: `${personId} on ${observationDate}` })
      return row
    }),
  )
}
