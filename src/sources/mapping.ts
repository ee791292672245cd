/**
 * The mapping file: YAML that says how a file becomes a ready feature table (`kind: features`) or canonical tables
 * (`kind: tables`). Unknown keys are refused, so that a slip of the pen is not silently ignored. See docs/mapping.md.
 */
import { readFile } from 'node:fs/promises'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { TABLE_NAMES } from '../schema/tables.ts'
import { dataError, type GlasscoreError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'

/** A code as it stands in the file: 1, -1, 99, "?", true. Codes are compared as text. */
const code = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const codes = z.union([code.transform((c) => [c]), z.array(code)])
/**
 * An object by names of the user's choosing. It has no prototype, so that `constructor` is no entry and `__proto__` is one
 * (`z.record` passes over it in silence).
 */
const recordOf = <T>(entry: z.ZodType<T>) =>
  z
    .custom<unknown>((v) => v !== null && typeof v === 'object' && !Array.isArray(v), 'expected keys with values')
    .transform((value, context): Record<string, T> => {
      const all = Object.create(null) as Record<string, T>
      for (const [key, inner] of Object.entries(value as object)) {
        const checked = entry.safeParse(inner)
        if (checked.success) all[key] = checked.data
        else
          for (const issue of checked.error.issues) context.addIssue({ ...issue, path: [key, ...issue.path] } as never)
      }
      return all
    })
const day = z.iso.date('expected a day such as 2024-01-31')
const name = z.string().min(1)

const readOptions = {
  /** file name; an input folder given elsewhere is put before it */
  file: name.optional(),
  /** SHA-256 of the known original; a difference is warned of */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  encoding: z.enum(['utf-8', 'latin-1', 'utf-16']).optional(),
  /** table of a DuckDB file */
  table: name.optional(),
}

const columnSchema = z.strictObject({
  name: name.optional(),
  label: z.string().optional(),
  kind: z.enum(['number', 'flag', 'ordinal', 'category']).optional(),
  unit: z.string().optional(),
  scale: z.enum(['linear', 'log']).optional(),
  missing: codes.optional(),
  values: recordOf(code).optional(),
  levels: z.array(code).min(2).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
})

const outcomeSchema = z.strictObject({
  name: name.optional(),
  text: name,
  performanceWindowDays: z.number().int().min(0).optional(),
})

const featuresSchema = z.strictObject({
  format: z.literal('glasscore.mapping'),
  version: z.literal(1),
  kind: z.literal('features'),
  name,
  ...readOptions,
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as EUR'),
  /** column that identifies a person; without it the row number does */
  id: name.optional(),
  observationDate: z.union([day, z.strictObject({ column: name, format: z.string().optional() })]),
  target: z.strictObject({
    column: name,
    bad: codes.refine((list) => list.length > 0, 'expected at least one code'),
    good: codes.optional(),
    indeterminate: codes.optional(),
  }),
  outcome: outcomeSchema,
  missing: codes.optional(),
  protected: z.array(name).optional(),
  drop: recordOf(z.string().min(1, 'expected the reason')).optional(),
  columns: recordOf(columnSchema).optional(),
  groups: recordOf(z.array(name).min(1)).optional(),
  expectedRisk: recordOf(z.enum(['up', 'down', 'none'])).optional(),
  notes: z.array(z.string()).optional(),
})

const sourceSchema = z.union([
  name.transform((column) => ({ column })),
  z.strictObject({
    column: name,
    values: recordOf(code).optional(),
    otherwise: code.optional(),
    missing: codes.optional(),
    format: z.string().optional(),
  }),
  z.strictObject({ constant: code }),
])

const tableSchema = z.strictObject({
  ...readOptions,
  coveredFrom: day,
  coveredTo: day.optional(),
  columns: recordOf(sourceSchema),
})

const tablesSchema = z.strictObject({
  format: z.literal('glasscore.mapping'),
  version: z.literal(1),
  kind: z.literal('tables'),
  name,
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as EUR'),
  extractDate: day,
  outcome: outcomeSchema.optional(),
  missing: codes.optional(),
  protected: z.array(name).optional(),
  tables: z.partialRecord(z.enum(TABLE_NAMES), tableSchema),
  notes: z.array(z.string()).optional(),
})

const mappingSchema = z.discriminatedUnion('kind', [featuresSchema, tablesSchema])

/** A mapping of one row a person to a ready feature table. */
export type FeaturesMapping = z.infer<typeof featuresSchema>
/** A mapping of events to canonical tables. */
export type TablesMapping = z.infer<typeof tablesSchema>
export type Mapping = z.infer<typeof mappingSchema>
export type MappedColumn = z.infer<typeof columnSchema>
export type MappedOutcome = z.infer<typeof outcomeSchema>
export type MappedSource = z.infer<typeof sourceSchema>

const KEYS: Record<string, readonly string[]> = {
  features: Object.keys(featuresSchema.shape),
  tables: Object.keys(tablesSchema.shape),
}

/** What a key that is lacking should have been, where its type does not say it. */
const LACKING = new Map([
  ['name', 'a name of the data'],
  ['currency', 'an ISO 4217 code such as EUR, XXX for none'],
  ['extractDate', 'a day such as 2024-01-31'],
  ['target', 'column and bad'],
  ['outcome', 'text: what bad means'],
])

const issueError = (file: string, kind: string, issue: z.core.$ZodIssue): GlasscoreError => {
  // The issue of the branch that came furthest says more than that no branch fits.
  const inner =
    issue.code === 'invalid_union'
      ? issue.errors
          .flat()
          .sort((a, b) => b.path.length - a.path.length || (a.code === 'unrecognized_keys' ? -1 : 1))[0]
      : undefined
  const deep = inner ?? issue
  const path = [...issue.path, ...(inner ? inner.path : [])].join('.')
  if (deep.code === 'unrecognized_keys') {
    const key = deep.keys[0]!
    const hint = path === '' && KEYS[kind] ? nameHint(key, KEYS[kind]) : undefined
    return dataError('unknown key in the mapping', {
      file,
      option: path ? `${path}.${key}` : key,
      ...(hint ? { hint } : {}),
    })
  }
  if (deep.code === 'invalid_type' && deep.message.endsWith('received undefined'))
    return dataError('the mapping lacks a key', { file, option: path, expected: LACKING.get(path) ?? deep.expected })
  return dataError(`the mapping is not right: ${deep.message}`, { file, option: path || 'the whole file' })
}

/**
 * Checks the text of a mapping.
 * @param file its name, for messages
 * @throws GlasscoreError with line and column for broken YAML, with the key for anything that the mapping does not know
 */
export const parseMapping = (text: string, file: string): Mapping => {
  const document = parseDocument(text, { prettyErrors: true })
  const broken = document.errors[0]
  if (broken) {
    const [at] = broken.linePos ?? []
    throw dataError('not valid YAML', {
      file,
      ...(at ? { row: at.line, column: String(at.col) } : {}),
      hint: broken.message.split('\n')[0]!,
    })
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 20 })
  } catch (cause) {
    throw dataError('not valid YAML', {
      file,
      hint: `${(cause as Error).message.split('\n')[0]!}; a text that starts with * or & must stand in quotes`,
      cause,
    })
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw dataError('this is not a mapping', { file, expected: 'YAML with format: glasscore.mapping' })
  const { tables } = value as { tables?: unknown }
  // The one key that z.partialRecord passes over in silence.
  if (tables !== null && typeof tables === 'object' && Object.hasOwn(tables, '__proto__'))
    throw dataError('unknown key in the mapping', { file, option: 'tables.__proto__' })
  const checked = mappingSchema.safeParse(value)
  if (!checked.success) {
    const { kind } = value as { kind?: unknown }
    throw issueError(file, String(kind), checked.error.issues[0]!)
  }
  return checked.data
}

/** Reads and checks a mapping file. */
export const readMapping = async (file: string): Promise<Mapping> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw dataError('the mapping cannot be read', { file, cause })
  })
  return parseMapping(text, file)
}
