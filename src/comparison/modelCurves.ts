import { calibrationCurve } from '../metrics/calibrationCurve.ts'
import { ksCurve } from '../metrics/ksCurve.ts'
import { rocCurve } from '../metrics/rocCurve.ts'
import { approvalAt, approvalCurve } from './approval.ts'
import type { ModelCurves } from './curves.ts'
import { bandTable, decileTable, type ScoredRows, scoreBins, totalRow } from './scoreTable.ts'

/** Points of a drawn ROC, at most. */
const ROC_POINTS = 200
/** Bins of the calibration, at most. */
const TENTHS = 10

/**
 * Everything that a report draws or lists of one model, on rows that it did not see. The ROC is that of the margins, like the AUC
 * beside it; all else goes by whole scores and calibrated probabilities.
 *
 * @param held rows with their person, outcome (1 = bad), margin, calibrated probability of bad, and whole score (350..950)
 * @param options `cutoff`: who has at least this score is approved
 */
export const modelCurves = (
  held: ScoredRows & { margin: Float64Array },
  { cutoff }: { cutoff: number },
): ModelCurves => ({
  roc: rocCurve(held.margin, held.target, ROC_POINTS),
  ksCurve: ksCurve(held.score, held.target),
  calibration: calibrationCurve(held.probability, held.target, TENTHS, held.personId),
  scores: scoreBins(held),
  bands: bandTable(held),
  deciles: decileTable(held),
  total: totalRow(held),
  approval: approvalCurve(held),
  atCutoff: approvalAt(held, cutoff),
})
