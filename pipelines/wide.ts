// The wide mode on the public entry: some 10,000 variables a person, a forest on their bins, attributions at three levels that add up.
// Run it with: npx tsx pipelines/wide.ts [folder]
import { explainWide, openDuckDB, simulate, train, wideFeatures } from 'glasscore'

const out = process.argv[2] ?? 'runs/wide'

const people = await simulate({ people: 2000, asOf: '2025-01-01', seed: 7, out: `${out}/data` })
const table = await wideFeatures({ data: people.folder, out: `${out}/features` })
console.log(`${table.summary.rows} people, ${table.summary.variables} variables`)
const trained = await train({
  features: table.folder,
  out: `${out}/train`,
  train: { models: { forest: { trees: 60 } } },
})
const { auc } = trained.summary.models['forest']!
console.log(`forest: AUC ${auc.value.toFixed(3)} [${auc.low.toFixed(3)}, ${auc.high.toFixed(3)}]`)

const explained = await explainWide({ features: table.folder, models: [trained.folder], out: `${out}/attributions` })
const { meanAbsolute, additivityGap } = explained.summary.models['forest']!
console.log(`variables, factors and dimensions add up to the margin within ${additivityGap.toExponential(0)} log-odds`)
for (const [dimension, value] of Object.entries(meanAbsolute.dimensions))
  console.log(`  ${dimension} ${value.toFixed(3)}`)

// The variables behind the largest factor of everybody, those that matter most.
const [factor] = Object.entries(meanAbsolute.factors).sort((a, b) => b[1] - a[1])[0]!
const engine = await openDuckDB()
const variables = await engine.rows<{ variable: string; mean_absolute: number }>(
  `SELECT variable, mean_absolute FROM read_parquet('${explained.folder.replaceAll("'", "''")}/variables.parquet')
   WHERE factor = '${factor}' ORDER BY mean_absolute DESC, variable LIMIT 5`,
)
engine.close()
console.log(`${factor}, by variable:`)
for (const { variable, mean_absolute } of variables) console.log(`  ${variable} ${mean_absolute.toFixed(3)}`)
