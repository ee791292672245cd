/** Thin files: part of what the group does leaves no record. What is true of it does not change. */
import { inGroup } from './inGroup.ts'
import { renumber, type Written } from './written.ts'

export const thinFiles = (written: Written, strength: number): void => {
  const { person, random, group, rows, from } = written
  if (!inGroup(person, group)) return
  const r = random.fork('thin_files')
  rows.transactions.keep(from.transactions, () => r.next() >= strength)
  renumber(written, 'transactions')
  dropAccounts(written, () => r.next() >= strength)
}

/** Drops accounts with all that belongs to them, and numbers the others anew. @param stays asked once an account */
export const dropAccounts = (written: Written, stays: (sequence: number) => boolean): void => {
  const { rows, from } = written
  const numbers = new Map<number, number>()
  const accounts = rows.credit_accounts.column('sequence')
  for (let row = from.credit_accounts; row < rows.credit_accounts.length; row++)
    if (stays(accounts[row]!)) numbers.set(accounts[row]!, numbers.size)
  for (const table of ['credit_accounts', 'instalments', 'repayments'] as const) {
    const sequence = rows[table].column('sequence')
    rows[table].keep(from[table], (row) => numbers.has(sequence[row]!))
    for (let row = from[table]; row < rows[table].length; row++) sequence[row] = numbers.get(sequence[row]!)!
  }
}
