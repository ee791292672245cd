/** A model's attributions beside the closed form, player by player, row by row, and as an order of factors. */
import { bootstrapReplicates, type Replicates } from '../../metrics/bootstrap.ts'
import { correlation, rankCorrelation } from '../../metrics/correlation.ts'
import type { Random } from '../../util/random.ts'
import { boundsOf } from './boundsOf.ts'
import type { AttributionRecovery, ImportanceAgreement, PlayerAgreement } from './findings.ts'

/** Points of the same rows: players x rows, player-major. */
export interface PointTable {
  players: number
  rows: number
  points: Float64Array
}

/** Who is drawn for the intervals. */
export interface DrawnRows {
  personId: readonly string[]
  target: Uint8Array
  replicates: number
  random: Random
}

const player = ({ points, rows }: PointTable, j: number): Float64Array => points.subarray(j * rows, (j + 1) * rows)

const weightedMean = (values: ArrayLike<number>, weights: Float64Array | undefined): number => {
  let [sum, n] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const w = weights ? weights[i]! : 1
    sum += w * values[i]!
    n += w
  }
  return sum / n
}

const absolutes = (table: PointTable): Float64Array[] =>
  Array.from({ length: table.players }, (_, j) => player(table, j).map(Math.abs))

const differences = (a: PointTable, b: PointTable): Float64Array[] =>
  Array.from({ length: a.players }, (_, j) => {
    const [x, y] = [player(a, j), player(b, j)]
    return x.map((value, i) => Math.abs(value - y[i]!))
  })

/** Sums over players, a row each. */
const overPlayers = (columns: readonly Float64Array[], rows: number): Float64Array => {
  const sums = new Float64Array(rows)
  for (const column of columns) for (let i = 0; i < rows; i++) sums[i]! += column[i]!
  return sums
}

const byPlayer = (truth: PointTable, model: PointTable, drawn: readonly Replicates[]): PlayerAgreement[] => {
  const [t, m, d] = [absolutes(truth), absolutes(model), differences(truth, model)]
  return t.map((values, j) => ({
    truth: weightedMean(values, undefined),
    model: weightedMean(m[j]!, undefined),
    gap: weightedMean(d[j]!, undefined),
    correlation: boundsOf(drawn[j]!),
  }))
}

const correlations = (truth: PointTable, model: PointTable, weights: Float64Array | undefined): number[] =>
  Array.from({ length: truth.players }, (_, j) => correlation(player(truth, j), player(model, j), weights))

/** The player that takes most points away; -1 where none takes any. */
const firstReason = ({ points, rows, players }: PointTable, i: number): number => {
  let [best, least] = [-1, 0]
  for (let j = 0; j < players; j++) {
    const value = points[j * rows + i]!
    if (value < least) [best, least] = [j, value]
  }
  return best
}

/** Of each row: how its points agree over the players; NaN where they are all alike. */
const withinRows = (truth: PointTable, model: PointTable): Float64Array =>
  Float64Array.from({ length: truth.rows }, (_, i) => {
    const row = (table: PointTable) =>
      Float64Array.from({ length: table.players }, (_v, j) => table.points[j * table.rows + i]!)
    return correlation(row(truth), row(model))
  })

const meanOfDefined = (values: Float64Array, weights: Float64Array | undefined): number => {
  let [sum, n] = [0, 0]
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return
    const w = weights ? weights[i]! : 1
    sum += w * value
    n += w
  })
  return sum / n
}

/** @param truth points of the closed form; @param model of the model, for the same rows and players */
export const attributionAgreement = (
  truth: { factors: PointTable; dimensions: PointTable },
  model: { factors: PointTable; dimensions: PointTable },
  { personId: groups, ...drawing }: DrawnRows,
): Omit<AttributionRecovery, 'model' | 'semantics' | 'backgroundId' | 'link' | 'importances'> => {
  const { rows } = truth.factors
  const sums = (t: PointTable, m: PointTable) => ({
    gap: overPlayers(differences(t, m), rows),
    size: overPlayers(absolutes(t), rows),
  })
  const factors = sums(truth.factors, model.factors)
  const dimensions = sums(truth.dimensions, model.dimensions)
  const within = withinRows(truth.factors, model.factors)
  const same = Float64Array.from({ length: rows }, (_, i) =>
    firstReason(truth.factors, i) === firstReason(model.factors, i) ? 1 : 0,
  )
  const figures = (w?: Float64Array): number[] => [
    weightedMean(factors.gap, w) / weightedMean(factors.size, w),
    weightedMean(dimensions.gap, w) / weightedMean(dimensions.size, w),
    meanOfDefined(within, w),
    weightedMean(same, w),
    ...correlations(truth.factors, model.factors, w),
    ...correlations(truth.dimensions, model.dimensions, w),
  ]
  const [misplaced, misplacedOfDimensions, inRows, first, ...rest] = bootstrapReplicates(figures, {
    groups,
    ...drawing,
  })
  const { players } = truth.factors
  return {
    factors: byPlayer(truth.factors, model.factors, rest.slice(0, players)),
    dimensions: byPlayer(truth.dimensions, model.dimensions, rest.slice(players)),
    misplaced: boundsOf(misplaced!),
    misplacedOfDimensions: boundsOf(misplacedOfDimensions!),
    withinRows: boundsOf(inRows!),
    sameFirstReason: boundsOf(first!),
  }
}

/** An importance of factors: numbers that are there, or mean absolute points, which other rows would change. */
export interface Importance extends Pick<ImportanceAgreement, 'kind' | 'text'> {
  values: Float64Array | PointTable
}

/**
 * How orders of factors agree with that of the closed form. Intervals are over the rows that the points are of; a number that is there
 * stands still in them.
 * @param spoken positions of the factors that matter to the function; the others are silent
 */
export const importanceAgreement = (
  truth: PointTable,
  importances: readonly Importance[],
  spoken: readonly number[],
  { personId: groups, ...drawing }: DrawnRows,
): ImportanceAgreement[] => {
  const means = (table: PointTable): ((w?: Float64Array) => Float64Array) => {
    const columns = absolutes(table)
    return (w) => Float64Array.from(columns, (column) => weightedMean(column, w))
  }
  const isSpoken = new Set(spoken)
  const trueMeans = means(truth)
  const sizes = importances.map(({ values }) => ('points' in values ? means(values) : () => values))
  const among = (values: Float64Array) => spoken.map((j) => values[j]!)
  const figures = (w?: Float64Array): number[] => {
    const size = trueMeans(w)
    return sizes.flatMap((of) => {
      const values = of(w)
      const share = values.map((v) => Math.max(0, v))
      const all = share.reduce((a, b) => a + b, 0)
      const silent = share.reduce((sum, v, j) => (isSpoken.has(j) ? sum : sum + v), 0)
      return [rankCorrelation(size, values), rankCorrelation(among(size), among(values)), silent / all]
    })
  }
  const drawn = bootstrapReplicates(figures, { groups, ...drawing })
  return importances.map(({ kind, text }, k) => ({
    kind,
    text,
    rankCorrelation: boundsOf(drawn[3 * k]!),
    rankCorrelationOfSpoken: boundsOf(drawn[3 * k + 1]!),
    imagined: boundsOf(drawn[3 * k + 2]!),
    values: Array.from(sizes[k]!(), (v) => v),
  }))
}
