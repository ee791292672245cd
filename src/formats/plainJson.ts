/**
 * Plain data as JSON text and back. Numbers that JSON lacks are written as {"$number": "NaN" | "Infinity" | "-Infinity"}.
 * Keys are sorted, so equal data has equal text.
 */
import { canonicalJson } from '../util/canonicalJson.ts'
import { modelError } from '../util/errors.ts'

const WORD = '$number'
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])

/** Deeper nesting than this is refused; a model needs five levels. */
const DEPTH_LIMIT = 100

type Change = (value: unknown) => unknown

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Rebuilds nested data with every part passed through `change`, as objects with own properties only. */
const rebuild = (value: unknown, file: string, change: Change, depth = 0): unknown => {
  if (depth > DEPTH_LIMIT) throw modelError('the data is nested too deeply', { file })
  const changed = change(value)
  if (changed !== value || typeof value !== 'object' || value === null) return changed
  if (Array.isArray(value)) return value.map((item) => rebuild(item, file, change, depth + 1))
  if (!isPlain(value))
    throw modelError('only plain data can be in a model', { file, expected: 'numbers, text, lists and plain objects' })
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => {
        if (key === '__proto__') throw modelError('a key is not allowed', { file, got: key })
        return [key, rebuild(item, file, change, depth + 1)]
      }),
  )
}

/**
 * JSON text of plain data, indented, with a line end.
 * @throws GlasscoreError('model') for functions, class instances, bigints, or an object with the reserved key "$number"
 */
export const writePlainJson = (data: unknown, file: string): string => {
  const words = rebuild(data, file, (value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return { [WORD]: String(value) }
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, WORD))
      throw modelError('a key is reserved', { file, got: WORD })
    if (['function', 'symbol', 'bigint'].includes(typeof value))
      throw modelError('only plain data can be in a model', { file, got: typeof value })
    return value
  })
  return `${canonicalJson(words, 2)}\n`
}

/** @throws GlasscoreError('model') for text that is not JSON */
export const readPlainJson = (text: string, file: string): unknown => {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (cause) {
    throw modelError('the file is not JSON, or cut short', { file, got: (cause as Error).message, cause })
  }
  return rebuild(data, file, (value) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, WORD)) return value
    const number = NUMBERS.get(String((value as Record<string, unknown>)[WORD]))
    if (number === undefined || Object.keys(value).length !== 1)
      throw modelError('a number is written in an unknown way', { file, got: value })
    return number
  })
}
