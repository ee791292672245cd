/**
 * Probability of default given the state of a person at a date, with everything that comes later integrated out: stress, applications and
 * what an episode would hold back over drawn paths, and given a path the beginning and the end of episodes exactly.
 *
 * The rule is that of `DEFAULT_OUTCOME`; the tests check it against the generator run on with other streams.
 */
import { DEFAULT_OUTCOME } from '../schema/outcome.ts'
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import { borrows, CARD, type Credit, LOAN, makeCredit, openAccounts } from './credit.ts'
import type { Life } from './life.ts'
import { type Draws, MirroredDraws } from './mirroredDraws.ts'
import { cureFromOdds, type Episode, NEVER, openEpisode, refuses, type Strain } from './months.ts'
import type { Person } from './person.ts'
import { makesEligible, type Obligation, obligation, YEAR, YearAhead } from './yearAhead.ts'

/** Paths a person and date by default. */
export const DEFAULT_PATHS = 16
/** Somebody who may not be eligible gets more paths, until as many were eligible, but at most so many times more. */
const MORE_PATHS = 8
const { badDaysPastDue: BAD, indeterminateDaysPastDue: DOUBTFUL } = DEFAULT_OUTCOME

/** What becomes of a person within the year, given the state at the date. */
export interface Prospect {
  /** an instalment is already 90 or more days past due; the rest then says nothing */
  excluded: boolean
  /** probabilities of turning bad, and of being indeterminate, eligible both times; and of being eligible */
  bad: number
  indeterminate: number
  eligible: number
  /** the same among the eligible, and the Monte Carlo standard error of the former; NaN where no path was eligible */
  badIfEligible: number
  indeterminateIfEligible: number
  standardError: number
  paths: number
}

const nothing = (excluded: boolean): Prospect => ({
  excluded,
  bad: 0,
  indeterminate: 0,
  eligible: 0,
  badIfEligible: Number.NaN,
  indeterminateIfEligible: Number.NaN,
  standardError: Number.NaN,
  paths: 0,
})

/** Sums over means of pairs of paths. */
class Sums {
  pairs = 0
  bad = 0
  indeterminate = 0
  eligible = 0
  #badSquared = 0
  #eligibleSquared = 0
  #product = 0

  add(bad: number, indeterminate: number, eligible: number): void {
    this.pairs++
    this.bad += bad
    this.indeterminate += indeterminate
    this.eligible += eligible
    this.#badSquared += bad * bad
    this.#eligibleSquared += eligible * eligible
    this.#product += bad * eligible
  }

  /** The ratio of two means and its error by linearization. */
  prospect(): Prospect {
    const { pairs: n, bad, indeterminate, eligible } = this
    const some = eligible > 0
    // with few eligible paths the ratio of two means can lie beyond 1
    const p = Math.min(1, bad / eligible)
    const squares = Math.max(0, this.#badSquared - 2 * p * this.#product + p * p * this.#eligibleSquared)
    return {
      excluded: false,
      bad: bad / n,
      indeterminate: indeterminate / n,
      eligible: eligible / n,
      badIfEligible: some ? p : Number.NaN,
      indeterminateIfEligible: some ? Math.min(1 - p, indeterminate / eligible) : Number.NaN,
      standardError: some && n > 1 ? Math.sqrt((squares * n) / (n - 1)) / eligible : Number.NaN,
      paths: 2 * n,
    }
  }
}

// space that is used again
const year = new YearAhead()
const plans = makeCredit()
const strain: Strain = { mood: 0, joblessFor: 0, illFor: 0 }
const shocks = new MirroredDraws()

const copyPlans = (from: Credit): void => {
  plans.accounts.length = 0
  plans.banked = from.banked
  plans.firstBank = from.firstBank
  plans.cardFrom = from.cardFrom
  plans.loanFrom = from.loanFrom
  plans.loans = from.loans
  plans.platformFrom = from.platformFrom
}

/** Applications of one path as if nobody refused because of an episode that is open or to come. */
const drawApplications = (
  r: Random,
  person: Person,
  clock: Clock,
  life: Life,
  ended: Episode | undefined,
): Obligation[] => {
  copyPlans(life.credit)
  const refused = (day: number): boolean => ended !== undefined && refuses(ended.from, ended.to, day)
  for (let k = 0; k < YEAR; k++) openAccounts(r, person, plans, year.stress[k]!, clock, life.next + k, refused)
  let firstLoan = life.credit.loans === 0
  return plans.accounts.map((a) => {
    // cards are not refused, nor is the first loan
    const refusable = a.product !== CARD && !(a.product === LOAN && firstLoan)
    if (a.product === LOAN) firstLoan = false
    return obligation(a, -1, clock, clock.start[life.next]!, refusable)
  })
}

/** Whether one drawn course of the episodes that begin in month k or later leaves the person one of these accounts that makes eligible. */
const staysEligible = (r: Random, accounts: readonly Obligation[], date: number, k: number): boolean => {
  let open = accounts.filter((a) => makesEligible(a, date))
  let begun = -1
  for (let j = k; j < YEAR && open.length > 0; j++) {
    if (begun < 0) {
      if (r.next() < year.onset[j]!) begun = j
    } else if (r.next() < cureFromOdds(year.staying[j]!, j - begun)) {
      const [from, to] = [year.from[begun]!, year.drawEnd(r, j)]
      open = open.filter((a) => !(a.refusable && refuses(from, to, a.opened)))
      begun = -1
    }
  }
  return open.some((a) => begun < 0 || !(a.refusable && refuses(year.from[begun]!, NEVER, a.opened)))
}

/** How things stand at the date. */
interface Standing {
  owned: Obligation[]
  /** worst days past due of arrears that are being settled in these days */
  settling: number
  excluded: boolean
}

const standing = (life: Life, clock: Clock, date: number, episode: Episode | undefined): Standing => {
  const owned: Obligation[] = []
  let settling = 0
  let excluded = false
  for (const a of life.credit.accounts) {
    if (a.unpaid > 0 && a.oldestUnpaid + BAD <= date) excluded = true
    if (a.settledOn < NEVER && a.settledOn >= date) {
      if (a.settledDue + BAD <= date) excluded = true
      settling = Math.max(settling, a.settledOn - a.settledDue)
    }
    if (a.nextDue < NEVER || a.unpaid > 0) owned.push(obligation(a, episode ? episode.from : -1, clock, date, false))
  }
  return { owned, settling, excluded }
}

/** A date in a life, and what all paths from it have in common. */
interface Situation extends Standing {
  person: Person
  clock: Clock
  life: Life
  date: number
  /** the open episode */
  episode: Episode | undefined
  /** whether something that is owed already makes eligible */
  sure: boolean
}

/** Sums over two paths. */
class Pair {
  bad = 0
  indeterminate = 0
  eligible = 0

