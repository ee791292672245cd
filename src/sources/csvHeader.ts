/**
 * What the first bytes of a text file say: encoding, delimiter, line end, column names; and whether it is text at all.
 */
import { dataError } from '../util/errors.ts'

export interface CsvHeader {
  columns: string[]
  delimiter: string
  lineEnd: '\r\n' | '\n' | '\r'
  encoding: 'utf-8' | 'latin-1' | 'utf-16'
}

export interface CsvOptions {
  /** one of , ; tab | ; default: the one that the header line has most of */
  delimiter?: string
  /** default utf-8; utf-16 is recognized by its byte order mark */
  encoding?: CsvHeader['encoding']
}

const DELIMITERS = [',', ';', '\t', '|'] as const

const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((b, i) => bytes[i] === b)

const FOREIGN: readonly [string, readonly number[]][] = [
  ['a Parquet file', [0x50, 0x41, 0x52, 0x31]],
  ['a gzip file without .gz in its name', [0x1f, 0x8b]],
  ['a zip archive or a spreadsheet', [0x50, 0x4b, 0x03, 0x04]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
  ['a zstd file', [0x28, 0xb5, 0x2f, 0xfd]],
]

/** Splits the first line at the delimiter, outside quotes. */
const split = (line: string, delimiter: string): string[] => {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!
    if (c === '"' && quoted && line[i + 1] === '"') {
      cell += '"'
      i++
    } else if (c === '"') quoted = !quoted
    else if (c === delimiter && !quoted) {
      cells.push(cell)
      cell = ''
    } else cell += c
  }
  cells.push(cell)
  return cells.map((name) => name.trim())
}

/** Refuses bytes that are not text with columns. `file` is for the message only. */
const refuseForeign = (file: string, head: Uint8Array): void => {
  const expected = 'a text file with columns (CSV)'
  if (head.length === 0) throw dataError('the file is empty', { file, expected })
  for (const [name, signature] of FOREIGN)
    if (startsWith(head, signature)) throw dataError(`this is ${name}, not what its name says`, { file, expected })
  const start = new TextDecoder('latin1').decode(head.subarray(0, 512)).trimStart().toLowerCase()
  if (start.startsWith('<!doctype') || start.startsWith('<html') || start.startsWith('<?xml'))
    throw dataError('this is a web page (HTML or XML), not data', {
      file,
      expected,
      hint: 'was it saved from a browser?',
    })
}

/**
 * Reads the header from the first bytes (64 KB are enough).
 * @throws GlasscoreError when the bytes are empty, binary, HTML, in an unreadable encoding, or two columns share a name
 */
export const readCsvHeader = (file: string, head: Uint8Array, options: CsvOptions = {}): CsvHeader => {
  refuseForeign(file, head)
  const utf16 = startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff])
  const encoding = options.encoding ?? (utf16 ? 'utf-16' : 'utf-8')
  if (encoding !== 'utf-16' && head.includes(0))
    throw dataError('this is a binary file', { file, expected: 'a text file with columns (CSV)' })
  const label = encoding === 'utf-16' ? (head[0] === 0xfe ? 'utf-16be' : 'utf-16le') : encoding
  const text = new TextDecoder(label === 'latin-1' ? 'latin1' : label).decode(head)
  const end = text.search(/[\r\n]/)
  const line = end < 0 ? text : text.slice(0, end)
  if (line.trim() === '') throw dataError('the first line is empty', { file, row: 1, expected: 'the column names' })
  if (line.includes('\uFFFD'))
    throw dataError('the file is not in UTF-8', {
      file,
      row: 1,
      expected: encoding,
      hint: 'state its encoding in the mapping (encoding: latin-1)',
    })
  if (line.split('"').length % 2 === 0)
    throw dataError('a quote is opened in the header and not closed on its line', {
      file,
      row: 1,
      expected: 'all column names on the first line',
      got: line.slice(0, 80),
      hint: 'is there a line end inside the name of a column?',
    })
  const lineEnd = text.startsWith('\r\n', end) ? '\r\n' : text[end] === '\r' ? '\r' : '\n'
  const delimiter =
    options.delimiter ??
    DELIMITERS.reduce((best, d) => (split(line, d).length > split(line, best).length ? d : best), ',' as string)
  const columns = split(line, delimiter)
  columns.forEach((name, j) => {
    if (name === '')
      throw dataError(`column ${j + 1} has no name`, { file, row: 1, expected: 'a name for each column' })
  })
  const seen = new Set<string>()
  for (const name of columns) {
    // DuckDB compares names without case, so two names that differ in case alone are the same column.
    const key = name.toLowerCase()
    if (seen.has(key)) throw dataError('two columns have the same name', { file, row: 1, column: name })
    seen.add(key)
  }
  return { columns, delimiter, lineEnd, encoding }
}
