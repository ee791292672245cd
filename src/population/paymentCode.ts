/** Direction, category, scenario and district of a payment in one integer: a third fewer numbers on their way to a file. */
import { NONE } from './rows.ts'

/** Codes below this fit; of categories and of scenarios. */
export const CODES = 64

/** @param district NONE where there is none */
export const paymentCode = (direction: number, category: number, scenario: number, district: number): number =>
  (((district === NONE ? 0 : district + 1) * CODES + scenario) * CODES + category) * 2 + direction

export const directionOf = (code: number): number => code & 1
export const categoryOf = (code: number): number => (code >> 1) % CODES

/** The same payment in another category. */
export const withCategory = (code: number, category: number): number => code + 2 * (category - categoryOf(code))

/** The parts as SQL of a column: positions in the vocabulary, and of districts, from 0; -1 for none. */
export const paymentParts = (column: string) => ({
  direction: `(${column} & 1)`,
  category: `((${column} >> 1) & ${CODES - 1})`,
  scenario: `((${column} >> 7) & ${CODES - 1})`,
  district: `((${column} >> 13) - 1)`,
})
