import type { ColumnInput } from '../engines/engine.ts'

/** ISO days as a DATE column: whole days since 1970-01-01. */
export const dateColumn = (days: readonly string[]): ColumnInput => {
  const known = new Map<string, number>()
  return {
    type: 'DATE',
    values: Int32Array.from(days, (day) => {
      let number = known.get(day)
      if (number === undefined) {
        number = Date.parse(`${day}T00:00:00Z`) / 86_400_000
        known.set(day, number)
      }
      return number
    }),
  }
}
