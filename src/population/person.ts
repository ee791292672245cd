/** One simulated person: the latent traits that drive everything observable, drawn from the person's own stream. */
import type { Random } from '../util/random.ts'
import { type Cause, change, type Intervention } from './causes.ts'
import type { Clock } from './clock.ts'
import { DONOR_EDGE, interactionRisk } from './interaction.ts'
import { defaultSwitches, type Switches } from './switches.ts'

export interface Person {
  index: number
  /** day numbers */
  born: number
  opened: number
  sex: 0 | 1
  /** moved to the city from elsewhere */
  migrant: boolean
  ageYears: number
  /** home district, 0-based */
  district: number
  /** standard normal traits: wants to pay, can pay, stays put, lives online, handles money well */
  willingness: number
  capacity: number
  stability: number
  digital: number
  literacy: number
  /** appetite for credit, and instalments relative to income: standard normal */
  hunger: number
  leverage: number
  /** whether somebody depends on the person, and how much: 0 to 1.6 */
  responsible: boolean
  family: number
  /** people in the household, the person included */
  household: number
  /** standard normal; related to nothing else */
  generosity: number
  /** gives often */
  donor: boolean
  /** money that only passes through: standard normal */
  churn: number
  travel: number
  /** yuan a month in an ordinary month */
  income: number
  /** positions in OCCUPATIONS and EMPLOYER_TYPES */
  occupation: number
  employer: number
  /** latent part of the log-hazard of arrears that does not change */
  risk: number
  /** has a bank loan or card, before the extract date */
  bank: boolean
  /** pay-later plans and rentals opened a month; 0 for those who never do */
  payLaterRate: number
  rentalRate: number
  car: boolean
  house: boolean
}

/** Cities have this many districts; a community lives in one city. */
export const CITY_DISTRICTS = 12
const CITIES = 20
export const DISTRICTS = CITY_DISTRICTS * CITIES

/** Position in OCCUPATIONS by capacity (low, middle, high), cumulative shares; students and unemployed are drawn apart. */
const OCCUPATION_SHARES = [
  [0.03, 0.08, 0.18, 0.48, 0.78, 0.93, 0.95, 0.95, 0.95, 1],
  [0.12, 0.28, 0.45, 0.68, 0.86, 0.9, 0.96, 0.96, 0.96, 1],
  [0.4, 0.6, 0.74, 0.84, 0.9, 0.91, 0.98, 0.98, 0.98, 1],
] as const
/** yuan a month on a log scale, by position in OCCUPATIONS */
const OCCUPATION_INCOME = [0.35, 0.15, 0, -0.1, -0.1, -0.35, 0.05, -0.9, -1, -0.05] as const
/** yuan a month of an ordinary person */
export const MEDIAN_INCOME = 5600

/** First position whose cumulative share exceeds u. */
export const pick = (cumulative: readonly number[], u: number): number => {
  for (let i = 0; i < cumulative.length; i++) if (u < cumulative[i]!) return i
  return cumulative.length - 1
}

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

export const PUBLIC_SERVICE = 6
export const STUDENT = 7
export const UNEMPLOYED = 8
/** position in EMPLOYER_TYPES */
export const SELF_EMPLOYED = 3

/**
 * @param random the person's stream: `random.fork('person', index)`; @param city city of the community
 * @param intervention causes that are set from outside: the same draws, and what depends on them follows
 */
