/**
 * Categories to 0/1 columns, one a level, or to one column of codes for learners that split categories themselves. A category of many levels (a postcode, a job title) keeps its most frequent ones;
 * the rarer levels share one column, which later also takes the values that training did not have.
 */
import { MOST_CATEGORIES } from '../kernels/trees/tree.ts'
import type { FactorSpec } from '../schema/factor.ts'
import type { EncodedColumn, Encoding } from './matrix.ts'

/** Text put in the place of a missing category by linear encodings, so that it is a level like the others. */
const MISSING_LEVEL = '(missing)'
/** `level` of the column that rarer levels share. */
const OTHER_LEVEL = '(other)'
/** Levels of a category that have columns of their own; a missing value is not counted. */
export const LEVELS_KEPT = 50

/** What an encoding is made of while it is fitted. */
export interface Draft {
  columns: EncodedColumn[]
  dropped: { name: string; reason: string }[]
}

interface Level {
  level: string
  rows: number
}

interface Levels {
  /** by falling frequency, ties by name; the one of rarer levels last, with the levels that it does not take */
  levels: (Level & { others?: string[] })[]
  /** how many levels share the last one */
  rarer: number
}

const levelsOf = (values: readonly (string | null)[], withMissing: boolean, most = LEVELS_KEPT): Levels => {
  const counts = new Map<string, number>()
  for (const value of values) {
    if (value === null && !withMissing) continue
    const level = value ?? MISSING_LEVEL
    counts.set(level, (counts.get(level) ?? 0) + 1)
  }
  const all = [...counts]
    .map(([level, rows]): Level => ({ level, rows }))
    .sort((a, b) => b.rows - a.rows || (a.level < b.level ? -1 : 1))
  const isMissing = ({ level }: Level) => withMissing && level === MISSING_LEVEL
  const present = all.filter((l) => !isMissing(l))
  if (present.length <= most) return { levels: all, rarer: 0 }
  // A level that is called like the shared column goes into it: names of columns are unique.
  const own = present.filter(({ level }) => level !== OTHER_LEVEL).slice(0, most)
  const others = own.map(({ level }) => level)
  const kept = new Set(others)
  const levels = all.filter((l) => kept.has(l.level) || isMissing(l))
  const rows = present.reduce((sum, l) => (kept.has(l.level) ? sum : sum + l.rows), 0)
  return { levels: [...levels, { level: OTHER_LEVEL, rows, others }], rarer: present.length - own.length }
}

const sayRarer = (factor: FactorSpec, rarer: number, out: Draft, most = LEVELS_KEPT): void => {
  if (rarer === 0) return
  const shared = most === LEVELS_KEPT ? `the column ${factor.name} = ${OTHER_LEVEL}` : `a code of ${factor.name}`
  out.dropped.push({
    name: `${factor.name} (rarer levels)`,
    reason: `${rarer} levels share ${shared}: only the ${most} most frequent have their own`,
  })
}

/** Without the first (most frequent) level, which is stored as `reference`; a missing value is a level of its own. */
export const linearCategory = (
  factor: FactorSpec,
  index: number,
  raw: readonly (string | null)[],
  out: Draft,
): void => {
  const { levels, rarer } = levelsOf(raw, true)
  if (levels.length < 2) {
    out.dropped.push({ name: factor.name, reason: 'constant over the training rows' })
    return
  }
  levels.slice(1).forEach(({ level, rows, others }, k) => {
    const share = rows / raw.length
    out.columns.push({
      name: `${factor.name} = ${level}`,
      factor: index,
      role: 'level',
      level,
      ...(k === 0 ? { reference: levels[0]!.level } : {}),
      ...(others ? { others } : {}),
      center: share,
      scale: Math.sqrt(share * (1 - share)),
    })
  })
  sayRarer(factor, rarer, out)
}

/** Every level, NaN for missing; of two levels one column says it all, and the other level is stored as `reference`. */
export const treeCategory = (factor: FactorSpec, index: number, raw: readonly (string | null)[], out: Draft): void => {
  const { levels, rarer } = levelsOf(raw, false)
  if (levels.length === 0) out.dropped.push({ name: factor.name, reason: 'missing in every training row' })
  else if (levels.length === 1 && !raw.includes(null))
    out.dropped.push({ name: factor.name, reason: 'constant over the training rows' })
  else
    for (const { level, others } of levels.length === 2 ? levels.slice(1) : levels)
      out.columns.push({
        name: `${factor.name} = ${level}`,
        factor: index,
        role: 'level',
        level,
        ...(levels.length === 2 ? { reference: levels[0]!.level } : {}),
        ...(others ? { others } : {}),
      })
  sayRarer(factor, rarer, out)
}

/**
 * One column of codes, by falling frequency (ties by name), so that a code is a whole number 0..253. Of more than 254 levels the 253
 * most frequent have codes of their own and the rarer ones share the last.
 */
export const codedCategory = (factor: FactorSpec, index: number, raw: readonly (string | null)[], out: Draft): void => {
  const all = levelsOf(raw, false, MOST_CATEGORIES)
  const { levels, rarer } = all.rarer > 0 ? levelsOf(raw, false, MOST_CATEGORIES - 1) : all
  if (levels.length === 0) out.dropped.push({ name: factor.name, reason: 'missing in every training row' })
  else if (levels.length === 1 && !raw.includes(null))
    out.dropped.push({ name: factor.name, reason: 'constant over the training rows' })
  else
    out.columns.push({
      name: factor.name,
      factor: index,
      role: 'category',
      levels: levels.map(({ level }) => level),
      ...(rarer > 0 ? { pooled: true as const } : {}),
    })
  sayRarer(factor, rarer, out, MOST_CATEGORIES - 1)
}

/** Writes the codes of the given values into `out`. */
export const fillCodes = (out: Float64Array, column: EncodedColumn, raw: readonly (string | null)[]): void => {
  const levels = column.levels ?? []
  const unknown = column.pooled ? levels.length - 1 : Number.NaN
  const codes = new Map<string | null, number>(levels.map((level, code) => [level, code]))
  codes.set(null, Number.NaN)
  for (let i = 0; i < out.length; i++) out[i] = codes.get(raw[i]!) ?? unknown
}

/** Writes a level column for the given values into `out`. */
export const fillLevels = (
  out: Float64Array,
  column: EncodedColumn,
  raw: readonly (string | null)[],
  kind: Encoding['kind'],
): void => {
  const { level, others, center = 0, scale = 1 } = column
  const linear = kind === 'linear'
  // What the shared column does not take; to a linear encoding the text "(missing)" is a missing value.
  const kept = others && new Set(linear ? [...others, MISSING_LEVEL] : others)
  for (let i = 0; i < out.length; i++) {
    const value = raw[i] ?? MISSING_LEVEL
    if (raw[i] === null && !linear) out[i] = Number.NaN
    else out[i] = (((kept ? !kept.has(value) : value === level) ? 1 : 0) - center) / scale
  }
}
