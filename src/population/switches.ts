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
  /** whether it is about the group of `Switches.group` */
  ofGroup?: true
}

/** Every switch with a strength: its default, how far it goes, what it does and whom it could harm. */
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
    about: 'share of the group whose good outcomes are written up as bad; what is true of them does not change',
    harm: 'a model learns that the group defaults more often than it does, and refuses its members credit they would repay',
    ofGroup: true,
  },
  proxy: {
    byDefault: 0,
    most: 1,
    about:
      'share of the group that moves to two districts of each city, and that buys furniture often; the same share of the others moves away, and of their furniture counts as household goods',
    harm: 'a score without the group attribute treats the group differently all the same',
    ofGroup: true,
  },
  thinFiles: {
    byDefault: 0,
    most: 1,
    about:
      'share of the credit accounts, with all that belongs to them, and of the transactions of the group that leave no record',
    harm: 'the group is refused, or scored at a guess, because nothing is known of it and not because of what it did',
    ofGroup: true,
  },
  surveillance: {
    byDefault: 0,
    most: 2,
    about:
      'how strongly attention follows what was found: the group is looked at 1 + strength / 2 times as closely in the first quarter, and in each next one the attention is multiplied by the ratio found a head, to the power of strength / 4; all misbehave alike, and the effort as a whole is fixed',
    harm: 'the group looks worse the more it is watched, which is taken as a reason to watch it more',
    ofGroup: true,
  },
  gaming: {
    byDefault: 0,
    most: 1,
    about:
      'share of the risky, a fifth of all people, who buy a boost of their score: money that goes round, and contacts that are borrowed from safe people',
    harm: 'those who pay for it are trusted beyond what they can repay, and honest people lose the place of theirs',
  },
  drift: {
    byDefault: 0,
    most: 2,
    about:
      'depth of a downturn that begins in the middle of the dense history: at 1 jobs are lost 2.2 times as often and stress rises by 0.5; and how readily people take up a new product, which comes at the same time',
    harm: 'a score fitted to what was misjudges people whose circumstances changed',
  },
  missingAtRandom: {
    byDefault: 0,
    most: 1,
    about:
      'chance that a kind of registration, of asset or of inferred attribute is not on file of somebody old; half of it at 37, little of it for the young',
    harm: 'people are judged by what happens to be on file',
  },
  missingNotAtRandom: {
    byDefault: 0,
    most: 1,
    about:
      'share of the liquid balances below 1,000 that are not reported, because they are low: the value before them stands',
    harm: 'silence is read as an average, and those who report are worse off than those who do not',
  },
  wrongPerson: {
    byDefault: 0,
    most: 0.5,
    about: 'share of repayments and public records that are written to the file of somebody further down the list',
    harm: 'people answer for debts and records of somebody else',
  },
  staleRecords: {
    byDefault: 0,
    most: 1,
    about:
      'share of payments 30 or more days past due that come to the record half a year late, a quarter of them never',
    harm: 'people who have paid go on looking as if they had not',
  },
} as const satisfies Record<string, SwitchSpec>

/** One of `SWITCHES`. */
export type SwitchName = keyof typeof SWITCHES
export const SWITCH_NAMES = Object.keys(SWITCHES) as SwitchName[]

/** How the interaction claim is read: each of the two alone says nothing (marginal), or each alone says nothing where the other is absent (conditional). */
export const INTERACTION_FORMS = ['marginal', 'conditional'] as const
/** One of `INTERACTION_FORMS`. */
export type InteractionForm = (typeof INTERACTION_FORMS)[number]

/** Whom switches on a group are about. */
export const SWITCH_GROUPS = ['migrant', 'female'] as const
/** One of `SWITCH_GROUPS`. */
export type SwitchGroup = (typeof SWITCH_GROUPS)[number]

/** The strength of every switch, how the interaction is read, and whom switches on a group are about. */
export type Switches = Record<SwitchName, number> & { interactionForm: InteractionForm; group: SwitchGroup }

/** All switches, as they stand when nothing is said. */
export const defaultSwitches = (): Switches => ({
  ...(Object.fromEntries(SWITCH_NAMES.map((name) => [name, SWITCHES[name].byDefault])) as Record<SwitchName, number>),
  interactionForm: 'marginal',
  group: 'migrant',
})
