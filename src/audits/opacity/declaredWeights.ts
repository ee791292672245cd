import { DIMENSIONS } from '../../schema/dimensions.ts'

/** What was said of the weights of the dimensions, where something was. */
export interface DeclaredWeights {
  /** share 0..1 of each dimension that was asked for; null: nothing is declared for it */
  shares: (number | null)[]
  /** where the weights come from, or why there are none */
  text: string
}

/**
 * Declared weights of dimensions: the advertised 35/25/20/15/5 of the catalogue, or those given. They are of a whole of the dimensions that are there:
 * a table that lacks one has the others grow, as the declared model has them.
 * @param given percent or any other unit, by dimension
 */
export const declaredWeights = (
  dimensions: readonly string[],
  given?: Readonly<Record<string, number>>,
): DeclaredWeights => {
  const weights = new Map<string, number>(
    given ? Object.entries(given) : DIMENSIONS.map(({ name, weight }) => [name, weight]),
  )
  const own = dimensions.map((name) => weights.get(name) ?? null)
  const all = own.reduce<number>((sum, w) => sum + (w ?? 0), 0)
  if (dimensions.length < 2)
    return {
      shares: dimensions.map(() => null),
      text: 'The factors of this table are of one dimension, so there is nothing to weigh.',
    }
  if (!(all > 0)) return { shares: own.map(() => null), text: 'Nothing was declared for the dimensions of this table.' }
  return {
    shares: own.map((w) => (w === null ? null : w / all)),
    text: given
      ? 'Declared: the weights that were named for this audit.'
      : 'Declared: the advertised weights 35/25/20/15/5 of the five dimensions.',
  }
}
