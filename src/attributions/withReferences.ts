import { heldIn } from '../matrix/factorValues.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { dataError, usageError } from '../util/errors.ts'

/**
 * The rows with some values replaced by reference values: what a model would say of somebody who is as usual there and as before elsewhere.
 *
 * @param factors those whose values may be replaced
 * @param references one a factor (see `referenceValues`); null: the value becomes missing
 * @param replace whether the value of a factor, by its position, is replaced in a row
 * @returns a frame that shares the columns in which nothing is replaced
 * @throws GlasscoreError('usage') for another number of references; ('data') for text in place of a number, or the other way round
 */
export const withReferences = (
  frame: FactorFrame,
  factors: readonly FactorSpec[],
  references: readonly (number | string | null)[],
  replace: (factor: number, row: number) => boolean,
): FactorFrame => {
  if (references.length !== factors.length)
    throw usageError('factors and references differ in number', {
      option: 'references',
      expected: `${factors.length}, one a factor`,
      got: references.length,
    })
  const numbers = { ...frame.numbers }
  const categories = { ...frame.categories }
  factors.forEach(({ name }, f) => {
    const rows: number[] = []
    for (let i = 0; i < frame.rows; i++) if (replace(f, i)) rows.push(i)
    const held = heldIn(frame, name)
    if (rows.length === 0 || held === null) return
    const reference = references[f]!
    if (reference !== null && (typeof reference === 'string') !== (held === 'text'))
      throw dataError('a reference is of another kind than its factor', {
        column: name,
        expected: held,
        got: reference,
      })
    if (held === 'text') {
      const column = [...categories[name]!]
      for (const i of rows) column[i] = reference as string | null
      categories[name] = column
    } else {
      const column = numbers[name]!.slice()
      for (const i of rows) column[i] = reference === null ? Number.NaN : (reference as number)
      numbers[name] = column
    }
  })
  return { ...frame, numbers, categories }
}
