/** The bad rates of a report of several rows a person: as sure as the persons, by the files of the run. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDuckDB, run } from '../../src/index.ts'
import { personShare } from '../../src/metrics/personShare.ts'
import { wilson } from '../../src/metrics/wilson.ts'
import type { RunReport } from '../../src/reports/runReport.ts'
import { random } from '../../src/util/random.ts'
import { readJson, workshop } from './workshop.ts'

const MAPPING = `format: glasscore.mapping
version: 1
kind: features
name: visits
file: visits.csv
id: id
observationDate: { column: asked }
currency: EUR
target: { column: outcome, bad: [1], good: [0] }
outcome: { text: 'Bad: the customer defaulted within a year.' }
columns:
  income: { kind: number, unit: EUR, scale: log }
  debt: { kind: number, unit: EUR, scale: log }
`

/** 200 customers, asked three times each; whoever is bad is so each time. */
const writeVisits = (folder: string): void => {
  const stream = random(5)
  const lines = ['id,asked,income,debt,outcome']
  for (let i = 0; i < 200; i++) {
    const risk = stream.normal()
    const bad = stream.next() < 1 / (1 + Math.exp(1.2 - 1.4 * risk)) ? 1 : 0
    for (const month of ['01', '02', '03']) {
      const income = Math.exp(10 - 0.4 * risk + 0.3 * stream.normal())
      const debt = 5000 * Math.exp(0.5 * risk + 0.3 * stream.normal())
      lines.push(`c${String(i).padStart(5, '0')},2023-${month}-01,${income.toFixed(2)},${debt.toFixed(2)},${bad}`)
    }
  }
  writeFileSync(join(folder, 'visits.csv'), `${lines.join('\n')}\n`)
  writeFileSync(join(folder, 'visits.mapping.yaml'), MAPPING)
}

it('persons reach the intervals of the report; those of rows are narrower', async () => {
  const folder = workshop()
  writeVisits(folder)
  const out = join(folder, 'run')
  const source = { kind: 'mapping' as const, mapping: join(folder, 'visits.mapping.yaml') }
  const train = { split: { by: 'person' as const, testShare: 0.5 }, models: { logistic: {} }, replicates: 200 }
  await run({ name: 'visits', seed: 3, source, train }, { out, threads: 1 })
  const engine = await openDuckDB({ threads: 1 })
  const persons = await engine.rows<{ hits: number; n: number }>(
    `SELECT sum(target)::INTEGER AS hits, count(*)::INTEGER AS n FROM read_parquet('${join(out, 'train/predictions.parquet')}')
     WHERE model = 'logistic' GROUP BY person_id`,
  )
  engine.close()
  const [hits, rows] = [persons.map((p) => Number(p.hits)), persons.map((p) => Number(p.n))]
  expect(Math.max(...rows)).toBe(3)
  const { curves } = readJson<RunReport>(join(out, 'report/report.json')).models[0]!
  const expected = personShare(hits, rows)
  const { rows: all, bads, badRate } = curves.total
  for (const got of [badRate!, curves.approval[0]!.badRate!]) {
    // The sums are added up in another order.
    expect(got.low).toBeCloseTo(expected.low, 12)
    expect(got.high).toBeCloseTo(expected.high, 12)
  }
  const plain = wilson(bads, all)
  expect((badRate!.high - badRate!.low) / (plain.high - plain.low)).toBeGreaterThan(1.6)
  // Each bin alone: what comes of rows taken as persons would be Wilson of its rows.
  const wider = curves.calibration.filter((bin) => {
    const narrow = wilson(bin.bads, bin.rows)
    return bin.badRate.high - bin.badRate.low > narrow.high - narrow.low
  })
  expect(wider.length).toBeGreaterThan(curves.calibration.length / 2)
})
