/** Phones, addresses, employer, occupation and the age of the account. */
import type { History, Registration } from './history.ts'
import { newId } from './history.ts'
import type { Recipe } from './recipe.ts'
import type { Wanted } from './wanted.ts'

const YEAR = 365

/** Not known to have ended before the observation. */
const isPresent = ({ day }: History, row: Registration): boolean => row.valid_to === null || row.valid_to >= day

/** The row that counts as the present one of its kind. */
const presentOf = (history: History, kind: string): Registration | undefined =>
  history.registrations
    .filter((row) => row.kind === kind && row.valid_from < history.day && isPresent(history, row))
    .sort((a, b) => b.valid_from - a.valid_from)[0]

/** Everything of the kind began so much earlier, and ends when it did: what is present has been there for longer. */
const age = (history: History, kind: string, factor: string, wanted: Wanted): void => {
  if (!wanted.moved(factor)) return
  const days = wanted.number(factor) - wanted.own(factor)
  for (const row of history.registrations) if (row.kind === kind) row.valid_from -= days
}

const inYear = (history: History, row: Registration): boolean =>
  row.kind === 'phone' &&
  row.valid_from < history.day &&
  (isPresent(history, row) || row.valid_to! > history.day - YEAR)

const phoneNumbers = (history: History, wanted: Wanted): void => {
  if (!wanted.moved('phone_numbers_1y')) return
  const target = wanted.number('phone_numbers_1y')
  const present = presentOf(history, 'phone')
  const numbers = new Set(history.registrations.filter((row) => inYear(history, row)).map(({ value }) => value))
  // The present number goes last, the others in the order of their beginning.
  const order = history.registrations
    .filter((row) => inYear(history, row) && row.value !== present?.value)
    .sort((a, b) => a.valid_from - b.valid_from)
    .map(({ value }) => value)
  for (const value of [...new Set(order), ...(present ? [present.value] : [])]) {
    if (numbers.size <= target) break
    numbers.delete(value)
    history.registrations = history.registrations.filter((row) => !(inYear(history, row) && row.value === value))
  }
  const begins = new Set(history.registrations.filter(({ kind }) => kind === 'phone').map((row) => row.valid_from))
  let from = (present?.valid_from ?? history.day) - 1
  for (let n = 1; numbers.size < target; n++) {
    while (begins.has(from)) from--
    begins.add(from)
    const value = newId('phone', n)
    numbers.add(value)
    history.registrations.push({
      own: -1,
      kind: 'phone',
      valid_from: Math.min(from, history.day - 31),
      value,
      valid_to: history.day - 30,
    })
    from = Math.min(from, history.day - 31) - 1
  }
}

const present = (history: History, kind: string, factor: string, wanted: Wanted): void => {
  const value = wanted.text(factor)
  const row = presentOf(history, kind)
  if (wanted.moved(factor) && value !== null && row) row.value = value
}

const apply: Recipe['apply'] = (history, wanted) => {
  age(history, 'phone', 'phone_tenure_days', wanted)
  age(history, 'address', 'address_tenure_days', wanted)
  phoneNumbers(history, wanted)
  present(history, 'employer', 'employer_type', wanted)
  present(history, 'occupation', 'occupation', wanted)
  if (wanted.moved('account_age_days'))
    for (const row of history.people)
      row.account_opened_on -= wanted.number('account_age_days') - wanted.own('account_age_days')
}

export const registrations: Recipe = {
  name: 'registrations',
  about:
    'phones, addresses and the account began earlier; another number was used and given up; another employer or occupation',
  factors: [
    'phone_tenure_days',
    'phone_numbers_1y',
    'address_tenure_days',
    'account_age_days',
    'employer_type',
    'occupation',
  ],
  tables: ['people', 'registrations'],
  apply,
}
