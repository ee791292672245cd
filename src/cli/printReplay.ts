import type { HistoryEvent, Replay } from '../index.ts'
import { printable } from '../util/errors.ts'
import { print } from './common.ts'
import { formatCount, renderTable } from './terminal.ts'

/** Events that are shown; the others are counted. */
const SHOWN = 12

const cellText = (value: number | string | boolean | null): string => (value === null ? 'none' : String(value))

/** Ids say nothing to a reader, but for whose account it is; of a row that is changed only what is changed. */
const isShown = (name: string): boolean =>
  !/^(person|transaction|booking|repayment|enquiry|counterparty)_id$/.test(name)

const cellsText = ({ row, was }: HistoryEvent): string =>
  printable(
    Object.entries(row)
      .filter(([name, value]) => isShown(name) && (was ? was[name] !== value : value !== null))
      .map(([name, value]) =>
        was ? `${name} ${cellText(was[name] ?? null)} → ${cellText(value)}` : `${name} ${cellText(value)}`,
      )
      .join(', '),
  )

/** What the replay of an option says, and the events that it is made of. */
export const printReplay = (replay: Replay): void => {
  const { events, differs, notExpressible, before, months, monthsAhead } = replay
  print(
    replay.agrees
      ? `replayed as events: every factor and the score as promised (${replay.score})`
      : `replayed as events: score ${replay.score}, which ${replay.reaches ? 'still reaches' : 'does not reach'}; no history was found that has all of these values at once`,
  )
  for (const { factor, reason } of notExpressible) print(printable(`  ${factor}: not expressible as events: ${reason}`))
  if (differs.length > 0)
    print(
      renderTable(
        ['differs', 'promised', 'replayed', 'moved by'],
        differs.map((d) => [
          d.factor,
          d.promised === null ? 'missing' : String(d.promised),
          d.replayed === null ? 'missing' : String(d.replayed),
          d.by === 'along' ? 'the events' : d.by === 'time' ? 'time' : 'the option',
        ]),
      ),
    )
  const shown = events.filter(({ action }) => action !== 'began earlier')
  if (shown.length > 0)
    print(
      renderTable(
        ['days', 'table', 'event', 'what'],
        shown.slice(0, SHOWN).map((event) => [String(event.days), event.table, event.action, cellsText(event)]),
      ),
    )
  if (shown.length > SHOWN) print(`  and ${formatCount(shown.length - SHOWN)} more (--json)`)
  if (before > 0)
    print(
      `  ${formatCount(before)} of ${formatCount(shown.length)} events lie before the observation date: the option says ${months} months, and what has happened stays; all of them lie after it in ${monthsAhead} months`,
    )
}
