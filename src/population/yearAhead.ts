/**
 * The year of one person from a date on, along one path of stress: episodes of arrears that may begin and end in it, summed exactly.
 * Months of the year are 0 to 11; probabilities move between "no open episode, never 30 days past due", "no open episode, 30 days past due
 * before" and "has turned bad".
 */
import { DEFAULT_OUTCOME } from '../schema/outcome.ts'
import type { Random } from '../util/random.ts'
import { type Clock, PERFORMANCE_MONTHS } from './clock.ts'
import { type Account, SETTLING_DAYS, SPARED } from './credit.ts'
import type { Draws } from './mirroredDraws.ts'
import {
  CURE_DAYS,
  cureFromOdds,
  NEVER,
  ONSET_DAYS,
  onsetProbability,
  REFUSED_AFTER,
  type ShockRates,
  type Strain,
  stayingOdds,
  stepStrain,
} from './months.ts'

/** Months of a year. */
export const YEAR = PERFORMANCE_MONTHS
const {
  badDaysPastDue: BAD,
  indeterminateDaysPastDue: DOUBTFUL,
  performanceWindowDays: WINDOW,
  eligibleWindowDays: ELIGIBLE,
} = DEFAULT_OUTCOME

/** Instalments of an account from the date on, and what of it is in arrears at the date. */
export interface Obligation {
  opened: number
  /** whether it would not have been opened while lenders refuse */
  refusable: boolean
  /** day numbers, ascending, within the window */
  dues: number[]
  /** due day of the oldest instalment that the open episode holds back; NEVER if none */
  oldest: number
  /** whether the open episode spares it; undefined while it has not come to that */
  spared: boolean | undefined
}

/** @param episodeFrom first day of the open episode, -1 without one */
export const obligation = (
  account: Account,
  episodeFrom: number,
  clock: Clock,
  date: number,
  refusable: boolean,
): Obligation => {
  const dues: number[] = []
  for (let j = account.next, due = account.nextDue; due < date + WINDOW; ) {
    dues.push(due)
    if (++j > account.count) break
    due = clock.sameDayLater(account.opened, account.dueDay, j)
  }
  return {
    opened: account.opened,
    refusable,
    dues,
    oldest: account.unpaid > 0 ? account.oldestUnpaid : NEVER,
    spared: account.spareFrom === episodeFrom ? account.spared : undefined,
  }
}

/** Whether an instalment falls due early enough to be eligible by it. */
export const makesEligible = (o: Obligation, date: number): boolean =>
  o.dues[0] !== undefined && o.dues[0] < date + ELIGIBLE

/** What the end of an open episode leads to: probabilities by the month in which it ends, and in the last place of not ending. */
export interface Ends {
  good: Float64Array
  doubtful: Float64Array
  bad: Float64Array
}

/** Used again from person to person and path to path. */
export class YearAhead {
  /** probability of having turned bad, and at the end of the year of being doubtful */
  bad = 0
  indeterminate = 0
  readonly stress = new Float64Array(YEAR)
  readonly onset = new Float64Array(YEAR)
  readonly staying = new Float64Array(YEAR)
  /** day on which an episode of each month would begin */
  readonly from = new Int32Array(YEAR)
  readonly ends: Ends = {
    good: new Float64Array(YEAR + 1),
    doubtful: new Float64Array(YEAR + 1),
    bad: new Float64Array(YEAR + 1),
  }
  /** days from which on its end would leave it 30, or 90 days past due; NEVER where that cannot come within the window */
  readonly #doubtfulFrom = new Int32Array(YEAR)
  readonly #badFrom = new Int32Array(YEAR)
  readonly #quiet = new Float64Array(YEAR + 2)
  readonly #doubtful = new Float64Array(YEAR + 2)
  readonly #start = new Int32Array(YEAR + 1)
  readonly #next: number[] = []
  #economy: Float64Array = new Float64Array(YEAR)
  #date = 0
  /** of the episode that was looked at last */
  #doubtfulLimit = NEVER
  #badLimit = NEVER

  /** @param economy how bad times are, by month of the clock */
  begin(clock: Clock, first: number, economy: Float64Array): void {
    this.#economy = economy.subarray(first, first + YEAR)
    for (let k = 0; k <= YEAR; k++) this.#start[k] = clock.start[first + k]!
    this.#date = this.#start[0]!
  }

  /** Draws a path of stress that goes on from `strain`, which it moves. */
  drawStress(r: Draws, risk: number, rates: ShockRates, strain: Strain): void {
    for (let k = 0; k < YEAR; k++) {
      const stress = stepStrain(r, rates, strain, this.#economy[k]!)
      this.stress[k] = stress
      this.onset[k] = onsetProbability(risk, stress)
      this.staying[k] = stayingOdds(risk, stress)
    }
    this.bad = 0
    this.indeterminate = 0
  }

  /** A day on which an episode that ends in month k ends. */
  drawEnd(r: Random, k: number): number {
    return this.#start[k]! + r.integer(CURE_DAYS)
  }

  /** The first instalment on an account that an episode holds back. */
  #hold(r: Random, due: number): void {
    const settling = r.integer(SETTLING_DAYS)
    const end = this.#date + WINDOW
    if (due + DOUBTFUL < end) this.#doubtfulLimit = Math.min(this.#doubtfulLimit, due + DOUBTFUL - settling)
    if (due + BAD < end) this.#badLimit = Math.min(this.#badLimit, due + BAD - settling)
  }

