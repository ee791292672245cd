/** What can become of a person from a state, by running the generator itself on with other streams and applying the outcome definition. */
import type { Clock } from '../../src/population/clock.ts'
import { cloneLife, type Life, liveMonth } from '../../src/population/life.ts'
import type { Person } from '../../src/population/person.ts'
import { DEFAULT_OUTCOME, type OutcomeStatus } from '../../src/schema/outcome.ts'
import type { Random } from '../../src/util/random.ts'
import { type Amount, daysPastDue, worstDaysPastDue } from './daysPastDue.ts'

const { eligibleWindowDays, performanceWindowDays, badDaysPastDue, indeterminateDaysPastDue } = DEFAULT_OUTCOME

/** Status at day t of a life that has gone on for a year since. */
export const statusOf = (life: Life, clock: Clock, t: number): OutcomeStatus => {
  let eligible = false
  let before = 0
  let worst = 0
  for (const a of life.credit.accounts) {
    const dues: Amount[] = []
    for (let j = 1; j <= a.count; j++) {
      const day = clock.sameDayLater(a.opened, a.dueDay, j)
      if (day >= t + performanceWindowDays) break
      dues.push({ day, amount: a.dueCents })
    }
    const paid = a.payDays.map((day, k) => ({ day, amount: a.payCents[k]! }))
    eligible ||= dues.some((d) => d.day >= t && d.day < t + eligibleWindowDays)
    before = Math.max(before, daysPastDue(dues, paid, t))
    worst = Math.max(worst, worstDaysPastDue(dues, paid, t, t + performanceWindowDays - 1))
  }
  if (!eligible) return 'not_eligible'
  if (before >= badDaysPastDue) return 'excluded'
  return worst >= badDaysPastDue ? 'bad' : worst >= indeterminateDaysPastDue ? 'indeterminate' : 'good'
}

/** Counts of statuses over `draws` futures of the state `life`, whose next month begins at the date. */
export const continuations = (
  r: Random,
  person: Person,
  clock: Clock,
  life: Life,
  draws: number,
): Record<OutcomeStatus, number> => {
  const counts: Record<OutcomeStatus, number> = { good: 0, bad: 0, indeterminate: 0, excluded: 0, not_eligible: 0 }
  const t = clock.start[life.next]!
  for (let k = 0; k < draws; k++) {
    const future = cloneLife(life)
    const streams = { months: r.fork('months', k), credit: r.fork('credit', k) }
    for (let m = 0; m < 12; m++) liveMonth(streams, person, clock, future)
    counts[statusOf(future, clock, t)]++
  }
  return counts
}
