/**
 * What happens to a person month by month: shocks, stress, and the episodes in which obligations go unpaid. One step a month, from what
 * is known at its beginning and a random stream: the same step makes the data and, with other streams, what could have come after.
 */
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import type { Draws } from './mirroredDraws.ts'
import { type Person, UNEMPLOYED } from './person.ts'

/** An episode of arrears: dues in [from, to) are paid at `to`, which is NEVER while it is open. Day numbers. */
export interface Episode {
  from: number
  to: number
  /** month in which it began */
  month: number
}

/** What one person has lived through so far; the arrays have one place a month. */
export interface Months {
  /** latent strain on the household: 0 at rest, about 2 after the loss of a job */
  stress: Float64Array
  /** share of the ordinary income that came in */
  incomeShare: Float64Array
  jobless: Uint8Array
  ill: Uint8Array
  /** ascending, never touching; only the last can be open */
  episodes: Episode[]
  /** how things stand at the end of the last month: slow part of the stress, and months without work and of illness */
  mood: number
  joblessFor: number
  illFor: number
  /** how bad times are, for everybody: 0 as usual */
  economy: Float64Array
}

export const makeMonths = (count: number, economy: Float64Array = new Float64Array(count)): Months => ({
  stress: new Float64Array(count),
  incomeShare: new Float64Array(count),
  jobless: new Uint8Array(count),
  ill: new Uint8Array(count),
  episodes: [],
  mood: 0,
  joblessFor: 0,
  illFor: 0,
  economy,
})

/** What a unit of bad times adds to the log-rate at which jobs are lost, and to everybody's stress. */
const SLUMP = { jobLoss: 0.8, stress: 0.5 }

/** Log-hazard a month at which an episode of arrears begins, for a person of risk 0 without stress. */
const ONSET = -4.475
/** What a unit of stress adds to it. */
const ONSET_STRESS = 0.8
/** An episode of this many months is written off by the lender; it ends by a settlement with collections, if at all. */
const WRITE_OFF_MONTHS = 7
const SETTLEMENT_RATE = 0.07
const JOB_FOUND = 0.24
const RECOVERY = 0.4
/** An episode begins on one of the first days of its month and ends on one of these. */
export const ONSET_DAYS = 15
export const CURE_DAYS = 28
/** Day number of what never happens. */
export const NEVER = 1_000_000

/** How readily shocks come to a person, a month. */
export interface ShockRates {
  jobLoss: number
  illness: number
}

export const shockRates = (person: Person): ShockRates => ({
  jobLoss: person.occupation === UNEMPLOYED ? 0 : 0.007 * Math.exp(-0.3 * person.stability - 0.2 * person.capacity),
  illness: 0.009 * Math.exp(0.25 * ((person.ageYears - 37) / 12.5)),
})

/** Probability that an episode begins in a month. */
export const onsetProbability = (risk: number, stress: number): number =>
  Math.min(1, Math.exp(ONSET + risk + ONSET_STRESS * stress))

/** Odds that an episode goes on through a month, before its length counts. */
export const stayingOdds = (risk: number, stress: number): number => Math.exp(0.55 * risk + 0.55 * stress - 0.25)
/** What its length multiplies them with: more with every month, up to the fifth. */
export const LENGTH_ODDS = Float64Array.from({ length: WRITE_OFF_MONTHS + 1 }, (_, length) =>
  Math.exp(0.22 * Math.min(length, 5)),
)

/** Probability that an episode ends in the month that is its `length`-th after the one in which it began, from its staying odds. */
export const cureFromOdds = (odds: number, length: number): number =>
  length > WRITE_OFF_MONTHS ? SETTLEMENT_RATE : 1 / (1 + odds * LENGTH_ODDS[length]!)

/** Only the parts that a step of the shocks reads and moves. */
export type Strain = Pick<Months, 'mood' | 'joblessFor' | 'illFor'>

/** One month of shocks, always with three draws. @param slump how bad times are; @returns the stress of the month */
export const stepStrain = (r: Draws, rates: ShockRates, strain: Strain, slump: number): number => {
  if (strain.joblessFor > 0) strain.joblessFor = r.next() < JOB_FOUND ? 0 : strain.joblessFor + 1
  else if (r.next() < (slump === 0 ? rates.jobLoss : rates.jobLoss * Math.exp(SLUMP.jobLoss * slump)))
    strain.joblessFor = 1
  if (strain.illFor > 0) strain.illFor = r.next() < RECOVERY ? 0 : strain.illFor + 1
  else if (r.next() < rates.illness) strain.illFor = 1
  strain.mood = 0.9 * strain.mood + 0.26 * r.normal()
  // reserves soften the first months without work
  return (
    strain.mood +
    (strain.joblessFor > 0 ? 0.9 + 0.25 * Math.min(strain.joblessFor, 4) : 0) +
    (strain.illFor > 0 ? 0.9 : 0) +
    SLUMP.stress * slump
  )
}

/** The open episode, if there is one. */
export const openEpisode = (months: Months): Episode | undefined => {
  const last = months.episodes.at(-1)
  return last && last.to === NEVER ? last : undefined
}

/** One month of arrears: the open episode may end, or one may begin. Never both. */
export const stepArrears = (r: Random, person: Person, months: Months, clock: Clock, m: number): void => {
  const stress = months.stress[m]!
  const episode = openEpisode(months)
  if (episode) {
    if (r.next() < cureFromOdds(stayingOdds(person.risk, stress), m - episode.month))
      episode.to = clock.start[m]! + r.integer(CURE_DAYS)
  } else if (r.next() < onsetProbability(person.risk, stress))
    months.episodes.push({ from: clock.start[m]! + r.integer(ONSET_DAYS), to: NEVER, month: m })
}

/** Before the first month. */
export const beginMonths = (r: Random, months: Months): void => {
  months.episodes.length = 0
  months.mood = 0.6 * r.normal()
  months.joblessFor = 0
  months.illFor = 0
}

/** Month `m`, after all months before it. @param r the person's stream of months */
export const stepMonth = (
  r: Random,
  person: Person,
  rates: ShockRates,
  clock: Clock,
  months: Months,
  m: number,
): void => {
  months.stress[m] = stepStrain(r, rates, months, months.economy[m]!)
  months.jobless[m] = months.joblessFor > 0 ? 1 : 0
  months.ill[m] = months.illFor > 0 ? 1 : 0
  months.incomeShare[m] =
    (months.joblessFor > 0 ? 0.25 : 1) *
    (months.illFor > 0 ? 0.7 : 1) *
    Math.exp(0.06 * r.normal() - 0.05 * months.mood)
  stepArrears(r, person, months, clock, m)
}

/** The episode that holds a day, if any. */
export const episodeAt = (months: Months, day: number): Episode | undefined => {
  for (const episode of months.episodes) if (day >= episode.from && day < episode.to) return episode
  return undefined
}

/** Arrears of this many days, or settled less than so many days ago, are a reason to refuse. */
export const REFUSED_AFTER = 60
const REFUSED_FOR = 30

/** Whether lenders refuse on a day because of an episode: arrears older than two months, or settled less than a month ago. */
export const refuses = (from: number, to: number, day: number): boolean =>
  to - from > REFUSED_AFTER && day >= from + REFUSED_AFTER && day < to + REFUSED_FOR

export const isRefused = (months: Months, day: number): boolean => {
  for (const e of months.episodes) if (refuses(e.from, e.to, day)) return true
  return false
}
