/** Reasons on a terminal. */
import type { ModelReasons, PersonReasonGiven, PersonReasons, ReasonsReport, ReasonsSummary, Repair } from '../index.ts'
import { printable } from '../util/errors.ts'
import { print } from './common.ts'
import { formatCount, renderTable } from './terminal.ts'

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const round = (value: number): string =>
  Number.isInteger(value)
    ? String(value)
    : value.toLocaleString('en-US', { maximumFractionDigits: 4, useGrouping: false })

const valueText = (value: number | string | null, unit: string): string => {
  if (value === null) return 'none'
  return typeof value === 'string' || unit === '' ? String(value) : `${round(value)} ${unit}`
}

const DRAWN = [
  ['retrained', 'trained again'],
  ['background', 'background drawn again'],
  ['both', 'both'],
] as const

const keptMean = ({ kept }: ModelReasons): string => {
  const texts = DRAWN.flatMap(([name, what]) => {
    const mean = kept[name]
    if (!mean) return []
    const { value, low, high } = mean.share
    const interval = Number.isFinite(low) ? ` [${percent(low)}, ${percent(high)}]` : ''
    return [`${what} ${percent(value)}${interval} in ${mean.draws} draws`]
  })
  return texts.length ? texts.join('; ') : 'not assessed'
}

/** Everybody in short, model by model. */
export const printReasons = (summary: ReasonsSummary): void => {
  const models = Object.entries(summary.models)
  print(
    renderTable(
      ['model', 'rows', `below ${summary.cutoff}`, '4 reasons', '3', '2', '1', 'none', 'rows checked', 'failing'],
      models.map(([name, m]) => [
        name,
        formatCount(m.rows),
        formatCount(m.belowCutoff),
        ...[4, 3, 2, 1, 0].map((n) => percent(m.counts.all.shares[n] ?? 0)),
        formatCount(m.check.rows),
        formatCount(m.check.failing),
      ]),
    ),
  )
  for (const [name, m] of models) {
    print(printable(`\n${name}, against ${m.background.sentence}`))
    print(
      renderTable(
        ['reason', 'rows', 'first', `below ${summary.cutoff}`],
        m.groups
          .slice(0, 8)
          .map((g) => [g.text, formatCount(g.rows), formatCount(g.first), formatCount(g.belowCutoff)]),
      ),
    )
    const reasons = DRAWN.map(([drawn]) => m.kept[drawn]?.reasons).find((n) => n !== undefined)
    const over = reasons === undefined ? '' : `, mean over ${formatCount(reasons)}`
    print(`reasons that stay${over}: ${keptMean(m)}`)
    print(
      `the score reaches ${summary.cutoff} of ${formatCount(m.repair.rows)} below it with one reason repaired: ${formatCount(m.repair.byOne)}, with all: ${formatCount(m.repair.byAll)}`,
    )
  }
  for (const note of summary.notes) print(printable(`note: ${note}`))
}

const keptText = ({ kept }: PersonReasonGiven): string => {
  const texts = DRAWN.flatMap(([name, what]) => {
    const share = kept[name]?.share
    return share ? [`${what} ${percent(share.value)} [${percent(share.low)}, ${percent(share.high)}]`] : []
  })
  return texts.length > 0 ? texts.join('; ') : 'not assessed'
}

const repairText = ({ score, reaches }: Repair, cutoff: number): string =>
  `${score}${reaches === null ? '' : reaches ? `, reaches ${cutoff}` : `, below ${cutoff}`}`

const printOne = (person: PersonReasons, cutoff: number): void => {
  print(
    printable(
      `\n${person.model}: ${person.personId} on ${person.observationDate}, score ${person.score}, ${person.belowCutoff ? 'below' : 'at or above'} ${cutoff}`,
    ),
  )
  if (person.reasons.length === 0) {
    print('no group of factors took points away')
    return
  }
  for (const reason of person.reasons) {
    const { rank, text, points, factor, value, unit, reference, missing, repair } = reason
    const own = value === null && missing ? `none (${missing})` : valueText(value, unit)
    print(printable(`${rank}. ${text}: ${points} points`))
    print(printable(`   ${factor}: own value ${own}, reference ${valueText(reference, unit)}`))
    print(`   stays: ${keptText(reason)}`)
    print(`   repaired: ${repairText(repair, cutoff)}`)
  }
  if (person.repairAll) print(`all of them repaired: ${repairText(person.repairAll, cutoff)}`)
}

/** One person: the latest date, each model. */
export const printPersonReasons = (report: ReasonsReport): void => {
  const latest = report.people
    .map((p) => p.observationDate)
    .sort()
    .at(-1)
  for (const person of report.people) if (person.observationDate === latest) printOne(person, report.cutoff)
  const dates = new Set(report.people.map((p) => p.observationDate)).size
  print(
    '\nRepaired: what the model says with the values of the background in the place of the own ones. It is no advice.',
  )
  if (dates > 1) print(`${dates - 1} earlier dates are in reasons.json`)
  for (const note of report.notes) print(printable(`note: ${note}`))
}
