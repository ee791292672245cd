/**
 * Sealed truth: what the simulator knows and nobody else can. It lies beside the data and not in them, in the folder DATA.truth, where no
 * stage looks for an input: `audits/recovery` and tests alone read it (readTruth.ts, which an architecture test watches).
 *
 * There are three kinds, each a Parquet file and a JSON file of its name. Both have the columns person_id and observation_date, one row a
 * row of the outcomes table.
 * - causal: p_bad, p_indeterminate DOUBLE, probabilities given the latent state at the observation date with future shocks integrated out;
 *   standard_error DOUBLE of p_bad, where it was found by simulation
 * - declared: log_odds, p_bad DOUBLE, what the declared function gives; then one column a factor and one a dimension, their Shapley values in
 *   log-odds against the background that the JSON file states
 * - labels: status VARCHAR, the outcome as it was before a bias of labels wrote some up; only where that switch is on
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { removeLeftovers, writeFileAtomic } from '../util/atomic.ts'
import { usageError } from '../util/errors.ts'
import { canonicalJson, sha256, sha256File } from '../util/hash.ts'
import { VERSION } from '../util/version.ts'

export const TRUTH_KINDS = ['causal', 'declared', 'labels'] as const
/** Whose truth: of the causal model, of outcomes that were drawn from the declared function, or of labels that were biased. */
export type TruthKind = (typeof TRUTH_KINDS)[number]
/** Those that give every row a probability. */
export type ProbabilityTruth = Exclude<TruthKind, 'labels'>

export const TRUTH_FORMAT = 'glasscore.truth'
/** Of the files; others are refused. */
export const TRUTH_VERSION = 1

/** What the JSON files have in common. */
export interface TruthHead {
  format: typeof TRUTH_FORMAT
  version: typeof TRUTH_VERSION
  kind: TruthKind
  glasscore: string
  seed: number
  /** in the Parquet file */
  rows: number
  /** SHA-256 of the Parquet file */
  sha256: string
  /** of the outcomes table of the data that this is the truth of: see `outcomesHash` */
  outcomesSha256: string
  /** what the probabilities are, in a sentence */
  text: string
  /** what else this kind knows; plain JSON */
  details: Record<string, unknown>
  /** see `digestOf` */
  digest: string
}

/** SHA-256 of everything else in the JSON file: it tells a file that was changed from one that was written, and is no signature. */
export const digestOf = ({ digest: _, ...head }: Omit<TruthHead, 'digest'> & { digest?: string }): string =>
  sha256(canonicalJson(head))

/** Where the truth of a dataset folder lies: the path with .truth behind it. */
export const truthFolder = (data: string): string => `${data.replace(/[\\/]+$/, '')}.truth`

export const truthFiles = (data: string, kind: TruthKind): { json: string; parquet: string } => {
  const folder = truthFolder(data)
  return { json: join(folder, `${kind}.json`), parquet: join(folder, `${kind}.parquet`) }
}

/** SHA-256 of the one file of an outcomes table; of several, that of their hashes. */
export const outcomesHash = async (data: string, files: readonly string[]): Promise<string> => {
  const hashes: string[] = []
  for (const file of files) hashes.push(await sha256File(join(data, file)))
  return hashes.length === 1 ? hashes[0]! : sha256(hashes.join('\n'))
}

/** What lies beside the truths in their folder. */
export const EFFECTS_FILE = 'effects.json'

/** Whether a text is JSON of somebody else's. What is no JSON at all is taken for a file of ours that was cut. */
const isForeign = (text: string): boolean => {
  try {
    const { format } = (JSON.parse(text) ?? {}) as { format?: unknown }
    return !(typeof format === 'string' && format.startsWith('glasscore.'))
  } catch {
    return false
  }
}

/**
 * @throws GlasscoreError('usage') when the folder of the truth holds something that was not sealed there: it is left alone
 */
export const checkTruthFolder = async (data: string): Promise<void> => {
  const folder = truthFolder(data)
  if (!existsSync(folder)) return
  const ours = new Set([EFFECTS_FILE, ...TRUTH_KINDS.flatMap((kind) => [`${kind}.json`, `${kind}.parquet`])])
  const names = await readdir(folder)
  const other = names.find((name) => !ours.has(name) && !/\.tmp-\d+-\d+$/.test(name))
  const jsons = names.filter((name) => ours.has(name) && name.endsWith('.json'))
  const foreign = await Promise.all(jsons.map(async (name) => isForeign(await readFile(join(folder, name), 'utf8'))))
  const named = other ?? jsons[foreign.indexOf(true)]
  if (named !== undefined)
    throw usageError('the folder of the truth holds something else and is left alone', {
      option: 'out',
      expected: `a name beside which ${basename(folder)} is new, empty, or of an earlier simulation`,
      got: join(folder, named),
    })
}

/** Removes the truth of one kind; that of the others stays. */
export const removeTruth = async (data: string, kind: TruthKind): Promise<void> => {
  const { json, parquet } = truthFiles(data, kind)
  for (const file of [json, parquet]) {
    await removeLeftovers(file)
    await rm(file, { force: true })
  }
}

/**
 * Writes the truth of one kind. The JSON file comes last and names the hash of the other: where it is, and fits, both are whole.
 * @param data the dataset folder, whose name it gets; the folder itself is neither read nor written
 * @param sql of the Parquet file, in the order of person_id and observation_date
 */
export const writeTruth = async (
  engine: Engine,
  data: string,
  kind: TruthKind,
  sql: string,
  about: Pick<TruthHead, 'seed' | 'outcomesSha256' | 'text' | 'details'>,
): Promise<void> => {
  const { json, parquet } = truthFiles(data, kind)
  await removeTruth(data, kind)
  await mkdir(truthFolder(data), { recursive: true })
  const rows = await engine.writeParquet(sql, parquet)
  const head: Omit<TruthHead, 'digest'> = {
    format: TRUTH_FORMAT,
    version: TRUTH_VERSION,
    kind,
    glasscore: VERSION,
    rows,
    sha256: await sha256File(parquet),
    ...about,
  }
  await writeFileAtomic(json, `${canonicalJson({ ...head, digest: digestOf(head) }, 2)}\n`)
}

/** Whether the truth of a kind is there as it was written: a stage that left it behind need not be done again. */
export const truthIsWhole = async (data: string, kind: TruthKind): Promise<boolean> => {
  const { json, parquet } = truthFiles(data, kind)
  if (!existsSync(json) || !existsSync(parquet)) return false
  try {
    const head = JSON.parse(await readFile(json, 'utf8')) as TruthHead
    return (
      head.version === TRUTH_VERSION && head.digest === digestOf(head) && head.sha256 === (await sha256File(parquet))
    )
  } catch {
    return false
  }
}
