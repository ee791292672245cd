/** What a cutoff would do on rows whose outcome is known. */
import { ShareTally } from '../metrics/personShare.ts'
import { SCORE_MAX, SCORE_MIN } from '../schema/score.ts'
import type { ApprovalPoint } from './curves.ts'

/** Points from one cutoff of the curve to the next. */
const STEP = 10

/** Rows with their scores and outcomes. */
interface Outcomes {
  /** person of each row, as text or number: rows of one person hang together */
  personId: ArrayLike<string | number>
  /** 1 = bad */
  target: Uint8Array
  /** whole scores */
  score: Int32Array
}

/** Who has at least the cutoff is approved. */
export const approvalAt = ({ personId, target, score }: Outcomes, cutoff: number): ApprovalPoint => {
  const all = { rows: score.length, bads: 0 }
  const above = new ShareTally()
  for (let i = 0; i < score.length; i++) {
    all.bads += target[i]!
    if (score[i]! >= cutoff) above.add(personId[i]!, target[i]!)
  }
  const { rows: approved, hits: approvedBads } = above
  const goods = all.rows - all.bads
  return {
    cutoff,
    approved,
    approvalRate: all.rows > 0 ? approved / all.rows : 0,
    approvedBads,
    badRate: above.share(),
    refusedBadShare: all.bads > 0 ? 1 - approvedBads / all.bads : null,
    refusedGoodShare: goods > 0 ? 1 - (approved - approvedBads) / goods : null,
  }
}

/** Approval against the bad rate of the approved, every ten points from 350 to 950. */
export const approvalCurve = (held: Outcomes): ApprovalPoint[] =>
  Array.from({ length: (SCORE_MAX - SCORE_MIN) / STEP + 1 }, (_, k) => approvalAt(held, SCORE_MIN + k * STEP))
