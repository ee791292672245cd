/** The five dimensions of a Sesame-style score with their advertised weights (percent). */
export const DIMENSIONS = [
  { name: 'credit_history', title: 'Credit history', weight: 35 },
  { name: 'behavior_preference', title: 'Behavior preference', weight: 25 },
  { name: 'fulfillment_capacity', title: 'Fulfillment capacity', weight: 20 },
  { name: 'identity_characteristics', title: 'Identity characteristics', weight: 15 },
  { name: 'personal_relationships', title: 'Personal relationships', weight: 5 },
] as const

/** Name of one of the five dimensions, as in the catalogue, in receipts and in column names. */
export type DimensionName = (typeof DIMENSIONS)[number]['name']
