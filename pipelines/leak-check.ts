// Two checks that every pipeline should survive: with shuffled labels nothing is left to learn, and a factor that knows the
// future is noticed. Run it with: npx tsx pipelines/leak-check.ts [folder]
import { features, simulate, train } from 'glasscore'

const out = process.argv[2] ?? 'runs/leak-check'

const people = await simulate({ people: 4000, asOf: '2025-01-01', seed: 11, out: `${out}/data` })
const table = await features({ data: people.folder, out: `${out}/features` })
const models = { logistic: {}, tree: {} }
const honest = await train({ features: table.folder, out: `${out}/honest`, train: { models } })
const shuffled = await train({ features: table.folder, out: `${out}/shuffled`, train: { models, permuteLabels: true } })

for (const name of Object.keys(models)) {
  const learned = honest.summary.models[name]!.auc
  const chance = shuffled.summary.models[name]!.auc
  const silent = chance.low <= 0.5 && chance.high >= 0.5
  console.log(
    `${name}: AUC ${learned.value.toFixed(3)}; with shuffled labels ${chance.value.toFixed(3)} [${chance.low.toFixed(3)}, ${chance.high.toFixed(3)}], ${silent ? 'no better than chance' : 'look for a leak'}`,
  )
}
console.log(
  honest.summary.warnings.length
    ? honest.summary.warnings.join('\n')
    : 'no factor predicts the outcome suspiciously well',
)
