/**
 * What a Gini split is worth. Minimizing the weighted Gini impurity of two children is maximizing
 * (g^2 + b^2) / n summed over both, with g good and b bad of n rows (Breiman et al., Classification and Regression Trees, 1984).
 */
export const giniWorth = (badLeft: number, left: number, badRight: number, right: number): number => {
  const goodLeft = left - badLeft
  const goodRight = right - badRight
  return (goodLeft * goodLeft + badLeft * badLeft) / left + (goodRight * goodRight + badRight * badRight) / right
}

/** Gini impurity of a node: 1 - share of good^2 - share of bad^2, from 0 (pure) to 0.5. */
export const giniImpurity = (bad: number, rows: number): number => {
  const p = bad / rows
  return 1 - (p * p + (1 - p) * (1 - p))
}

/** A split found in one column; rows with a missing value go left where `missingLeft`. */
export interface FoundSplit {
  feature: number
  /** Infinity: present values left, missing ones right */
  threshold: number
  missingLeft: boolean
  worth: number
}