  /** Draws for each month from `k` on what an episode that begins in it would do to these accounts. */
  drawEpisodes(r: Random, accounts: readonly Obligation[], k: number): void {
    // the first instalment of each account that does not lie before: episodes are drawn in order of time
    const next = this.#next
    for (let a = 0; a < accounts.length; a++) next[a] = 0
    for (let s = k; s < YEAR; s++) {
      const from = this.#start[s]! + r.integer(ONSET_DAYS)
      this.#doubtfulLimit = NEVER
      this.#badLimit = NEVER
      for (let a = 0; a < accounts.length; a++) {
        const { opened, refusable, dues } = accounts[a]!
        if (refusable && opened >= from + REFUSED_AFTER) continue
        let j = next[a]!
        while (j < dues.length && dues[j]! < from) j++
        next[a] = j
        if (j < dues.length && r.next() >= SPARED) this.#hold(r, dues[j]!)
      }
      this.from[s] = from
      this.#doubtfulFrom[s] = this.#doubtfulLimit
      this.#badFrom[s] = this.#badLimit
    }
  }

  /**
   * The episode that is open at the date: `ends` becomes what its end leads to. @param month in which it began, negative
   * @param good probability that 30 days past due have not been reached within the year by something else
   */
  endOpenEpisode(r: Random, accounts: readonly Obligation[], from: number, month: number, good: number): void {
    this.#doubtfulLimit = NEVER
    this.#badLimit = NEVER
    for (const account of accounts) {
      if (account.refusable && account.opened >= from + REFUSED_AFTER) continue
      const due = account.oldest < NEVER ? account.oldest : account.dues[0]
      const spared = account.spared ?? r.next() < SPARED
      if (due !== undefined && !spared) this.#hold(r, due)
    }
    const { good: quiet, doubtful, bad } = this.ends
    let left = 1
    for (let k = 0; k < YEAR; k++) {
      const ending = left * cureFromOdds(this.staying[k]!, k - month)
      const stillGood = shareBefore(this.#doubtfulLimit, this.#start[k]!)
      const notBad = Math.max(stillGood, shareBefore(this.#badLimit, this.#start[k]!))
      quiet[k] = good * ending * stillGood
      doubtful[k] = ending * (notBad - good * stillGood)
      bad[k] = ending * (1 - notBad)
      left -= ending
    }
    bad[YEAR] = this.#badLimit < NEVER ? left : 0
    doubtful[YEAR] = left - bad[YEAR]! - (this.#doubtfulLimit < NEVER ? 0 : good * left)
    quiet[YEAR] = left - bad[YEAR]! - doubtful[YEAR]!
  }

  /** From month `k` on without an open episode, in the two states with these probabilities; adds to `bad` and `indeterminate`. */
  goOn(k: number, good: number, worse: number): void {
    if (good + worse === 0) return
    const quiet = this.#quiet
    const doubtful = this.#doubtful
    quiet.fill(0)
    doubtful.fill(0)
    quiet[k] = good
    doubtful[k] = worse
    let turnedBad = 0
    for (let s = k; s < YEAR; s++) {
      const onset = this.onset[s]!
      const stay = 1 - onset
      const a = quiet[s]! * onset
      const b = doubtful[s]! * onset
      quiet[s + 1]! += quiet[s]! * stay
      doubtful[s + 1]! += doubtful[s]! * stay
      const doubtfulFrom = this.#doubtfulFrom[s]!
      const badFrom = this.#badFrom[s]!
      let left = 1
      for (let j = s + 1; j < YEAR; j++) {
        const ending = left * cureFromOdds(this.staying[j]!, j - s)
        const start = this.#start[j]!
        const stillGood = shareBefore(doubtfulFrom, start)
        const notBad = Math.max(stillGood, shareBefore(badFrom, start))
        quiet[j + 1]! += a * ending * stillGood
        doubtful[j + 1]! += ending * ((a + b) * notBad - a * stillGood)
        turnedBad += (a + b) * ending * (1 - notBad)
        left -= ending
      }
      if (badFrom < NEVER) turnedBad += (a + b) * left
      else if (doubtfulFrom < NEVER) doubtful[YEAR]! += (a + b) * left
      else {
        quiet[YEAR]! += a * left
        doubtful[YEAR]! += b * left
      }
    }
    this.bad += turnedBad
    this.indeterminate += doubtful[YEAR]!
  }
}

/** Share of the days of a month on which episodes end that lie before `day`. */
const shareBefore = (day: number, start: number): number => {
  const days = day - start
  return days >= CURE_DAYS ? 1 : days <= 0 ? 0 : days / CURE_DAYS
}
