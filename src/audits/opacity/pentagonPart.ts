/** (b) of an audit: what the drawing alone tells. */
import { explain } from '../../attributions/explain.ts'
import { principalReasons } from '../../attributions/reasons.ts'
import { type FactorFrame, sliceRows } from '../../matrix/frame.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import type { LeftOut } from './findings.ts'
import { factorsOfRow } from './firstReasons.ts'
import type { OpacityView } from './opacityView.ts'
import { type PentagonRows, type PentagonTest, pentagonTest } from './pentagonTest.ts'
import { pointsOfDimensions } from './pointsOfDimensions.ts'

/** Drawings that the reader of pentagons learns from, at most. */
const MOST_DRAWINGS = 5000

/** Dimensions of the principal reasons (four at most) of every row, in the order of the reasons. */
const reasonDimensions = (
  table: PointTable,
  frame: FactorFrame,
  used: readonly boolean[],
  dimensions: readonly string[],
): number[][] => {
  const of = new Map(frame.factors.map((f) => [f.name, dimensions.indexOf(f.dimension)]))
  return Array.from({ length: frame.rows }, (_, row) =>
    principalReasons(factorsOfRow(table, frame, used, row)).reasons.map((reason) => of.get(reason.factor)!),
  )
}

/** The test of the pentagon; null with fewer than three dimensions. */
export const pentagonPart = async ({
  input,
  quiet,
  frame,
  persons,
  points,
  table,
  used,
  rawScore,
  trainScore,
}: OpacityView): Promise<{ pentagon: PentagonTest | null; leftOut: LeftOut[] }> => {
  const { scorer, dimensions, train } = input
  if (dimensions.length < 3)
    return {
      pentagon: null,
      leftOut: [{ part: 'pentagon', reason: 'fewer than three dimensions make no polygon' }],
    }
  const drawn = sliceRows(train.frame, 0, Math.min(train.frame.rows, MOST_DRAWINGS))
  const { pool, signal } = quiet
  const own = await explain(scorer, drawn, { pool, ...(signal ? { signal } : {}) })
  const learned: PentagonRows = {
    dimensions: await pointsOfDimensions(scorer, drawn, dimensions, quiet),
    score: trainScore.subarray(0, drawn.rows),
    reasons: reasonDimensions(
      { players: drawn.factors.length, rows: drawn.rows, points: own.points },
      drawn,
      used,
      dimensions,
    ),
  }
  const shown = { dimensions: table, score: rawScore, reasons: reasonDimensions(points, frame, used, dimensions) }
  return { pentagon: pentagonTest(learned, shown, dimensions, persons), leftOut: [] }
}
