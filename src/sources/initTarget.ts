/** Which column of an unknown file is likely the target, and which of its codes is likely bad. */
import type { Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import type { ColumnProfile } from './columnProfile.ts'
import type { RawFile } from './rawFile.ts'

const TARGET_WORDS = [
  'target',
  'default',
  'bad',
  'class',
  'label',
  'outcome',
  'goodbad',
  'badflag',
  'isbad',
  'isdefault',
  'loanstatus',
  'defaulted',
  'creditrisk',
  'risk',
  'response',
  'y',
]
const BAD_WORDS = ['bad', 'default', 'defaulted', 'charged off', 'unpaid', 'arrears']

export interface ProposedTarget {
  column: string
  /** null when nothing says which code is bad */
  bad: string | null
  good: string | null
  /** why this code is taken as bad, or why none is */
  why: string
  /** rows of each, for the comment */
  counts: Record<string, number>
}

const rank = (column: string): number => {
  const name = column.toLowerCase().replace(/[^a-z]+/g, '')
  const exact = TARGET_WORDS.indexOf(name)
  if (exact >= 0) return exact
  return name.startsWith('default') || name.endsWith('default') || name.includes('badflag')
    ? TARGET_WORDS.length
    : Number.NaN
}

/** A column with two codes and a telling name, or else null. Of the codes a telling word is bad, otherwise the rarer
 * one, otherwise 1 of 0 and 1. */
export const proposeTarget = async (
  engine: Engine,
  raw: RawFile,
  profiles: readonly ColumnProfile[],
): Promise<ProposedTarget | null> => {
  const [best] = profiles
    .filter((p) => p.distinct === 2 && !Number.isNaN(rank(p.column)))
    .sort((a, b) => rank(a.column) - rank(b.column))
  if (!best) return null
  const cell = `nullif(trim(${identifier(best.column)}), '')`
  const found = await engine.rows<{ code: string; n: number }>(
    `SELECT ${cell} AS code, count(*)::DOUBLE AS n FROM (${raw.sql}) WHERE ${cell} IS NOT NULL GROUP BY 1 ORDER BY n, code`,
  )
  const [rare, common] = found
  if (!rare || !common) return null
  const said = (code: string) => BAD_WORDS.includes(code.toLowerCase())
  const words = found.filter((f) => said(f.code))
  const counts = Object.fromEntries(found.map((f) => [f.code, f.n]))
  const take = (bad: string, why: string): ProposedTarget => ({
    column: best.column,
    bad,
    good: bad === rare.code ? common.code : rare.code,
    why,
    counts,
  })
  if (words.length === 1) return take(words[0]!.code, 'because of its word')
  if (rare.n < common.n) return take(rare.code, `because it is the rarer (${rare.n} rows of ${rare.n + common.n})`)
  if (rare.code === '0' && common.code === '1') return take('1', 'by custom: 0 and 1 have as many rows each')
  return {
    column: best.column,
    bad: null,
    good: null,
    why: `${rare.code} and ${common.code} have as many rows each`,
    counts,
  }
}
