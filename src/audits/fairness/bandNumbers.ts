import { quantile } from '../../metrics/bootstrap.ts'
import { usageError } from '../../util/errors.ts'

/** How a numeric attribute is cut into groups. */
export interface Banding {
  /** first values of all bands but the lowest, rising */
  edges: number[]
  /** why these */
  because: 'given' | 'ages' | 'quartiles'
}

/** Years at which bands of age begin unless others are given. */
export const AGE_EDGES = [25, 35, 45, 55, 65]

/** A numeric attribute of more values than this is cut into bands. */
export const MOST_VALUES = 12

/** age, AGE, age_years, Age in years */
const isAge = (name: string): boolean => /(^|[^a-z])age([^a-z]|$)/i.test(name)

/** The number a text says; NaN where it says none. */
const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text))

/**
 * Whether and how the values of an attribute are cut: as given; ages at 25, 35, ... 65; other numbers of more than 12 values at
 * their quartiles; anything else not at all.
 * @throws GlasscoreError('usage') on edges for an attribute that is not a number, or that do not rise
 */
export const chooseBanding = (
  name: string,
  values: readonly (string | null)[],
  given: readonly number[] | undefined,
): Banding | null => {
  const texts = new Set(values.filter((v) => v !== null))
  const odd = [...texts].find((text) => !Number.isFinite(numberOf(text)))
  if (given) {
    if (odd !== undefined)
      throw usageError(`${name} has no bands`, { option: 'bands', expected: 'an attribute of numbers', got: odd })
    if (given.length === 0 || given.some((edge, k) => !Number.isFinite(edge) || (k > 0 && edge <= given[k - 1]!)))
      throw usageError(`the bands of ${name} do not rise`, {
        option: 'bands',
        expected: 'rising numbers',
        got: given.join(','),
      })
    return { edges: [...given], because: 'given' }
  }
  if (odd !== undefined || texts.size <= MOST_VALUES) return null
  if (isAge(name)) return { edges: AGE_EDGES, because: 'ages' }
  const numbers = Float64Array.from(
    values.filter((v) => v !== null),
    numberOf,
  ).sort()
  const edges = [0.25, 0.5, 0.75].map((q) => quantile(numbers, q)).filter((edge) => edge > numbers[0]!)
  return { edges: [...new Set(edges)], because: 'quartiles' }
}

/** Names of the bands of edges, from low to high. */
export const bandLabels = ({ edges }: Banding): string[] => {
  const whole = edges.every(Number.isInteger)
  const text = (edge: number) => String(Number(edge.toPrecision(6)))
  return [
    `under ${text(edges[0]!)}`,
    ...edges.slice(1).map((to, k) => {
      const from = edges[k]!
      return whole ? `${text(from)}-${text(to - 1)}` : `${text(from)} to under ${text(to)}`
    }),
    `${text(edges.at(-1)!)} and over`,
  ]
}

/** The band of a value: how many edges are at or below it. */
export const bandOfNumber = ({ edges }: Banding, text: string): number =>
  edges.filter((edge) => edge <= numberOf(text)).length
