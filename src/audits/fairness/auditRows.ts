import { dataError, usageError } from '../../util/errors.ts'
import { type ScoreSums, scoreSums } from './differenceFromOthers.ts'

/** A protected attribute of every row; null where it is missing. */
export interface ProtectedColumn {
  name: string
  values: readonly (string | null)[]
}

/** What is audited: scores of rows, and what became of them where it is known. */
export interface AuditedRows {
  /** score of each row, finite */
  score: Float64Array
  /** whether a greater score means a safer or a riskier person */
  higherIs: 'safety' | 'risk'
  /** what the AUC ranks by, greater = riskier: a score that is rounded and clamped has ties that its model has not; absent: the score */
  margin?: Float64Array | undefined
  /** of bad, 0..1; absent: calibration is not measured */
  probability?: Float64Array | undefined
  /** 1 = bad, 0 = good, NaN = not known; absent: nothing that needs an outcome is measured */
  target?: Float64Array | undefined
  /** rows of one person are one cluster; absent: every row is a person */
  personId?: readonly string[] | undefined
  groups: readonly ProtectedColumn[]
}

/** The same with rows of a person side by side, and who is selected. */
export interface AuditTable {
  rows: number
  persons: number
  /** number of the person of each row, not falling */
  person: Int32Array
  score: Float64Array
  /** greater = riskier: what ranks */
  risk: Float64Array
  selected: Uint8Array
  probability: Float64Array | null
  /** NaN where the outcome is not known */
  target: Float64Array
  hasOutcome: boolean
  groups: readonly ProtectedColumn[]
  /** of the scores, for comparing groups with everybody else */
  sums: ScoreSums
}

/**
 * Sorts by person (in the order of their first rows) and selects: at or above the cutoff where a greater score is safer, at or
 * below it where it is riskier.
 * @throws GlasscoreError on no rows, a score or probability that is no number, columns of other lengths, no groups
 */
export const auditTable = (audited: AuditedRows, cutoff: number): AuditTable => {
  const { score, margin, probability, target, personId, higherIs } = audited
  const rows = score.length
  if (rows === 0) throw dataError('there are no rows to audit')
  if (!Number.isFinite(cutoff))
    throw usageError('not a cutoff', { option: 'cutoff', expected: 'a number', got: cutoff })
  if (audited.groups.length === 0)
    throw dataError('there are no groups to audit', { expected: 'at least one protected attribute' })
  for (const { name, values } of audited.groups) checkLength(values, rows, name)
  for (const values of [margin, probability, target, personId]) if (values) checkLength(values, rows, 'rows')
  score.forEach((s, row) => {
    if (!Number.isFinite(s)) throw dataError('a row has no score', { row, expected: 'a finite number', got: s })
    const p = probability?.[row] ?? 0
    if (!(p >= 0 && p <= 1)) throw dataError('not a probability', { row, expected: 'a number from 0 to 1', got: p })
  })
  const { order, person, persons } = byPerson(personId, rows)
  const sorted = (values: Float64Array) => Float64Array.from(order, (row) => values[row]!)
  const scores = sorted(score)
  const safer = higherIs === 'safety'
  return {
    rows,
    persons,
    person,
    score: scores,
    risk: margin ? sorted(margin) : safer ? scores.map((s) => -s) : scores,
    selected: Uint8Array.from(scores, (s) => ((safer ? s >= cutoff : s <= cutoff) ? 1 : 0)),
    probability: probability ? sorted(probability) : null,
    target: target ? sorted(target) : new Float64Array(rows).fill(Number.NaN),
    hasOutcome: target?.some((t) => !Number.isNaN(t)) === true,
    groups: audited.groups.map(({ name, values }) => ({ name, values: Array.from(order, (row) => values[row]!) })),
    sums: scoreSums(scores, person, persons),
  }
}

const checkLength = (values: ArrayLike<unknown>, rows: number, column: string): void => {
  if (values.length !== rows) throw dataError('columns of different lengths', { column, expected: `${rows} rows` })
}

const byPerson = (personId: readonly string[] | undefined, rows: number) => {
  const numbers = new Map<string, number>()
  const of = Int32Array.from({ length: rows }, (_, row) => {
    if (!personId) return row
    const id = personId[row]!
    const number = numbers.get(id) ?? numbers.size
    numbers.set(id, number)
    return number
  })
  const persons = personId ? numbers.size : rows
  // A counting sort: rows of a person keep their order.
  const starts = new Int32Array(persons + 1)
  for (const p of of) starts[p + 1]!++
  for (let p = 0; p < persons; p++) starts[p + 1]! += starts[p]!
  const order = new Int32Array(rows)
  of.forEach((p, row) => {
    order[starts[p]!++] = row
  })
  return { order, person: Int32Array.from(order, (row) => of[row]!), persons }
}
