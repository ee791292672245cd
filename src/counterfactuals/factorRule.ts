/** How a factor may change, and which factors are tied to one another. */

/** Days of a month: twelve of them are 365 days, as the windows of the factors have it. */
export const DAYS_OF_MONTH = 365 / 12

/**
 * What a person may do about a factor. Factors without a rule are free.
 *
 * free: both ways; up, down: one way; time: it moves with the months alone (with a rate it grows by that much every month, with a window
 * it falls as what it counts leaves the window); fixed: never.
 */
export interface FactorRule {
  change: 'free' | 'up' | 'down' | 'time' | 'fixed'
  /** the most that a month can change it, in its unit; with `time`: what every month adds by itself. Absent: no limit */
  maxChangePerMonth?: number
  /** lowest and highest value that the definition allows; absent: none */
  min?: number
  max?: number
  /** the factor adds up events of so many days: what has happened leaves it only when the window has passed */
  windowDays?: number
  /** factors that add up the same events over windows of other lengths share a name */
  series?: string
  /** options that must differ change other groups; absent: the factor is a group of its own */
  group?: string
  /** a missing value may become one that is there; absent: missing stays missing */
  mayAppear?: boolean
}

/**
 * Two factors that cannot move as they please. order: the value of `lower` is never above `times` that of `upper`; zeros: one is 0 where
 * the other is, and only there. Holds where both have values; one that the person's own values break is not imposed.
 */
export interface FactorLink {
  kind: 'order' | 'zeros'
  lower: string
  upper: string
  /** of an order, above 0: a mean of 30 days is at most three times that of the 90 days that hold them; absent: 1 */
  times?: number
}

/** The most that `lower` may be beside a value of `upper`: means of the same sums differ in their last digits, which is let pass. */
export const mostBeside = ({ times = 1 }: Pick<FactorLink, 'times'>, upper: number): number =>
  times === 1 ? upper : times * upper + 1e-12 * Math.abs(times * upper)

/** Rules by name of factor, and the links between them. */
export interface ChangeRules {
  rules: Readonly<Record<string, FactorRule>>
  links: readonly FactorLink[]
}
