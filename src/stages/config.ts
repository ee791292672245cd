/**
 * What a pipeline file may say: one schema, from which the checks, their messages and the documentation of options follow.
 */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { CODINGS } from '../features/codeFactors.ts'
import { INTERACTION_FORMS, SWITCH_GROUPS, SWITCH_NAMES, SWITCHES } from '../population/switches.ts'
import { DEFAULT_SAMPLE, MOST_SAMPLED } from '../schema/reportSample.ts'
import { DEFAULT_CUTOFF, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'
import { usageError } from '../util/errors.ts'
import { canonicalJson } from '../util/hash.ts'
import { BACKGROUND_FORMS, type BackgroundChoice, parseBackground } from './backgroundChoice.ts'
import { modelOptions } from './modelOptions.ts'
import { optionError } from './optionError.ts'

const share = z.number().gt(0).lt(1)
const positive = z.number().int().min(1)
const day = z.iso
  .date()
  .refine((d) => d >= '1900-01-01' && d < '2200-01-01', 'expected a date from 1900 to 2199')
  .meta({ expected: 'a date as YYYY-MM-DD, from 1900 to 2199' })
const path = z.string().meta({ expected: 'a path' })
const strict = z.boolean().default(false).describe('stop at the first rejected row instead of counting it')

export const populationSwitches = z.strictObject({
  ...(Object.fromEntries(
    SWITCH_NAMES.map((name) => [
      name,
      z.number().min(0).max(SWITCHES[name].most).default(SWITCHES[name].byDefault).describe(SWITCHES[name].about),
    ]),
  ) as Record<(typeof SWITCH_NAMES)[number], z.ZodDefault<z.ZodNumber>>),
  interactionForm: z
    .enum(INTERACTION_FORMS)
    .default('marginal')
    .describe('how the interaction is read: neither alone says anything on average, or neither does without the other'),
  group: z.enum(SWITCH_GROUPS).default('migrant').describe('the group that switches on a group are about'),
})

export const simulateSource = z.strictObject({
  kind: z.literal('simulate').describe('a synthetic population'),
  people: positive.max(10_000_000).default(30_000).describe('number of people'),
  months: z
    .number()
    .int()
    .min(13)
    .max(120)
    .default(24)
    .describe('months of dense history (transactions, bookings, balances) before the last observation date'),
  lastObservation: day.default('2025-01-01').describe('the last of five quarterly observation dates'),
  asOf: day.optional().describe('one observation date in place of the five'),
  switches: populationSwitches.prefault({}).describe('what is turned on in the population, and how strongly'),
  outcome: z
    .enum(['causal', 'declared'])
    .default('causal')
    .describe('what decides who is bad: `causal`, payments; `declared`, the declared function of the factors'),
})

export const berkaSource = z.strictObject({
  kind: z.literal('berka').describe('the Czech bank data of 1999'),
  input: path.describe('folder with the .asc files and the pre-loan transactions'),
  strict,
})

export const mappingSource = z.strictObject({
  kind: z.literal('mapping').describe('a file or tables of your own'),
  mapping: path.describe('mapping file (YAML)'),
  input: path.optional().describe('data file or folder, when it is not the one that the mapping names'),
  strict,
})

export const featuresOptions = z.strictObject({
  coding: z
    .enum(CODINGS)
    .default('none')
    .describe(
      'how factors are stored: `none`, as measured; `das`, as the published bands in which a lender is told of them',
    ),
})

const testShare = share.default(0.3).describe('share of the persons that is held out, stratified by outcome')

export const split = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('person').describe('some persons are held out'), testShare }),
  z.strictObject({
    by: z
      .literal('time')
      .describe('some persons at later dates are held out; trained on rows whose outcome was known by then'),
    testShare,
    testFrom: day.optional().describe('the first test date; the last observation date when left out'),
  }),
  z.strictObject({
    by: z.literal('folds').describe('every row is measured by models that did not see its person; for few rows'),
    folds: z.number().int().min(2).max(100).default(5).describe('number of folds'),
    repeats: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('how often they are drawn anew; margins are averaged'),
  }),
])

const needed = { expected: `at least one of ${Object.keys(modelOptions).join(', ')}, each with {} or options` }

export const models = z
  .strictObject({
    declared: modelOptions.declared
      .optional()
      .describe('the score as advertised: sub-scores of the dimensions, weighted'),
    logistic: modelOptions.logistic.optional().describe('logistic regression'),
    tree: modelOptions.tree.optional().describe('decision tree'),
    forest: modelOptions.forest.optional().describe('random forest'),
    boosting: modelOptions.boosting.optional().describe('gradient boosting'),
  })
  .refine((m) => Object.values(m).some((v) => v !== undefined), needed.expected)
  .meta(needed)

/** What is trained when no model is named; of these the declared one only where the factors have dimensions with a weight. */
export const ALL_MODELS: z.output<typeof models> = models.parse({ declared: {}, logistic: {}, tree: {}, forest: {} })

