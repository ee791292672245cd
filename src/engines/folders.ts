/** Reads and writes the JSON that describes a dataset folder or a feature-table folder. What is read is checked. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Dataset, FeatureTable } from '../schema/dataset.ts'
import { outcomeSchema } from '../schema/outcomeSchema.ts'
import { TABLE_NAMES } from '../schema/tables.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { dataError } from '../util/errors.ts'
import { canonicalJson } from '../util/hash.ts'

const day = z.iso.date()
const inside = z
  .string()
  .refine((f) => !f.startsWith('/') && !f.split(/[\\/]/).includes('..'), 'a path inside the folder')
const table = z.strictObject({
  files: z.array(inside).min(1),
  rows: z.number().int().min(0),
  coveredFrom: day,
  coveredTo: day,
})

const datasetSchema = z.strictObject({
  format: z.literal('glasscore.dataset'),
  version: z.literal(1),
  name: z.string().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/),
  extractDate: day,
  observationDates: z.array(day).optional(),
  tables: z.partialRecord(z.enum(TABLE_NAMES), table),
  protectedColumns: z.array(z.string()),
  outcome: outcomeSchema,
  notes: z.array(z.string()),
})

const bands = z.strictObject({
  coding: z.literal('das'),
  code: z.string().min(1),
  upperEdges: z.array(z.number()).min(1),
  zero: z.boolean(),
})

const featureTableSchema = z.strictObject({
  format: z.literal('glasscore.features'),
  version: z.literal(1),
  name: z.string().min(1),
  rows: z.number().int().min(0),
  factors: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        dimension: z.string().min(1),
        kind: z.enum(['number', 'flag', 'ordinal', 'category']),
        unit: z.string(),
        scale: z.enum(['log', 'linear']),
        expectedRisk: z.enum(['up', 'down', 'none']),
        definition: z.string(),
        bands: bands.exactOptional(),
      }),
    )
    .min(1),
  unavailable: z.array(z.strictObject({ factor: z.string(), reason: z.string() })),
  missing: z.record(z.string(), z.record(z.string(), z.number())),
  protectedColumns: z.array(z.string()),
  outcome: outcomeSchema,
  waterfall: z.array(z.strictObject({ step: z.string(), rows: z.number() })),
  notes: z.array(z.string()),
  warnings: z.array(z.string()),
})

const readJson = async <T>(folder: string, name: string, schema: z.ZodType<T>, what: string): Promise<T> => {
  const file = join(folder, name)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw dataError(`this is not ${what}`, { file: folder, expected: `a folder with ${name} in it`, cause })
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw dataError('not valid JSON', { file, expected: `the ${name} that glasscore wrote`, cause })
  }
  const checked = schema.safeParse(parsed)
  if (!checked.success) {
    const issue = checked.error.issues[0]!
    throw dataError(issue.message, { file, column: issue.path.join('.') || 'the whole file' })
  }
  return checked.data
}

/**
 * The description of a dataset folder (`dataset.json`). The Parquet files are not opened.
 * @throws GlasscoreError('data') when the folder has none, or it is not JSON, of another format or version, or lacks a key
 */
export const readDataset = async (folder: string): Promise<Dataset> =>
  (await readJson(folder, 'dataset.json', datasetSchema, 'a dataset folder')) as Dataset

/** Writes `dataset.json`, whole or not at all. */
export const writeDataset = (folder: string, dataset: Dataset): Promise<void> =>
  writeFileAtomic(join(folder, 'dataset.json'), `${canonicalJson(datasetSchema.parse(dataset), 2)}\n`)

/**
 * The description of a feature-table folder (`features.json`). The Parquet files are not opened; `loadFeatures` does that.
 * @throws GlasscoreError('data') when the folder has none, or it is not JSON, of another format or version, or lacks a key
 */
export const readFeatureTable = async (folder: string): Promise<FeatureTable> =>
  (await readJson(folder, 'features.json', featureTableSchema, 'a feature-table folder')) as FeatureTable

/** Writes `features.json`, whole or not at all. */
export const writeFeatureTable = (folder: string, table: FeatureTable): Promise<void> =>
  writeFileAtomic(join(folder, 'features.json'), `${canonicalJson(featureTableSchema.parse(table), 2)}\n`)
