import type { FactorSpec } from '../schema/factor.ts'
import { dataError, type GlasscoreError } from '../util/errors.ts'
import type { FactorFrame } from './frame.ts'

/** How a factor is held: categories are text, every other kind is numbers. */
export type Held = 'text' | 'numbers'

/** How factors of a kind are held in a frame. */
export const heldFor = ({ kind }: Pick<FactorSpec, 'kind'>): Held => (kind === 'category' ? 'text' : 'numbers')

/** How the frame holds the factor of that name; null when it does not hold it. */
export const heldIn = (frame: FactorFrame, name: string): Held | null => {
  if (Object.hasOwn(frame.categories, name)) return 'text'
  return Object.hasOwn(frame.numbers, name) ? 'numbers' : null
}

const notThere = (frame: FactorFrame, factor: FactorSpec): GlasscoreError => {
  const held = heldIn(frame, factor.name)
  return held
    ? dataError('a factor is of another kind in the table than in the model', {
        column: factor.name,
        expected: `${heldFor(factor)}, for the model has it as ${factor.kind}`,
        got: held,
      })
    : dataError('a factor that the model needs is not in the table', { column: factor.name })
}

/** @throws GlasscoreError('data') when the frame lacks the factor or holds text in its place */
export const numbersOf = (frame: FactorFrame, factor: FactorSpec): Float64Array => {
  if (!Object.hasOwn(frame.numbers, factor.name)) throw notThere(frame, factor)
  return frame.numbers[factor.name]!
}

/** @throws GlasscoreError('data') when the frame lacks the factor or holds numbers in its place */
export const categoriesOf = (frame: FactorFrame, factor: FactorSpec): (string | null)[] => {
  if (!Object.hasOwn(frame.categories, factor.name)) throw notThere(frame, factor)
  return frame.categories[factor.name]!
}
