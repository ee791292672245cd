/**
 * The files of a data set of the benchmark: a folder with data.json and raw little-endian arrays, so that Node and Python
 * read the same bytes and neither pays for parsing.
 *
 * train.f64, test.f64: column-major doubles, NaN = missing; train.u8, test.u8: 1 = bad. Real sets are too small to hold
 * rows out once: they have no test files but folds.u8, the fold of every row, one line a repeat.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'

/** data.json */
export interface DataShape {
  name: string
  rows: number
  columns: number
  testRows: number
  /** column names; absent: x0, x1, ... */
  names?: string[]
  folds?: { number: number; repeats: number }
  /** share of bads in the training rows */
  badRate: number
  /** AUC of the true probabilities on the held-out rows */
  bayesAuc?: number
  seed?: number
  missing: number
  standardized: boolean
  /** SHA-256 of each file */
  sha256: Record<string, string>
}

/** Rows x columns, column-major, on shared memory. */
export interface Table {
  rows: number
  columns: number
  values: Float64Array
  target: Uint8Array
}

export interface Data {
  shape: DataShape
  train: Table
  test: Table
}

/** One call of read is limited to 2 GiB. */
const READ_BYTES = 1 << 30

/** Fills `bytes` from byte `from` of a file. */
const readInto = (file: string, bytes: Uint8Array, from = 0): void => {
  const handle = openSync(file, 'r')
  try {
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(handle, bytes, at, Math.min(READ_BYTES, bytes.length - at), from + at)
      if (read === 0) throw new Error(`${file} ends after ${at} of ${bytes.length} bytes: delete its folder`)
      at += read
    }
  } finally {
    closeSync(handle)
  }
}

const readTable = (folder: string, part: 'train' | 'test', rows: number, columns: number): Table => {
  const values = new Float64Array(new SharedArrayBuffer(8 * rows * columns))
  const target = new Uint8Array(new SharedArrayBuffer(rows))
  if (rows > 0) {
    readInto(join(folder, `${part}.f64`), new Uint8Array(values.buffer))
    readInto(join(folder, `${part}.u8`), target)
  }
  return { rows, columns, values, target }
}

/** The first rows of the training part alone. */
export const readFirst = (folder: string, rows: number): Table => {
  const shape = readShape(folder)
  if (!shape || rows > shape.rows) throw new Error(`there are not ${rows} rows in ${folder}`)
  const { columns } = shape
  const values = new Float64Array(new SharedArrayBuffer(8 * rows * columns))
  const target = new Uint8Array(new SharedArrayBuffer(rows))
  for (let j = 0; j < columns; j++)
    readInto(join(folder, 'train.f64'), new Uint8Array(values.buffer, 8 * j * rows, 8 * rows), 8 * j * shape.rows)
  readInto(join(folder, 'train.u8'), target)
  return { rows, columns, values, target }
}

export const readShape = (folder: string): DataShape | undefined => {
  const file = join(folder, 'data.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DataShape) : undefined
}

export const readData = (folder: string): Data => {
  const shape = readShape(folder)
  if (!shape) throw new Error(`there is no data.json in ${folder}`)
  const { rows, testRows, columns } = shape
  return {
    shape,
    train: readTable(folder, 'train', rows, columns),
    test: readTable(folder, 'test', testRows, columns),
  }
}

const takeRows = (table: Table, rows: Int32Array): Table => {
  const out: Table = {
    rows: rows.length,
    columns: table.columns,
    values: new Float64Array(new SharedArrayBuffer(8 * rows.length * table.columns)),
    target: new Uint8Array(new SharedArrayBuffer(rows.length)),
  }
  for (let j = 0; j < table.columns; j++) {
    const from = table.values.subarray(j * table.rows)
    const to = out.values.subarray(j * rows.length)
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!
  }
  for (let i = 0; i < rows.length; i++) out.target[i] = table.target[rows[i]!]!
  return out
}

/** What is fitted and measured with one seed: training and held-out rows; several pairs where a set is cut into folds. */
export const splitsOf = (folder: string, data: Data, seed: number): { train: Table; test: Table }[] => {
  const { folds } = data.shape
  if (!folds) return [data]
  const all = readFileSync(join(folder, 'folds.u8'))
  const { rows } = data.train
  const repeat = (seed - 1) % folds.repeats
  const foldOf = all.subarray(repeat * rows, (repeat + 1) * rows)
  const where = (keep: (fold: number) => boolean) =>
    takeRows(
      data.train,
      Int32Array.from(foldOf.keys()).filter((i) => keep(foldOf[i]!)),
    )
  return Array.from({ length: folds.number }, (_, k) => ({ train: where((f) => f !== k), test: where((f) => f === k) }))
}
