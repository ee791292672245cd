/** Shares of rows that hang together by person: as sure as what its persons tell, not as many rows. */
import type { Interval } from './bootstrap.ts'
import { wilson } from './wilson.ts'

/**
 * Number of independent rows that rows of some persons are worth for a share: rows over the design effect, the variance of the share
 * over persons divided by that of as many independent rows, at least 1 (Kish 1965, Survey Sampling, ch. 5). Where all rows agree, or
 * are of one person, the design effect cannot be estimated: then it is the number of persons. With one row a person it is the
 * number of rows.
 *
 * @param hits rows of each person that have it; @param rows all rows of each person, 1 or more, in the same order
 * @returns 0 without persons
 */
export const effectiveRows = (hits: ArrayLike<number>, rows: ArrayLike<number>): number => {
  const persons = rows.length
  let [allHits, allRows] = [0, 0]
  for (let k = 0; k < persons; k++) {
    allHits += hits[k]!
    allRows += rows[k]!
  }
  if (persons === allRows || persons < 2 || allHits === 0 || allHits === allRows) return persons
  const share = allHits / allRows
  let squares = 0
  for (let k = 0; k < persons; k++) squares += (hits[k]! - share * rows[k]!) ** 2
  // Rows of a person that differ more than chance would give are no gain in rows.
  return Math.min(allRows, (allRows ** 2 * share * (1 - share)) / squares)
}

/**
 * Share of rows with its Wilson interval, the number of rows replaced by the effective one (Dean & Pagano 2015,
 * doi:10.1093/jssam/smv024). With one row a person it is `wilson` of the rows. In simulations with 2 to 5 rows a person it held the
 * truth in 92 to 96 of 100 samples of 100 persons or more; with 10 or 30 persons in 85 to 97 (bench/rate-intervals).
 *
 * @param hits rows of each person that have it; @param rows all rows of each person, 1 or more, in the same order
 * @param level coverage, between 0 and 1
 * @returns NaN for all three without persons
 */
export const personShare = (hits: ArrayLike<number>, rows: ArrayLike<number>, level = 0.95): Interval => {
  let [allHits, allRows] = [0, 0]
  for (let k = 0; k < rows.length; k++) {
    allHits += hits[k]!
    allRows += rows[k]!
  }
  const effective = effectiveRows(hits, rows)
  if (effective === allRows) return wilson(allHits, allRows, level)
  const value = allHits / allRows
  const { low, high } = wilson(value * effective, effective, level)
  // value * effective / effective may be off by a rounding; the ends enclose the share itself.
  return { value, low: Math.min(low, value), high: Math.max(high, value) }
}

/** Counts rows with their persons one by one, for the share of those that have something. */
export class ShareTally {
  rows = 0
  hits = 0
  readonly #place = new Map<string | number, number>()
  readonly #rows: number[] = []
  readonly #hits: number[] = []

  /** @param person as text or number; @param hit 1 if the row has it, else 0 */
  add(person: string | number, hit: number): void {
    let place = this.#place.get(person)
    if (place === undefined) {
      place = this.#rows.length
      this.#place.set(person, place)
      this.#rows.push(0)
      this.#hits.push(0)
    }
    this.rows++
    this.hits += hit
    this.#rows[place]!++
    this.#hits[place]! += hit
  }

  /** The share and its 95 % interval, see `personShare`; null without rows. */
  share(): Interval | null {
    return this.rows > 0 ? personShare(this.#hits, this.#rows) : null
  }
}
