/** The rows of any file with scores, groups and perhaps outcomes, for an audit of fairness. */
import type { AuditedRows } from '../audits/fairness/auditRows.ts'
import type { Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import { openRawFile, type RawFile, readingFile } from '../sources/rawFile.ts'
import { dataError, usageError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'

/** Which column of a file is what. */
export interface FairnessFileColumns {
  /** score of each row; without it the probability is the score */
  score?: string | undefined
  /** probability of bad, 0..1 */
  probability?: string | undefined
  /** whether a greater score means safer or riskier; default: safety for scores, risk for a probability alone */
  higherIs?: 'safety' | 'risk' | undefined
  /** what became of the row; empty: not known */
  outcome?: string | undefined
  /** value of `outcome` that means bad */
  bad?: string | undefined
  /** value that means good; default: the one other value there is. With it, other values count as not known. */
  good?: string | undefined
  /** protected attributes */
  groups: readonly string[]
  /** rows of one person are one cluster */
  person?: string | undefined
  /** table of a DuckDB file */
  table?: string | undefined
}

/** Rows of a file, and how its outcomes were read. */
export interface AuditedFile {
  rows: AuditedRows
  higherIs: 'safety' | 'risk'
  /** values of the outcome that mean good */
  good: string[]
  /** rows whose outcome is neither */
  otherOutcomes: number
  warnings: string[]
}

const MOST_SHOWN = 8

const shown = (values: readonly string[]): string =>
  values.length > MOST_SHOWN
    ? `${values.slice(0, MOST_SHOWN).join(', ')}, ... (${values.length})`
    : values.join(', ') || 'none'

const checkColumns = (raw: RawFile, columns: FairnessFileColumns): void => {
  const options: [string, string | undefined][] = [
    ['score', columns.score],
    ['probability', columns.probability],
    ['outcome', columns.outcome],
    ['person', columns.person],
    ...columns.groups.map((name): [string, string] => ['groups', name]),
  ]
  for (const [option, column] of options)
    if (column !== undefined && !raw.columns.includes(column))
      throw usageError('the file has no such column', {
        file: raw.path,
        option,
        expected: 'the name of a column',
        got: column,
        hint: nameHint(column, raw.columns),
      })
}

/** Options that do not go together, before the file is opened. */
export const checkFileOptions = (columns: FairnessFileColumns): void => {
  if (columns.score === undefined && columns.probability === undefined)
    throw usageError('which column is the score is not said', { option: 'score', expected: '--score or --probability' })
  if (columns.groups.length === 0)
    throw usageError('which columns are groups is not said', { option: 'groups', expected: 'names of columns' })
  const { score, probability, outcome, person, groups } = columns
  const roles = [score, probability, outcome, person, ...groups].filter((name) => name !== undefined)
  const twice = roles.find((name, k) => roles.indexOf(name) < k)
  if (twice !== undefined)
    throw usageError('a column is named twice', {
      option: groups.includes(twice) ? 'groups' : twice === person ? 'person' : 'outcome',
      expected: 'another column for the score, the probability, the outcome, the person and each group',
      got: twice,
    })
  if (columns.outcome !== undefined && columns.bad === undefined)
    throw usageError('which outcome is bad is not said', {
      option: 'bad',
      expected: `a value of column ${columns.outcome}`,
    })
  const meant = columns.bad ?? columns.good
  if (columns.outcome === undefined && meant !== undefined)
    throw usageError('there is a value for an outcome and no column of outcomes', {
      option: 'outcome',
      expected: 'the name of a column',
    })
  if (columns.bad !== undefined && columns.bad === columns.good)
    throw usageError('good and bad are the same value', { option: 'good', got: columns.good })
  if (columns.higherIs === 'safety' && columns.score === undefined)
    throw usageError('a probability of bad is no safer where it is higher', {
      option: 'higher-is',
      expected: 'risk, or a column --score',
    })
}

/** Numbers of a text column. @throws naming the first row that is none */
const numbersOf = (
  raw: RawFile,
  column: string,
  texts: readonly (string | null)[],
  [low, high, expected]: readonly [number, number, string],
): Float64Array =>
  Float64Array.from(texts, (text, i) => {
    const value = text === null || text.trim() === '' ? Number.NaN : Number(text)
    if (value >= low && value <= high) return value
    const place = { file: raw.path, row: raw.firstRow + i, column }
    if (text === null || text.trim() === '')
      throw dataError('a row without a score cannot be audited', {
        ...place,
        expected,
        hint: 'score it, or leave the row out and say so',
      })
    throw dataError('not a number that this column can have', { ...place, expected, got: text })
  })

/** "1" and "1.0" are one value, "good" and " good" too. */
const sameValue = (a: string, b: string): boolean => {
  const [x, y] = [a.trim(), b.trim()]
  return x === y || (x !== '' && y !== '' && Number(x) === Number(y))
}

const readOutcome = (raw: RawFile, columns: FairnessFileColumns, texts: readonly (string | null)[]) => {
  const { outcome: column = '', bad = '', good } = columns
  const values = [...new Set(texts.filter((t) => t !== null && t.trim() !== ''))].sort() as string[]
  const others = values.filter((v) => !sameValue(v, bad))
  if (others.length === values.length)
    throw usageError('no row has the outcome that means bad', {
      file: raw.path,
      option: 'bad',
      expected: `a value of column ${column}: ${shown(values)}`,
      got: bad,
    })
  const goods = others.filter((v) => good === undefined || sameValue(v, good))
  if (good !== undefined && goods.length === 0)
    throw usageError('no row has the outcome that means good', {
      file: raw.path,
      option: 'good',
      expected: `a value of column ${column}: ${shown(others)}`,
      got: good,
    })
  if (goods.length === 0)
    throw dataError('every known outcome is bad', { file: raw.path, column, expected: 'good and bad rows' })
  if (goods.some((v) => !sameValue(v, goods[0]!)))
    throw usageError('the outcome has more than two values, and which is good is not said', {
      file: raw.path,
      column,
      option: 'good',
      expected: `one of ${shown(others)}; rows with another value count as not known`,
    })
  const codes = new Map(values.map((v) => [v, sameValue(v, bad) ? 1 : goods.includes(v) ? 0 : Number.NaN]))
  const target = Float64Array.from(texts, (text) => (text === null ? Number.NaN : (codes.get(text) ?? Number.NaN)))
  const otherOutcomes = texts.filter((t) => t !== null && Number.isNaN(codes.get(t) ?? 0)).length
  return { target, good: goods, otherOutcomes }
}

const SCORE = [-Number.MAX_VALUE, Number.MAX_VALUE, 'a finite number'] as const
const PROBABILITY = [0, 1, 'a number from 0 to 1'] as const

/** Reads a file. @throws GlasscoreError on columns that are not there and on values that are no scores, probabilities or outcomes */
export const fairnessOfFile = async (
  engine: Engine,
  path: string,
  columns: FairnessFileColumns,
): Promise<AuditedFile> => {
  checkFileOptions(columns)
  const raw = await openRawFile(engine, path, columns.table === undefined ? {} : { table: columns.table })
  try {
    checkColumns(raw, columns)
    const { score, probability, outcome, person, groups } = columns
    const wanted = [score, probability, outcome, person, ...groups]
    const names = wanted.filter((name) => name !== undefined)
    const select = names.map((name, k) => `${identifier(name)} AS c${k}`).join(', ')
    const { texts, rows } = await readingFile(raw, () =>
      engine.columns(
        `SELECT ${select} FROM (${raw.sql})`,
        [],
        names.map((_, k) => `c${k}`),
      ),
    )
    await raw.finish()
    if (rows === 0) throw dataError('the file has no rows', { file: path })
    const of = (name: string) => texts[`c${names.indexOf(name)}`]!
    const probabilities =
      probability === undefined ? undefined : numbersOf(raw, probability, of(probability), PROBABILITY)
    const unknown = { target: undefined, good: [] as string[], otherOutcomes: 0 }
    const { target, good, otherOutcomes } = outcome === undefined ? unknown : readOutcome(raw, columns, of(outcome))
    const personId = person === undefined ? undefined : of(person)
    personId?.forEach((id, i) => {
      if (id === null || id.trim() === '')
        throw dataError('a row without a person', {
          file: path,
          row: raw.firstRow + i,
          column: person!,
          expected: 'a value in every row',
        })
    })
    const higherIs = columns.higherIs ?? (score === undefined ? 'risk' : 'safety')
    return {
      rows: {
        score: score === undefined ? probabilities! : numbersOf(raw, score, of(score), SCORE),
        higherIs,
        probability: probabilities,
        target,
        personId: personId as string[] | undefined,
        groups: groups.map((name) => ({ name, values: of(name).map(valueOrMissing) })),
      },
      higherIs,
      good,
      otherOutcomes,
      warnings: raw.warnings,
    }
  } finally {
    await raw.release()
  }
}

const valueOrMissing = (text: string | null): string | null => {
  const value = text?.trim() ?? ''
  return value === '' ? null : value
}
