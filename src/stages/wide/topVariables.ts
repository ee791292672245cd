import type { ColumnInput } from '../../engines/engine.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import type { WideColumn } from '../../schema/wideTable.ts'
import { keyColumns } from '../modelTables.ts'

/** The variables with the largest attributions of each row of a block, by their size; of equal ones the first. */
export class TopVariables {
  readonly most: number
  readonly #rows: number
  /** most a row: the variable, -1 for none, and its value */
  readonly #variable: Int32Array
  readonly #value: Float64Array

  constructor(rows: number, most: number) {
    this.#rows = rows
    this.most = most
    this.#variable = new Int32Array(rows * most).fill(-1)
    this.#value = new Float64Array(rows * most)
  }

  /** @param values variables x rows */
  take(values: Float64Array): void {
    const { most } = this
    for (let j = 0; j * this.#rows < values.length; j++)
      for (let i = 0; i < this.#rows; i++) {
        const value = values[j * this.#rows + i]!
        const size = Math.abs(value)
        const end = (i + 1) * most - 1
        if (value === 0 || size <= Math.abs(this.#value[end]!)) continue
        let at = end
        for (; at > i * most && size > Math.abs(this.#value[at - 1]!); at--) {
          this.#value[at] = this.#value[at - 1]!
          this.#variable[at] = this.#variable[at - 1]!
        }
        this.#value[at] = value
        this.#variable[at] = j
      }
  }

  /** One row of a table for each of `most` places of each row; NULL where fewer variables have an attribution. */
  columns(frame: FactorFrame, variables: readonly WideColumn[]): Record<string, ColumnInput> {
    const places = this.#variable.length
    const row = (k: number): number => Math.floor(k / this.most)
    const keys = {
      ...frame,
      rows: places,
      personId: Array.from({ length: places }, (_, k) => frame.personId[row(k)]!),
      observationDate: Array.from({ length: places }, (_, k) => frame.observationDate[row(k)]!),
    }
    const text = (of: (v: WideColumn) => string): ColumnInput => ({
      type: 'VARCHAR',
      values: Array.from(this.#variable, (j) => (j < 0 ? null : of(variables[j]!))),
    })
    return {
      ...keyColumns(keys),
      rank: { type: 'INTEGER', values: Int32Array.from({ length: places }, (_, k) => (k % this.most) + 1) },
      variable: text((v) => v.name),
      factor: text((v) => v.factor),
      value: { type: 'DOUBLE', values: this.#value },
    }
  }
}