export const drawPerson = (
  random: Random,
  index: number,
  city: number,
  clock: Clock,
  switches: Switches = defaultSwitches(),
  intervention?: Intervention,
): Person => {
  const r = random.fork('traits')
  const cause = (name: Cause, drawn: number): number => change(intervention, name, drawn)
  const willingness = cause('willingness', r.normal())
  const capacity = cause('capacity', 0.2 * willingness + 0.98 * r.normal())
  // folded at the edges, so that nobody's age and coming of age pile up there
  const ageYears = Math.min(76, Math.max(20, cause('ageYears', 20 + Math.abs(17 + 12.5 * r.normal()))))
  const ageZ = (ageYears - 37) / 12.5
  const stability = cause('stability', 0.25 * willingness + 0.1 * capacity + 0.2 * ageZ + 0.92 * r.normal())
  const digital = cause('digital', 0.3 * capacity - 0.35 * ageZ + 0.85 * r.normal())
  const literacy = cause('literacy', 0.3 * capacity + 0.25 * willingness + 0.9 * r.normal())
  const hunger = cause('hunger', -0.35 * willingness - 0.25 * capacity + 0.85 * r.normal())
  const leverage = cause('leverage', 0.2 * hunger + 0.95 * r.normal())
  const drawnParent = r.next() < (ageYears < 25 ? 0.1 : ageYears < 48 ? 0.55 : 0.2)
  const responsible = cause('responsibility', drawnParent ? 1 : 0) >= 0.5
  const weight = r.next()
  const family = responsible ? 0.4 + 1.2 * weight : 0.3 * weight
  const generosity = r.normal()
  const donor = cause('donation', generosity > DONOR_EDGE ? 1 : 0) >= 0.5
  const churn = cause('churn', -0.3 * willingness - 0.3 * capacity + 0.85 * r.normal())
  const travel = 0.22 * capacity + 0.95 * r.normal()
  const migrant = cause('migrant', r.next() < 0.32 ? 1 : 0) >= 0.5
  const district = city * CITY_DISTRICTS + r.integer(CITY_DISTRICTS)
  const sex = cause('sex', r.next() < 0.5 ? 0 : 1) < 0.5 ? 0 : 1

  const work = r.next()
  const line = r.next()
  const occupation =
    ageYears < 24 && work < 0.45
      ? STUDENT
      : work > 0.985
        ? UNEMPLOYED
        : pick(OCCUPATION_SHARES[capacity < -0.5 ? 0 : capacity < 0.7 ? 1 : 2]!, line)
  const e = r.next()
  const employer =
    occupation === STUDENT || occupation === UNEMPLOYED
      ? 4
      : occupation === PUBLIC_SERVICE
        ? 0
        : pick([0.12 + 0.04 * stability, 0.3 + 0.05 * capacity, 0.68, 0.86, 1], e)
  const careerHump = -0.12 * ((ageYears - 44) / 12.5) ** 2
  const income = cause(
    'income',
    MEDIAN_INCOME *
      Math.exp(0.34 * capacity + careerHump + 0.12 + OCCUPATION_INCOME[occupation]! - 0.06 * sex + 0.42 * r.normal()),
  )

  // months since the platform account was opened: the young and the restless came later
  const ageMonths =
    2 + PLATFORM_SPAN * logistic(0.3 * stability + 0.25 * digital + 0.1 * willingness - 0.3 + 1.1 * r.normal())
  const opened = Math.max(
    Math.round(clock.lastDay - ageMonths * 30.4375),
    clock.platformDay,
    Math.ceil(clock.lastDay - (ageYears - 16) * 365.25),
  )
  const born = Math.round(clock.lastDay - ageYears * 365.25 - r.next() * 60)

  const risk =
    -0.8 * willingness -
    0.5 * capacity -
    0.25 * stability -
    0.15 * literacy +
    0.42 * leverage +
    0.25 * (occupation === UNEMPLOYED ? 1 : 0) +
    interactionRisk(switches.interactionForm, switches.interaction, responsible, donor)
  const bank = 0.24 * capacity + 0.12 * leverage + 0.3 * ageZ - (migrant ? 0.2 : 0) + 0.9 * r.normal() > BANK_EDGE
  const usesPayLater = 0.6 * digital - 0.25 * ageZ + 0.25 * hunger + 0.7 * r.normal() > -0.03
  const payLaterRate = usesPayLater ? 0.11 * Math.exp(0.3 * hunger + 0.45 * r.normal()) : 0
  const rentalRate =
    0.5 * digital + (migrant ? 0.4 : 0) + 0.8 * r.normal() > 1.05 ? 0.05 * Math.exp(0.4 * r.normal()) : 0
  const wealth = Math.log(income / MEDIAN_INCOME)
  const car =
    r.next() < logistic(-1.6 + 1.1 * wealth + 0.5 * ageZ + 0.2 * capacity + 0.15 * willingness + 0.2 * stability)
  const house =
    r.next() <
    logistic(
      -0.6 + 0.9 * wealth + 0.9 * ageZ + 0.5 * stability + 0.15 * willingness + 0.3 * family - (migrant ? 1.3 : 0),
    )
  // a partner more often in the middle of life, and those who depend on the person
  const partner = r.next() < (ageYears < 26 ? 0.25 : ageYears < 62 ? 0.72 : 0.6)
  const household = 1 + (partner ? 1 : 0) + (responsible ? 1 + r.poisson(0.55) : 0)
  return {
    index,
    born,
    opened,
    sex,
    migrant,
    ageYears,
    district,
    willingness,
    capacity,
    stability,
    digital,
    literacy,
    hunger,
    leverage,
    responsible,
    family,
    household,
    generosity,
    donor,
    churn,
    travel,
    income,
    occupation,
    employer,
    risk,
    bank,
    payLaterRate,
    rentalRate,
    car,
    house,
  }
}

const PLATFORM_SPAN = 150
/** Set so that 34.6 % of people have had a bank loan or card by the last observation date. */
const BANK_EDGE = 0.3

export const CITY_COUNT = CITIES
