/**
 * How surely each switch shows in the raw data, over seeds: the figures of `test/population/switchMeasures.ts` with the switch on and
 * with everything off, as a table in Markdown. `npx tsx bench/population/switchPower.ts [SEEDS]`, default 8; about a minute a seed.
 */
import { MEASURES, makeSwitched } from '../../test/population/switchMeasures.ts'

const seeds = Number(process.argv[2] ?? 8)
/** Not the seed of the tests, by which thresholds were chosen. */
const FIRST_SEED = 101
const OFF_PEOPLE = 2048

const on = MEASURES.map((): number[] => [])
const off = MEASURES.map((): number[] => [])
for (let seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
  const plain = await makeSwitched(OFF_PEOPLE, seed)
  for (const name of new Set(MEASURES.map((m) => m.switch))) {
    const measures = MEASURES.map((m, k) => ({ ...m, k })).filter((m) => m.switch === name)
    const { people, strength } = measures[0]!
    const made = await makeSwitched(people, seed, { [name]: strength })
    for (const { k, figure } of measures) {
      on[k]!.push(await figure(made.engine))
      off[k]!.push(await figure(plain.engine))
    }
    await made.close()
  }
  await plain.close()
  process.stderr.write(`seed ${seed} done\n`)
}

const written = (x: number, unit: string): string => x.toFixed(unit === 'z' ? 1 : 3)
const range = (x: readonly number[], unit: string): string =>
  `${written(Math.min(...x), unit)} to ${written(Math.max(...x), unit)}`
console.log('| switch | strength | people | what is looked for | on | off | seen from | seen on | seen off |')
console.log('|---|---:|---:|---|---|---|---:|---:|---:|')
MEASURES.forEach(({ switch: name, strength, people, what, unit, seen }, k) => {
  const seenOf = (x: readonly number[]) => `${x.filter((v) => v >= seen).length} of ${x.length}`
  console.log(
    `| ${[name, strength, people, `${what} (${unit})`, range(on[k]!, unit), range(off[k]!, unit), seen, seenOf(on[k]!), seenOf(off[k]!)].join(' | ')} |`,
  )
})
