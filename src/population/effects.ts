/** What each cause does to default: the same people, with the cause set from outside, and with everything else that is drawn the same. */
import { random } from '../util/random.ts'
import type { Cause, Change, Intervention } from './causes.ts'
import { type Clock, clock } from './clock.ts'
import { COMMUNITY } from './community.ts'
import { borrows } from './credit.ts'
import { defaultProbability } from './defaultProbability.ts'
import { type Life, live, makeLife } from './life.ts'
import { CITY_COUNT, drawPerson, type Person } from './person.ts'
import type { Setup } from './simulateCommunity.ts'
import { downturn } from './switches/drift.ts'

/** Two worlds that are compared. Shocks are set at the observation date, causes from the beginning. */
export interface Contrast {
  name: string
  /** what is compared, in words */
  text: string
  from: Intervention
  to: Intervention
  /** what happens to people at the observation date in the second world, and does not in the first */
  shock?: 'jobLoss' | 'illness'
}

const shift = (cause: Cause, by: Change, text: string): Contrast => ({
  name: cause,
  text,
  from: {},
  to: { [cause]: by },
})
const sd = (cause: Cause): Contrast => shift(cause, { add: 1 }, 'one standard deviation more')
const both = (responsibility: number, donation: number): Intervention => ({
  responsibility: { set: responsibility },
  donation: { set: donation },
})
const binary = (cause: Cause, text: string): Contrast => ({
  name: cause,
  text,
  from: { [cause]: { set: 0 } },
  to: { [cause]: { set: 1 } },
})

export const CONTRASTS: readonly Contrast[] = [
  sd('willingness'),
  sd('capacity'),
  sd('stability'),
  sd('literacy'),
  sd('hunger'),
  sd('leverage'),
  sd('digital'),
  sd('churn'),
  shift('ageYears', { add: 10 }, 'ten years older'),
  shift('income', { times: 1.5 }, 'half as much income again, with the same capacity'),
  binary('sex', 'everybody female against everybody male'),
  binary('migrant', 'everybody from elsewhere against nobody'),
  binary('responsibility', 'everybody with dependents against nobody'),
  binary('donation', 'everybody a frequent donor against nobody'),
  { name: 'both', text: 'both responsibility and donation against neither', from: both(0, 0), to: both(1, 1) },
  {
    name: 'responsibilityWithDonation',
    text: 'responsibility against none, among frequent donors',
    from: both(0, 1),
    to: both(1, 1),
  },
  {
    name: 'responsibilityWithoutDonation',
    text: 'responsibility against none, where nobody donates often',
    from: both(0, 0),
    to: both(1, 0),
  },
  { name: 'jobLoss', text: 'the job is lost at the observation date, against not', from: {}, to: {}, shock: 'jobLoss' },
  { name: 'illness', text: 'illness begins at the observation date, against not', from: {}, to: {}, shock: 'illness' },
]

/** Average effect over all people, on the probability of being 90 or more days past due on some day of the year. */
export interface Effect {
  name: string
  text: string
  /** in the first world and in the second */
  from: number
  to: number
  change: number
  standardError: number
  /** 95 %, from the spread of the differences between people */
  interval: [number, number]
}

export interface EffectsOptions {
  /** the first so many people of the population */
  people: number
  paths: number
}

/** Probability of default in one world; the streams are those of the person, whatever the world. */
const inWorld = (
  setup: Setup,
  time: Clock,
  life: Life,
  index: number,
  what: Intervention,
  contrast: Contrast | undefined,
  paths: number,
): number => {
  const root = random(setup.seed).fork('population')
  const r = root.fork('person', index)
  const city = root.fork('community', Math.floor(index / COMMUNITY)).integer(CITY_COUNT)
  const person: Person = drawPerson(r, index, city, time, setup.switches, what)
  if (!borrows(person)) return 0
  live(r, person, time, life, undefined, time.last)
  const { months } = life
  if (contrast?.shock === 'jobLoss' && life.rates.jobLoss > 0 && months.joblessFor === 0) months.joblessFor = 1
  if (contrast?.shock === 'illness' && months.illFor === 0) months.illFor = 1
  const p = defaultProbability(r.fork('effects'), person, time, life, paths)
  return p.excluded ? 1 : p.bad
}

/** The effects of all contrasts at the last observation date. */
export const causalEffects = (setup: Setup, { people, paths }: EffectsOptions): Effect[] => {
  const time = clock(setup.lastDay, setup.months)
  const life = makeLife(time, downturn(time, setup.switches.drift))
  const asItIs = Array.from({ length: people }, (_, k) => inWorld(setup, time, life, k, {}, undefined, paths))
  return CONTRASTS.map((contrast) => {
    let from = 0
    let to = 0
    let sum = 0
    let squares = 0
    const unchanged = Object.keys(contrast.from).length === 0
    for (let k = 0; k < people; k++) {
      const a = unchanged ? asItIs[k]! : inWorld(setup, time, life, k, contrast.from, undefined, paths)
      const b = inWorld(setup, time, life, k, contrast.to, contrast, paths)
      from += a
      to += b
      sum += b - a
      squares += (b - a) ** 2
    }
    const change = sum / people
    const standardError = Math.sqrt(Math.max(0, squares / people - change * change) / Math.max(1, people - 1))
    return {
      name: contrast.name,
      text: contrast.text,
      from: from / people,
      to: to / people,
      change,
      standardError,
      interval: [change - 1.96 * standardError, change + 1.96 * standardError],
    }
  })
}
