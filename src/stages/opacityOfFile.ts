/** Factors, scores and groups of any scored file, for an audit of opacity. */
import type { ScoredFile } from '../audits/opacity/opacityOfScores.ts'
import type { Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'
import { DEFAULT_SCALE, rawScoreOf } from '../scores/scale.ts'
import { openRawFile, type RawFile, readingFile } from '../sources/rawFile.ts'
import { dataError, usageError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'

/** Which column of a file is what; every other one is a factor. */
export interface OpacityFileColumns {
  /** score of each row */
  score?: string | undefined
  /** probability of bad, strictly between 0 and 1; scaled to 350-950 where there is no score */
  probability?: string | undefined
  /** what a higher score means; default safety */
  higherIs?: 'safety' | 'risk' | undefined
  /** protected columns: no factors */
  groups?: readonly string[]
  /** rows of one person are drawn together */
  person?: string | undefined
  /** columns that are no factors: outcomes, dates, keys */
  ignore?: readonly string[]
  /** dimension -> its factors */
  dimensions?: Readonly<Record<string, readonly string[]>>
  /** table of a DuckDB file */
  table?: string | undefined
}

/** A file as it was read. */
export interface ReadScores extends ScoredFile {
  dimensions: string[]
  /** columns that are neither numbers nor a few levels */
  skipped: string[]
  warnings: string[]
}

/** Texts with more levels are no factor: names, keys, free text. */
const MOST_LEVELS = 100

const catalogue = new Map(FACTOR_CATALOGUE.map((f) => [f.name, f]))

const checkColumns = (raw: RawFile, columns: OpacityFileColumns): void => {
  const { score, probability, person, groups = [], ignore = [], dimensions = {} } = columns
  const named: [string, string][] = [
    ...(score === undefined ? [] : [['score', score] as [string, string]]),
    ...(probability === undefined ? [] : [['probability', probability] as [string, string]]),
    ...(person === undefined ? [] : [['person', person] as [string, string]]),
    ...groups.map((name): [string, string] => ['groups', name]),
    ...ignore.map((name): [string, string] => ['ignore', name]),
    ...Object.values(dimensions).flatMap((all) => all.map((name): [string, string] => ['dimension', name])),
  ]
  for (const [option, name] of named)
    if (!raw.columns.includes(name))
      throw usageError('the file has no such column', {
        file: raw.path,
        option,
        expected: 'the name of a column',
        got: name,
        hint: nameHint(name, raw.columns),
      })
  const twice = named.find(([, name], k) => named.findIndex(([, other]) => other === name) < k)
  if (twice)
    throw usageError('a column is named twice', {
      option: twice[0],
      expected: 'one use of each column',
      got: twice[1],
    })
}

/** Options that are needed, before the file is opened. */
export const checkOpacityColumns = ({ score, probability, higherIs }: OpacityFileColumns): void => {
  if (score === undefined && probability === undefined)
    throw usageError('which column is the score is not said', { option: 'score', expected: '--score or --probability' })
  if (score === undefined && higherIs === 'safety')
    throw usageError('a probability of bad is no safer where it is higher', {
      option: 'higher-is',
      expected: 'risk, or a column --score',
    })
}

const isEmpty = (text: string | null): boolean => text === null || text.trim() === ''

const scoresOf = (
  raw: RawFile,
  column: string,
  texts: readonly (string | null)[],
  toScore: (x: number) => number,
  expected: string,
): Float64Array =>
  Float64Array.from(texts, (text, i) => {
    const value = isEmpty(text) ? Number.NaN : toScore(Number(text))
    if (Number.isFinite(value)) return value
    throw dataError(
      isEmpty(text) ? 'a row without a score cannot be audited' : 'not a number that this column can have',
      {
        file: raw.path,
        row: raw.firstRow + i,
        column,
        expected,
        ...(isEmpty(text) ? {} : { got: text }),
      },
    )
  })

/** Reads a scored file: all columns that have no other use are factors. */
export const opacityOfFile = async (engine: Engine, path: string, columns: OpacityFileColumns): Promise<ReadScores> => {
  checkOpacityColumns(columns)
  const raw = await openRawFile(engine, path, columns.table === undefined ? {} : { table: columns.table })
  try {
    checkColumns(raw, columns)
    const select = raw.columns.map((name, k) => `${identifier(name)} AS c${k}`).join(', ')
    const { texts, rows } = await readingFile(raw, () =>
      engine.columns(
        `SELECT ${select} FROM (${raw.sql})`,
        [],
        raw.columns.map((_, k) => `c${k}`),
      ),
    )
    await raw.finish()
    if (rows === 0) throw dataError('the file has no rows', { file: path })
    const of = (name: string) => texts[`c${raw.columns.indexOf(name)}`]!
    const { score, probability, higherIs = score === undefined ? 'risk' : 'safety' } = columns
    const sign = higherIs === 'risk' && score !== undefined ? -1 : 1
    const scores =
      score === undefined
        ? scoresOf(
            raw,
            probability!,
            of(probability!),
            (p) => rawScoreOf(DEFAULT_SCALE, Math.log(p / (1 - p))),
            'a probability above 0 and below 1',
          )
        : scoresOf(raw, score, of(score), (s) => sign * s, 'a finite number')
    const used = new Set([
      ...[score, probability, columns.person].filter((name) => name !== undefined),
      ...(columns.groups ?? []),
      ...(columns.ignore ?? []),
    ])
    const dimensionOf = new Map(
      Object.entries(columns.dimensions ?? {}).flatMap(([name, all]) => all.map((column) => [column, name] as const)),
    )
    const factors: FactorSpec[] = []
    const numbers: Record<string, Float64Array> = {}
    const categories: Record<string, (string | null)[]> = {}
    const skipped: string[] = []
    for (const name of raw.columns) {
      if (used.has(name)) continue
      const values = of(name)
      const isNumber = values.every((text) => isEmpty(text) || Number.isFinite(Number(text)))
      if (!isNumber && new Set(values).size > MOST_LEVELS) {
        skipped.push(name)
        continue
      }
      factors.push({
        name,
        dimension: dimensionOf.get(name) ?? catalogue.get(name)?.dimension ?? 'other',
        kind: isNumber ? 'number' : 'category',
        unit: '',
        scale: 'linear',
        expectedRisk: 'none',
        definition: '',
      })
      if (isNumber) numbers[name] = Float64Array.from(values, (text) => (isEmpty(text) ? Number.NaN : Number(text)))
      else categories[name] = values.map((text) => (isEmpty(text) ? null : text!.trim()))
    }
    if (factors.length === 0)
      throw dataError('the file has no factors beside the score', {
        file: path,
        expected: 'columns that the score may have been made from',
      })
    const { person } = columns
    const personId = person === undefined ? Array.from({ length: rows }, (_, i) => String(i)) : of(person)
    personId.forEach((id, i) => {
      if (isEmpty(id))
        throw dataError('a row without a person', {
          file: path,
          row: raw.firstRow + i,
          column: person!,
          expected: 'a value in every row',
        })
    })
    const frame: FactorFrame = {
      rows,
      personId: personId as string[],
      observationDate: new Array<string>(rows).fill('1970-01-01'),
      factors,
      numbers,
      categories,
    }
    return {
      frame,
      score: scores,
      groups: (columns.groups ?? []).map((name) => ({
        name,
        values: of(name).map((text) => (isEmpty(text) ? null : text!.trim())),
      })),
      dimensions: [...new Set(factors.map((f) => f.dimension))],
      skipped,
      warnings: raw.warnings,
    }
  } finally {
    await raw.release()
  }
}
