/** What a report draws of one model on rows that it did not see. All of it is plain JSON; numbers that are not defined are null. */
import type { CalibrationBin } from '../metrics/calibrationCurve.ts'
import type { KsPoint } from '../metrics/ksCurve.ts'
import type { RocPoint } from '../metrics/rocCurve.ts'

export type { CalibrationBin, KsPoint, RocPoint }

/** Rows by score: [from, to], whole scores, both ends included. */
export interface ScoreBin {
  from: number
  to: number
  goods: number
  bads: number
}

/** One line of a band or decile table, worst scores first; cumulative columns count from the worst score up to this line. */
export interface ScoreTableRow {
  /** name of the band, or "1" for the worst tenth */
  label: string
  /** lowest and highest score in the line: the limits of a band, the scores that occur in a tenth; null for an empty one */
  from: number | null
  to: number | null
  rows: number
  bads: number
  /** with its Wilson interval, by persons where they have several rows; null for an empty line */
  badRate: { value: number; low: number; high: number } | null
  /** mean predicted probability of bad */
  predicted: number | null
  /** good : bad; null where there is no bad */
  odds: number | null
  cumulativeRows: number
  /** of all rows, of all goods, of all bads; null where there are no goods or bads at all */
  cumulativeShare: number
  cumulativeGoodShare: number | null
  cumulativeBadShare: number | null
  /** |cumulativeBadShare - cumulativeGoodShare| */
  ks: number | null
}

/** What a cutoff would do on the measured rows: who has at least this score is approved. */
export interface ApprovalPoint {
  cutoff: number
  approved: number
  approvalRate: number
  approvedBads: number
  /** of the approved, with its interval as above; null when nobody is approved */
  badRate: { value: number; low: number; high: number } | null
  /** share of all bads that is refused, and of all goods; null where there are none at all */
  refusedBadShare: number | null
  refusedGoodShare: number | null
}

/** Everything that is drawn or listed of one model. */
export interface ModelCurves {
  /** at most some 200 points, the corners that matter among them, from (0, 0) to (1, 1) */
  roc: RocPoint[]
  ksCurve: KsPoint[]
  calibration: CalibrationBin[]
  /** bins of 20 points from 350 to 950 */
  scores: ScoreBin[]
  bands: ScoreTableRow[]
  deciles: ScoreTableRow[]
  /** all rows, as the last line of both tables */
  total: ScoreTableRow
  /** every ten points from 350 to 950 */
  approval: ApprovalPoint[]
  /** at the cutoff of the report */
  atCutoff: ApprovalPoint
}
