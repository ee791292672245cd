/**
 * Wrong person: payments and public records that are written to the file of somebody further down the list. They go to higher
 * numbers of the community only, so that they do not depend on how many people there are; what finds nobody is not recorded.
 */
import { NONE } from '../rows.ts'
import { orderPayments } from './orderPayments.ts'
import { renumber, type Written } from './written.ts'

interface Payment {
  day: number
  cents: number
}
interface Entry {
  kind: number
  day: number
  source: number
  confirmed: number
}

/** What waits for a person to be written to. One for each community, and its people in order. */
export class WrongPerson {
  readonly #strength: number
  #payments: Payment[] = []
  #entries: Entry[] = []

  constructor(strength: number) {
    this.#strength = strength
  }

  /** Takes rows of this person for those who come later, after what came before has found its place. */
  confuse(written: Written): void {
    const r = written.random.fork('wrong_person')
    const [payments, entries] = [this.#payments, this.#entries]
    this.#payments = []
    this.#entries = []
    this.#takePayments(written, () => r.next() < this.#strength)
    this.#takeEntries(written, () => r.next() < this.#strength)
    this.#writePayments(written, payments)
    this.#writeEntries(written, entries)
  }

  #takePayments({ rows, from }: Written, wrong: () => boolean): void {
    const [sequence, paid, cents] = ['sequence', 'paid', 'cents'].map((name) => rows.repayments.column(name)) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ]
    const short = new Set<number>()
    rows.repayments.keep(from.repayments, (row) => {
      if (!wrong()) return true
      this.#payments.push({ day: paid[row]!, cents: cents[row]! })
      short.add(sequence[row]!)
      return false
    })
    // for the lender something is still owed
    const [account, closed] = [rows.credit_accounts.column('sequence'), rows.credit_accounts.column('closed')]
    for (let row = from.credit_accounts; row < rows.credit_accounts.length; row++)
      if (short.has(account[row]!)) closed[row] = NONE
  }

  #takeEntries({ rows, from }: Written, wrong: () => boolean): void {
    const columns = ['kind', 'recorded', 'authority', 'confirmed'].map((name) => rows.public_records.column(name))
    const [kind, day, source, confirmed] = columns as [Int32Array, Int32Array, Int32Array, Int32Array]
    rows.public_records.keep(from.public_records, (row) => {
      if (!wrong()) return true
      this.#entries.push({ kind: kind[row]!, day: day[row]!, source: source[row]!, confirmed: confirmed[row]! })
      return false
    })
  }

  /** To an account that is open on that day; otherwise it waits for the next person. */
  #writePayments(written: Written, payments: readonly Payment[]): void {
    const { person, rows, from } = written
    const accounts = rows.credit_accounts
    const [account, opened, closed] = ['sequence', 'opened', 'closed'].map((name) => accounts.column(name)) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ]
    for (const payment of payments) {
      let row = from.credit_accounts
      const isOpen = () => opened[row]! < payment.day && (closed[row] === NONE || closed[row]! >= payment.day)
      while (row < accounts.length && !isOpen()) row++
      if (row === accounts.length) this.#payments.push(payment)
      else rows.repayments.add(person.index, account[row]!, 0, payment.day, payment.cents)
    }
    orderPayments(written)
  }

  #writeEntries(written: Written, entries: readonly Entry[]): void {
    const { person, rows } = written
    for (const entry of entries) {
      const { kind, day, source, confirmed } = entry
      if (day < person.opened) this.#entries.push(entry)
      else rows.public_records.add(person.index, 0, kind, day, source, confirmed)
    }
    renumber(written, 'public_records')
  }
}
