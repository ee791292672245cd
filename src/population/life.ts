/**
 * One person's months and credit as a process: a state, and a step of one month that reads the state and two random streams and nothing
 * else. The data are one run of it; the causal truth asks what other runs from the same state could have come to.
 */
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import { beginCredit, borrows, type Credit, EARLY_DAYS, makeCredit, openAccounts, payDues } from './credit.ts'
import { beginMonths, isRefused, type Months, makeMonths, type ShockRates, shockRates, stepMonth } from './months.ts'
import type { Person } from './person.ts'

/** All that has happened to a person before the month `next`. Used again from person to person. */
export interface Life {
  readonly months: Months
  readonly credit: Credit
  rates: ShockRates
  /** the month that comes next */
  next: number
}

/** @param economy how bad times are, by month; as usual without it */
export const makeLife = (clock: Clock, economy?: Float64Array): Life => ({
  months: makeMonths(clock.count, economy),
  credit: makeCredit(),
  rates: { jobLoss: 0, illness: 0 },
  next: 0,
})

/** The two streams of a life, and where they come from in the data: `random` is the person's stream. */
export interface LifeStreams {
  months: Random
  credit: Random
}

export const lifeStreams = (random: Random): LifeStreams => ({
  months: random.fork('months'),
  credit: random.fork('credit'),
})

export const beginLife = (streams: LifeStreams, person: Person, clock: Clock, life: Life): void => {
  beginMonths(streams.months, life.months)
  beginCredit(life.credit, person, clock)
  life.rates = shockRates(person)
  life.next = 0
}

/** One month of shocks, arrears, openings, dues and payments. */
export const liveMonth = (streams: LifeStreams, person: Person, clock: Clock, life: Life): void => {
  const { months, credit, next: m } = life
  stepMonth(streams.months, person, life.rates, clock, months, m)
  life.next = m + 1
  if (!borrows(person)) return
  const r = streams.credit
  const stress = months.stress[m]!
  openAccounts(r, person, credit, stress, clock, m, (day) => isRefused(months, day))
  // what falls due within days after the extract date may have been paid before it
  const end = clock.start[m + 1]! + (m + 1 === clock.count ? EARLY_DAYS + 1 : 0)
  const episode = months.episodes.at(-1)
  for (const account of credit.accounts)
    if (account.nextDue < end || account.unpaid > 0) payDues(r, person, account, episode, stress, clock, end)
}

/** All months of a person in the data. @param random the person's stream; @param before called at the beginning of each month */
export const live = (
  random: Random,
  person: Person,
  clock: Clock,
  life: Life,
  before?: (m: number) => void,
  end = clock.count,
): void => {
  const streams = lifeStreams(random)
  beginLife(streams, person, clock, life)
  for (let m = 0; m < end; m++) {
    before?.(m)
    liveMonth(streams, person, clock, life)
  }
}

/** A life of its own that goes on from where the given one is. */
export const cloneLife = (life: Life): Life => ({
  ...life,
  months: {
    ...life.months,
    stress: life.months.stress.slice(),
    incomeShare: life.months.incomeShare.slice(),
    jobless: life.months.jobless.slice(),
    ill: life.months.ill.slice(),
    episodes: life.months.episodes.map((e) => ({ ...e })),
  },
  credit: {
    ...life.credit,
    firstBank: life.credit.firstBank.slice(),
    accounts: life.credit.accounts.map((a) => ({ ...a, payDays: a.payDays.slice(), payCents: a.payCents.slice() })),
  },
})
