/**
 * Proposes a mapping for a file nobody has described: a commented YAML to be read and corrected by a person, and warnings
 * of what is likely to go wrong with it.
 */
import { basename } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { identifier, literal } from '../engines/sql.ts'
import { dataError } from '../util/errors.ts'
import { cleanCell, inferKind, profileColumns } from './columnProfile.ts'
import { findMissingCodes } from './initMissing.ts'
import { type ProposedTarget, proposeTarget } from './initTarget.ts'
import { type Proposal, proposalYaml } from './initYaml.ts'
import { protectedWord } from './protectedNames.ts'
import { openRawFile, type RawFile, type RawOptions, readingFile } from './rawFile.ts'
import { separations, TOO_GOOD } from './separation.ts'

/** A mapping to be read and corrected by a person. */
export interface MappingProposal {
  /** text of the mapping, with comments */
  yaml: string
  /** what was guessed, and what looks wrong */
  warnings: string[]
  /** false when the YAML has a place to fill in first */
  complete: boolean
}

/** Rows looked at. */
const SAMPLE = 1_000_000
/** Fewer rows than this say nothing about uniqueness. */
const ENOUGH = 20

const isIdName = (column: string): boolean =>
  /(^|[^a-z])(id|index|key|no|nr|uuid|rowid|unnamed)([^a-z]|$)|[a-z]I[Dd]$/i.test(column)

const propose = async (engine: Engine, raw: RawFile): Promise<{ proposal: Proposal; warnings: string[] }> => {
  const warnings = [...raw.warnings]
  const codes = await readingFile(raw, () => findMissingCodes(engine, raw, raw.columns))
  const marks = [...new Set(codes.flatMap((c) => c.marks))]
  for (const c of codes) {
    if (c.marks.length) warnings.push(`column ${c.column}: ${c.marks.join(', ')} taken as missing`)
    if (c.doubtful.length) warnings.push(`column ${c.column}: ${c.doubtful.join(', ')} may mean missing; decide`)
  }
  const profiles = await profileColumns(engine, raw, raw.columns, () => marks)
  const target = await proposeTarget(engine, raw, profiles)
  if (target)
    warnings.push(
      target.bad === null
        ? `target ${target.column}: ${target.why}, and nothing says which is bad: fill in target.bad`
        : `target ${target.column}: ${target.bad} taken as bad ${target.why}; check`,
    )
  else warnings.push('no target recognized: fill in target.column and target.bad')

  const proposal: Proposal = {
    raw,
    target,
    missing: marks,
    doubtful: new Map(codes.map((c) => [c.column, c.doubtful])),
    id: null,
    date: null,
    protectedColumns: [],
    drop: new Map(),
    profiles: [],
  }
  for (const p of profiles) {
    const { column } = p
    if (column === target?.column) continue
    const unique = p.rows >= ENOUGH && p.distinct === p.rows
    const word = protectedWord(column)
    if (p.distinct === 0) {
      proposal.drop.set(column, 'all values are missing')
      warnings.push(`column ${column}: all values are missing`)
    } else if (p.distinct === 1) {
      proposal.drop.set(column, 'constant')
      warnings.push(`column ${column}: constant`)
    } else if (unique && (isIdName(column) || inferKind(p) === 'category') && p.dates === 0) {
      warnings.push(`column ${column}: every value is different: an id, not a factor`)
      if (proposal.id === null && isIdName(column)) proposal.id = column
      else proposal.drop.set(column, 'every value is different: an id')
    } else if (word) {
      proposal.protectedColumns.push(column)
      warnings.push(`column ${column}: the name suggests a protected attribute (${word})`)
    } else if (p.dates > 0 && p.dates === p.present) {
      if (proposal.date === null && p.dates === p.rows) proposal.date = column
      else proposal.drop.set(column, 'a date; make a duration of it before it can be a factor')
      warnings.push(
        `column ${column}: dates; ${proposal.date === column ? 'taken as observation date, check' : 'dropped'}`,
      )
    } else {
      if (unique && p.whole) warnings.push(`column ${column}: every value is different; if it is an id, drop it`)
      proposal.profiles.push(p)
    }
  }
  if (target?.bad != null) await warnOfSeparation(engine, raw, target, proposal, warnings)
  return { proposal, warnings }
}

const warnOfSeparation = async (
  engine: Engine,
  raw: RawFile,
  target: ProposedTarget,
  proposal: Proposal,
  warnings: string[],
): Promise<void> => {
  const cell = cleanCell(target.column, [])
  const bad = `CASE ${cell} WHEN ${literal(target.bad!)} THEN true WHEN ${literal(target.good!)} THEN false END`
  const profiles = [...proposal.profiles]
  const aucs = await separations(
    engine,
    `SELECT *, ${bad} AS glasscore_bad FROM (${raw.sql})`,
    identifier('glasscore_bad'),
    profiles.map((p) => {
      const value = cleanCell(p.column, proposal.missing)
      const numeric = inferKind(p) !== 'category'
      return { sql: numeric ? `TRY_CAST(${value} AS DOUBLE)` : value, numeric }
    }),
  )
  for (const [i, p] of profiles.entries()) {
    const auc = aucs[i]!
    if (!(auc > TOO_GOOD)) continue
    proposal.drop.set(p.column, `it alone predicts the target (AUC ${auc.toFixed(3)}): known only afterwards?`)
    proposal.profiles.splice(proposal.profiles.indexOf(p), 1)
    warnings.push(
      `column ${p.column}: it alone predicts the target with AUC ${auc.toFixed(3)}; it may be known only after the outcome`,
    )
  }
}

/**
 * Reads a file and proposes a mapping of kind `features`.
 *
 * The YAML is valid as it is when a target and its bad code are recognized; otherwise it has one place to fill in, marked FILL_IN.
 * @throws GlasscoreError when the file is broken as a whole
 */
export const proposeMapping = async (
  engine: Engine,
  file: string,
  options: RawOptions = {},
): Promise<MappingProposal> => {
  const raw = await openRawFile(engine, file, options)
  const held = identifier('glasscore_init_rows')
  try {
    const [count] = await readingFile(raw, async () => {
      await engine.run(`CREATE OR REPLACE TEMP TABLE ${held} AS SELECT * FROM (${raw.sql}) LIMIT ${SAMPLE}`)
      return engine.rows<{ n: number }>(`SELECT count(*)::DOUBLE AS n FROM ${held}`)
    })
    await raw.finish()
    if (count!.n === 0) throw dataError('the file has no rows', { file })
    const { proposal, warnings } = await propose(engine, { ...raw, sql: `SELECT * FROM ${held}` })
    if (count!.n === SAMPLE) warnings.unshift(`proposed from the first ${SAMPLE} rows`)
    return { yaml: proposalYaml(basename(file), options, proposal), warnings, complete: proposal.target?.bad != null }
  } finally {
    await engine.run(`DROP TABLE IF EXISTS ${held}`)
    await raw.release()
  }
}
