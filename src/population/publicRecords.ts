/** A few public records: courts after long arrears, praise and registry entries by chance. */
import { PUBLIC_RECORD_KINDS } from '../schema/vocabulary.ts'
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import type { Months } from './months.ts'
import type { Person } from './person.ts'
import { NONE, type Rows } from './rows.ts'
import { RECORD_SOURCE_COUNT } from './tableQueries.ts'

const kindOf = (name: (typeof PUBLIC_RECORD_KINDS)[number]): number => PUBLIC_RECORD_KINDS.indexOf(name)

/** Rate a person and month of each kind without a cause of its own, and how it moves with willingness. */
const CHANCE = PUBLIC_RECORD_KINDS.map((kind, code) => ({
  code,
  rate:
    kind === 'judicial' || kind === 'seriously_untrustworthy_list'
      ? 0.00005
      : kind === 'basic_registry'
        ? 0.0012
        : 0.0003,
  slope: kind === 'honor' || kind === 'voluntary' || kind === 'credit_pledge' || kind === 'compliance' ? 0.4 : -0.1,
}))

/** @param random the person's stream. Writes the records of the dense months. */
export const simulatePublicRecords = (
  random: Random,
  person: Person,
  months: Months,
  clock: Clock,
  rows: Rows,
): void => {
  const r = random.fork('public_records')
  let sequence = 0
  const add = (kind: number, day: number): void => {
    if (day < Math.max(clock.denseDay, person.opened) || day >= clock.lastDay) return
    const confirmed = r.next() < 0.4 ? day + 10 + r.integer(200) : NONE
    const known = confirmed !== NONE && confirmed < clock.extractDay ? confirmed : NONE
    rows.add(person.index, sequence++, kind, day, r.integer(RECORD_SOURCE_COUNT), known)
  }
  for (const { code, rate, slope } of CHANCE) {
    const span = clock.last - clock.dense
    for (let n = r.poisson(rate * span * Math.exp(slope * person.willingness)); n > 0; n--)
      add(code, clock.denseDay + r.integer(clock.lastDay - clock.denseDay))
  }
  for (const e of months.episodes) {
    if (e.to - e.from < 180) continue
    if (r.next() < 0.15) add(kindOf('judicial'), e.from + 170 + r.integer(120))
    if (r.next() < 0.06) add(kindOf('seriously_untrustworthy_list'), e.from + 260 + r.integer(200))
  }
}
