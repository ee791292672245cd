/** Codes of an unknown file that look like "missing". */
import type { Engine } from '../engines/engine.ts'
import { identifier, literal, literalList } from '../engines/sql.ts'
import type { RawFile } from './rawFile.ts'

/** Marks that can hardly be values; put into the proposal. */
const MARKS = ['?', 'NA', 'N/A', '#N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'NaT', '.', '-', '--']
/** Words that may be answers ("None" debts); only warned of. */
const WORDS = ['unknown', 'Unknown', 'UNKNOWN', 'missing', 'Missing', 'none', 'None', 'not available', 'unspecified']
const LOW = ['-1', '-9', '-99', '-999', '-9999', '-99999']
const HIGH = ['99', '999', '9999', '99999', '999999', '9999999', '99999999', '999999999']

export interface MissingCodes {
  column: string
  /** sure enough to be proposed */
  marks: string[]
  /** to be decided by a person */
  doubtful: string[]
}

/**
 * A number such as -1 or 999 is named when it stands apart: a negative one where all others are 0 or more, nines where
 * every other value is at most half of them.
 */
export const findMissingCodes = async (
  engine: Engine,
  raw: RawFile,
  columns: readonly string[],
): Promise<MissingCodes[]> => {
  const codes = [...MARKS, ...WORDS, ...LOW, ...HIGH]
  const bare = (cell: string) => `regexp_replace(${cell}, '\\.0+$', '')`
  const cells = columns.map((c, j) => `${bare(`trim(${identifier(c)})`)} AS s${j}`).join(', ')
  const parts = columns.flatMap((_, j) => {
    const number = `CASE WHEN isfinite(TRY_CAST(s${j} AS DOUBLE)) THEN TRY_CAST(s${j} AS DOUBLE) END`
    return [
      `list_sort(list(DISTINCT s${j}) FILTER (WHERE s${j} IN ${literalList(codes)})) AS codes${j}`,
      `min(${number}) FILTER (WHERE s${j} NOT IN ${literalList(LOW)}) AS least${j}`,
      `max(${number}) FILTER (WHERE s${j} NOT IN ${literalList(HIGH)}) AS most${j}`,
    ]
  })
  const named = columns
    .map(
      (_, j) =>
        `array_to_string(codes${j}, ${literal('\n')}) AS codes${j}, least${j}::DOUBLE AS least${j}, most${j}::DOUBLE AS most${j}`,
    )
    .join(', ')
  const [row] = await engine.rows<Record<string, string | number | null>>(
    `SELECT ${named} FROM (SELECT ${parts.join(', ')} FROM (SELECT ${cells} FROM (${raw.sql})))`,
  )
  return columns.flatMap((column, j) => {
    const text = row![`codes${j}`]
    const found = typeof text === 'string' && text !== '' ? text.split('\n') : []
    const least = row![`least${j}`]
    const most = row![`most${j}`]
    const stands = (code: string): boolean =>
      (LOW.includes(code) && typeof least === 'number' && least >= 0) ||
      (HIGH.includes(code) && typeof most === 'number' && most <= Number(code) / 2)
    const marks = found.filter((f) => MARKS.includes(f))
    const doubtful = found.filter((f) => WORDS.includes(f) || stands(f))
    return marks.length || doubtful.length ? [{ column, marks, doubtful }] : []
  })
}
