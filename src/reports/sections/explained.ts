import type { Importance } from '../runReport.ts'

/** A model that has receipts, with its position in the JSON. */
export interface Explained {
  name: string
  i: number
  importance: Importance
}
