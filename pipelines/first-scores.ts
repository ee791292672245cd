// From nothing to one person's receipt, stage by stage, on the public entry.
// Run it with: npx tsx pipelines/first-scores.ts [folder]
import { explainScores, features, readReceipts, score, simulate, train } from 'glasscore'

const out = process.argv[2] ?? 'runs/first-scores'

const people = await simulate({ people: 4000, asOf: '2025-01-01', seed: 7, out: `${out}/data` })
const table = await features({ data: people.folder, out: `${out}/features` })
const trained = await train({
  features: table.folder,
  out: `${out}/train`,
  train: { models: { logistic: {}, forest: { trees: 60 } } },
})
for (const [name, { auc }] of Object.entries(trained.summary.models))
  console.log(`${name}: AUC ${auc.value.toFixed(3)} [${auc.low.toFixed(3)}, ${auc.high.toFixed(3)}]`)

await score({ models: [trained.folder], features: table.folder, out: `${out}/scores` })
const explained = await explainScores({ models: [trained.folder], features: table.folder, out: `${out}/receipts` })

const { nearCutoff } = explained.summary.models['forest']!
for (const receipt of await readReceipts(explained.folder, nearCutoff.personId)) {
  const largest = receipt.factors.sort((a, b) => Math.abs(b.points) - Math.abs(a.points)).slice(0, 4)
  console.log(`${receipt.model}: ${receipt.base} + factors + ${receipt.scaleLimit} = ${receipt.score}`)
  for (const { factor, points } of largest) console.log(`  ${factor} ${points}`)
}
