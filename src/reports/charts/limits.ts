/** The least and the greatest of the numbers, of any number of them, and of those that the limits hold at any rate. */
export const limitsOf = (values: readonly number[], [low, high]: readonly [number, number]): [number, number] => [
  values.reduce((least, v) => Math.min(least, v), low),
  values.reduce((most, v) => Math.max(most, v), high),
]
