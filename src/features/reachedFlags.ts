/** Flags: an item reached so many days past due on some day of the window. */
export const REACHED = [
  { factor: 'reached_m1_3m', days: 30, window: 90 },
  { factor: 'reached_m1_6m', days: 30, window: 180 },
  { factor: 'reached_m1_12m', days: 30, window: 365 },
  { factor: 'reached_m3_12m', days: 90, window: 365 },
  { factor: 'reached_m6_12m', days: 180, window: 365 },
  { factor: 'reached_m3_2y', days: 90, window: 730 },
  { factor: 'reached_m6_2y', days: 180, window: 730 },
  { factor: 'reached_m3_5y', days: 90, window: 1825 },
  { factor: 'reached_m6_5y', days: 180, window: 1825 },
] as const
