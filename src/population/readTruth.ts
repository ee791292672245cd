/** Opens sealed truth. Only `audits/recovery` may import this; whoever else did would look at the answers. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { dataError } from '../util/errors.ts'
import { sha256File } from '../util/hash.ts'
import {
  digestOf,
  type ProbabilityTruth,
  TRUTH_FORMAT,
  TRUTH_KINDS,
  TRUTH_VERSION,
  type TruthHead,
  type TruthKind,
  truthFiles,
} from './truthFolder.ts'

/** A truth whose files fit each other. */
export interface Truth<K extends TruthKind = ProbabilityTruth> {
  head: TruthHead & { kind: K }
  /** Parquet file */
  file: string
}

const headSchema = z.strictObject({
  format: z.literal(TRUTH_FORMAT),
  version: z.literal(TRUTH_VERSION),
  kind: z.enum(TRUTH_KINDS),
  glasscore: z.string(),
  seed: z.number(),
  rows: z.number().int().min(0),
  sha256: z.string(),
  outcomesSha256: z.string(),
  text: z.string(),
  details: z.record(z.string(), z.unknown()),
  digest: z.string(),
})

/**
 * The truth of a kind beside a dataset folder; undefined where there is none.
 * @throws GlasscoreError('data') when it is of another format or version, or a file of it is gone or was changed
 */
export const readTruth = async <K extends TruthKind>(data: string, kind: K): Promise<Truth<K> | undefined> => {
  const { json, parquet } = truthFiles(data, kind)
  if (!existsSync(json)) {
    if (!existsSync(parquet)) return undefined
    throw dataError('the truth is not whole', { file: parquet, expected: `${kind}.json beside it` })
  }
  const again = 'simulate again into the same folder'
  let value: unknown
  try {
    value = JSON.parse(await readFile(json, 'utf8'))
  } catch (cause) {
    throw dataError('not valid JSON', { file: json, expected: 'what glasscore simulate wrote', hint: again, cause })
  }
  const parsed = headSchema.safeParse(value)
  if (!parsed.success || parsed.data.kind !== kind)
    throw dataError('this is not the truth of a simulation', {
      file: json,
      column: parsed.success ? 'kind' : parsed.error.issues[0]!.path.map(String).join('.') || 'the whole file',
      expected: `${TRUTH_FORMAT}, version ${TRUTH_VERSION}, of kind ${kind}`,
      hint: again,
    })
  const digest = digestOf(parsed.data)
  if (digest !== parsed.data.digest)
    throw dataError('the truth was changed after it was written', {
      file: json,
      expected: `digest ${digest.slice(0, 12)}..., as its content has`,
      got: `${parsed.data.digest.slice(0, 12)}...`,
      hint: again,
    })
  if (!existsSync(parquet)) throw dataError('a file of the truth is gone', { file: parquet, hint: again })
  const got = await sha256File(parquet)
  if (got !== parsed.data.sha256)
    throw dataError('the truth was changed after it was written', {
      file: parquet,
      expected: `SHA-256 ${parsed.data.sha256.slice(0, 12)}...`,
      got: `${got.slice(0, 12)}...`,
      hint: again,
    })
  return { head: { ...parsed.data, kind }, file: parquet }
}
