/**
 * What went wrong, in the words of the person who has to mend it.
 *
 * Every error that a user can cause is a `GlasscoreError`: it says what was wrong, where (file, row, column, option) and
 * what was expected. Anything else that escapes is a bug of ours and exits with code 1.
 */

/** Kinds of error, each with the exit code of the command line. */
export const EXIT_CODES = {
  /** a bug in glasscore, or a failure of the machine */
  internal: 1,
  /** a wrong option, configuration or argument */
  usage: 2,
  /** input data that cannot be used */
  data: 3,
  /** a model file that is corrupted, truncated, foreign or from a later version */
  model: 4,
  /** a model that could not be trained or calibrated on the data given */
  training: 5,
  /** more memory than there is */
  memory: 6,
  /** stopped by the user (Ctrl-C) */
  interrupted: 130,
} as const

/** What went wrong, as the exit code tells it. */
export type ErrorKind = keyof typeof EXIT_CODES

/** Where an error was found. Only the parts that are known are given. */
export interface ErrorPlace {
  file?: string
  table?: string
  row?: number | string
  column?: string
  option?: string
}

export interface ErrorDetails extends ErrorPlace {
  /** what would have been right, as a noun phrase: "a number from 0 to 1" */
  expected?: string
  /** what came instead; quoted and shortened in the message */
  got?: unknown
  /** what to do about it */
  hint?: string
  cause?: unknown
}

/**
 * Control characters in data must not reach a terminal, nor signs that turn the direction of the text after them; line ends become
 * spaces, since a message is one line.
 */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')

/** A value in a message. */
export const asText = (value: unknown): string => {
  if (typeof value === 'string') return `"${value}"`
  if (typeof value !== 'object') return String(value)
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}

const shorten = (value: unknown): string => {
  const text = asText(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

const place = (d: ErrorPlace): string =>
  [
    d.file && `file ${d.file}`,
    d.table && `table ${d.table}`,
    d.row !== undefined && `row ${d.row}`,
    d.column && `column ${d.column}`,
    d.option && `option ${d.option}`,
  ]
    .filter(Boolean)
    .join(', ')

/** An error that the user can mend. `message` is one line: place, what, expected, got, hint. */
export class GlasscoreError extends Error {
  override readonly name = 'GlasscoreError'
  readonly kind: ErrorKind
  /** what was wrong, without place and expectation */
  readonly what: string
  readonly details: ErrorDetails

  constructor(kind: ErrorKind, what: string, details: ErrorDetails = {}) {
    const where = place(details)
    const parts = [where ? `${where}: ${what}` : what]
    if (details.expected !== undefined) parts.push(`expected ${details.expected}`)
    if ('got' in details) parts.push(`got ${shorten(details.got)}`)
    if (details.hint) parts.push(details.hint)
    super(printable(parts.join('; ')), details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = kind
    this.what = what
    this.details = details
  }

  get exitCode(): number {
    return EXIT_CODES[this.kind]
  }
}

export const usageError = (what: string, details?: ErrorDetails) => new GlasscoreError('usage', what, details)
export const dataError = (what: string, details?: ErrorDetails) => new GlasscoreError('data', what, details)
export const modelError = (what: string, details?: ErrorDetails) => new GlasscoreError('model', what, details)
export const trainingError = (what: string, details?: ErrorDetails) => new GlasscoreError('training', what, details)
export const interruptedError = () => new GlasscoreError('interrupted', 'stopped by the user')
