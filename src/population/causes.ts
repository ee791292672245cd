/** Causes of default that can be set from outside: what "do" means in this population. */

/** What is drawn for a person and can be set instead. Traits are standard normal; `donation` and `responsibility` are 0 or 1. */
export const CAUSES = [
  'willingness',
  'capacity',
  'stability',
  'literacy',
  'digital',
  'hunger',
  'leverage',
  'churn',
  'responsibility',
  'donation',
  'migrant',
  'sex',
  'ageYears',
  'income',
] as const
export type Cause = (typeof CAUSES)[number]

/** What is done to a cause: added to what is drawn, multiplied with it, or put in its place. What depends on it follows; no draw changes. */
export type Change = { add: number } | { times: number } | { set: number }

/** An intervention: causes and what is done to them. Empty: the world as it is. */
export type Intervention = Partial<Record<Cause, Change>>

export const change = (intervention: Intervention | undefined, cause: Cause, drawn: number): number => {
  const what = intervention?.[cause]
  if (what === undefined) return drawn
  if ('set' in what) return what.set
  return 'add' in what ? drawn + what.add : drawn * what.times
}
