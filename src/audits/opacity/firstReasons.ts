import { reasonFactors } from '../../attributions/reasonFactors.ts'
import { type PrincipalReason, principalReasons, type ReasonFactor } from '../../attributions/reasons.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'

/** Points of one row, one number a factor. */
export const pointsOfRow = ({ players, rows, points }: PointTable, row: number): Float64Array =>
  Float64Array.from({ length: players }, (_, p) => points[p * rows + row]!)

/** The factors of a row as `principalReasons` takes them. */
export const factorsOfRow = (
  table: PointTable,
  frame: FactorFrame,
  used: readonly boolean[],
  row: number,
): ReasonFactor[] =>
  reasonFactors({
    factors: frame.factors,
    points: pointsOfRow(table, row),
    frame,
    row,
    used,
    references: frame.factors.map(() => null),
  })

/** The first principal reason of every row; null where nothing took points. */
export const firstReasons = (
  table: PointTable,
  frame: FactorFrame,
  used: readonly boolean[],
): (PrincipalReason | null)[] =>
  Array.from(
    { length: frame.rows },
    (_, row) => principalReasons(factorsOfRow(table, frame, used, row), 1).reasons[0] ?? null,
  )
