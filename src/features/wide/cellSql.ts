/** SQL that all cells share: o, key, slice, n, total, largest, last, first (see kernels/cells/cellProgram.ts for what they mean). */
import { literal } from '../../engines/sql.ts'
import { monthSlice } from '../plan.ts'
import { keyNames, MONTHS } from './cellKeys.ts'

/** The columns of cells, in order. */
export const CELL_COLUMNS = ['o', 'key', 'slice', 'n', 'total', 'largest', 'last', 'first'] as const

/** The slice of a time before t; everything older than the months is one slice. */
export const sliceSql = (time: string, t = 't'): string => `least(${monthSlice(`(${time})`, t)}, ${MONTHS})::UTINYINT`

/** Whole days from a date or time to t: 1 for the day before. */
export const ageSql = (time: string): string => `(t - (${time})::DATE)::INTEGER`

export const minorSql = (amount: string): string => `(${amount} * 100)::BIGINT`
/** Shares and levels as whole millionths. */
export const millionthsSql = (value: string): string => `round(${value} * 1000000)::BIGINT`

/** Cells of rows: o, key, slice, minor (a whole number), age. */
export const sumCells = (rows: string): string => `
SELECT o, key, slice, count(*) AS n, sum(minor)::BIGINT AS total, max(minor) AS largest, min(age) AS last, max(age) AS first
FROM (${rows}) AS rows
GROUP BY o, key, slice`

/** Cells of different things: rows of o, key, item, slice; each counts in the latest slice in which it was seen. */
export const seenCells = (rows: string): string => `
SELECT o, key, slice, count(*) AS n, 0::BIGINT AS total, 0::BIGINT AS largest, 0 AS last, 0 AS first
FROM (SELECT o, key, item, min(slice) AS slice FROM (${rows}) AS rows GROUP BY o, key, item) AS items
GROUP BY o, key, slice`

/** Cells of levels: rows of o, key, slice, minor, age, moment (when it was valued): the latest of each slice. */
export const levelCells = (rows: string): string => `
SELECT o, key, slice, count(*) AS n, arg_max(minor, moment) AS total, max(minor) AS largest, min(age) AS last, max(age) AS first
FROM (${rows}) AS rows
GROUP BY o, key, slice`

/** Rows whose key is given as a name of `cellKeys`: o, name and others; names that there are not drop out. */
export const named = (rows: string): string => `
SELECT * EXCLUDE (name)
FROM (${rows}) AS unnamed JOIN (VALUES ${keyNames.map(([name, key]) => `(${literal(name)}, ${key}::SMALLINT)`).join(', ')}) AS names (name, key) USING (name)`

export const unionAll = (...parts: string[]): string => parts.join('\nUNION ALL\n')
