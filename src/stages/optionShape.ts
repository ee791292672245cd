/** What an option may be, in words: read off its schema, so that messages and documents say what is checked. */
import { z } from 'zod'

/**
 * The part of JSON Schema that options use, and two keys of our own: `expected`, words for what a pattern or a check of ours asks for,
 * and `byDefault`, what an option is taken as when it is left out and no default is filled in.
 */
export interface OptionShape {
  type?: string
  const?: unknown
  enum?: unknown[]
  default?: unknown
  description?: string
  expected?: string
  byDefault?: unknown
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  properties?: Record<string, OptionShape>
  required?: string[]
  additionalProperties?: OptionShape | boolean
  items?: OptionShape
  anyOf?: OptionShape[]
  oneOf?: OptionShape[]
}

/** The shape of a schema as it is written, before defaults are filled in. */
export const optionShape = (schema: z.ZodType): OptionShape =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as OptionShape

/** Whole numbers that no option means as a limit. */
const bound = (n: number | undefined): number | undefined =>
  n === undefined || Math.abs(n) >= Number.MAX_SAFE_INTEGER ? undefined : n

const shown = (n: number): string => n.toLocaleString('en-US', { maximumFractionDigits: 12 })

const numberText = (noun: string, shape: OptionShape): string => {
  const [low, high] = [bound(shape.minimum), bound(shape.maximum)]
  const [above, below] = [bound(shape.exclusiveMinimum), bound(shape.exclusiveMaximum)]
  if (low !== undefined && high !== undefined) return `${noun} from ${shown(low)} to ${shown(high)}`
  const limits = [
    low !== undefined && `of ${shown(low)} or more`,
    high !== undefined && `of ${shown(high)} or less`,
    above !== undefined && `above ${shown(above)}`,
    below !== undefined && `below ${shown(below)}`,
  ].filter((limit) => limit !== false)
  return [noun, limits.join(' and ')].filter(Boolean).join(' ')
}

/** "a, b or c" */
export const orList = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/** Names and values of the keys that tell the branches of a union apart: kind: simulate, kind: berka ... */
const branchNames = (branches: readonly OptionShape[]): string[] =>
  branches.flatMap(({ properties = {} }) => {
    const mark = Object.entries(properties).find(([, shape]) => shape.const !== undefined)
    return mark ? [`${mark[0]}: ${String(mark[1].const)}`] : []
  })

/** What a value of this shape looks like, as a noun phrase: "a whole number from 2 to 100". */
export const shapeText = (shape: OptionShape): string => {
  if (shape.expected !== undefined) return shape.expected
  if (shape.const !== undefined) return String(shape.const)
  if (shape.enum) return orList(shape.enum.map(String))
  if (shape.anyOf) return orList(shape.anyOf.flatMap((branch) => branch.enum?.map(String) ?? [shapeText(branch)]))
  if (shape.oneOf) return `keys, among them ${orList(branchNames(shape.oneOf))}`
  if (shape.type === 'integer') return numberText('a whole number', shape)
  if (shape.type === 'number') return numberText('a number', shape)
  if (shape.type === 'boolean') return 'true or false'
  if (shape.type === 'string') return 'text'
  if (shape.type === 'array') return `a list, each of it ${shapeText(shape.items ?? {})}`
  if (shape.properties)
    return `${shape.required?.length ? '' : '{} or '}keys of ${Object.keys(shape.properties).join(', ')}`
  if (shape.type === 'object') return 'keys with values'
  return 'another value'
}

/** The branch of a union that a value has chosen by its mark (kind, by), or one that holds all marks. */
const chosen = (branches: readonly OptionShape[], value: unknown): OptionShape => {
  const given = (value ?? {}) as Record<string, unknown>
  const fits = branches.find(({ properties = {} }) =>
    Object.entries(properties).some(([key, shape]) => shape.const !== undefined && shape.const === given[key]),
  )
  if (fits) return fits
  const marks = branches.flatMap(({ properties = {} }) => Object.entries(properties)).filter(([, s]) => s.const)
  const names = [...new Set(marks.map(([key]) => key))]
  return {
    type: 'object',
    properties: Object.fromEntries(
      names.map((name) => [name, { enum: marks.filter(([key]) => key === name).map(([, s]) => s.const) }]),
    ),
  }
}

/** The value at a path, or undefined. */
export const valueIn = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (at !== null && typeof at === 'object' ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  )

/** The shape at a path of a value. */
export const shapeAt = (root: OptionShape, value: unknown, path: readonly PropertyKey[]): OptionShape => {
  let shape = root
  path.forEach((key, depth) => {
    if (shape.oneOf) shape = chosen(shape.oneOf, valueIn(value, path.slice(0, depth)))
    const rest = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : {}
    shape = shape.properties?.[String(key)] ?? shape.items ?? rest
  })
  return shape
}

/** Keys that may stand at a path of a value. */
export const keysAt = (root: OptionShape, value: unknown, path: readonly PropertyKey[]): string[] => {
  const shape = shapeAt(root, value, path)
  return Object.keys((shape.oneOf ? chosen(shape.oneOf, valueIn(value, path)) : shape).properties ?? {})
}
