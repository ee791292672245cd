/** Writes and reads the folder of a wide table: what it is stands in schema/wideTable.ts. What is read is checked. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { BinnedMatrix } from '../kernels/binning/binnedMatrix.ts'
import { DIMENSIONS, type DimensionName } from '../schema/dimensions.ts'
import { FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'
import { outcomeSchema } from '../schema/outcomeSchema.ts'
import type { WideTable } from '../schema/wideTable.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { dataError, interruptedError } from '../util/errors.ts'
import { canonicalJson } from '../util/hash.ts'

/** Bytes that are copied at a time. */
export const STRETCH = 2 ** 24

export const WIDE_FILES = { description: 'wide.json', bins: 'bins.bin', edges: 'edges.bin' } as const

/** Whether a folder says that it holds a wide table. */
export const isWideFolder = (folder: string): boolean => existsSync(join(folder, WIDE_FILES.description))

const dimensionOf = new Map<string, string>(FACTOR_CATALOGUE.map((f) => [f.name, f.dimension]))
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const variable = z
  .strictObject({
    name: z.string().min(1),
    factor: z.string().min(1),
    dimension: z.enum(DIMENSIONS.map((d) => d.name) as [DimensionName, ...DimensionName[]]),
    unit: z.string(),
    noRows: z.enum(['zero', 'missing']),
    definition: z.string(),
    bins: z.number().int().min(1).max(255),
  })
  .refine((v) => dimensionOf.get(v.factor) === v.dimension, 'a variable is not of the dimension of its factor')

const wideSchema = z.strictObject({
  format: z.literal('glasscore.wide'),
  version: z.literal(1),
  name: z.string().min(1),
  rows: z.number().int().min(0),
  variables: z
    .array(variable)
    .min(1)
    .refine((all) => new Set(all.map((v) => v.name)).size === all.length, 'two variables have the same name'),
  protectedColumns: z.array(z.string()),
  outcome: outcomeSchema,
  waterfall: z.array(z.strictObject({ step: z.string(), rows: z.number() })),
  notes: z.array(z.string()),
  warnings: z.array(z.string()),
  sha256: z.strictObject({ bins: sha256, edges: sha256 }),
})

/** Writes the bytes of a matrix stretch by stretch; returns their hash. */
const writeBins = async (file: string, matrix: BinnedMatrix, signal?: AbortSignal): Promise<string> => {
  const size = matrix.rows * matrix.columns.length
  const hash = createHash('sha256')
  // Memory of the kernels is shared and may move: what is written is a copy.
  const copy = new Uint8Array(Math.min(STRETCH, size))
  const handle = await open(file, 'w')
  try {
    for (let from = 0; from < size; from += copy.length) {
      if (signal?.aborted) throw interruptedError()
      const part = copy.subarray(0, Math.min(copy.length, size - from))
      part.set(matrix.bytes().subarray(from, from + part.length))
      hash.update(part)
      for (let done = 0; done < part.length; )
        done += (await handle.write(part, done, part.length - done, from + done)).bytesWritten
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return hash.digest('hex')
}

const edgeBytes = (matrix: BinnedMatrix): Uint8Array => {
  const count = matrix.columns.reduce((sum, column) => sum + column.edges.length, 0)
  const view = new DataView(new ArrayBuffer(8 * count))
  let at = 0
  for (const { edges } of matrix.columns)
    for (const edge of edges) {
      view.setFloat64(at, edge, true)
      at += 8
    }
  return new Uint8Array(view.buffer)
}

/**
 * Writes bins.bin, edges.bin and, when both are whole, wide.json. Into a folder that is put in its place when all is done (see
 * `writeFolderAtomic`): on its own this leaves the other files of a wide folder to the caller.
 */
export const writeWideTable = async (
  folder: string,
  table: Omit<WideTable, 'sha256' | 'format' | 'version'>,
  matrix: BinnedMatrix,
  signal?: AbortSignal,
): Promise<WideTable> => {
  const bins = await writeBins(join(folder, WIDE_FILES.bins), matrix, signal)
  const edges = edgeBytes(matrix)
  await writeFileAtomic(join(folder, WIDE_FILES.edges), edges)
  const whole = wideSchema.parse({
    ...table,
    format: 'glasscore.wide',
    version: 1,
    sha256: { bins, edges: createHash('sha256').update(edges).digest('hex') },
  }) as WideTable
  await writeFileAtomic(join(folder, WIDE_FILES.description), `${canonicalJson(whole, 1)}\n`)
  return whole
}

/**
 * The description of the wide table of a folder. Sizes of the other files are looked at; `loadWideBins` reads them.
 * @throws GlasscoreError('data') when there is none, or it is of another format or version, or a file has not the size it must have
 */
export const readWideTable = async (folder: string): Promise<WideTable> => {
  const file = join(folder, WIDE_FILES.description)
  let data: unknown
  try {
    data = JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    const expected = 'a folder with wide.json in it, as features --wide writes it'
    throw dataError('this is not a folder of a wide table', { file: folder, expected, cause })
  }
  const checked = wideSchema.safeParse(data)
  if (!checked.success) {
    const issue = checked.error.issues[0]!
    throw dataError(issue.message, { file, column: issue.path.join('.') || 'the whole file' })
  }
  const table = checked.data as WideTable
  const edges = table.variables.reduce((sum, v) => sum + v.bins - 1, 0)
  await checkSize(join(folder, WIDE_FILES.bins), table.rows * table.variables.length)
  await checkSize(join(folder, WIDE_FILES.edges), 8 * edges)
  return table
}

const checkSize = async (file: string, expected: number): Promise<void> => {
  const size = (await stat(file).catch(() => undefined))?.size
  if (size !== expected)
    throw dataError(size === undefined ? 'a file of the wide table is not there' : 'a file has the wrong size', {
      file,
      expected: `${expected} bytes, as wide.json says`,
      got: size,
    })
}
