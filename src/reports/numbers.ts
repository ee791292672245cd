/** Numbers on a page: each names its place in the JSON file beside the page, so that none can say something else. */
import type { Format } from '../util/numberFormats.ts'
import { h, type Markup } from './html.ts'

export { count, type Format, fixed, money, percent, plain, signed, tiny } from '../util/numberFormats.ts'

/** What a page shows: JSON as it is written beside the page. */
export type ReportJson = object

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
