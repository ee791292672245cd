/**
 * Whether a combination of columns tells the classes apart (Albert & Anderson 1984, doi:10.1093/biomet/71.1.1), decided by proof either
 * way and whatever the penalty:
 *
 * - *Separated*: a direction in which no row with weight has a negative signed margin, and some a positive one. It is looked for among
 *   the Newton steps of the likelihood without penalty, which then run to infinity along it, and is checked on all rows.
 * - *Not separated*: weights lambda_i > 0 with sum lambda_i s_i x_i = 0 (s_i = 1 for bad rows, -1 for good ones) leave no such direction
 *   (Stiemke). At any beta the residuals r_i do so but for the gradient g; the Newton step u corrects them by p_i (1 - p_i) x_i'u, which
 *   is less than |r_i| wherever |x_i'u| < 1. So a Newton step that moves no margin by as much as 1 proves overlap.
 *
 * Both are checked in double precision, with a little room for rounding. Where neither comes about the answer is `unknown`.
 */
import { choleskyLeavingOut, choleskySolve } from '../numbers/cholesky.ts'
import type { LogisticData } from './logisticData.ts'
import { unscaled } from './scaling.ts'
import type { Answer, Asking, Sums } from './sums.ts'

export interface Separation {
  /**
   * complete: a combination of columns orders all bad rows above all good ones; quasi: but for ties; unknown: not enough
   * evidence for either, or not asked for
   */
  kind: 'none' | 'quasi' | 'complete' | 'unknown'
  /** columns that separate alone */
  columns: number[]
  /** a combination that separates, intercept first; absent unless there is one */
  direction?: Float64Array
}

/** Newton steps of the likelihood; each adds about 1 to margins that separate. */
const STEPS = 40
/** A proof of overlap may not hang on rounding. */
const OVERLAP = 0.9
/** Margins within this share of the greatest are on the border. */
const BORDER = 1e-8
const PIVOT = 1e-13
/** What a column left out may miss of its equation, relative to the curvature. */
const CLOSED = 1e-7

/** @param start in working coordinates, and the exact sums there with information */
export function* findSeparation(data: Sums, start: Float64Array, sums: Answer): Asking<Separation> {
  const { n } = data
  let beta = start
  let here = sums
  for (let steps = 0; steps < STEPS; steps++) {
    const l = here.information.slice()
    const out = choleskyLeavingOut(l, n, PIVOT)
    const u = choleskySolve(l, n, here.gradient.slice())
    if (u.some((value) => !Number.isFinite(value))) break
    const moves: Answer = yield { kind: 'reach', beta: u }
    if (Math.max(moves.greatest, -moves.least) < OVERLAP && closes(here, u, out, n))
      return { kind: 'none', columns: [] }
    const found = separates(moves, u) ?? separates(yield { kind: 'reach', beta }, beta)
    if (found) return { kind: found.kind, columns: [], direction: unscaled(found.direction, data.scaling) }
    let next: Answer | undefined
    let size = 1
    for (; size > 1e-6; size /= 2) {
      const candidate = beta.map((b, j) => b + size * u[j]!)
      const there: Answer = yield { kind: 'sums', beta: candidate, information: 'all', of: 'all' }
      if (there.logLikelihood >= here.logLikelihood) {
        next = there
        beta = candidate
        break
      }
    }
    if (!next) break
    here = next
  }
  return { kind: 'unknown', columns: [] }
}

const separates = (
  { least, greatest }: Answer,
  direction: Float64Array,
): { kind: 'quasi' | 'complete'; direction: Float64Array } | undefined => {
  if (!(greatest > 0) || least < -BORDER * greatest) return undefined
  return { kind: least > BORDER * greatest ? 'complete' : 'quasi', direction }
}

/** Whether the equations of the columns left out hold too: they do when those columns are combinations of others. */
const closes = ({ gradient, information }: Answer, u: Float64Array, out: number[], n: number): boolean =>
  out.every((j) => {
    let sum = gradient[j]!
    for (let k = 0; k < n; k++) sum -= u[k]! * (k <= j ? information[j * n + k]! : information[k * n + j]!)
    return Math.abs(sum) <= CLOSED * Math.sqrt(Math.max(information[0]!, information[j * n + j]!) * information[0]!)
  })

interface Range {
  low: number
  high: number
}

/** Columns on which the ranges of good and bad rows at most touch: any of them alone drives a coefficient to infinity. */
export const separatingColumns = (data: LogisticData, weights = data.weights): number[] => {
  const found: number[] = []
  for (let j = 0; j < data.columns; j++) {
    const good: Range = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY }
    const bad: Range = { ...good }
    for (let i = 0; i < data.rows; i++) {
      if (weights?.[i] === 0) continue
      const x = data.values[j * data.rows + i]!
      const range = data.target[i] ? bad : good
      if (x < range.low) range.low = x
      if (x > range.high) range.high = x
    }
    const varies = Math.min(good.low, bad.low) < Math.max(good.high, bad.high)
    if (varies && (good.high <= bad.low || bad.high <= good.low)) found.push(j)
  }
  return found
}
