import type { OutcomeDefinition } from '../schema/outcome.ts'
import type { MappedOutcome } from './mapping.ts'

/** The outcome that a mapping states. What it does not state is 0: the source brings labels of its own, not arrears. */
export const mappedOutcome = (source: string, stated: MappedOutcome): OutcomeDefinition => ({
  name: stated.name ?? `${source}-outcome`,
  text: stated.text,
  performanceWindowDays: stated.performanceWindowDays ?? 0,
  badDaysPastDue: 0,
  indeterminateDaysPastDue: 0,
  eligibleWindowDays: 0,
})
