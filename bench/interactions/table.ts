/**
 * The table of docs/interactions.md from results of interactions.ts: for every setting and model in how many seeds the pair was found, with the interval of Wilson (1927), its
 * ranks, and how far its direction stands out.
 *
 *   npx tsx bench/interactions/table.ts [bench/interactions/results.json]
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { wilson } from '../../src/metrics/wilson.ts'

interface Found {
  setting: string
  seed: number
  people: number
  months: number
  bads: number
  model: string
  rank: number
  of: number
  meanAbsolute: number
  strongestOther: { pair: string; meanAbsolute: number }
  medianOther: number
  /** direction of the pair, and its place by size; absent in results from before it was measured */
  contrast?: number
  contrastRank?: { rank: number; of: number; largestOther: number }
  heldAuc: number
}

const file = process.argv[2] ?? fileURLToPath(new URL('./results.json', import.meta.url))
const results = JSON.parse(readFileSync(file, 'utf8')) as Found[]

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
}
/** The median, the least and the greatest over seeds. */
const spread = (values: readonly number[]): string =>
  values.length === 0
    ? 'not measured'
    : `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`
const share = (hits: number, all: number): string => {
  if (all === 0) return 'not measured'
  const { low, high } = wilson(hits, all)
  return `${hits} of ${all} [${(100 * low).toFixed(0)}, ${(100 * high).toFixed(0)} %]`
}

const lines = new Map<string, Found[]>()
for (const found of results) {
  const key = `${found.setting} ${found.model} ${found.people} people ${found.months} months`
  lines.set(key, [...(lines.get(key) ?? []), found])
}
console.log(
  '| claim | model | people | months | AUC | found: first of its pairs | ranks | mean absolute points | strongest other pair of the two | found by direction | direction, points | largest other |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|')
for (const seeds of lines.values()) {
  const { setting, model, people, months, of } = seeds[0]!
  const ranked = seeds.flatMap(({ contrastRank }) => contrastRank ?? [])
  const cells = [
    setting,
    model,
    people.toLocaleString('en-US'),
    months.toString(),
    mean(seeds.map((s) => s.heldAuc)).toFixed(3),
    share(seeds.filter(({ rank }) => rank === 1).length, seeds.length),
    `${seeds.map((s) => s.rank).join(', ')} of ${of}`,
    spread(seeds.map((s) => s.meanAbsolute)),
    spread(seeds.map((s) => s.strongestOther.meanAbsolute)),
    share(ranked.filter(({ rank }) => rank === 1).length, ranked.length),
    spread(seeds.flatMap(({ contrast }) => (contrast === undefined ? [] : [contrast]))),
    spread(ranked.map(({ largestOther }) => largestOther)),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
// With the switch off the direction is that of chance: how many seeds with it on lie beyond all of them.
for (const [key, seeds] of lines) {
  const off = lines.get(key.replace(/^\w+/, 'off')) ?? []
  const contrasts = (all: readonly Found[]) => all.flatMap(({ contrast }) => (contrast === undefined ? [] : [contrast]))
  const most = Math.max(...contrasts(off))
  if (seeds === off || !Number.isFinite(most)) continue
  const beyond = contrasts(seeds).filter((c) => c > most).length
  console.log(
    `\n${key}: direction above that of every seed with the switch off in ${share(beyond, contrasts(seeds).length)}`,
  )
}
