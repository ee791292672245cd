/** The text of a proposed mapping. */
import { type ColumnProfile, inferKind, inferScale } from './columnProfile.ts'
import type { ProposedTarget } from './initTarget.ts'
import type { RawFile, RawOptions } from './rawFile.ts'

export interface Proposal {
  raw: RawFile
  target: ProposedTarget | null
  missing: string[]
  doubtful: Map<string, string[]>
  id: string | null
  date: string | null
  protectedColumns: string[]
  drop: Map<string, string>
  /** columns that become factors */
  profiles: ColumnProfile[]
}

/** The mark of the one place that a person must fill in. */
export const FILL_IN = 'FILL_IN'

/** A YAML scalar: plain where it cannot be mistaken, else in double quotes, whose escapes are those of JSON. */
const scalar = (text: string): string =>
  /^[A-Za-z_][A-Za-z0-9_ ]*[A-Za-z0-9_]$/.test(text) && !/^(true|false|null|yes|no|on|off|nan)$/i.test(text)
    ? text
    : JSON.stringify(text)
const list = (texts: readonly string[]): string => `[${texts.map(scalar).join(', ')}]`
/** Text for a comment: one line. */
const comment = (text: string): string => JSON.stringify(text).slice(1, -1)

const columnLine = (p: ColumnProfile, doubtful: readonly string[]): string[] => {
  const kind = inferKind(p)
  const scale = kind === 'number' && inferScale(p) === 'log' ? ', scale: log' : ''
  // No factor can have this name.
  const name = p.column === '__proto__' ? 'name: proto_column, ' : ''
  const about =
    kind === 'category' ? `${p.distinct} levels` : p.present ? `${p.min} to ${p.max}, median ${p.middle}` : 'no values'
  const gaps = p.present < p.rows ? `, ${p.rows - p.present} missing` : ''
  const lines = [`  ${scalar(p.column)}: { ${name}kind: ${kind}${scale} } # ${about}${gaps}`]
  if (doubtful.length)
    lines.push(
      `  # ^ if ${comment(doubtful.join(', '))} means missing, add to the line above: missing: ${list(doubtful)}`,
    )
  return lines
}

export const proposalYaml = (file: string, options: RawOptions, p: Proposal): string => {
  const name = file.replace(/\..*$/, '').replace(/[^A-Za-z0-9_-]+/g, '-') || 'table'
  const lines = [
    '# Proposed from the columns of the file. Read every line: it is a guess. docs/mapping.md explains each key.',
    'format: glasscore.mapping',
    'version: 1',
    'kind: features',
    `name: ${scalar(name)}`,
    `file: ${scalar(file)}`,
  ]
  if (options.delimiter) lines.push(`delimiter: ${JSON.stringify(options.delimiter)}`)
  if (options.encoding) lines.push(`encoding: ${options.encoding}`)
  if (options.table) lines.push(`table: ${scalar(options.table)}`)
  lines.push('currency: XXX # ISO 4217, such as EUR; XXX means none')
  if (p.id === null) lines.push('# id: without it the row number identifies a person')
  else lines.push(`id: ${scalar(p.id)}`)
  if (p.date === null) lines.push("observationDate: '2000-01-01' # the day on which the factors were known; correct it")
  else lines.push(`observationDate: { column: ${scalar(p.date)} } # is this the day on which the factors were known?`)
  lines.push('target:')
  if (p.target) {
    const { column, bad, good, counts } = p.target
    lines.push(`  column: ${scalar(column)}`)
    if (bad === null || good === null)
      lines.push(
        `  bad: ${FILL_IN} # the code for bad: ${comment(Object.keys(counts).join(' or '))}; the other counts as good`,
      )
    else
      lines.push(
        `  bad: ${scalar(bad)} # ${counts[bad]} rows; exchange with good if it is the other way round`,
        `  good: ${scalar(good)} # ${counts[good]} rows`,
      )
  } else
    lines.push(
      `  column: ${FILL_IN} # the column that says good or bad`,
      `  bad: ${FILL_IN} # its code for bad; every other code counts as good`,
    )
  lines.push(
    'outcome:',
    '  text: Bad and good as the source labels them. # say how the source defines bad, and over what time',
  )
  if (p.missing.length)
    lines.push(`missing: ${list(p.missing)} # codes for missing in any column; empty cells are missing anyway`)
  lines.push(
    p.protectedColumns.length
      ? `protected: ${list(p.protectedColumns)} # never inputs of a score; read by audits only`
      : '# protected: [sex, age] # never inputs of a score; read by audits only',
  )
  if (p.drop.size) {
    lines.push('drop:')
    for (const [column, why] of p.drop) lines.push(`  ${scalar(column)}: ${scalar(why)}`)
  }
  lines.push('columns:')
  for (const profile of p.profiles) lines.push(...columnLine(profile, p.doubtful.get(profile.column) ?? []))
  if (p.profiles.length === 0) lines[lines.length - 1] = '# no column is left to be a factor'
  lines.push(
    '# groups: # your own dimensions; a column without a group is in "other"',
    ...(p.profiles[0] ? [`#   first_group: [${scalar(p.profiles[0].column)}]`] : []),
    '# expectedRisk: # up: more of it, more risk; down; none',
    ...(p.profiles[0] ? [`#   ${scalar(p.profiles[0].column)}: up`] : []),
  )
  return `${lines.join('\n')}\n`
}