const trainFields = z.strictObject({
  split: split
    .default({ by: 'person', testShare: 0.3 })
    .describe('how rows are kept out of training, to measure models on'),
  models: models
    .optional()
    .describe(
      'the models to train, with their options. Left out: all but boosting with their defaults, the declared one where its dimensions are there',
    ),
  calibration: z
    .enum(['platt', 'beta', 'isotonic'])
    .default('platt')
    .describe('from margins to probabilities: a straight line in the log-odds, a curve of three parameters, or steps'),
  indeterminate: z
    .enum(['exclude', 'good', 'bad'])
    .default('exclude')
    .describe('what indeterminate rows count as in training and measurement'),
  permuteLabels: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe('shuffle the labels so many times and keep no model: a check that finds leaks; 0 is a real training'),
  permutationRepeats: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      'shuffle every factor of the test rows so many times and measure how far the AUC of each model falls; with folds no model is left that they are unseen by',
    )
    .meta({ byDefault: 'not done' }),
  replicates: z.number().int().min(200).max(100_000).default(1000).describe('bootstrap replicates of the intervals'),
})

const PERMUTATION_SPLITS = {
  path: ['permutationRepeats'],
  params: { expected: 'none with a split by folds: by person or time test rows are unseen by the model' },
}

export const trainOptions = trainFields.refine(
  (o) => o.permutationRepeats === undefined || o.split.by !== 'folds',
  PERMUTATION_SPLITS,
)

/** Options of training as a manifest keeps them: with the models that were asked for, named or not. */
export const filledTrainOptions = trainFields.extend({ models })

/** The background of a text, undefined where it is none. */
const choiceOf = (text: string): BackgroundChoice | undefined => {
  try {
    return parseBackground(text)
  } catch {
    return undefined
  }
}

const backgroundText = z
  .string()
  .refine((text) => choiceOf(text) !== undefined, `expected ${BACKGROUND_FORMS}`)
  .meta({ expected: BACKGROUND_FORMS })

const explainFields = z.strictObject({
  backgrounds: z
    .array(backgroundText)
    .min(1)
    .default(['own'])
    .describe(
      'what points are measured from, in the forms of `--background`; receipts against others than `own` go to the folder `backgrounds`, all of the list side by side',
    ),
  backgroundRows: positive
    .optional()
    .describe('rows drawn of each background, by the seed')
    .meta({ byDefault: 'all of them' }),
})

const differ = (texts: readonly string[]): boolean =>
  new Set(texts.map((text) => canonicalJson(choiceOf(text) ?? text))).size === texts.length

export const explainOptions = explainFields
  .refine(({ backgrounds }) => differ(backgrounds), {
    path: ['backgrounds'],
    params: { expected: 'every background once' },
  })
  .refine((o) => o.backgroundRows === undefined || o.backgrounds.some((text) => text !== 'own'), {
    path: ['backgroundRows'],
    params: { expected: 'none where own is the only background: it has no rows' },
  })

export const reportOptions = z.strictObject({
  cutoff: z
    .number()
    .int()
    .min(SCORE_MIN)
    .max(SCORE_MAX)
    .default(DEFAULT_CUTOFF)
    .describe('who has at least this score is approved'),
  sample: z
    .number()
    .int()
    .min(0)
    .max(MOST_SAMPLED)
    .default(DEFAULT_SAMPLE)
    .describe('persons, drawn at random, whose points and values the charts show as dots; 0: none'),
})

export const pipelineSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/i)
    .describe('name of the run, and of its folder under runs/ unless --out says another')
    .meta({ expected: 'letters (a to z), digits, - and _, with a letter or digit first' }),
  seed: z.number().int().min(0).default(1).describe('seed of all random streams; the same seed gives the same bytes'),
  source: z
    .discriminatedUnion('kind', [simulateSource, berkaSource, mappingSource])
    .describe('where the data come from'),
  features: featuresOptions
    .default({ coding: 'none' })
    .describe('the factors, where the source is events and not a ready table'),
  train: trainOptions.default(trainOptions.parse({})).describe('models and how they are measured'),
  explain: explainOptions
    .default(explainOptions.parse({}))
    .describe('backgrounds of the receipts beside those of the report'),
  report: reportOptions.default(reportOptions.parse({})).describe('the report at the end'),
})

/** Options of training with every default filled in. */
export type TrainOptions = z.infer<typeof filledTrainOptions>
/** Options of training as a pipeline file or a caller gives them: split, models, calibration, replicates; all may be left out. */
export type TrainInput = z.input<typeof trainOptions>
export type ModelsConfig = TrainOptions['models']
/** Where the data of a pipeline come from: a simulation, the Berka files, or a file with its mapping. */
export type SourceConfig = z.infer<typeof pipelineSchema>['source']
/** A pipeline with every default filled in; without `train.models` where the file names none, so that those are trained that apply. */
export type Pipeline = z.infer<typeof pipelineSchema>
/** A pipeline as its file says it; `name` and `source` are needed. */
export type PipelineInput = z.input<typeof pipelineSchema>

/** Checks a value against a schema; the first fault becomes one clear error. */
export const checkOptions = <S extends z.ZodType>(schema: S, value: unknown, file?: string): z.output<S> => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw optionError(schema, result.error.issues[0]!, value, file)
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
  if (fault) {
    // Where it is stands in front.
    const hint = fault.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')
    throw usageError('not valid YAML', { file, row: lines.linePos(fault.pos[0]).line, hint })
  }
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
