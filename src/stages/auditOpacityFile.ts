/** The audit of opacity of any scored file: what can be said through its scores and factors alone. */
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { declaredWeights } from '../audits/opacity/declaredWeights.ts'
import { opacityOfScores } from '../audits/opacity/opacityOfScores.ts'
import { checkMadeElsewhere } from '../audits/opacity/stackedOpacity.ts'
import type { OpacityFileReport } from '../reports/opacityFileReport.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { dataError, usageError } from '../util/errors.ts'
import { canonicalJson, sha256File } from '../util/hash.ts'
import { random } from '../util/random.ts'
import { VERSION } from '../util/version.ts'
import { checkOpacityColumns, type OpacityFileColumns, opacityOfFile } from './opacityOfFile.ts'
import { runStage, type StageOptions, type StageResult } from './stage.ts'

/** Options of `auditOpacityFile`. */
export interface AuditOpacityFileOptions extends Omit<StageOptions, 'out'> {
  /** CSV, Parquet, JSON or DuckDB file */
  file: string
  /** default: the name of the file with `.opacity` */
  out?: string
  columns: OpacityFileColumns
  /** the last score that is still selected, on the scale of the file */
  cutoff?: number
  /** shuffles of a masked factor; default 3 */
  repeats?: number
  /** of the intervals; default 400 */
  replicates?: number
  /** declared weights by dimension */
  declared?: Readonly<Record<string, number>>
  /** factors that are outputs of other models */
  madeElsewhere?: readonly string[]
}

/** What came of it, for the terminal. */
export interface OpacityFileSummary {
  rows: number
  looked: number
  factors: number
  readerR2: OpacityFileReport['findings']['reader']['r2']
  cardR2: OpacityFileReport['findings']['reader']['r2'] | null
  /** false: the factors do not tell the score, and there are no shares */
  told: boolean
  cardForReader: number | null
  index: number | null
  strongest: { name: string; share: number | null }[]
  dimensions: { name: string; declared: number | null; share: number | null }[]
  leftOut: { part: string; reason: string }[]
  notes: string[]
}

/** Where the audit of a file goes unless said otherwise. */
export const opacityFileFolder = (file: string): string => `${file}.opacity`

/** A cutoff that everybody or nobody reaches parts no people. Scores that are all alike have an error of their own. */
const checkCutoff = (score: Float64Array, cutoff: number, risky: boolean): void => {
  const [least, most] = [score.reduce((a, b) => Math.min(a, b)), score.reduce((a, b) => Math.max(a, b))]
  const own = risky ? -cutoff : cutoff
  if (least === most || (own > least && own <= most)) return
  const [low, high] = (risky ? [-most, -least] : [least, most]).map((x) => Number(x.toPrecision(8)))
  throw usageError(own > most ? 'nobody is selected at this cutoff' : 'everybody is selected at this cutoff', {
    option: 'cutoff',
    expected: `a number within the scores, which lie from ${low} to ${high}`,
    got: cutoff,
  })
}

/**
 * Audits the scores of a file by surrogates.
 * @throws GlasscoreError when the file cannot be read, names no score, has scores that lie on one side of the cutoff, or has too few people
 */
export const auditOpacityFile = async (options: AuditOpacityFileOptions): Promise<StageResult<OpacityFileSummary>> => {
  const { file, out = opacityFileFolder(file), columns, declared, repeats = 3, replicates = 400 } = options
  const info = await stat(file).catch(() => undefined)
  if (!info?.isFile()) throw dataError('no such file', { file, expected: 'a file with scores and factors' })
  checkOpacityColumns(columns)
  const { madeElsewhere = [], cutoff } = options
  if (cutoff === undefined || !Number.isFinite(cutoff))
    throw usageError('from which score a person is selected is not said', {
      option: 'cutoff',
      expected: 'a number on the scale of the score',
    })
  for (const [option, value] of [
    ['repeats', repeats],
    ['replicates', replicates],
  ] as const)
    if (!(Number.isInteger(value) && value >= 1 && value <= 100_000))
      throw usageError('not a number that this option can have', {
        option,
        expected: 'a whole number from 1 to 100000',
        got: value,
      })
  const seed = options.seed ?? 1
  const spec = {
    stage: 'audit opacity of a file',
    options: { cutoff, repeats, replicates, declared: declared ?? null, madeElsewhere, columns: { ...columns } },
    inputs: { file },
  }
  return runStage(spec, { ...options, out, seed }, async ({ engine, folder, progress }) => {
    progress('read', 0, 1)
    const read = await opacityOfFile(engine, file, columns)
    const { note, ...weights } = declaredWeights(read.dimensions, declared)
    checkMadeElsewhere(madeElsewhere, read.frame.factors)
    const risky = columns.score !== undefined && columns.higherIs === 'risk'
    checkCutoff(read.score, cutoff, risky)
    progress('audit', 0, 1)
    const findings = opacityOfScores(read, {
      cutoff: risky ? -cutoff : cutoff,
      repeats,
      replicates,
      declared: weights.shares,
      dimensions: read.dimensions,
      madeElsewhere,
      random: random(seed).fork('opacity of a file'),
    })
    const report: OpacityFileReport = {
      format: 'glasscore.opacity-of-file',
      version: 1,
      glasscore: VERSION,
      name: basename(file),
      seed,
      level: 0.95,
      columns: {
        score: columns.score ?? null,
        probability: columns.probability ?? null,
        person: columns.person ?? null,
        groups: [...(columns.groups ?? [])],
        ignored: [...(columns.ignore ?? [])],
        skipped: read.skipped,
      },
      declared: weights,
      dimensions: read.dimensions,
      findings: { ...findings, cutoff },
      notes: [
        ...(note === null ? [] : [note]),
        'The model is not there: what is said is said by surrogates, which learn from the scores of some people and are measured on others. A weight of a factor is that of the surrogate, not of the model.',
        'A score that the surrogate cannot tell may depend on columns that the file lacks, or on chance.',
        ...(columns.score === undefined
          ? ['Probabilities are scaled to scores: 650 at 16 : 1, 60 points double the odds.']
          : []),
        ...(read.skipped.length > 0
          ? [`No factors, since they have more than a hundred texts: ${read.skipped.join(', ')}.`]
          : []),
        ...read.warnings.map((w) => w.replace(file, basename(file))),
      ],
      inputs: { [basename(file)]: await sha256File(file) },
    }
    const json = `${canonicalJson(report, 2)}\n`
    await writeFileAtomic(join(folder, 'opacity.json'), json)
    const { renderOpacityFile } = await import('../reports/opacityFilePage.ts')
    await writeFileAtomic(join(folder, 'opacity.html'), renderOpacityFile(JSON.parse(json) as OpacityFileReport))
    return {
      rows: findings.rows,
      looked: findings.looked,
      factors: findings.factors,
      readerR2: findings.reader.r2,
      cardR2: findings.surrogates.cards.at(-1)?.r2 ?? null,
      told: findings.told,
      cardForReader: findings.cardForReader,
      index: findings.index.value,
      strongest: findings.byFactor.slice(0, 10).map(({ name, share }) => ({ name, share: share.value })),
      dimensions: findings.byDimension.map(({ name, declared: d, share }) => ({
        name,
        declared: d,
        share: share.value,
      })),
      leftOut: findings.leftOut,
      notes: report.notes,
    }
  })
}
