// Writes the folds of a run (folds.csv: person_id, repeat, fold), drawn again from its seed, so that other tools can be
// measured on the same rows. Usage: npx tsx bench/same-rows/export-folds.ts RUN
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadFeatures, type Manifest, openDuckDB, random, stratifiedFolds, type TrainOptions } from 'glasscore'

const run = process.argv[2]
if (!run) throw new Error('usage: export-folds.ts RUN')
const { seed, options } = JSON.parse(readFileSync(join(run, 'train/manifest.json'), 'utf8')) as Manifest
const { split } = options as TrainOptions
if (split.by !== 'folds')
  throw new Error('this run was not measured in folds: its test rows are those of predictions.parquet')
const engine = await openDuckDB({ threads: 1 })
const { frame, status } = await loadFeatures(engine, join(run, 'features'))
engine.close()
const labeled = frame.personId.map((_, i) => i).filter((i) => status[i] === 'good' || status[i] === 'bad')
const ids = labeled.map((i) => frame.personId[i]!)
const target = labeled.map((i) => (status[i] === 'bad' ? 1 : 0))
const lines = ['person_id,repeat,fold']
for (let r = 0; r < split.repeats; r++) {
  const folds = stratifiedFolds(ids, target, split.folds, random(seed).fork('train').fork('folds', r))
  ids.forEach((id, i) => {
    lines.push(`${id},${r},${folds[i]}`)
  })
}
writeFileSync(join(run, 'folds.csv'), `${lines.join('\n')}\n`)
console.log(`${join(run, 'folds.csv')}: ${lines.length - 1} rows`)
