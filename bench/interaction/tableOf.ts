/** Realized outcomes of people who are drawn and live, and of whom no table is written. */
import { clock, dayNumber } from '../../src/population/clock.ts'
import { COMMUNITY } from '../../src/population/community.ts'
import { borrows } from '../../src/population/credit.ts'
import { live, makeLife } from '../../src/population/life.ts'
import { CITY_COUNT, drawPerson } from '../../src/population/person.ts'
import type { Switches } from '../../src/population/switches.ts'
import { random } from '../../src/util/random.ts'
import { statusOf } from '../../test/population/continuations.ts'

const time = clock(dayNumber('2025-01-01', 'date'), 24)
const life = makeLife(time)

/** Bads and goods by [responsible][donor]. */
export type Table = [bad: number, good: number][][]

/** @param shift of the log-hazard of everybody */
export const tableOf = (people: number, seed: number, switches: Switches, shift = 0): Table => {
  const root = random(seed).fork('population')
  const table: Table = [0, 1].map(() => [0, 1].map((): [number, number] => [0, 0]))
  let city = 0
  for (let k = 0; k < people; k++) {
    if (k % COMMUNITY === 0) city = root.fork('community', k / COMMUNITY).integer(CITY_COUNT)
    const r = root.fork('person', k)
    const person = drawPerson(r, k, city, time, switches)
    person.risk += shift
    if (!borrows(person) || person.opened >= time.lastDay) continue
    live(r, person, time, life)
    const status = statusOf(life, time, time.lastDay)
    const cell = table[person.responsible ? 1 : 0]![person.donor ? 1 : 0]!
    if (status === 'bad') cell[0]++
    else if (status === 'good') cell[1]++
  }
  return table
}
