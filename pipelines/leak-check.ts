// Two checks that every pipeline should survive: with shuffled labels nothing is left to learn, and a factor that knows the
// future is noticed. Run it with: npx tsx pipelines/leak-check.ts [folder]
import { features, simulate, train } from 'glasscore'

const out = process.argv[2] ?? 'runs/leak-check'

const people = await simulate({ people: 4000, asOf: '2025-01-01', seed: 11, out: `${out}/data` })
const table = await features({ data: people.folder, out: `${out}/features` })
const models = { logistic: {}, tree: {} }
const honest = await train({ features: table.folder, out: `${out}/honest`, train: { models } })
const shuffled = await train({ features: table.folder, out: `${out}/shuffled`, train: { models, permuteLabels: 20 } })

for (const name of Object.keys(models)) {
  const learned = honest.summary.models[name]!.auc.value
  const { value, low, high } = shuffled.summary.models[name]!.auc
  const silent = low <= 0.5 && high >= 0.5
  console.log(
    `${name}: AUC ${learned.toFixed(3)}; with shuffled labels ${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}], ${silent ? 'no better than chance' : 'look for a leak'}`,
  )
}
const suspicious = honest.summary.warnings.filter((warning) => warning.includes('AUC of'))
console.log(suspicious.join('\n') || 'no factor predicts the outcome suspiciously well')
