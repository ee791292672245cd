/** What validation says about rows that it did not accept. */

/** Every reason a row can be rejected for. A row is counted once, under the first reason found in column order. */
export const REJECT_REASONS = [
  'missing key',
  'missing value',
  'wrong type',
  'bad date',
  'NaN',
  'infinity',
  'negative amount',
  'out of range',
  'not in closed list',
  'at or after the extract date',
  'ends before it starts',
  'unknown person',
  'unknown reference',
  'duplicate row',
  'duplicate key',
] as const
/** One of `REJECT_REASONS`. */
export type RejectReason = (typeof REJECT_REASONS)[number]

/** Rows of one table that were rejected for one reason in one column. */
export interface Rejection {
  reason: RejectReason
  /** the column as the file names it */
  column: string
  /** rows; each is counted here and nowhere else */
  count: number
  /** the first three, with the row number of the file and the value as it stands there */
  examples: { row: number; value: string | null }[]
}

/** What validation found in one file. read = accepted + all rejected. */
export interface ValidationReport {
  /** canonical table, raw file of the adapter, or name of the mapping */
  table: string
  /** as it was opened */
  file: string
  /** rows of data; blank lines do not count */
  read: number
  /** rows that were written on */
  accepted: number
  /** empty when every row was accepted */
  rejected: Rejection[]
  /** about the file as a whole */
  warnings: string[]
}

/** What an ingest says beside its output. */
export interface IngestReport {
  /** one a file, in order of reading */
  tables: ValidationReport[]
  /** those of the files, then those of the whole source */
  warnings: string[]
  /** rejects.csv in the output folder, when there is a reject */
  rejectsFile: string | null
}

/** Column titles of `reportRows`. */
export const REPORT_HEADER = ['table', 'read', 'accepted', 'rejected', 'reason', 'column', 'first examples'] as const

/** The report as rows for a terminal table, under REPORT_HEADER; one line a table and one more a further reason. */
export const reportRows = (reports: readonly ValidationReport[]): string[][] =>
  reports.flatMap((r) => {
    const lines = r.rejected.map((j) => [
      String(j.count),
      j.reason,
      j.column,
      j.examples.map((e) => `row ${e.row}: ${e.value === null ? 'empty' : JSON.stringify(e.value)}`).join(', '),
    ])
    if (lines.length === 0) lines.push(['0', '', '', ''])
    return lines.map((line, i) =>
      i === 0 ? [r.table, String(r.read), String(r.accepted), ...line] : ['', '', '', ...line],
    )
  })
