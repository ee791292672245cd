/**
 * Switches of the population: what can be turned on in it, each with a strength, so that an audit can be tested for what it finds with
 * the switch on and for what it imagines with the switch off. All but the interaction are off by default.
 */

/** A switch with a strength. */
export interface SwitchSpec {
  /** 0 is off */
  byDefault: number
  most: number
  /** what the strength counts, and what is done with it */
  about: string
  /** who could be harmed where this happens, and how */
  harm: string
}

export const SWITCHES = {
  interaction: {
    byDefault: 1,
    most: 3,
    about:
      'family responsibility and frequent donation together lower the odds of default; at 1 the odds of those with both are half as high',
    harm: 'none by itself; a model or an audit that reads it into either of the two alone is wrong about the people who have only one',
  },
  labelBias: {
    byDefault: 0,
    most: 1,
    about: 'share of the good outcomes of the group that are written up as bad',
    harm: 'a model learns that the group defaults more often than it does, and refuses its members credit they would repay',
  },
  proxy: {
    byDefault: 0,
    most: 1,
    about: 'share of the group that lives in the same few districts and buys a category that others rarely buy',
    harm: 'a score without the group attribute treats the group differently all the same',
  },
  thinFiles: {
    byDefault: 0,
    most: 1,
    about: 'share of the credit accounts and transactions of the group that leave no record',
    harm: 'the group is refused, or scored at a guess, because nothing is known of it and not because of what it did',
  },
  surveillance: {
    byDefault: 0,
    most: 5,
    about:
      'how many times more often misconduct of the group comes to be recorded, over rounds: what is found decides where is looked next',
    harm: 'the group looks worse the more it is watched, which is taken as a reason to watch it more',
  },
  gaming: {
    byDefault: 0,
    most: 1,
    about:
      'share of the risky who buy a boost of the score: transactions that are circular, contacts that are borrowed',
    harm: 'those who pay for it are trusted beyond what they can repay, and honest people lose the place of theirs',
  },
  drift: {
    byDefault: 0,
    most: 2,
    about: 'strength of a downturn and of a new product that come after the middle of the dense history',
    harm: 'a score fitted to what was misjudges people whose circumstances changed',
  },
  missingAtRandom: {
    byDefault: 0,
    most: 1,
    about: 'share of the registrations, balances and inferred attributes that are not there, more often for the old',
    harm: 'people are judged by what happens to be on file',
  },
  missingNotAtRandom: {
    byDefault: 0,
    most: 1,
    about: 'share of the low balances that are not reported, because they are low',
    harm: 'silence is read as an average, and those who report are worse off than those who do not',
  },
  wrongPerson: {
    byDefault: 0,
    most: 0.5,
    about: "share of repayments and public records that are written to another person's file",
    harm: 'people answer for debts and records of somebody else',
  },
  staleRecords: {
    byDefault: 0,
    most: 1,
    about: 'share of settlements that come to the records half a year late, or not at all',
    harm: 'people who have paid go on looking as if they had not',
  },
} as const satisfies Record<string, SwitchSpec>

export type SwitchName = keyof typeof SWITCHES
export const SWITCH_NAMES = Object.keys(SWITCHES) as SwitchName[]

/** How the interaction claim is read: each of the two alone says nothing (marginal), or each alone says nothing where the other is absent (conditional). */
export const INTERACTION_FORMS = ['marginal', 'conditional'] as const
export type InteractionForm = (typeof INTERACTION_FORMS)[number]

/** Whom switches on a group are about. */
export const SWITCH_GROUPS = ['migrant', 'female'] as const
export type SwitchGroup = (typeof SWITCH_GROUPS)[number]

export type Switches = Record<SwitchName, number> & { interactionForm: InteractionForm; group: SwitchGroup }

/** All switches, as they stand when nothing is said. */
export const defaultSwitches = (): Switches => ({
  ...(Object.fromEntries(SWITCH_NAMES.map((name) => [name, SWITCHES[name].byDefault])) as Record<SwitchName, number>),
  interactionForm: 'marginal',
  group: 'migrant',
})
