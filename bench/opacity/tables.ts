/**
 * The tables of docs/opacity.md from the JSON of an audit: weights of the dimensions, and the other figures of each model.
 *
 *   npx tsx bench/opacity/tables.ts runs/opacity/opacity/opacity.json
 */
import { readFileSync } from 'node:fs'
import type { Bounds, ModelOpacity, OpacityReport } from '../../src/index.ts'

const report = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as OpacityReport
const { models } = report

const value = (x: number | null | undefined, digits: number, times = 1): string =>
  x === null || x === undefined ? 'n/a' : (times * x + 0).toFixed(digits)
const interval = (b: Bounds | null | undefined, digits: number, times = 1): string =>
  b && b.value !== null
    ? `${value(b.value, digits, times)} [${value(b.low, digits, times)}, ${value(b.high, digits, times)}]`
    : 'n/a'
const row = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`)

row(['dimension', 'declared', ...models.map((m) => m.model)])
console.log(`|${'---|'.repeat(models.length + 2)}`)
for (const [d, name] of report.dimensions.entries())
  row([
    name.replaceAll('_', ' '),
    value(report.declared.shares[d], 0, 100),
    ...models.map((m) => {
      const share = m.weights!.dimensions[d]!.share
      return `${interval(share, 1, 100)}${share.aboveChance === false ? ', not told from chance' : ''}`
    }),
  ])
row(['elsewhere than declared', '', ...models.map((m) => interval(m.weights!.distance, 1, 100))])
console.log('')

const lines: [string, (m: ModelOpacity, k: number) => string][] = [
  ['interactions between factors (%)', (m) => interval(m.interactions.share, 1, 100)],
  ['best card of ten factors, R² (%)', (m) => interval(m.surrogates.cards.at(-1)?.r2, 1, 100)],
  ['same decision as the card (%)', (m) => interval(m.surrogates.cards.at(-1)?.agreement, 1, 100)],
  ["factors for 95 % of a person's points", (m) => interval(m.needed.people, 1)],
  ['read off the drawing, R² (%)', (m) => interval(m.pentagon?.r2, 1, 100)],
  ['first reason read off it (%)', (m) => interval(m.pentagon?.reason, 1, 100)],
  ['always the usual reason (%)', (m) => interval(m.pentagon?.reasonBase, 1, 100)],
  ['all reasons read off it (%)', (m) => interval(m.pentagon?.reasonSet, 1, 100)],
  ['always the usual reasons (%)', (m) => interval(m.pentagon?.reasonSetBase, 1, 100)],
  ['reasons lost in another training (%)', (m) => interval(m.reasons?.lost, 1, 100)],
  ['first reason depends on the method (%)', (m) => interval(m.methods.anyOther, 1, 100)],
  [
    'equally good trainings',
    (m) => (m.multiplicity ? `${m.multiplicity.equal} of ${m.multiplicity.models}` : 'fewer than 2'),
  ],
  ['arbitrary decisions (%)', (m) => interval(m.multiplicity?.arbitrary, 1, 100)],
  ['made elsewhere (%)', (m) => interval(m.stacked.share, 1, 100)],
  ['index of persons', (m) => interval(m.index.people, 2)],
  ['index, of the parts that all have', (_, k) => value(report.comparable.values[k], 2)],
]
row(['', ...models.map((m) => m.model)])
console.log(`|${'---|'.repeat(models.length + 1)}`)
for (const [name, of] of lines) row([name, ...models.map(of)])

if (report.claims) {
  console.log(`\n${report.claims.text}\n`)
  for (const { model, claims } of models)
    for (const { standing, direction } of claims)
      console.log(
        `${model}: ${standing ? `rank ${standing.rank} of ${standing.of}, ${value(standing.meanAbsolute, 2)} (median ${value(standing.medianOther, 2)})` : 'no interactions'}, direction ${interval(direction, 2)}`,
      )
}
if (report.acrossModels)
  console.log(
    `\n${report.acrossModels.models.join(', ')}: ${interval(report.acrossModels.figures.arbitrary, 1, 100)} % arbitrary`,
  )
