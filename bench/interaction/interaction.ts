/**
 * Power and false alarms of the interaction claim on realized outcomes: for each seed and setting of the switch, people are drawn and
 * live until their outcomes are known (no table is written), and the two-by-two table of responsibility and donation is tested.
 *
 *   npx tsx bench/interaction/interaction.ts [people] [seeds] [file]
 */
import { writeFileSync } from 'node:fs'
import { defaultSwitches, type Switches } from '../../src/population/switches.ts'
import { type Table, tableOf } from './tableOf.ts'

const people = Number(process.argv[2] ?? 100_000)
const seeds = Number(process.argv[3] ?? 20)
const file = process.argv[4] ?? 'bench/interaction/results.json'

/** Log odds ratio of two groups and its standard error (Woolf 1955). */
const ratio = (a: readonly number[], b: readonly number[]) => ({
  log: Math.log(a[0]! / a[1]!) - Math.log(b[0]! / b[1]!),
  error: Math.sqrt(1 / a[0]! + 1 / a[1]! + 1 / b[0]! + 1 / b[1]!),
})
const add = (...cells: (readonly number[])[]): number[] => [0, 1].map((j) => cells.reduce((s, c) => s + c[j]!, 0))

const measure = (t: Table) => {
  const [[none, donor], [parent, both]] = t as unknown as [[number[], number[]], [number[], number[]]]
  const inner = ratio(both, parent)
  const outer = ratio(donor, none)
  const interaction = { log: inner.log - outer.log, error: Math.hypot(inner.error, outer.error) }
  return {
    bad: add(none, donor, parent, both),
    interaction,
    bothAgainstOthers: ratio(both, add(none, donor, parent)),
    responsibility: ratio(add(parent, both), add(none, donor)),
    donation: ratio(add(donor, both), add(none, parent)),
    responsibilityWithoutDonation: ratio(parent, none),
    donationWithoutResponsibility: outer,
  }
}

const settings: Record<string, Switches> = {
  marginal: defaultSwitches(),
  conditional: { ...defaultSwitches(), interactionForm: 'conditional' },
  off: { ...defaultSwitches(), interaction: 0 },
}
const found: Record<string, ReturnType<typeof measure>[]> = { marginal: [], conditional: [], off: [] }
const QUANTITIES = [
  'interaction',
  'bothAgainstOthers',
  'responsibility',
  'donation',
  'responsibilityWithoutDonation',
  'donationWithoutResponsibility',
] as const
for (let seed = 1; seed <= seeds; seed++) {
  for (const [name, switches] of Object.entries(settings)) found[name]!.push(measure(tableOf(people, seed, switches)))
  const results = Object.fromEntries(
    Object.entries(found).map(([name, rows]) => [
      name,
      {
        meanLabeled: rows.reduce((s, r) => s + r.bad[0]! + r.bad[1]!, 0) / rows.length,
        badRate: rows.reduce((s, r) => s + r.bad[0]! / (r.bad[0]! + r.bad[1]!), 0) / rows.length,
        ...Object.fromEntries(
          QUANTITIES.map((q) => [
            q,
            {
              oddsRatio: Math.exp(rows.reduce((s, r) => s + r[q].log, 0) / rows.length),
              standardErrorOfLog: rows.reduce((s, r) => s + r[q].error, 0) / rows.length,
              rejected: rows.filter((r) => Math.abs(r[q].log) > 1.96 * r[q].error).length,
            },
          ]),
        ),
      },
    ]),
  )
  const command = `npx tsx bench/interaction/interaction.ts ${people} ${seeds}`
  writeFileSync(file, `${JSON.stringify({ command, people, seeds: seed, level: 0.05, results }, null, 2)}\n`)
}
