/** How a simulated population looks on a terminal. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type PopulationReport, SWITCHES } from '../index.ts'
import { hyphenated } from '../util/hyphenated.ts'
import { print } from './common.ts'
import { formatCount, formatFixed, renderTable } from './terminal.ts'

/** Switches that are about a group. */
const OF_GROUP = new Set(
  Object.entries(SWITCHES).flatMap(([name, about]) => ('ofGroup' in about ? [hyphenated(name)] : [])),
)

const percent = (x: { value: number | null; low: number | null; high: number | null }): string => {
  const of = (n: number | null) => (n === null ? null : 100 * n)
  return `${formatFixed(of(x.value), 1)} % [${formatFixed(of(x.low), 1)}, ${formatFixed(of(x.high), 1)}]`
}

/** The preview: who is in it, what became of them, what is on, and where the rest is. @param folder where it was written */
export const printPopulation = (report: PopulationReport, folder: string): void => {
  print(
    renderTable(
      ['table', 'rows', 'a person', 'covered from', 'covered to'],
      report.tables.map((t) => [t.table, formatCount(t.rows), formatFixed(t.perPerson, 2), t.coveredFrom, t.coveredTo]),
    ),
  )
  print('')
  const last = report.dates.at(-1)!
  print(
    renderTable(
      [last.date, 'people'],
      report.waterfall.map((w) => [w.step, formatCount(w.rows)]),
    ),
  )
  const on = report.switches.map((s) => `${s.name}=${s.strength}`)
  const ofGroup = report.switches.some((s) => OF_GROUP.has(s.name)) ? ` (group: ${report.group})` : ''
  const truth = `${folder}.truth`
  print('')
  for (const [what, text] of [
    ['people', formatCount(report.people)],
    ['events', `${formatCount(report.events)}, ${formatFixed(report.eventsPerPerson, 1)} a person`],
    ['bad', `${percent(last.badRate)} of good and bad on ${last.date}`],
    ['thin files', `${percent(report.withoutBank)} of people have no loan or card of a bank on record`],
    ['switches on', on.length > 0 ? `${on.join(', ')}${ofGroup}` : 'none'],
    ...(existsSync(truth) ? [['sealed truth', truth]] : []),
    ['page', join(folder, 'summary.html')],
  ])
    print(`${what}: ${text}`)
}
