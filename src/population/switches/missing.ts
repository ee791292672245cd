/** What is not on file: at random given age, or because of what it is. */
import { ASSET_TYPES, LIQUID_ASSETS, REGISTRATION_KINDS } from '../../schema/vocabulary.ts'
import { logistic } from '../person.ts'
import { INFERRED } from '../tableQueries.ts'
import type { Written } from './written.ts'

/** Yuan; a liquid balance below it is low. */
export const LOW_BALANCE = 1000

const LIQUID = LIQUID_ASSETS.map((name) => ASSET_TYPES.indexOf(name))

/** Chance that one kind of thing is not on file: half of the strength at 37, most of it for the old, little for the young. */
export const missingChance = (ageYears: number, strength: number): number =>
  strength * logistic((1.5 * (ageYears - 37)) / 12.5)

/** Whole kinds are missing of a person: of registrations, of assets, of inferred attributes. Age decides, and chance. */
export const loseAtRandom = (written: Written, strength: number): void => {
  const { person, random, rows, from } = written
  const r = random.fork('missing_at_random')
  const chance = missingChance(person.ageYears, strength)
  const lose = (table: 'registrations' | 'balances' | 'inferred_attributes', column: string, kinds: number): void => {
    const lost = Array.from({ length: kinds }, () => r.next() < chance)
    const kind = rows[table].column(column)
    rows[table].keep(from[table], (row) => !lost[kind[row]!])
  }
  lose('registrations', 'kind', REGISTRATION_KINDS.length)
  lose('balances', 'asset', ASSET_TYPES.length)
  lose('inferred_attributes', 'code', INFERRED.length)
}

/** Low balances are not reported: the value before them stands, which was higher. */
export const hideLowBalances = (written: Written, strength: number): void => {
  const { random, rows, from } = written
  const r = random.fork('missing_not_at_random')
  const asset = rows.balances.column('asset')
  const cents = rows.balances.column('cents')
  rows.balances.keep(from.balances, (row) => {
    const hidden = r.next() < strength
    return !(hidden && LIQUID.includes(asset[row]!) && cents[row]! < 100 * LOW_BALANCE)
  })
}
