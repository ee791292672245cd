/** Phones, addresses, employers, occupations, districts and devices, with their times of validity. */
import { EMPLOYER_TYPES, OCCUPATIONS, REGISTRATION_KINDS } from '../schema/vocabulary.ts'
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import type { Months } from './months.ts'
import { CITY_DISTRICTS, type Person, PUBLIC_SERVICE, SELF_EMPLOYED, STUDENT, UNEMPLOYED } from './person.ts'
import { NONE, type Rows } from './rows.ts'

const PHONE = REGISTRATION_KINDS.indexOf('phone')
const ADDRESS = REGISTRATION_KINDS.indexOf('address')
const EMPLOYER = REGISTRATION_KINDS.indexOf('employer')
const OCCUPATION = REGISTRATION_KINDS.indexOf('occupation')
const DISTRICT = REGISTRATION_KINDS.indexOf('district')
const DEVICE = REGISTRATION_KINDS.indexOf('device')
const UNKNOWN = EMPLOYER_TYPES.indexOf('unknown')
const PUBLIC = EMPLOYER_TYPES.indexOf('public')
/** Between what those who work for somebody else change: whoever draws pay is registered as one who works. */
const EMPLOYERS = EMPLOYER_TYPES.map((_, code) => code).filter((code) => code !== SELF_EMPLOYED)
const WORK = OCCUPATIONS.map((_, code) => code).filter((code) => code !== STUDENT && code !== UNEMPLOYED)

/** @param random the person's stream. Writes one person's registrations until the extract date. */
export const simulateRegistrations = (
  random: Random,
  person: Person,
  months: Months,
  clock: Clock,
  rows: Rows,
): void => {
  const r = random.fork('registrations')
  /** one kind of registration: its present value and since when; a change closes it and opens the next */
  const track = (kind: number, rate: number, value: (n: number) => number) => {
    // what was already valid when the records begin: as old as its rate of change says, not older than the account
    const age = Math.floor((30.4375 * r.exponential()) / rate)
    let since = Math.max(person.opened, Math.min(clock.sparseDay, person.opened + 1_000_000) - age)
    if (person.opened >= clock.sparseDay) since = person.opened
    let n = 0
    let held = value(n)
    return {
      change: (day: number): void => {
        if (day <= since) return
        rows.add(person.index, kind, since, held, day)
        since = day
        held = value(++n)
      },
      end: (): void => rows.add(person.index, kind, since, held, NONE),
    }
  }

  const restless = Math.exp(-0.45 * person.stability)
  const phoneRate = 0.014 * restless * Math.exp(-0.1 * person.willingness)
  const addressRate = 0.019 * restless * (person.migrant ? 1.4 : 1) * (person.house ? 0.6 : 1)
  const deviceRate = 0.035
  const jobRate = 0.011 * Math.exp(-0.3 * person.stability)
  const city = person.district - (person.district % CITY_DISTRICTS)

  const phone = track(PHONE, phoneRate, (n) => n)
  const address = track(ADDRESS, addressRate, (n) => n)
  const district = track(DISTRICT, addressRate / 2, (n) =>
    n === 0 ? person.district : city + r.integer(CITY_DISTRICTS),
  )
  const device = track(DEVICE, deviceRate, (n) => n)
  const tellsWork = r.next() < 0.88
  let employed = person.employer
  let occupied = person.occupation
  const employer = tellsWork ? track(EMPLOYER, jobRate, () => employed) : undefined
  const occupation = tellsWork ? track(OCCUPATION, jobRate / 2, () => occupied) : undefined

  const works = person.occupation !== STUDENT && person.occupation !== UNEMPLOYED
  const ownBoss = person.employer === SELF_EMPLOYED
  const nextEmployer = (stays: number): number => {
    const same = r.next() < stays
    if (occupied === PUBLIC_SERVICE) return PUBLIC
    return same || ownBoss ? person.employer : EMPLOYERS[r.integer(EMPLOYERS.length)]!
  }

  let toldLoss = false
  for (let m = Math.max(0, clock.monthOf(person.opened) + 1); m < clock.count; m++) {
    const day = () => clock.start[m]! + r.integer(28)
    const strain = Math.max(0, months.stress[m]!)
    if (r.next() < phoneRate * (1 + 0.3 * strain)) phone.change(day())
    if (r.next() < addressRate * (1 + 0.25 * strain)) {
      const moved = day()
      address.change(moved)
      if (r.next() < 0.4) district.change(moved)
    }
    if (r.next() < deviceRate) device.change(day())
    if (!employer || !occupation || !works) continue
    const lost = months.jobless[m] === 1 && (m === 0 || months.jobless[m - 1] === 0)
    const found = months.jobless[m] === 0 && m > 0 && months.jobless[m - 1] === 1
    if (lost && r.next() < 0.3) {
      const d = day()
      employed = UNKNOWN
      occupied = UNEMPLOYED
      employer.change(d)
      occupation.change(d)
      toldLoss = true
    } else if (found && toldLoss) {
      // on the first day of the month, before its pay
      occupied = person.occupation
      employed = nextEmployer(0.5)
      employer.change(clock.start[m]!)
      occupation.change(clock.start[m]!)
      toldLoss = false
    } else if (!toldLoss && r.next() < jobRate) {
      const d = day()
      const retrained = r.next() < 0.15
      if (retrained) occupied = r.next() < 0.5 ? person.occupation : WORK[r.integer(WORK.length)]!
      employed = nextEmployer(0.6)
      employer.change(d)
      if (retrained) occupation.change(d)
    }
  }
  for (const t of [phone, address, employer, occupation, district, device]) t?.end()
}
