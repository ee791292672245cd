/** From a mapping and the columns of a file to the contract that the file is checked against. */
import type { Engine } from '../engines/engine.ts'
import { identifier, literal, literalList } from '../engines/sql.ts'
import type { FactorSpec } from '../schema/factor.ts'
import type { OutcomeDefinition } from '../schema/outcome.ts'
import type { ColumnContract } from '../schema/tables.ts'
import { dataError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'
import type { CheckedContract } from './checks.ts'
import { type ColumnProfile, cleanCell, inferKind, inferScale, profileColumns } from './columnProfile.ts'
import { FILL_IN } from './initYaml.ts'
import { mappedOutcome } from './mappedOutcome.ts'
import type { FeaturesMapping, MappedColumn } from './mapping.ts'
import type { RawFile } from './rawFile.ts'
import type { ColumnSource } from './validate.ts'

export interface ReadyColumn {
  /** as the file names it */
  column: string
  name: string
  factor: FactorSpec
  levels: readonly string[] | null
}

export interface ReadyPlan {
  contract: CheckedContract
  sources: Record<string, ColumnSource>
  factors: ReadyColumn[]
  /** columns of groups.parquet */
  protectedNames: string[]
  /** the row number is the person */
  rowKey: boolean
  outcome: OutcomeDefinition
  notes: string[]
}

/** Names come from files: a record without a prototype has no `constructor` that nobody put there. */
const byName = <T>(): Record<string, T> => Object.create(null) as Record<string, T>

const RESERVED = ['person_id', 'observation_date', 'status', 'file_row']

const mapValues = (cell: string, values: Record<string, string> | undefined): string =>
  values && Object.keys(values).length
    ? `CASE ${cell} ${Object.entries(values)
        .map(([from, to]) => `WHEN ${literal(from)} THEN ${literal(to)}`)
        .join(' ')} ELSE ${cell} END`
    : cell

/** Every column that the mapping names must be in the file, and no column may have two roles. */
const checkNames = (raw: RawFile, mapping: FeaturesMapping, withoutTarget: boolean): void => {
  const have = new Set(raw.columns)
  const roles = new Map<string, string>()
  const need = (column: string, place: string, role?: string) => {
    if (!have.has(column) && !(withoutTarget && column === mapping.target.column))
      throw dataError(`the mapping names a column that the file does not have (${place})`, {
        file: raw.path,
        column,
        hint: nameHint(column, raw.columns),
      })
    if (!role) return
    const other = roles.get(column)
    if (other !== undefined && other !== role)
      throw dataError('a column has two roles', { file: raw.path, column, got: `${other} and ${role}` })
    roles.set(column, role)
  }
  need(mapping.target.column, 'target', 'target')
  for (const c of Object.keys(mapping.drop ?? {})) need(c, 'drop', 'drop')
  for (const c of mapping.protected ?? []) need(c, 'protected', 'protected')
  const inGroup = new Map<string, string>()
  for (const [group, columns] of Object.entries(mapping.groups ?? {}))
    for (const c of columns) {
      need(c, `groups.${group}`, 'factor')
      const other = inGroup.get(c)
      if (other !== undefined)
        throw dataError('a column is in two groups', { file: raw.path, column: c, got: `${other} and ${group}` })
      inGroup.set(c, group)
    }
  for (const c of Object.keys(mapping.expectedRisk ?? {})) need(c, 'expectedRisk', 'factor')
  for (const c of Object.keys(mapping.columns ?? {})) need(c, 'columns')
  if (mapping.id !== undefined) need(mapping.id, 'id')
  if (typeof mapping.observationDate === 'object') need(mapping.observationDate.column, 'observationDate')
  if (mapping.target.bad.includes(FILL_IN))
    throw dataError('the mapping has a place that is not filled in', {
      file: raw.path,
      option: 'target.bad',
      expected: 'the code of the target that means bad',
    })
  for (const list of ['good', 'indeterminate'] as const)
    for (const c of mapping.target[list] ?? [])
      if (mapping.target.bad.includes(c))
        throw dataError('a code of the target is both bad and something else', {
          file: raw.path,
          option: 'target',
          got: c,
        })
}

const factorSpec = (
  column: string,
  mapped: MappedColumn,
  profile: ColumnProfile | undefined,
  mapping: FeaturesMapping,
): FactorSpec => {
  const kind = mapped.kind ?? (mapped.levels ? 'ordinal' : mapped.values ? 'category' : inferKind(profile!))
  const group = Object.entries(mapping.groups ?? {}).find(([, columns]) => columns.includes(column))?.[0]
  return {
    name: mapped.name ?? column,
    dimension: group ?? 'other',
    kind,
    unit: mapped.unit ?? '',
    scale: mapped.scale ?? (kind === 'number' && profile ? inferScale(profile) : 'linear'),
    expectedRisk: mapping.expectedRisk?.[column] ?? 'none',
    definition: mapped.label ?? column,
  }
}

const columnContract = (mapped: MappedColumn, factor: FactorSpec): ColumnContract => {
  const base = { nullable: true, about: factor.definition }
  if (factor.kind === 'category') return { type: 'text', ...base }
  if (mapped.levels) return { type: 'text', values: mapped.levels, ...base }
  if (factor.kind === 'flag') return { type: 'boolean', ...base }
  return {
    type: 'number',
    ...base,
    ...(mapped.min === undefined ? {} : { min: mapped.min }),
    ...(mapped.max === undefined ? {} : { max: mapped.max }),
  }
}

/**
 * @param options withoutTarget: the target's column may be absent, and is not read when it is there
 * @throws GlasscoreError when the mapping names a column that is not there, or gives one two roles
 */
export const planReadyTable = async (
  engine: Engine,
  raw: RawFile,
  mapping: FeaturesMapping,
  options: { withoutTarget?: boolean } = {},
): Promise<ReadyPlan> => {
  const withoutTarget = options.withoutTarget ?? false
  checkNames(raw, mapping, withoutTarget)
  const missing = (column: string): string[] => [
    ...(mapping.missing ?? []),
    ...(mapping.columns?.[column]?.missing ?? []),
  ]
  const date = mapping.observationDate
  const isProtected = new Set(mapping.protected ?? [])
  const notFactor = new Set([
    mapping.target.column,
    ...(mapping.id === undefined ? [] : [mapping.id]),
    ...(typeof date === 'object' ? [date.column] : []),
    ...Object.keys(mapping.drop ?? {}),
    ...isProtected,
  ])
  const columns = raw.columns.filter((c) => !notFactor.has(c))
  if (columns.length === 0) throw dataError('no column is left to be a factor', { file: raw.path })
  const open = columns.filter((c) => {
    const m = mapping.columns?.[c]
    const kind = m?.kind ?? (m?.levels ? 'ordinal' : m?.values ? 'category' : undefined)
    return kind === undefined || (kind === 'number' && m?.scale === undefined)
  })
  const profiles = new Map((await profileColumns(engine, raw, open, missing)).map((p) => [p.column, p]))

  const target = `trim(${identifier(mapping.target.column)})`
  const { bad, good, indeterminate } = mapping.target
  const contract: CheckedContract & { columns: Record<string, ColumnContract> } = {
    key: mapping.id === undefined ? [] : ['person_id', 'observation_date'],
    references: {},
    mayLieAhead: [],
    columns: byName(),
  }
  const sources: Record<string, ColumnSource> = byName()
  if (mapping.id !== undefined) {
    contract.columns['person_id'] = { type: 'id', about: 'the person' }
    sources['person_id'] = { from: mapping.id }
  }
  contract.columns['observation_date'] = { type: 'date', about: 'the day of the observation' }
  sources['observation_date'] =
    typeof date === 'string'
      ? { from: null, sql: literal(date) }
      : { from: date.column, ...(date.format ? { format: date.format } : {}) }
  const statuses = ['good', 'bad', 'indeterminate']
  contract.columns['status'] = { type: 'text', nullable: withoutTarget, values: statuses, about: 'the outcome' }
  if (!withoutTarget)
    sources['status'] = {
      from: mapping.target.column,
      expected: `a code of the target: ${[...bad, ...(good ?? []), ...(indeterminate ?? [])].join(', ')}`,
      sql:
        `CASE WHEN ${target} = '' THEN NULL WHEN ${target} IN ${literalList(bad)} THEN 'bad' ` +
        `WHEN ${target} IN ${literalList(indeterminate ?? [])} THEN 'indeterminate' ` +
        (good
          ? `WHEN ${target} IN ${literalList(good)} THEN 'good' WHEN ${target} IS NOT NULL THEN 'unknown code' END`
          : `WHEN ${target} IS NOT NULL THEN 'good' END`),
    }

  const names = new Set(RESERVED)
  const claim = (name: string, column: string) => {
    if (name === '__proto__')
      throw dataError('a factor cannot have this name', {
        file: raw.path,
        column,
        hint: 'rename it (columns: ... name:) or drop it',
      })
    if (names.has(name.toLowerCase()))
      throw dataError('the name is taken', {
        file: raw.path,
        column,
        got: name,
        hint: 'rename it (columns: ... name:)',
      })
    names.add(name.toLowerCase())
  }
  const notes = Object.entries(mapping.drop ?? {}).map(([c, why]) => `Dropped ${c}: ${why}`)
  if (withoutTarget) notes.push(`Target ${mapping.target.column}: not read; nobody has an outcome.`)
  else if (!good) notes.push(`Target ${mapping.target.column}: every code but ${bad.join(', ')} counts as good.`)
  const factors = columns.map((column): ReadyColumn => {
    const mapped = mapping.columns?.[column] ?? {}
    const profile = profiles.get(column)
    const factor = factorSpec(column, mapped, profile, mapping)
    claim(factor.name, column)
    contract.columns[factor.name] = columnContract(mapped, factor)
    sources[factor.name] = {
      from: column,
      sql: mapValues(cleanCell(column, missing(column)), mapped.values),
      expected: mapped.levels
        ? `one of the levels ${mapped.levels.join(', ')}, or a code listed under missing`
        : `a ${factor.kind === 'flag' ? 'flag (0 or 1)' : 'number'}, or a code listed under missing`,
    }
    if (!mapped.kind && !mapped.levels && !mapped.values)
      notes.push(`Column ${column}: kind ${factor.kind}, scale ${factor.scale}, by its values.`)
    return { column, name: factor.name, factor, levels: mapped.levels ?? null }
  })
  const protectedNames = [...isProtected].map((column) => {
    const mapped = mapping.columns?.[column] ?? {}
    const name = mapped.name ?? column
    claim(name, column)
    contract.columns[name] = { type: 'text', nullable: true, about: 'protected' }
    sources[name] = { from: column, sql: mapValues(cleanCell(column, missing(column)), mapped.values) }
    return name
  })
  return {
    contract,
    sources,
    factors,
    protectedNames,
    rowKey: mapping.id === undefined,
    outcome: mappedOutcome(mapping.name, mapping.outcome),
    notes,
  }
}
