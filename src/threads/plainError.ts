import { asText, type ErrorDetails, type ErrorKind, GlasscoreError } from '../util/errors.ts'

/** An error on its way between threads: messages lose the class and the fields of errors. */
export interface PlainError {
  name: string
  message: string
  stack?: string | undefined
  cause?: PlainError | undefined
  /** of an error of Node */
  code?: string | undefined
  /** of an AggregateError */
  errors?: PlainError[] | undefined
  /** of a GlasscoreError */
  ours?: { kind: ErrorKind; what: string; details: Omit<ErrorDetails, 'got' | 'cause'>; got?: unknown } | undefined
}

const CLASSES = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } as const
const isPlain = (value: unknown): boolean => value === null || !['object', 'function', 'symbol'].includes(typeof value)

const isError = (value: unknown): value is Error => value instanceof Error

export const freezeError = (thrown: unknown): PlainError => {
  const error = isError(thrown) ? thrown : new Error(String(thrown))
  const plain: PlainError = { name: error.name, message: error.message, stack: error.stack }
  if (isError(error.cause)) plain.cause = freezeError(error.cause)
  if ('code' in error && typeof error.code === 'string') plain.code = error.code
  if (error instanceof AggregateError) plain.errors = error.errors.map(freezeError)
  if (error instanceof GlasscoreError) {
    const { got, cause: _cause, ...details } = error.details
    plain.ours = { kind: error.kind, what: error.what, details }
    // What came instead may be anything; as text it can travel.
    if ('got' in error.details) plain.ours.got = isPlain(got) ? got : asText(got)
  }
  return plain
}

export const thawError = (plain: PlainError): Error => {
  const cause = plain.cause ? { cause: thawError(plain.cause) } : undefined
  const { ours } = plain
  const error = ours
    ? new GlasscoreError(ours.kind, ours.what, {
        ...ours.details,
        ...('got' in ours ? { got: ours.got } : {}),
        ...cause,
      })
    : plain.errors
      ? new AggregateError(plain.errors.map(thawError), plain.message, cause)
      : new (CLASSES[plain.name as keyof typeof CLASSES] ?? Error)(plain.message, cause)
  if (!ours && error.name !== plain.name) Object.assign(error, { name: plain.name })
  if (plain.code !== undefined) Object.assign(error, { code: plain.code })
  error.message = plain.message
  if (plain.stack !== undefined) error.stack = plain.stack
  return error
}
