/** Numbers on a page: each names its place in the JSON file beside the page, so that none can say something else. */
import { h, type Markup } from './html.ts'

/** What a page shows: JSON as it is written beside the page. */
export type ReportJson = object

/** How a number is written. */
export type Format = (value: number) => string

const MINUS = '\u2212'
const withMinus = (text: string): string => text.replace(/^-/, MINUS)
/** -0.0004 to three digits is zero, without a sign. */
const unsignedZero = (text: string): string => (/^-[0.,]*$/.test(text) ? text.slice(1) : text)

/** 12,345 */
export const count: Format = (n) => withMinus(Math.round(n).toLocaleString('en-US'))
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
  const digits = Math.abs(x) < 0.1 ? { maximumSignificantDigits: 6 } : { maximumFractionDigits: 6 }
  return withMinus(unsignedZero(x.toLocaleString('en-US', digits)))
}
/** An amount of money: 11,823.87; whole ones without cents. */
export const money: Format = (x) =>
  Number.isInteger(x) || Math.abs(x) < 0.005
    ? plain(x)
    : withMinus(x.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }))

/** 1.4e−12: numbers next to nothing. */
export const tiny: Format = (x) => (x === 0 ? '0' : x.toExponential(1).replaceAll('-', MINUS))

/** Key path → JSON pointer (RFC 6901). */
export const pointerOf = (path: readonly (string | number)[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The value at a key path. @throws an internal error when the path leads nowhere: a page must not show what is not there */
export const valueAt = (json: ReportJson, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((value, key) => {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key))
      throw new Error(`no value at ${pointerOf(path)}`)
    return (value as Record<string, unknown>)[key]
  }, json)

/** The text of a number that is not there. */
export const ABSENT = 'n/a'

/**
 * A number of the JSON as an element that carries its JSON pointer; `n/a` for null.
 * @param path keys and positions that lead to it
 */
export const figure = (json: ReportJson, path: readonly (string | number)[], format: Format): Markup => {
  const value = valueAt(json, path)
  if (value !== null && typeof value !== 'number') throw new Error(`${pointerOf(path)} is not a number`)
  return h(
    'data',
    { value: value === null ? '' : String(value), 'data-path': pointerOf(path) },
    value === null || !Number.isFinite(value) ? ABSENT : format(value),
  )
}

/** A figure with its interval: value [low, high], each with its own pointer. */
export const interval = (json: ReportJson, path: readonly (string | number)[], format: Format): Markup =>
  valueAt(json, [...path, 'value']) === null
    ? h('span', { class: 'interval' }, figure(json, [...path, 'value'], format))
    : h(
        'span',
        { class: 'interval' },
        figure(json, [...path, 'value'], format),
        h(
          'small',
          {},
          ' [',
          figure(json, [...path, 'low'], format),
          ', ',
          figure(json, [...path, 'high'], format),
          ']',
        ),
      )
