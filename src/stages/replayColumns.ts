import type { ReplayedCounterfactuals } from '../counterfactuals/replay/replay.ts'
import type { ColumnInput } from '../engines/engine.ts'
import { counterfactualRows } from './counterfactualColumns.ts'

/** What the replay of each row's option says, in the rows of `counterfactualColumns`. */
export const replayColumns = (results: readonly ReplayedCounterfactuals[]): Record<string, ColumnInput> => {
  const rows = results.flatMap((result) => counterfactualRows(result).map(({ number }) => result.replays[number - 1]))
  type Of = NonNullable<(typeof rows)[number]>
  const number = (of: (replay: Of) => number): ColumnInput => ({
    type: 'DOUBLE',
    values: Float64Array.from(rows, (replay) => (replay ? of(replay) : Number.NaN)),
  })
  const yesNo = (of: (replay: Of) => boolean): ColumnInput => ({
    type: 'VARCHAR',
    values: rows.map((replay) => (replay ? (of(replay) ? 'yes' : 'no') : null)),
  })
  return {
    replayed_score: number(({ score }) => score),
    replayed_reaches: yesNo(({ reaches }) => reaches),
    replayed_agrees: yesNo(({ agrees }) => agrees),
    replayed_differs: number(({ differs }) => differs.length),
    replayed_events: number(({ events }) => events.length),
    events_before: number(({ before }) => before),
    months_ahead: number(({ monthsAhead }) => monthsAhead),
  }
}
