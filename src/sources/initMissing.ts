/** Codes of an unknown file that look like "missing". */
import type { Engine } from '../engines/engine.ts'
import { identifier, literal, literalList } from '../engines/sql.ts'
import { inChunks, longForm } from './longForm.ts'
import type { RawFile } from './rawFile.ts'

/** Marks that can hardly be values; put into the proposal. */
const MARKS = ['?', 'NA', 'N/A', '#N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'NaT', '.', '-', '--']
/** Words that may be answers ("None" debts); only warned of. */
const WORDS = ['unknown', 'Unknown', 'UNKNOWN', 'missing', 'Missing', 'none', 'None', 'not available', 'unspecified']
const LOW = ['-1', '-9', '-99', '-999', '-9999', '-99999']
const HIGH = ['99', '999', '9999', '99999', '999999', '9999999', '99999999', '999999999']

const CODES = [...MARKS, ...WORDS, ...LOW, ...HIGH]

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
export const findMissingCodes = (engine: Engine, raw: RawFile, columns: readonly string[]): Promise<MissingCodes[]> =>
  inChunks(columns, async (chunk) => {
    const cells = chunk.map((c) => `trim(${identifier(c)})`)
    const found = await engine.rows<{ j: number; codes: string | null; least: number | null; most: number | null }>(
      `SELECT j, array_to_string(list_sort(list(DISTINCT s) FILTER (WHERE s IN ${literalList(CODES)})), ${literal('\n')}) AS codes,
        (min(n) FILTER (WHERE s NOT IN ${literalList(LOW)}))::DOUBLE AS least,
        (max(n) FILTER (WHERE s NOT IN ${literalList(HIGH)}))::DOUBLE AS most
      FROM (SELECT j, s, CASE WHEN isfinite(TRY_CAST(s AS DOUBLE)) THEN TRY_CAST(s AS DOUBLE) END AS n
        FROM (SELECT j, regexp_replace(x, '\\.0+$', '') AS s FROM (${longForm(raw.sql, cells)}))) GROUP BY j ORDER BY j`,
    )
    return found.flatMap(({ j, codes, least, most }) => {
      const all = codes ? codes.split('\n') : []
      const stands = (code: string): boolean =>
        (LOW.includes(code) && least !== null && least >= 0) ||
        (HIGH.includes(code) && most !== null && most <= Number(code) / 2)
      const marks = all.filter((f) => MARKS.includes(f))
      const doubtful = all.filter((f) => WORDS.includes(f) || stands(f))
      return marks.length || doubtful.length ? [{ column: chunk[j]!, marks, doubtful }] : []
    })
  })
