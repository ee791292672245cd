/** What a replayed history must come to: the value of every factor, and which of them the option moves. */
export interface Wanted {
  /**
   * Where values cross that the option moves, or leaves alone, alike: which of them gives way. longer: the sum of the longer window, the
   * total of a part; shorter: the other
   */
  givesWay: GivesWay
  /** the number that the factor must have; NaN: missing */
  number(factor: string): number
  text(factor: string): string | null
  /** the person's own number */
  own(factor: string): number
  /** whether any of these is another value than the person's own */
  moved(...factors: string[]): boolean
}

export type GivesWay = 'longer' | 'shorter'

export type WantedValue = number | string | null

/** @param own values of all factors of the catalogue; `to` those that differ */
export const wantedValues = (
  own: Readonly<Record<string, WantedValue>>,
  to: Readonly<Record<string, WantedValue>>,
  givesWay: GivesWay = 'longer',
): Wanted => {
  const at = (factor: string): WantedValue => (factor in to ? to[factor]! : (own[factor] ?? null))
  const numeric = (value: WantedValue): number => (typeof value === 'number' ? value : Number.NaN)
  return {
    givesWay,
    number: (factor) => numeric(at(factor)),
    text: (factor) => {
      const value = at(factor)
      return typeof value === 'string' ? value : null
    },
    own: (factor) => numeric(own[factor] ?? null),
    moved: (...factors) => factors.some((f) => f in to && !Object.is(to[f], own[f])),
  }
}

/** Money in cents. */
export const cents = (amount: number): number => Math.round(amount * 100)

/**
 * Sums over windows that hold each other, shortest first, none less than the one before. Where those that are wanted cross each other, what
 * the option moves stands and what it leaves alone gives way; of two alike the one that `givesWay` says.
 */
export const nestedSums = (sums: readonly number[], moved: readonly boolean[], givesWay: GivesWay): number[] => {
  const out = [...sums]
  // What has given way to a value that the option moves stands like that value.
  const stands = [...moved]
  for (let k = out.length - 2; k >= 0; k--) {
    const yields = stands[k] === stands[k + 1] ? givesWay === 'shorter' : stands[k + 1]!
    if (out[k]! <= out[k + 1]! || !yields) continue
    out[k] = out[k + 1]!
    stands[k] = stands[k + 1]!
  }
  for (let k = 1; k < out.length; k++) out[k] = Math.max(out[k]!, out[k - 1]!)
  return out
}
