/**
 * What a split is worth, by Gini impurity or by entropy (Breiman et al. 1984; Quinlan 1993). Only differences between worths of one
 * node count, so terms that all its splits share are left out. The compiled kernel (assembly/treeSplit.ts) takes the same steps.
 */
import { log } from '../numbers/elementary.ts'

/** What a split of a tree lowers: Gini impurity or entropy. */
export type Criterion = 'gini' | 'entropy'
export const CRITERIA = ['gini', 'entropy'] as const satisfies readonly Criterion[]

/** The least worth: every allowed split is worth more. */
export const NO_WORTH: Readonly<Record<Criterion, number>> = { gini: -1, entropy: Number.NEGATIVE_INFINITY }

/** x ln x; 0 at 0. */
export const xLogX = (x: number): number => (x > 0 ? x * log(x) : 0)

/**
 * @param badLeft bad weight of `left`, all weight on the left
 * @param bad bad weight of `all`, the weight of the node
 */
export const splitWorth = (criterion: Criterion, badLeft: number, left: number, bad: number, all: number): number => {
  const right = all - left
  if (criterion === 'gini') {
    // The weighted impurities of the children are less than that of the node by 2 d^2 / (left right all): one division a split.
    const d = badLeft * all - bad * left
    return (d * d) / (left * right)
  }
  const badRight = bad - badLeft
  return (
    xLogX(badLeft) + xLogX(left - badLeft) - xLogX(left) + (xLogX(badRight) + xLogX(right - badRight) - xLogX(right))
  )
}

/** Fall of impurity by a split of that worth, weighted by the share of the root's weight at the node; entropy in bits. */
export const worthDecrease = (criterion: Criterion, worth: number, bad: number, all: number, root: number): number =>
  criterion === 'gini'
    ? (2 * worth) / (all * root)
    : (worth - (xLogX(bad) + xLogX(all - bad) - xLogX(all))) / (Math.LN2 * root)

/** Impurity of a node: Gini from 0 (pure) to 0.5, entropy in bits from 0 to 1. */
export const impurity = (criterion: Criterion, bad: number, all: number): number => {
  const p = bad / all
  if (criterion === 'gini') return 1 - (p * p + (1 - p) * (1 - p))
  return -(xLogX(p) + xLogX(1 - p)) / Math.LN2
}
