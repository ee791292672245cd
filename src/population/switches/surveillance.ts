/**
 * Surveillance: all misbehave alike, and some are watched more. In every community an authority divides a fixed effort between
 * the group and the others, round by round; in the next round it looks harder where it has found more a head. So the group is
 * found out more and more often, and its records seem to say why it is watched (Ensign et al. 2018, arXiv:1706.09847).
 */
import { PUBLIC_RECORD_KINDS } from '../../schema/vocabulary.ts'
import type { Random } from '../../util/random.ts'
import type { Clock } from '../clock.ts'
import type { Person } from '../person.ts'
import { NONE } from '../rows.ts'
import type { SwitchGroup } from '../switches.ts'
import { RECORD_SOURCE_COUNT } from '../tableQueries.ts'
import { inGroup } from './inGroup.ts'
import { countRows, type Written } from './written.ts'

/** One thing done that may come to be recorded. */
export interface Misconduct {
  day: number
  round: number
  kind: number
  /** uniform; found if below the chance that somebody looks */
  luck: number
  found: boolean
}

/** How often the two sides of a community were looked at: heads, and what was found in a round. */
export interface Found {
  group: number
  others: number
}

/** Months of a round; they count from the beginning of the dense history. */
export const ROUND_MONTHS = 3
/** Misconduct a month of somebody of ordinary willingness, in the group and out of it. */
const RATE = 0.1
/** Share that is found where the effort is spread evenly. */
const EVEN_CHANCE = 0.25
/** The group is looked at so many times as closely as others, at most. */
const CLOSEST = 8
/** In a small community a few finds are not taken for more than they are: so many even ones are added. */
const PRIOR = 6

const ADMINISTRATIVE = PUBLIC_RECORD_KINDS.indexOf('administrative')
const JUDICIAL = PUBLIC_RECORD_KINDS.indexOf('judicial')

/** How many times as closely the group is looked at in the first round. */
export const firstAttention = (strength: number): number => 1 + 0.5 * strength

/**
 * The attention of the next round: that of this round, times a power of the ratio of what was found a head. Where nothing but
 * attention makes the difference, the ratio found is the attention, and its logarithm grows by a quarter of the strength.
 */
export const nextAttention = (attention: number, found: Found, heads: Found, strength: number): number => {
  const n = heads.group + heads.others
  const perHead = (side: keyof Found) => (found[side] + (PRIOR * heads[side]) / n) / heads[side]
  const ratio = perHead('group') / perHead('others')
  return Math.min(CLOSEST, Math.max(1 / CLOSEST, attention * ratio ** (0.25 * strength)))
}

/** What one person does in the dense months, found or not: the same law for everybody. @param random the person's stream */
export const drawMisconduct = (random: Random, person: Person, clock: Clock): Misconduct[] => {
  const r = random.fork('misconduct')
  const done: Misconduct[] = []
  for (let m = clock.dense; m < clock.last; m++)
    for (let n = r.poisson(RATE * Math.exp(-0.3 * person.willingness)); n > 0; n--) {
      const day = clock.start[m]! + r.integer(clock.start[m + 1]! - clock.start[m]!)
      const kind = r.next() < 0.9 ? ADMINISTRATIVE : JUDICIAL
      const luck = r.next()
      // of the time before the account nothing is known
      if (day >= person.opened)
        done.push({ day, round: Math.floor((m - clock.dense) / ROUND_MONTHS), kind, luck, found: false })
    }
  return done
}

/**
 * A whole community over all rounds. Whom is looked at follows from the counts of the community alone.
 * @param random the stream of the population; @param next the law by which attention follows, for tests of other laws
 * @returns what each of `people` did, in their order, with what was found
 */
export const watchCommunity = (
  random: Random,
  people: readonly Person[],
  clock: Clock,
  group: SwitchGroup,
  strength: number,
  next = nextAttention,
): Misconduct[][] => {
  const done = people.map((person) => drawMisconduct(random.fork('person', person.index), person, clock))
  const members = people.map((person) => inGroup(person, group))
  const heads: Found = { group: members.filter(Boolean).length, others: members.filter((m) => !m).length }
  if (heads.group === 0 || heads.others === 0) return done
  let attention = firstAttention(strength)
  const rounds = Math.ceil((clock.last - clock.dense) / ROUND_MONTHS)
  for (let round = 0; round < rounds; round++) {
    const effort = (EVEN_CHANCE * people.length) / (heads.group * attention + heads.others)
    const found: Found = { group: 0, others: 0 }
    done.forEach((list, k) => {
      const chance = members[k] ? effort * attention : effort
      for (const one of list) {
        if (one.round !== round || one.luck >= chance) continue
        one.found = true
        found[members[k] ? 'group' : 'others']++
      }
    })
    attention = next(attention, found, heads, strength)
  }
  return done
}

/** Records of what was found of one person. */
export const recordMisconduct = (written: Written, done: readonly Misconduct[]): void => {
  const r = written.random.fork('misconduct_records')
  const { person, rows } = written
  for (const { day, kind, found } of done) {
    const source = r.integer(RECORD_SOURCE_COUNT)
    if (found) rows.public_records.add(person.index, countRows(written, 'public_records'), kind, day, source, NONE)
  }
}
