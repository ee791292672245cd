import { wilson } from '../../metrics/wilson.ts'
import { type Estimate, personSums, type RowView, ratioOfSums, sum, variance } from './influence.ts'
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
 * A share and its Wilson interval (Wilson 1927, doi:10.1080/01621459.1927.10502953). With several rows a person the number
 * of rows is divided by the design effect, the variance over persons divided by that of as many independent rows (Kish,
 * Survey Sampling, 1965; its use with Wilson's interval: Dean & Pagano 2015, doi:10.1093/jssam/smv024), at least 1. Where all
 * rows agree the design effect cannot be estimated; then persons are counted instead of rows.
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
  const { value } = share
  const effectiveRows =
    hits === 0 || hits === rows ? all.length : Math.min(rows, (value * (1 - value)) / variance(share))
  const persons = {
    all: all.length,
    hits: yes.filter((n) => n > 0).length,
    misses: yes.filter((n, k) => n < all[k]!).length,
  }
  const { low, high } = wilson(value * effectiveRows, effectiveRows)
  return { ...share, rows, hits, persons, effectiveRows, interval: bounds(value, low, high) }
}
