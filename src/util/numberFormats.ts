/** Numbers as pages write them. */

// Made once: a formatter that is made for every number takes more time than all else that a moved page does.
const WHOLE = new Intl.NumberFormat('en-US')
const SIX_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 })
const SIX_DECIMALS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 })
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** How a number is written. */
export type Format = (value: number) => string

const MINUS = '\u2212'
const withMinus = (text: string): string => text.replace(/^-/, MINUS)
/** -0.0004 to three digits is zero, without a sign. */
const unsignedZero = (text: string): string => (/^-[0.,]*$/.test(text) ? text.slice(1) : text)

/** 12,345 */
export const count: Format = (n) => withMinus(WHOLE.format(Math.round(n)))
/** With so many digits after the point. */
export const fixed =
  (digits: number): Format =>
  (x) =>
    withMinus(unsignedZero(x.toFixed(digits)))
/** A share as a percentage, without the sign %: column heads carry it. */
export const percent =
  (digits: number): Format =>
  (x) =>
    fixed(digits)(100 * x)
/** +12, −3, 0: points. */
export const signed: Format = (n) => (n > 0 ? `+${count(n)}` : count(n))
/**
 * A value as it is in the data, so that it can be checked there: whole numbers in full, others to six digits after the point, and
 * to six meaning ones where the first of these would be zeros.
 */
export const plain: Format = (x) => {
  if (Math.abs(x) >= 1e15 || (x !== 0 && Math.abs(x) < 1e-9))
    return x.toExponential(5).replaceAll('-', MINUS).replace('e+', 'e')
  return withMinus(unsignedZero((Math.abs(x) < 0.1 ? SIX_DIGITS : SIX_DECIMALS).format(x)))
}
/** An amount of money: 11,823.87; whole ones without cents. */
export const money: Format = (x) => (Number.isInteger(x) || Math.abs(x) < 0.005 ? plain(x) : withMinus(CENTS.format(x)))

/** 1.4e−12: numbers next to nothing. */
export const tiny: Format = (x) => (x === 0 ? '0' : x.toExponential(1).replaceAll('-', MINUS))
