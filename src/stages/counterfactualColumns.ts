import type { Counterfactual, Counterfactuals, FactorChange } from '../counterfactuals/counterfactual.ts'
import type { ColumnInput } from '../engines/engine.ts'
import { dateColumn } from './dateColumn.ts'
import { constantText } from './modelTables.ts'

/** A row of counterfactuals.parquet. */
export interface CounterfactualRow {
  result: Counterfactuals
  /** 0 where there is no option */
  number: number
  option?: Counterfactual
  change?: FactorChange
}

/** Rows of one person: one a change, or one with option 0. */
export const counterfactualRows = (result: Counterfactuals): CounterfactualRow[] =>
  result.options.length === 0
    ? [{ result, number: 0 }]
    : result.options.flatMap((option, k) => option.changes.map((change) => ({ result, number: k + 1, option, change })))

/** One row a change; one row with option 0 for people without an option. */
export const counterfactualColumns = (
  results: readonly Counterfactuals[],
  hash: string,
): Record<string, ColumnInput> => {
  const rows = results.flatMap(counterfactualRows)
  const integer = (of: (row: CounterfactualRow) => number): ColumnInput => ({
    type: 'INTEGER',
    values: Int32Array.from(rows, of),
  })
  const double = (of: (row: CounterfactualRow) => number | undefined): ColumnInput => ({
    type: 'DOUBLE',
    values: Float64Array.from(rows, (row) => of(row) ?? Number.NaN),
  })
  const text = (of: (row: CounterfactualRow) => string | number | null | undefined): ColumnInput => ({
    type: 'VARCHAR',
    values: rows.map((row) => {
      const value = of(row)
      return value === undefined || value === null ? null : String(value)
    }),
  })
  return {
    person_id: text(({ result }) => result.personId),
    observation_date: dateColumn(rows.map(({ result }) => result.observationDate)),
    model: text(({ result }) => result.model),
    model_hash: constantText(hash, rows.length),
    score: integer(({ result }) => result.score),
    answer: text(({ result }) => result.answer),
    option: integer(({ number }) => number),
    score_then: double(({ option }) => option?.score),
    months: double(({ option }) => option?.months),
    cost: double(({ option }) => option?.cost),
    bound: double(({ option }) => option?.bound),
    proved: text(({ option }) => option && (option.proved ? 'yes' : 'no')),
    factor: text(({ change }) => change?.factor),
    value: text(({ change }) => change?.from),
    value_then: text(({ change }) => change?.to),
    by: text(({ change }) => change?.by),
    factor_months: double(({ change }) => change?.months),
    factor_cost: double(({ change }) => change?.cost),
  }
}
