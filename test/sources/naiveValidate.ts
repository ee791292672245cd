/** The rules of validation for a few columns of `transactions`, row by row, without SQL: slow and plain. */

export interface NaiveRow {
  id: string
  person: string
  time: string
  amount: string
  direction: string
}

/** Mistakes to make on purpose. */
export interface Faults {
  keepFirstOfConflict?: boolean
  allowExtractDay?: boolean
  keysBeforeReferences?: boolean
}

const firstFault = (r: NaiveRow, extract: string, faults: Faults): string | null => {
  if (r.id.trim() === '') return 'missing key/transaction_id'
  if (r.person.trim() === '') return 'missing value/person_id'
  if (r.time.trim() === '') return 'missing value/occurred_at'
  if (Number.isNaN(Date.parse(r.time))) return 'bad date/occurred_at'
  if (faults.allowExtractDay ? r.time > extract : r.time >= extract) return 'at or after the extract date/occurred_at'
  if (r.amount === '') return 'missing value/amount'
  if (r.amount === 'NaN') return 'NaN/amount'
  if (r.amount === 'inf') return 'infinity/amount'
  if (Number.isNaN(Number(r.amount))) return 'wrong type/amount'
  if (Math.abs(Number(r.amount)) >= 1e16) return 'out of range/amount'
  if (Number(r.amount) < 0) return 'negative amount/amount'
  if (!['in', 'out'].includes(r.direction)) return 'not in closed list/direction'
  return null
}

export const naiveTransactions = (
  rows: readonly NaiveRow[],
  people: readonly string[],
  extract: string,
  faults: Faults,
): { accepted: number[]; counts: Record<string, number> } => {
  const counts: Record<string, number> = {}
  const reject = (reason: string) => {
    counts[reason] = (counts[reason] ?? 0) + 1
  }
  let left = rows.map((r, i) => ({ ...r, row: i + 2 }))
  const keep = (fault: (r: NaiveRow & { row: number }) => string | null) => {
    left = left.filter((r) => {
      const reason = fault(r)
      if (reason) reject(reason)
      return reason === null
    })
  }
  const references = () => keep((r) => (people.includes(r.person) ? null : 'unknown person/person_id'))
  const keys = () => {
    const all = left
    const text = (r: NaiveRow) => [r.id, r.person, r.time, Number(r.amount), r.direction].join('|')
    keep((r) => {
      const group = all.filter((o) => o.id === r.id)
      if (group.some((o) => text(o) !== text(r)))
        return faults.keepFirstOfConflict && group[0]!.row === r.row ? null : 'duplicate key/transaction_id'
      return group[0]!.row === r.row ? null : 'duplicate row/transaction_id'
    })
  }
  keep((r) => firstFault(r, extract, faults))
  if (faults.keysBeforeReferences) {
    keys()
    references()
  } else {
    references()
    keys()
  }
  return { accepted: left.map((r) => r.row), counts }
}
