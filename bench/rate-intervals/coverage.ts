/**
 * How often the interval of a bad rate holds the truth where persons have several rows, over persons as the report has it and over rows.
 *
 *     npx tsx bench/rate-intervals/coverage.ts [samples]
 *
 * Rows of a person have the same outcome with the correlation given: each takes the person's own or one by itself.
 */
import { personShare } from '../../src/metrics/personShare.ts'
import { wilson } from '../../src/metrics/wilson.ts'
import { random } from '../../src/util/random.ts'

const SAMPLES = Number(process.argv[2] ?? 4000)
const percent = (hits: number) => {
  const { value, low, high } = wilson(hits, SAMPLES)
  return `${(100 * value).toFixed(1)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`
}
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

console.log('| persons | rows a person | bad | correlation | over persons | over rows |\n|---|---|---|---|---|---|')
for (const persons of [10, 30, 100, 400])
  for (const perPerson of ['2', '5', '1 to 6'])
    for (const rate of [0.05, 0.2])
      for (const correlation of [0.2, 0.6]) {
        const covered = { persons: 0, rows: 0 }
        for (let s = 0; s < SAMPLES; s++) {
          const draw = random(`${persons} ${perPerson} ${rate} ${correlation} ${s}`)
          const bad = () => (draw.next() < rate ? 1 : 0)
          const hits: number[] = []
          const rows: number[] = []
          for (let k = 0; k < persons; k++) {
            const own = bad()
            const n = perPerson === '1 to 6' ? 1 + draw.integer(6) : Number(perPerson)
            rows.push(n)
            hits.push(sum(Array.from({ length: n }, () => (draw.next() < Math.sqrt(correlation) ? own : bad()))))
          }
          const [byPersons, byRows] = [personShare(hits, rows), wilson(sum(hits), sum(rows))]
          if (byPersons.low <= rate && rate <= byPersons.high) covered.persons++
          if (byRows.low <= rate && rate <= byRows.high) covered.rows++
        }
        const cells = [persons, perPerson, rate, correlation, percent(covered.persons), percent(covered.rows)]
        console.log(`| ${cells.join(' | ')} |`)
      }
