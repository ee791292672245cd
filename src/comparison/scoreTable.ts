/** Rows by score, in bands, tenths or bins: who is where, and what became of them. */
import { ShareTally } from '../metrics/personShare.ts'
import { BANDS, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'
import type { ScoreBin, ScoreTableRow } from './curves.ts'

/** Rows that a model did not see, with what it says of them. */
export interface ScoredRows {
  /** person of each row, as text or number: rows of one person hang together, and rates are no surer than their persons */
  personId: ArrayLike<string | number>
  /** 1 = bad */
  target: Uint8Array
  /** calibrated, of bad, 0..1 */
  probability: Float64Array
  /** whole scores, SCORE_MIN..SCORE_MAX */
  score: Int32Array
}

/** A line before it is filled. */
interface Line {
  label: string
  from: number | null
  to: number | null
}

const TENTHS = 10
/** Points of a bin of the score distribution. */
const BIN_WIDTH = 20

const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

/** The table of given lines, worst first. @param lineOf the line of a row */
const fill = (held: ScoredRows, lines: readonly Line[], lineOf: (row: number) => number): ScoreTableRow[] => {
  const sums = lines.map(() => ({ tally: new ShareTally(), predicted: 0 }))
  let bads = 0
  for (let i = 0; i < held.target.length; i++) {
    const sum = sums[lineOf(i)]!
    sum.tally.add(held.personId[i]!, held.target[i]!)
    sum.predicted += held.probability[i]!
    bads += held.target[i]!
  }
  const rows = held.target.length
  const cumulative = { rows: 0, bads: 0 }
  return lines.map((line, k): ScoreTableRow => {
    const { tally, predicted } = sums[k]!
    const own = { rows: tally.rows, bads: tally.hits }
    cumulative.rows += own.rows
    cumulative.bads += own.bads
    const good = share(cumulative.rows - cumulative.bads, rows - bads)
    const bad = share(cumulative.bads, bads)
    return {
      ...line,
      ...own,
      badRate: tally.share(),
      predicted: share(predicted, own.rows),
      odds: share(own.rows - own.bads, own.bads),
      cumulativeRows: cumulative.rows,
      cumulativeShare: rows > 0 ? cumulative.rows / rows : 0,
      cumulativeGoodShare: good,
      cumulativeBadShare: bad,
      ks: good === null || bad === null ? null : Math.abs(bad - good),
    }
  })
}

/** By the bands of the score, poor first. */
export const bandTable = (held: ScoredRows): ScoreTableRow[] =>
  fill(
    held,
    BANDS.map(({ name, from, to }) => ({ label: name, from, to })),
    (i) => BANDS.findIndex(({ to }) => held.score[i]! <= to),
  )

/**
 * By tenths of the rows, lowest scores first. Rows of equal score stay together: all go where the middle one of them is, so tenths
 * are of about equal size, and one may be empty where a score is very frequent.
 */
export const decileTable = (held: ScoredRows): ScoreTableRow[] => {
  const counts = new Int32Array(SCORE_MAX + 1)
  for (const score of held.score) counts[score]!++
  const tenthOf = new Int8Array(SCORE_MAX + 1)
  const lines = Array.from({ length: TENTHS }, (_, k): Line => ({ label: String(k + 1), from: null, to: null }))
  let below = 0
  for (let score = SCORE_MIN; score <= SCORE_MAX; score++) {
    const count = counts[score]!
    if (count === 0) continue
    // (below + below + count) / 2 is the middle of the ranks below .. below + count.
    const tenth = Math.floor((TENTHS * (2 * below + count)) / (2 * held.score.length))
    tenthOf[score] = tenth
    lines[tenth]!.from ??= score
    lines[tenth]!.to = score
    below += count
  }
  return fill(held, lines, (i) => tenthOf[held.score[i]!]!)
}

/** All rows as one line. */
export const totalRow = (held: ScoredRows): ScoreTableRow => {
  let from: number | null = null
  let to: number | null = null
  for (const score of held.score) {
    from = Math.min(from ?? score, score)
    to = Math.max(to ?? score, score)
  }
  return fill(held, [{ label: 'all', from, to }], () => 0)[0]!
}

/** Goods and bads in bins of 20 points from 350 to 950; the last bin has the highest score as well. */
export const scoreBins = (held: ScoredRows): ScoreBin[] => {
  const bins = Array.from({ length: (SCORE_MAX - SCORE_MIN) / BIN_WIDTH }, (_, k): ScoreBin => {
    const from = SCORE_MIN + k * BIN_WIDTH
    const to = from + BIN_WIDTH - 1
    return { from, to: to === SCORE_MAX - 1 ? SCORE_MAX : to, goods: 0, bads: 0 }
  })
  for (let i = 0; i < held.score.length; i++) {
    const bin = bins[Math.min(bins.length - 1, Math.floor((held.score[i]! - SCORE_MIN) / BIN_WIDTH))]!
    if (held.target[i]) bin.bads++
    else bin.goods++
  }
  return bins
}
