import { DIMENSIONS } from '../../schema/dimensions.ts'
import { usageError } from '../../util/errors.ts'
import { nameHint } from '../../util/nearestName.ts'

/** What was said of the weights of the dimensions, where something was. */
export interface DeclaredWeights {
  /** share 0..1 of each dimension that was asked for; null: nothing is declared for it */
  shares: (number | null)[]
  /** where the weights come from, or why there are none */
  text: string
  /** how weights that are of no whole were scaled, with the numbers that were given; null where they were not */
  note: string | null
}

const checkGiven = (dimensions: readonly string[], given: readonly [string, number][]): void => {
  for (const [name, weight] of given) {
    if (!dimensions.includes(name))
      throw usageError('there is no such dimension', {
        option: 'declared',
        expected: 'weights of dimensions that the factors are of',
        got: name,
        hint: nameHint(name, dimensions),
      })
    if (!(Number.isFinite(weight) && weight >= 0))
      throw usageError(`not a weight of ${name}`, {
        option: 'declared',
        expected: 'a number of 0 or more',
        got: weight,
      })
  }
  if (!given.some(([, weight]) => weight > 0))
    throw usageError('the declared weights add up to 0', { option: 'declared', expected: 'a weight above 0' })
}

const isWhole = (sum: number): boolean => [1, 100].some((whole) => Math.abs(sum - whole) < 1e-9 * whole)

const noteOf = (given: readonly [string, number][]): string | null => {
  const sum = given.reduce((all, [, weight]) => all + weight, 0)
  if (isWhole(sum)) return null
  const numbers = given.map(([name, weight]) => `${name} ${weight}`).join(', ')
  return `The declared weights (${numbers}) add up to ${Number(sum.toPrecision(12))} and were scaled to 100 %.`
}

/**
 * Declared weights of dimensions: the advertised 35/25/20/15/5 of the catalogue, or those given. The advertised ones are of a whole of the dimensions that are
 * there: a table that lacks one has the others grow, as the declared model has them.
 * @param given percent or any other unit, by dimension
 * @throws GlasscoreError('usage') for a dimension that is not there, a weight below 0, and weights that add up to 0
 */
export const declaredWeights = (
  dimensions: readonly string[],
  given?: Readonly<Record<string, number>>,
): DeclaredWeights => {
  const named = given && Object.entries(given)
  if (named) checkGiven(dimensions, named)
  const weights = new Map<string, number>(named ?? DIMENSIONS.map(({ name, weight }) => [name, weight]))
  const own = dimensions.map((name) => weights.get(name) ?? null)
  const all = own.reduce<number>((sum, w) => sum + (w ?? 0), 0)
  if (dimensions.length < 2)
    return {
      shares: dimensions.map(() => null),
      text: 'The factors of this table are of one dimension, so there is nothing to weigh.',
      note: null,
    }
  if (!(all > 0))
    return { shares: own.map(() => null), text: 'Nothing was declared for the dimensions of this table.', note: null }
  return {
    shares: own.map((w) => (w === null ? null : w / all)),
    text: named
      ? 'Declared: the weights that were named for this audit.'
      : 'Declared: the advertised weights 35/25/20/15/5 of the five dimensions.',
    note: named ? noteOf(named) : null,
  }
}
