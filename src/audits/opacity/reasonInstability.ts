/** Whether a person's reasons would have been others if other people had been trained on. */
import { reasonStability } from '../../attributions/reasonStability.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import type { Bounds } from '../fairness/intervals.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { factorsOfRow, firstReasons, pointsOfRow } from './firstReasons.ts'
import { meanOf, overPersons, type Persons } from './overPersons.ts'
import type { Retraining } from './retrainings.ts'

/** How steady reasons are when the model is trained again. */
export interface ReasonInstability {
  /** trainings compared with the model */
  retrainings: number
  /** rows with at least one reason */
  rows: number
  /** 1 - share of trainings in which a principal reason of a person stays one: mean over reasons, then over people */
  lost: Bounds
  /** share of trainings in which the first reason is another */
  firstOther: Bounds
  /** share of people whose first reason is the same in the model and in every training */
  firstAlways: Bounds
}

/**
 * How often principal reasons stay when the model is trained again.
 * @param base points of the audited model, and which factors it reads
 * @param frame the rows, in the order of the points
 * @returns the figures, and 1 - share kept of every row; NaN where a person has no reason
 */
export const reasonInstability = (
  base: { points: PointTable; used: readonly boolean[] },
  draws: readonly Retraining[],
  frame: FactorFrame,
  persons: Persons,
): { figures: ReasonInstability; byRow: Float64Array } => {
  const lost = new Float64Array(frame.rows).fill(Number.NaN)
  const other = new Float64Array(frame.rows).fill(Number.NaN)
  const always = new Float64Array(frame.rows).fill(Number.NaN)
  const first = firstReasons(base.points, frame, base.used)
  const firsts = draws.map(({ points, used }) => firstReasons(points, frame, used))
  for (let i = 0; i < frame.rows; i++) {
    const own = first[i]
    if (!own) continue
    const { reasons } = reasonStability(
      factorsOfRow(base.points, frame, base.used, i),
      draws.map(({ points, used }) => ({ points: pointsOfRow(points, i), scored: used })),
    )
    lost[i] = 1 - reasons.reduce((sum, { share }) => sum + share.value, 0) / reasons.length
    const changed = firsts.reduce((n, all) => n + (all[i]?.group === own.group ? 0 : 1), 0)
    other[i] = changed / draws.length
    always[i] = changed === 0 ? 1 : 0
  }
  const [a, b, c] = overPersons((w) => [meanOf(lost, w), meanOf(other, w), meanOf(always, w)], persons)
  return {
    figures: {
      retrainings: draws.length,
      rows: lost.reduce((n, v) => n + (Number.isNaN(v) ? 0 : 1), 0),
      lost: a!,
      firstOther: b!,
      firstAlways: c!,
    },
    byRow: lost,
  }
}
