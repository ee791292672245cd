/**
 * Upper edges of the consumption tiers 1 to 9, right-closed (lo, hi], in the currency of the data set per year; tier 10 is
 * above the last. Twice the public band edges of six-month consumption: illustrative deciles of a reference population,
 * fixed, never a rank within the file at hand. They mean CNY; another currency is compared with them as it is.
 */
export const CONSUMPTION_TIER_EDGES = [3000, 6000, 10000, 15000, 20000, 26000, 36000, 60000, 120000] as const

/** SQL of the tier, 1 to 10, of a year's consumption. */
export const consumptionTier = (consumption: string): string =>
  `(1 + ${CONSUMPTION_TIER_EDGES.map((edge) => `(${consumption} > ${edge})::INTEGER`).join(' + ')})::DOUBLE`
