/** How often reasons of many people stay reasons over draws: `reasonStability` for many rows, one draw after the other. */
import type { Interval } from '../metrics/bootstrap.ts'
import { studentQuantile } from '../metrics/studentQuantile.ts'
import { wilson } from '../metrics/wilson.ts'
import { usageError } from '../util/errors.ts'
import type { ReasonsOfRows } from './principalGroups.ts'
import type { ReasonShare } from './reasonStability.ts'

/** Shares of a reason, or of a group that took its place. */
export type KeptShare = Omit<ReasonShare, 'group'>

/** The mean over all reasons of all rows of the share of draws in which they stay. */
export interface MeanKept {
  draws: number
  /** reasons that the mean is over, of all rows */
  reasons: number
  /** with the interval of the mean of the draws by Student's t; NaN ends for fewer than two draws */
  share: Interval
  /** mean share of the first, second, ... reasons, null where nobody has so many, with how many reasons it is over */
  byRank: { reasons: number; share: number | null }[]
}

/** Counts of draws in which reasons stay. */
export class KeptReasons {
  readonly #first: Pick<ReasonsOfRows, 'rows' | 'most' | 'group'>
  readonly #kept: Int32Array
  readonly #others: Map<number, number>[] | undefined
  readonly #shares: number[] = []
  readonly #reasons: number

  /**
   * @param first the reasons in question
   * @param options `others`: groups that come in their place are counted, too, for few rows
   */
  constructor(first: Pick<ReasonsOfRows, 'rows' | 'most' | 'group'>, options: { others?: boolean } = {}) {
    this.#first = first
    this.#kept = new Int32Array(first.group.length)
    this.#reasons = first.group.reduce((n, g) => n + (g >= 0 ? 1 : 0), 0)
    if (options.others) this.#others = Array.from({ length: first.rows }, () => new Map())
  }

  /** draws so far */
  get draws(): number {
    return this.#shares.length
  }

  /**
   * A draw: reasons of the same rows.
   * @throws GlasscoreError('usage') for another number of rows or reasons
   */
  add({ rows, most, group }: Pick<ReasonsOfRows, 'rows' | 'most' | 'group'>): void {
    const first = this.#first
    if (rows !== first.rows || most !== first.most)
      throw usageError('a draw has other rows', {
        option: 'draw',
        expected: `${first.rows} rows of ${first.most} reasons`,
        got: `${rows} of ${most}`,
      })
    let kept = 0
    for (let i = 0; i < rows; i++) {
      const from = i * most
      for (let k = from; k < from + most; k++) {
        const drawn = group[k]!
        if (drawn < 0) break
        let at = from
        while (at < from + most && first.group[at] !== drawn) at++
        if (at < from + most) {
          this.#kept[at]!++
          kept++
        } else if (this.#others) {
          const counts = this.#others[i]!
          counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
        }
      }
    }
    this.#shares.push(this.#reasons > 0 ? kept / this.#reasons : Number.NaN)
  }

  /** Of a reason of a row, by its rank from 0; undefined where there is no such reason or no draw. */
  of(row: number, rank: number): KeptShare | undefined {
    const at = row * this.#first.most + rank
    if (this.draws === 0 || !(this.#first.group[at]! >= 0)) return undefined
    const kept = this.#kept[at]!
    return { kept, share: wilson(kept, this.draws) }
  }

  /** Groups that are no reason of the row and become one in some draw, most frequent first, then in the order of the groups. */
  othersOf(row: number): (KeptShare & { group: number })[] {
    return [...(this.#others?.[row] ?? [])]
      .sort(([a, m], [b, n]) => n - m || a - b)
      .map(([group, kept]) => ({ group, kept, share: wilson(kept, this.draws) }))
  }

  /** Over all reasons of all rows; undefined without draws or reasons. */
  mean(): MeanKept | undefined {
    const { most } = this.#first
    const shares = this.#shares
    const { draws } = this
    if (draws === 0 || this.#reasons === 0) return undefined
    const value = shares.reduce((a, b) => a + b, 0) / draws
    const variance = shares.reduce((sum, s) => sum + (s - value) ** 2, 0) / Math.max(1, draws - 1)
    const half = draws > 1 ? studentQuantile(0.975, draws - 1) * Math.sqrt(variance / draws) : Number.NaN
    const byRank = Array.from({ length: most }, (_, rank) => {
      let reasons = 0
      let kept = 0
      for (let at = rank; at < this.#kept.length; at += most)
        if (this.#first.group[at]! >= 0) {
          reasons++
          kept += this.#kept[at]!
        }
      return { reasons, share: reasons > 0 ? kept / reasons / draws : null }
    })
    return {
      draws,
      reasons: this.#reasons,
      share: { value, low: Math.max(0, value - half), high: Math.min(1, value + half) },
      byRank,
    }
  }
}
