/** What a simulated population says of itself: written as summary.json, shown as summary.html. */
import type { Estimate } from './charts/options.ts'
import type { WaterfallStep } from './charts/peopleWaterfall.ts'

/** Something that is turned on in a population. */
export interface SwitchOn {
  /** as on the command line */
  name: string
  strength: number
  most: number
  about: string
  harm: string
}

/** A group and what can be seen of it; figures of people are at the last observation date. */
export interface PopulationGroup {
  /** sex, household_registration or age */
  grouping: string
  group: string
  people: number
  /** outcomes that are good or bad, and how many of them are bad */
  labeled: number
  bads: number
  badRate: Estimate
  /** share of people without a loan or card of a bank on record */
  withoutBank: Estimate
  /** share of people with an administrative or judicial record */
  misconduct: Estimate
}

/** Payments with an amount in [from, to). */
export interface AmountBin {
  from: number
  to: number
  out: number
  in: number
}

/** What summary.json says of a simulated population: who is in it, what is turned on, what became of them. */
export interface PopulationReport {
  format: 'glasscore.population'
  version: 1
  glasscore: string
  name: string
  people: number
  /** dense ones */
  months: number
  seed: number
  currency: string
  tables: { table: string; rows: number; perPerson: number; coveredFrom: string; coveredTo: string }[]
  /** rows of all tables but people and outcomes */
  events: number
  eventsPerPerson: number
  switches: SwitchOn[]
  interactionForm: string
  /** whom switches on a group are about */
  group: string
  outcome: { name: string; text: string }
  /** rows by outcome, all dates */
  outcomes: Record<string, number>
  /** on the last date */
  waterfall: WaterfallStep[]
  dates: { date: string; good: number; bad: number; indeterminate: number; excluded: number; badRate: Estimate }[]
  withoutBank: Estimate
  /** transactions by month, and a day in it */
  monthly: { month: string; transactions: number; perDay: number }[]
  /** transactions on so many days of the week, Monday first */
  weekdays: { day: string; transactions: number; perDay: number }[]
  amounts: AmountBin[]
  groups: PopulationGroup[]
  notes: string[]
}
