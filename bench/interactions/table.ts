/**
 * The table of docs/interactions.md from results of interactions.ts: for every setting and model the ranks and points seed by seed, and in how many seeds the pair was found or
 * silent.
 *
 *   npx tsx bench/interactions/table.ts [bench/interactions/results.json]
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Found {
  setting: string
  seed: number
  people: number
  bads: number
  model: string
  rank: number
  of: number
  meanAbsolute: number
  strongestOther: { pair: string; meanAbsolute: number }
  medianOther: number
  heldAuc: number
}

const FOUND_RANK = 1
/** A pair among the first so many is not silent. */
const SILENT_RANK = 10

const file = process.argv[2] ?? fileURLToPath(new URL('./results.json', import.meta.url))
const results = JSON.parse(readFileSync(file, 'utf8')) as Found[]

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
/** Seed by seed: few of them make no interval. */
const each = (values: readonly number[]): string => values.map((v) => v.toFixed(2)).join(', ')

const isFound = ({ rank }: Found): boolean => rank === FOUND_RANK
const isSilent = ({ rank, meanAbsolute, strongestOther }: Found): boolean =>
  rank > SILENT_RANK && meanAbsolute < strongestOther.meanAbsolute

console.log(
  '| claim | model | people | seeds | AUC | ranks among its pairs | found | silent | mean absolute points | strongest other pair of the two | median of them |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|---|')
const lines = new Map<string, Found[]>()
for (const found of results) {
  const key = `${found.setting} ${found.model} ${found.people}`
  lines.set(key, [...(lines.get(key) ?? []), found])
}
for (const seeds of lines.values()) {
  const { setting, model, people, of } = seeds[0]!
  const cells = [
    setting,
    model,
    people.toLocaleString('en-US'),
    seeds.length,
    mean(seeds.map((s) => s.heldAuc)).toFixed(3),
    `${seeds.map((s) => s.rank).join(', ')} of ${of}`,
    seeds.filter(isFound).length,
    seeds.filter(isSilent).length,
    each(seeds.map((s) => s.meanAbsolute)),
    each(seeds.map((s) => s.strongestOther.meanAbsolute)),
    each(seeds.map((s) => s.medianOther)),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
