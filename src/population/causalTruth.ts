/** The causal truth of a population as rows: for each person and observation date the probability of default given the latent state. */
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import { defaultProbability } from './defaultProbability.ts'
import type { Life } from './life.ts'
import type { Person } from './person.ts'
import { NONE, type Rows } from './rows.ts'

/** Probabilities travel as whole numbers of these. */
export const PROBABILITY_UNIT = 1e9

/** In the order in which `Rows.add` takes them; NULL where there is no probability. */
export const CAUSAL_COLUMNS = ['person', 'day', 'bad', 'indeterminate', 'error'] as const

const whole = (p: number): number => (Number.isNaN(p) ? NONE : Math.round(p * PROBABILITY_UNIT))

/**
 * A function that is called at the beginning of each month of a life and appends a row on observation dates, for somebody who is known by
 * then. Without a probability are those who are excluded, and those who cannot be eligible.
 * @param random the person's stream; @param dates day numbers, each the beginning of a month
 */
export const causalRows = (
  random: Random,
  person: Person,
  clock: Clock,
  life: Life,
  dates: ReadonlySet<number>,
  paths: number,
  rows: Rows,
): ((m: number) => void) => {
  return (m) => {
    const day = clock.start[m]!
    if (!dates.has(day) || person.opened >= day) return
    const p = defaultProbability(random.fork('truth', day), person, clock, life, paths)
    rows.add(person.index, day, whole(p.badIfEligible), whole(p.indeterminateIfEligible), whole(p.standardError))
  }
}
