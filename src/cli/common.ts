/** Options and habits that every command shares. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { StageOptions } from '../index.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { progressLine } from './terminal.ts'

export interface CommonOptions {
  seed?: number
  threads?: number
  out?: string
  json?: boolean
  force?: boolean
  memoryLimit?: string
}

export const wholeNumber =
  (name: string, low: number, high = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < low || value > high)
      throw new InvalidArgumentError(`${name}: expected a whole number from ${low} to ${high}.`)
    return value
  }

/** A date as YYYY-MM-DD that exists in the calendar. */
export const isoDay = (text: string): string => {
  const time = Date.parse(`${text}T00:00:00Z`)
  if (
    !/^\d{4}-\d{2}-\d{2}$/.test(text) ||
    Number.isNaN(time) ||
    new Date(time).toISOString().slice(0, 10) !== text ||
    text < '1900' ||
    text >= '2200'
  )
    throw new InvalidArgumentError('expected a date as YYYY-MM-DD, from 1900 to 2199.')
  return text
}

/** How often labels are shuffled. */
export const permutations = wholeNumber('permute-labels', 1, 1000)

const memory = (text: string): string => {
  if (!/^\d+(\.\d+)?\s?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/i.test(text))
    throw new InvalidArgumentError('expected a size such as 4GB.')
  return text
}

export const withCommonOptions = (command: Command, out?: { required: boolean; about: string }): Command => {
  const outOption = new Option('--out <path>', out?.about ?? 'where to write')
  if (out?.required) outOption.makeOptionMandatory()
  return command
    .addOption(outOption)
    .option('--seed <n>', 'seed of all random streams (default 1)', wholeNumber('seed', 0))
    .option(
      '--threads <n>',
      'worker threads, never a matter of results (default: all cores)',
      wholeNumber('threads', 1, 256),
    )
    .option('--memory-limit <size>', 'memory that the SQL engine may use, for example 4GB', memory)
    .option('--force', 'do it again even if nothing has changed')
    .option('--json', 'print the result as JSON on stdout')
}

/** Aborted by the first Ctrl-C; the second ends the process at once. */
export const interruption = new AbortController()

/** Runs the work of a command with a progress line, and turns its options into those of a stage. */
export const withStage = async <T>(
  options: CommonOptions,
  out: string,
  work: (stage: StageOptions) => Promise<T>,
): Promise<T> => {
  const line = progressLine()
  try {
    return await work({
      out,
      ...(options.seed !== undefined ? { seed: options.seed } : {}),
      ...(options.threads !== undefined ? { threads: options.threads } : {}),
      ...(options.memoryLimit !== undefined ? { memoryLimit: options.memoryLimit } : {}),
      ...(options.force ? { force: true } : {}),
      progress: line.progress,
      signal: interruption.signal,
    })
  } finally {
    line.stop()
  }
}

/** Writes a value as JSON, whole or not at all. */
export const writeJson = (file: string, value: unknown): Promise<void> =>
  writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`)

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2))
