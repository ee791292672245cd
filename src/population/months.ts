/** What happens to a person month by month: shocks, stress, and the episodes in which obligations go unpaid. */
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import { logistic, type Person, UNEMPLOYED } from './person.ts'

/** Scratch for one person at a time; the arrays have one place a month. */
export interface Months {
  /** latent strain on the household: 0 at rest, about 2 after the loss of a job */
  stress: Float64Array
  /** share of the ordinary income that came in */
  incomeShare: Float64Array
  jobless: Uint8Array
  ill: Uint8Array
  /** episodes of arrears, ascending, never touching: dues in [from, to) are paid at `to` */
  episodes: { from: number; to: number }[]
  /** how bad times are, for everybody: 0 as usual */
  economy: Float64Array
}

export const makeMonths = (count: number, economy: Float64Array = new Float64Array(count)): Months => ({
  stress: new Float64Array(count),
  incomeShare: new Float64Array(count),
  jobless: new Uint8Array(count),
  ill: new Uint8Array(count),
  episodes: [],
  economy,
})

/** What a unit of bad times adds to the log-rate at which jobs are lost, and to everybody's stress. */
const SLUMP = { jobLoss: 0.8, stress: 0.5 }
/** Log-hazard a month at which an episode of arrears begins, for a person of risk 0 without stress. */
const ONSET = -4.475
/** An episode of this many months is written off by the lender; it ends by a settlement with collections, if at all. */
const WRITE_OFF_MONTHS = 7
const SETTLEMENT_RATE = 0.07
/** Day number of what never happens. */
export const NEVER = 1_000_000

/** Fills `months` for one person. @param random the person's stream */
export const drawMonths = (random: Random, person: Person, clock: Clock, months: Months): void => {
  const r = random.fork('months')
  const lossRate = 0.007 * Math.exp(-0.3 * person.stability - 0.2 * person.capacity)
  const illnessRate = 0.009 * Math.exp(0.25 * ((person.ageYears - 37) / 12.5))
  const working = person.occupation !== UNEMPLOYED
  months.episodes.length = 0
  let jobless = 0
  let ill = 0
  let mood = 0.6 * r.normal()
  let episode: { from: number; to: number } | undefined
  let length = 0
  for (let m = 0; m < clock.count; m++) {
    const slump = months.economy[m]!
    if (jobless > 0) jobless = r.next() < 0.24 ? 0 : jobless + 1
    else if (working && r.next() < lossRate * Math.exp(SLUMP.jobLoss * slump)) jobless = 1
    if (ill > 0) ill = r.next() < 0.4 ? 0 : ill + 1
    else if (r.next() < illnessRate) ill = 1
    mood = 0.9 * mood + 0.26 * r.normal()
    // reserves soften the first months without work
    const stress =
      mood + (jobless > 0 ? 0.9 + 0.25 * Math.min(jobless, 4) : 0) + (ill > 0 ? 0.9 : 0) + SLUMP.stress * slump
    months.stress[m] = stress
    months.jobless[m] = jobless > 0 ? 1 : 0
    months.ill[m] = ill > 0 ? 1 : 0
    months.incomeShare[m] = (jobless > 0 ? 0.25 : 1) * (ill > 0 ? 0.7 : 1) * Math.exp(0.06 * r.normal() - 0.05 * mood)

    if (episode) {
      length++
      const cure =
        length > WRITE_OFF_MONTHS
          ? SETTLEMENT_RATE
          : logistic(0.25 - 0.55 * person.risk - 0.55 * stress - 0.22 * Math.min(length, 5))
      if (r.next() < cure) {
        episode.to = clock.start[m]! + r.integer(28)
        episode = undefined
      }
    } else if (r.next() < Math.exp(ONSET + person.risk + 0.8 * stress)) {
      episode = { from: clock.start[m]! + r.integer(15), to: NEVER }
      const before = months.episodes.at(-1)
      if (before && before.to >= episode.from) episode.from = before.to + 1
      months.episodes.push(episode)
      length = 0
    }
  }
}

/** The episode that holds a day, if any. */
export const episodeAt = (months: Months, day: number): { from: number; to: number } | undefined => {
  for (const episode of months.episodes) if (day >= episode.from && day < episode.to) return episode
  return undefined
}

/** Whether lenders refuse: arrears older than two months, or settled less than a month ago. */
export const isRefused = (months: Months, day: number): boolean => {
  for (const e of months.episodes) if (e.to - e.from > 60 && day >= e.from + 60 && day < e.to + 30) return true
  return false
}
