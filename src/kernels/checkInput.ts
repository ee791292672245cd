/**
 * What drivers of kernels ask of what scripts without types hand them. No check here looks at values: each costs the same for any size
 * of matrix.
 */
import { usageError } from '../util/errors.ts'

/** Kinds of arrays that kernels read. */
export type ArrayKind = 'Float64Array' | 'Int32Array' | 'Int8Array' | 'Uint8Array'

/** A value for a message: of an array or an object only what it is, as its contents may be long. */
export const came = (value: unknown): unknown => {
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return value
  const kind = Object.prototype.toString.call(value).slice(8, -1)
  return `${/^(A|E|I|O)/.test(kind) ? 'an' : 'a'} ${kind}`
}

/** Whether it is an object with keys, and no list or function. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)

/** Whether it is a list or an array of any kind. */
export const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)

/** Also of arrays that another realm made. */
export const isArrayOf = (value: unknown, kind: ArrayKind): boolean =>
  Object.prototype.toString.call(value) === `[object ${kind}]`

/** @throws GlasscoreError('usage') unless it is an object */
export const checkRecord = (option: string, value: unknown, expected: string): void => {
  if (!isRecord(value)) throw usageError(`${option} is no object`, { option, expected, got: came(value) })
}

/** @throws GlasscoreError('usage') unless it is an array of that kind, on any memory */
export const checkArray = (option: string, value: unknown, kind: ArrayKind): void => {
  if (!isArrayOf(value, kind))
    throw usageError('an array of another kind', {
      option,
      expected: `${/^I/.test(kind) ? 'an' : 'a'} ${kind}`,
      got: came(value),
    })
}

/** @throws GlasscoreError('usage') unless it is a whole number from `least` on */
export const checkWhole = (option: string, value: unknown, least = 0): void => {
  if (!(Number.isSafeInteger(value) && (value as number) >= least))
    throw usageError('not a number that can be counted to', {
      option,
      expected: `a whole number of ${least} or more`,
      got: came(value),
    })
}

/**
 * @param names every option there is
 * @param prefix of the names in a message
 * @throws GlasscoreError('usage') unless it is an object, and for an option that is none of them: scripts without types would get
 *   something else than they asked for
 */
export const checkOptionNames = (
  options: unknown,
  names: Readonly<Record<string, true>>,
  hint: (option: string, known: readonly string[]) => string = (_, known) => `there are: ${known.join(', ')}`,
  prefix = '',
): void => {
  if (!isRecord(options))
    throw usageError('options are no object', {
      ...(prefix ? { option: prefix.slice(0, -1) } : {}),
      expected: 'an object with options by their names',
      got: came(options),
    })
  for (const option of Object.keys(options))
    if (!Object.hasOwn(names, option))
      throw usageError('there is no such option', {
        option: `${prefix}${option}`,
        hint: hint(option, Object.keys(names)),
      })
}

/** @throws GlasscoreError('usage') unless jobs can be run on it */
export const checkPool = (pool: unknown): void => {
  const some = pool as { run?: unknown; threads?: unknown } | null | undefined
  if (typeof some !== 'object' || typeof some?.run !== 'function' || typeof some.threads !== 'number')
    throw usageError('this is no pool', { option: 'pool', expected: 'a pool, from openPool', got: came(pool) })
}

/** @throws GlasscoreError('usage') unless what watches and stops work can do so */
export const checkRun = (options: object): void => {
  const { signal, onPart, onRows, progress } = options as Record<string, unknown>
  for (const [option, call] of Object.entries({ onPart, onRows, progress }))
    if (call !== undefined && typeof call !== 'function')
      throw usageError('not to be called', { option, expected: 'a function', got: came(call) })
  if (signal !== undefined && typeof (signal as AbortSignal | null)?.aborted !== 'boolean')
    throw usageError('this is no signal', { option: 'signal', expected: 'an AbortSignal', got: came(signal) })
}
