/**
 * What a pipeline file may say: one schema, from which the checks, their messages and the documentation of options follow.
 */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { DEFAULT_CUTOFF, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'
import { usageError } from '../util/errors.ts'

const share = z.number().gt(0).lt(1)
const positive = z.number().int().min(1)
const day = z.iso.date().refine((d) => d >= '1900-01-01' && d < '2200-01-01', 'expected a date from 1900 to 2199')

export const simulateSource = z.strictObject({
  kind: z.literal('simulate'),
  people: positive.max(10_000_000).default(30_000).describe('number of people'),
  months: z.number().int().min(13).max(120).default(24).describe('dense months before the last observation date'),
  lastObservation: day.default('2025-01-01').describe('last observation date'),
  asOf: day.optional().describe('one observation date instead of five quarterly ones'),
})

export const berkaSource = z.strictObject({
  kind: z.literal('berka'),
  input: z.string().describe('folder with the .asc files and the pre-loan transactions'),
  strict: z.boolean().default(false).describe('stop at the first rejected row'),
})

export const mappingSource = z.strictObject({
  kind: z.literal('mapping'),
  mapping: z.string().describe('mapping file (YAML)'),
  input: z.string().optional().describe('data file, when it is not the one that the mapping names'),
  strict: z.boolean().default(false).describe('stop at the first rejected row'),
})

export const split = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('person'), testShare: share.default(0.3) }),
  z.strictObject({ by: z.literal('time'), testShare: share.default(0.3), testFrom: day.optional() }),
  z.strictObject({
    by: z.literal('folds'),
    folds: z.number().int().min(2).max(100).default(5),
    repeats: z.number().int().min(1).max(100).default(5),
  }),
])

const smoothing = z.number().gt(0).default(5).describe('m: rows of prior weight in each leaf')
const output = z.enum(['logOdds', 'probability']).default('logOdds').describe('what trees average')

export const modelOptions = {
  declared: z.strictObject({
    l2: z.number().min(0).default(1),
    weights: z.record(z.string(), z.number().min(0)).optional().describe('advertised weight of each dimension'),
  }),
  logistic: z.strictObject({ l2: z.number().min(0).default(1).describe('strength of the L2 penalty') }),
  tree: z.strictObject({
    maxDepth: positive.max(64).default(6),
    minLeaf: positive.default(50),
    pruning: z.union([z.enum(['none', 'cv']), z.number().min(0).max(1)]).default('cv'),
    rule: z.enum(['oneStandardError', 'best']).default('best').describe('which subtree cross-validation takes'),
    m: smoothing,
  }),
  forest: z.strictObject({
    trees: positive.max(10_000).default(150),
    maxDepth: positive.max(64).default(10),
    minLeaf: positive.default(20),
    features: z.union([z.literal('sqrt'), positive.max(65_536)]).default('sqrt'),
    m: smoothing,
    output,
  }),
} as const

export const models = z
  .strictObject({
    declared: modelOptions.declared.optional(),
    logistic: modelOptions.logistic.optional(),
    tree: modelOptions.tree.optional(),
    forest: modelOptions.forest.optional(),
  })
  .refine((m) => Object.values(m).some((v) => v !== undefined), 'at least one model')

export const trainOptions = z.strictObject({
  split: split.default({ by: 'person', testShare: 0.3 }),
  models: models.default({
    declared: modelOptions.declared.parse({}),
    logistic: modelOptions.logistic.parse({}),
    tree: modelOptions.tree.parse({}),
    forest: modelOptions.forest.parse({}),
  }),
  calibration: z.enum(['platt', 'beta', 'isotonic']).default('platt'),
  indeterminate: z.enum(['exclude', 'good', 'bad']).default('exclude').describe('what indeterminate rows count as'),
  permuteLabels: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe('shuffle the labels so many times and keep no model: a check that finds leaks'),
  replicates: z.number().int().min(200).max(100_000).default(1000).describe('bootstrap replicates'),
})

export const reportOptions = z.strictObject({
  cutoff: z
    .number()
    .int()
    .min(SCORE_MIN)
    .max(SCORE_MAX)
    .default(DEFAULT_CUTOFF)
    .describe('who has this score is approved'),
})

export const pipelineSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/i),
  seed: z.number().int().min(0).default(1),
  source: z.discriminatedUnion('kind', [simulateSource, berkaSource, mappingSource]),
  train: trainOptions.default(trainOptions.parse({})),
  report: reportOptions.default(reportOptions.parse({})),
})

/** Options of training with every default filled in. */
export type TrainOptions = z.infer<typeof trainOptions>
/** Options of training as a pipeline file or a caller gives them: split, models, calibration, replicates; all may be left out. */
export type TrainInput = z.input<typeof trainOptions>
export type ModelsConfig = TrainOptions['models']
/** Where the data of a pipeline come from: a simulation, the Berka files, or a file with its mapping. */
export type SourceConfig = z.infer<typeof pipelineSchema>['source']
/** A pipeline with every default filled in. */
export type Pipeline = z.infer<typeof pipelineSchema>
/** A pipeline as its file says it; `name` and `source` are needed. */
export type PipelineInput = z.input<typeof pipelineSchema>

/** Checks a value against a schema; the first fault becomes one clear error. */
export const checkOptions = <S extends z.ZodType>(schema: S, value: unknown, file?: string): z.output<S> => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const option = [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys : [])].join('.')
  throw usageError(issue.message, { ...(file ? { file } : {}), ...(option ? { option } : {}) })
}

/** Reads a pipeline file. Paths in it are relative to the file. */
export const readPipeline = async (file: string): Promise<Pipeline> => {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw usageError('the pipeline file cannot be read', { file, expected: 'a YAML file', cause })
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const fault = document.errors[0]
  if (fault) throw usageError(fault.message.split('\n')[0]!, { file, row: lines.linePos(fault.pos[0]).line })
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw usageError(cause instanceof Error ? cause.message : 'not valid YAML', { file, expected: 'plain YAML', cause })
  }
  const pipeline = checkOptions(pipelineSchema, value, file)
  const beside = (path: string) => resolve(dirname(file), path)
  const { source } = pipeline
  if (source.kind === 'berka') return { ...pipeline, source: { ...source, input: beside(source.input) } }
  if (source.kind === 'mapping')
    return {
      ...pipeline,
      source: {
        ...source,
        mapping: beside(source.mapping),
        ...(source.input ? { input: beside(source.input) } : {}),
      },
    }
  return pipeline
}
