import { type ErrorDetails, type ErrorKind, GlasscoreError } from '../util/errors.ts'

/** An error on its way between threads: messages lose the class and the fields of errors. */
export interface PlainError {
  name: string
  message: string
  stack?: string | undefined
  cause?: PlainError | undefined
  /** of a GlasscoreError */
  ours?: { kind: ErrorKind; what: string; details: Omit<ErrorDetails, 'got' | 'cause'>; got?: string } | undefined
}

const isError = (value: unknown): value is Error => value instanceof Error

export const freezeError = (thrown: unknown): PlainError => {
  const error = isError(thrown) ? thrown : new Error(String(thrown))
  const plain: PlainError = { name: error.name, message: error.message, stack: error.stack }
  if (isError(error.cause)) plain.cause = freezeError(error.cause)
  if (error instanceof GlasscoreError) {
    const { got, cause: _cause, ...details } = error.details
    plain.ours = { kind: error.kind, what: error.what, details }
    // What came instead may be anything; as text it can travel.
    if ('got' in error.details) plain.ours.got = typeof got === 'string' ? got : JSON.stringify(got)
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
    : new Error(plain.message, cause)
  if (!ours && plain.name !== 'Error') Object.assign(error, { name: plain.name })
  error.message = plain.message
  if (plain.stack !== undefined) error.stack = plain.stack
  return error
}
