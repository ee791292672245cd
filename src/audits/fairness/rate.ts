import { effectiveRows, personShare } from '../../metrics/personShare.ts'
import { type Estimate, personSums, type RowView, ratioOfSums, sum } from './influence.ts'
import { type Bounds, bounds } from './intervals.ts'

/** A share of rows, with what its interval and its comparisons need. */
export interface Rate extends Estimate {
  /** rows that the share is of */
  rows: number
  /** rows that have it */
  hits: number
  /** persons with a row that the share is of, with one that has it, and with one that has it not */
  persons: { all: number; hits: number; misses: number }
  /** independent rows that would be as sure: `rows` when every person has one */
  effectiveRows: number
  interval: Bounds
}

/**
 * A share and its Wilson interval over persons, see `personShare`.
 *
 * @param among the rows that the share is of; @param hit whether a row has it
 */
export const rateOf = (view: RowView, among: (row: number) => boolean, hit: (row: number) => boolean): Rate => {
  const base = { rows: view.rows.filter(among), person: view.person }
  const one = () => 1
  const share = ratioOfSums(base, (row) => (hit(row) ? 1 : 0), one)
  const yes = personSums(base, (row) => (hit(row) ? 1 : 0)).value
  const all = personSums(base, one).value
  const hits = sum(yes)
  const rows = base.rows.length
  const persons = {
    all: all.length,
    hits: yes.filter((n) => n > 0).length,
    misses: yes.filter((n, k) => n < all[k]!).length,
  }
  const { low, high } = personShare(yes, all)
  return {
    ...share,
    rows,
    hits,
    persons,
    effectiveRows: effectiveRows(yes, all),
    interval: bounds(share.value, low, high),
  }
}
