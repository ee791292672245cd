/**
 * Which repayment settles which instalment: the oldest first, as the feature engine has it (features/arrears.ts), with the cents of every
 * repayment that went into every instalment. With those an instalment can be taken away, or made smaller, so that no other is settled on another day.
 */
import type { History, Instalment, Repayment } from './history.ts'

/** Part of a repayment that went into an instalment. */
export interface Part {
  repayment: Repayment
  amount: number
}

export interface Settled {
  instalment: Instalment
  parts: Part[]
  /** null: not before the observation */
  settled_on: number | null
  /** what was unpaid at the end of the due day */
  unpaid: number
  /** it became overdue before the observation */
  overdue: boolean
}

const ofAccount = (history: History, account: string): Settled[] => {
  const due = history.instalments
    .filter((row) => row.account_id === account && row.due_amount > 0)
    .sort((a, b) => a.due_on - b.due_on)
  const paid = history.repayments
    .filter((row) => row.account_id === account && row.amount > 0 && row.paid_on < history.day)
    .sort((a, b) => a.paid_on - b.paid_on)
  let k = 0
  let left = paid[0]?.amount ?? 0
  return due.map((instalment) => {
    let open = instalment.due_amount
    const parts: Part[] = []
    while (open > 0 && k < paid.length) {
      const amount = Math.min(open, left)
      if (amount > 0) parts.push({ repayment: paid[k]!, amount })
      open -= amount
      left -= amount
      if (left === 0) left = paid[++k]?.amount ?? 0
    }
    const inTime = parts
      .filter(({ repayment }) => repayment.paid_on <= instalment.due_on)
      .reduce((sum, { amount }) => sum + amount, 0)
    const settled_on = open === 0 ? parts.at(-1)!.repayment.paid_on : null
    const overdue = instalment.due_on + 1 < history.day && (settled_on === null || settled_on > instalment.due_on)
    return { instalment, parts, settled_on, unpaid: instalment.due_amount - inTime, overdue }
  })
}

/** All instalments with how they were settled, account by account. */
export const settlements = (history: History): Settled[] =>
  [...new Set(history.instalments.map((row) => row.account_id))].flatMap((account) => ofAccount(history, account))

const clear = (history: History): void => {
  history.repayments = history.repayments.filter((row) => row.amount > 0)
}

/** Takes an instalment away with what was paid on it. */
export const leaveOut = (history: History, { instalment, parts }: Settled): void => {
  history.instalments = history.instalments.filter((row) => row !== instalment)
  for (const { repayment, amount } of parts) repayment.amount -= amount
  clear(history)
}

/** Takes cents away from an instalment and from what was paid on it; at least one cent of each part stays. */
export const makeSmaller = ({ instalment, parts }: Settled, amount: number): void => {
  let left = amount
  for (const part of parts) {
    const less = Math.min(left, part.amount - 1)
    part.repayment.amount -= less
    part.amount -= less
    instalment.due_amount -= less
    left -= less
  }
}