  /** One path, with the shocks of `draws` and everything else from `r`. */
  addPath(r: Random, draws: Draws, at: Situation): void {
    const { person, clock, life, date, episode, owned, sure, settling } = at
    const [good, worse] = settling >= DOUBTFUL ? [0, 1] : [1, 0]
    strain.mood = life.months.mood
    strain.joblessFor = life.months.joblessFor
    strain.illFor = life.months.illFor
    year.drawStress(draws, person.risk, life.rates, strain)
    const wished = drawApplications(r, person, clock, life, episode ? undefined : life.months.episodes.at(-1))
    const all = wished.length === 0 ? owned : [...owned, ...wished]
    let eligible = 0
    if (all.length > 0 && episode) {
      year.endOpenEpisode(r, all, episode.from, episode.month - life.next, good)
      const { ends } = year
      for (let k = 0; k <= YEAR; k++) {
        const to = k < YEAR ? year.drawEnd(r, k) : NEVER
        const accepted = all.filter((a) => !(a.refusable && refuses(episode.from, to, a.opened)))
        const next = Math.min(YEAR, k + 1)
        year.drawEpisodes(r, accepted, next)
        const counts = sure || staysEligible(r, accepted, date, next)
        if (counts) {
          eligible += ends.good[k]! + ends.doubtful[k]! + ends.bad[k]!
          year.bad += ends.bad[k]!
        }
        const before = year.indeterminate
        year.goOn(next, ends.good[k]!, ends.doubtful[k]!)
        // who turns bad later is eligible by what falls due then; who does not may have nothing that falls due
        if (!counts) year.indeterminate = before
      }
    } else if (all.length > 0) {
      year.drawEpisodes(r, all, 0)
      if (sure || staysEligible(r, wished, date, 0)) eligible = 1
      year.goOn(0, good, worse)
    }
    this.eligible += eligible
    if (settling >= BAD) this.bad += eligible
    else {
      this.bad += year.bad
      if (eligible > 0) this.indeterminate += year.indeterminate
    }
  }
}

/**
 * What becomes of a person within the year from the date on which month `life.next` begins; `life` is read up to there and left as it
 * is. Later shocks, episodes and openings are drawn from `r`, which is not a stream of the data.
 *
 * Paths come in pairs whose shocks are mirrored (`MirroredDraws`); an odd number is made even. Given a path the sum over episodes is exact but for one thing: that an application is refused because of an episode that begins and ends
 * within the year is not carried over to a second episode in it.
 */
export const defaultProbability = (
  r: Random,
  person: Person,
  clock: Clock,
  life: Life,
  paths: number = DEFAULT_PATHS,
): Prospect => {
  if (!borrows(person)) return nothing(false)
  const date = clock.start[life.next]!
  const episode = openEpisode(life.months)
  const stands = standing(life, clock, date, episode)
  if (stands.excluded) return nothing(true)
  const sure = stands.owned.some((a) => makesEligible(a, date))
  const situation: Situation = { ...stands, person, clock, life, date, episode, sure }
  const sums = new Sums()
  year.begin(clock, life.next, life.months.economy)
  const enough = Math.ceil(paths / 2)
  const most = sure ? enough : enough * MORE_PATHS
  while (sums.pairs < most && (sums.pairs < enough || sums.eligible < enough)) {
    const pair = new Pair()
    shocks.begin(r)
    pair.addPath(r, shocks, situation)
    shocks.mirror()
    pair.addPath(r, shocks, situation)
    sums.add(pair.bad / 2, pair.indeterminate / 2, pair.eligible / 2)
  }
  return sums.prospect()
}
