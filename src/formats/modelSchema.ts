/** What model.json must look like. Every key is known: an unknown one is an error, not a surprise later. */
import { z } from 'zod'
import { MOST_CATEGORIES } from '../kernels/trees/tree.ts'
import { SCORE_MAX, SCORE_MIN } from '../schema/score.ts'

const finite = z.number()
const text = z.string()
const plain: z.ZodType<Record<string, unknown>> = z.record(z.string(), z.unknown())

const ascending = (values: readonly number[]): boolean => values.every((v, i) => i === 0 || v >= values[i - 1]!)

const factor = z.strictObject({
  name: text.min(1),
  dimension: text.min(1),
  kind: z.enum(['number', 'flag', 'ordinal', 'category']),
  unit: text,
  scale: z.enum(['log', 'linear']),
  expectedRisk: z.enum(['up', 'down', 'none']),
  definition: text,
  bands: z
    .strictObject({
      coding: z.literal('das'),
      code: text.min(1),
      upperEdges: z.array(finite).min(1).refine(ascending, 'the edges of the bands fall'),
      zero: z.boolean(),
    })
    .exactOptional(),
})

const column = z.strictObject({
  name: text.min(1),
  factor: z.number().int().min(0),
  role: z.enum(['value', 'missing', 'level', 'category']),
  level: text.exactOptional(),
  others: z.array(text).min(1).exactOptional(),
  reference: text.exactOptional(),
  levels: z
    .array(text)
    .min(1)
    .max(MOST_CATEGORIES)
    .refine((levels) => new Set(levels).size === levels.length, 'a level stands twice')
    .exactOptional(),
  pooled: z.literal(true).exactOptional(),
  log: z.boolean().exactOptional(),
  fill: finite.exactOptional(),
  center: finite.exactOptional(),
  scale: finite.positive().exactOptional(),
})

const distinct = (names: readonly { name: string }[]): boolean =>
  new Set(names.map((n) => n.name)).size === names.length

const encoding = z
  .strictObject({
    kind: z.enum(['linear', 'tree']),
    factors: z.array(factor).min(1).refine(distinct, 'two factors have the same name'),
    columns: z.array(column).min(1).refine(distinct, 'two columns have the same name'),
    dropped: z.array(z.strictObject({ name: text, reason: text })),
  })
  .refine((e) => e.columns.every((c) => c.factor < e.factors.length), 'a column belongs to a factor that is not listed')
  .refine(
    (e) => e.columns.every((c) => (c.role === 'level') === (c.level !== undefined)),
    'a level column names no level',
  )
  .refine(
    (e) => e.columns.every((c) => c.role === 'level' || (c.others === undefined && c.reference === undefined)),
    'a column that is no level lists levels',
  )
  .refine(
    (e) =>
      e.columns.every((c) =>
        c.role === 'category'
          ? c.levels !== undefined && [c.log, c.fill, c.center, c.scale].every((part) => part === undefined)
          : c.levels === undefined && c.pooled === undefined,
      ),
    'codes stand in a column that is no category, or a category has none',
  )
  .refine(
    (e) => e.kind === 'tree' || e.columns.every((c) => c.role !== 'category'),
    'a linear encoding has a column of codes',
  )

const calibration = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('platt'), slope: finite.positive(), intercept: finite }),
  z
    .strictObject({ kind: z.literal('beta'), a: finite.min(0), b: finite.min(0), c: finite })
    .refine((c) => c.a + c.b > 0, 'a and b are both 0'),
  z
    .strictObject({
      kind: z.literal('isotonic'),
      upTo: z.array(finite).refine(ascending, 'the ends of the steps fall'),
      probabilities: z.array(finite.gt(0).lt(1)).refine(ascending, 'probabilities fall'),
    })
    .refine(
      (c) => c.probabilities.length === c.upTo.length + 1,
      'there is not one probability more than ends of steps',
    ),
])

const scale = z
  .strictObject({
    pdo: finite.positive(),
    baseScore: finite,
    baseOdds: finite.positive(),
    // Scores outside the range have no band.
    min: z.number().int().min(SCORE_MIN).max(SCORE_MAX),
    max: z.number().int().min(SCORE_MIN).max(SCORE_MAX),
  })
  .refine((s) => s.min < s.max, 'the lowest score is not below the highest')

/** `format` of model.json. */
export const MODEL_FORMAT = 'glasscore.model'
/** Highest version of model.json; a file with a higher one is from a later glasscore. */
export const MODEL_VERSION = 2

/** The version that a file with this encoding has: the lowest that knows all of it, so that equal models keep their bytes. */
export const versionFor = ({ columns }: { columns: readonly { role: string }[] }): 1 | 2 =>
  columns.some((column) => column.role === 'category') ? 2 : 1

/** The only part that files of every version share. */
export const modelHead = z.looseObject({ format: z.literal(MODEL_FORMAT), version: z.number().int().min(1) })

/** All of model.json, versions 1 and 2 (which has columns of codes); written spec: docs/model-format.md. */
export const modelDocument = z
  .strictObject({
    format: z.literal(MODEL_FORMAT),
    version: z.union([z.literal(1), z.literal(MODEL_VERSION)]),
    name: text.min(1),
    kind: z.enum(['declared', 'logistic', 'tree', 'forest', 'boosting']),
    binary: z.strictObject({
      file: z.literal('model.bin'),
      bytes: z.number().int().min(0),
      sha256: text.regex(/^[0-9a-f]{64}$/),
    }),
    /** see seal.ts */
    digest: text.regex(/^[0-9a-f]{64}$/),
    encoding,
    calibration,
    scale,
    training: plain,
  })
  .refine((m) => m.version === versionFor(m.encoding), 'the version is not that of the encoding')

/** A model.json that has passed the check. */
export type ModelDocument = z.infer<typeof modelDocument>
