import type { History, HistoryTable } from './history.ts'
import type { Wanted } from './wanted.ts'

/** How a group of factors becomes rows. */
export interface Recipe {
  name: string
  /** what is written, in a sentence */
  about: string
  /** factors of the catalogue that it makes */
  factors: readonly string[]
  /** tables that it writes to */
  tables: readonly HistoryTable[]
  /** changes the history in place, as far as it can, so that the factors come to what is wanted */
  apply(history: History, wanted: Wanted): void
}
