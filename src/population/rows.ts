/**
 * Rows on their way to Parquet: integers in typed columns, turned into ids, money, dates and text by the query that
 * writes them (`tableQueries.ts`).
 */

/** Stands for NULL in an integer column. */
export const NONE = -2147483648

/** A growing table of 32-bit integers. */
export class Rows {
  readonly names: readonly string[]
  length = 0
  #columns: Int32Array[]
  #capacity: number

  constructor(names: readonly string[], capacity = 1024) {
    this.names = names
    this.#capacity = capacity
    this.#columns = names.map(() => new Int32Array(capacity))
  }

  /** Appends a row; values beyond the number of columns are ignored. */
  add(a: number, b = NONE, c = NONE, d = NONE, e = NONE, f = NONE, g = NONE, h = NONE): void {
    const at = this.length
    if (at === this.#capacity) this.#grow()
    const columns = this.#columns
    const width = columns.length
    columns[0]![at] = a
    columns[1]![at] = b
    columns[2]![at] = c
    if (width > 3) columns[3]![at] = d
    if (width > 4) columns[4]![at] = e
    if (width > 5) columns[5]![at] = f
    if (width > 6) columns[6]![at] = g
    if (width > 7) columns[7]![at] = h
    this.length = at + 1
  }

  /** Forgets the rows and keeps the space. */
  clear(): void {
    this.length = 0
  }

  /** The columns without the unused space, in memory of their own. */
  copy(): Int32Array[] {
    return this.#columns.map((c) => c.slice(0, this.length))
  }

  /** One column as it is stored, to be read and changed; places from `length` on mean nothing. Good until the next `add`. */
  column(name: string): Int32Array {
    return this.#columns[this.names.indexOf(name)]!
  }

  /** Of the rows from `from` on only those stay for which `stays` holds; they move up, in order. */
  keep(from: number, stays: (row: number) => boolean): void {
    let to = from
    for (let row = from; row < this.length; row++) {
      if (!stays(row)) continue
      if (to < row) for (const column of this.#columns) column[to] = column[row]!
      to++
    }
    this.length = to
  }

  #grow(): void {
    this.#capacity *= 2
    this.#columns = this.#columns.map((old) => {
      const grown = new Int32Array(this.#capacity)
      grown.set(old)
      return grown
    })
  }
}
