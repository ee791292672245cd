// Draws the pictures of the README from the report of the reference model, that of docs/opacity.md from figures of the demo run, and that of docs/performance.md from the figures of
// `npm run bench:peers -- --growth` where there are any. Usage: node scripts/pictures.mjs [--check]
// Needs dist/ (npm run build). --check compares with what is stored instead of writing.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import {
  beeswarmChart,
  declaredEffectiveChart,
  dependenceChart,
  intervalChart,
  oneScoreChart,
  opacityProfileChart,
  pentagonChart,
  pictureSvg,
  receiptChart,
  seriesStyle,
} from '../dist/charts.js'
import { growthPicture } from './growth-picture.mjs'

const report = JSON.parse(readFileSync(new URL('../models/reference/report.json', import.meta.url), 'utf8'))
const { models, person } = report
const title = (text) => text.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())

const figures = (key, heading, axis, reference) =>
  intervalChart(
    models.map((m) => ({ name: m.name, ...m.figures[key] })),
    { title: heading, axis, style: seriesStyle, ...(reference === undefined ? {} : { reference }) },
  )

/** The model of the receipt: points and values of the persons drawn, and the factor that weighs most. */
const { importance } = models.find((m) => m.name === person.model)
const drawn = new Map(report.drawn.factors.map((f) => [f.factor, f]))
const points = new Map(importance.swarm.map((s) => [s.factor, s.points]))
const dependence = (d) =>
  dependenceChart(
    { ...d, dots: { values: drawn.get(d.factor).values, points: points.get(d.factor) } },
    { title: d.factor, axis: `value (${d.unit})` },
  )
const numbers = importance.dependence.filter((d) => d.kind === 'number')

const pictures = {
  'receipt.svg': pictureSvg(
    [
      receiptChart(person, { title: `Receipt of ${person.personId}, model ${person.model}` }),
      pentagonChart(
        person.dimensions.map((d) => ({ ...d, name: title(d.dimension) })),
        { title: 'The same person among all, by dimension' },
      ),
    ],
    {
      title: `A receipt: from the base of ${person.base} over the points of each factor to the score of ${person.score}`,
    },
  ),
  'attributions.svg': pictureSvg(
    [
      beeswarmChart(
        importance.swarm.map((s) => ({ name: s.factor, points: s.points, values: drawn.get(s.factor).values })),
        { title: `Points of ${report.drawn.persons} persons, model ${person.model}` },
      ),
      dependence(numbers[0]),
      dependence(numbers[1]),
    ],
    { title: `Points of single persons by factor, and points by the value of two factors, model ${person.model}` },
  ),
  'models.svg': pictureSvg(
    [
      figures('auc', 'AUC: higher ranks better, 0.5 is chance', 'AUC'),
      figures('ks', 'KS: higher separates better, 0 is chance', 'KS'),
      figures('brier', 'Brier score: lower is better', 'Brier score'),
      figures('calibrationSlope', 'Calibration slope: 1 is ideal', 'slope', 1),
    ],
    { title: `${models.map((m) => m.name).join(', ')} side by side, each figure with its 95 % interval`, columns: 2 },
  ),
}

// Figures of the audit of opacity of the demo run: see docs/opacity.md.
const opacity = JSON.parse(readFileSync(new URL('../docs/pictures/declared-effective.json', import.meta.url), 'utf8'))
// By itself, so that it keeps its size on a telephone.
pictures['declared-effective.svg'] = pictureSvg([declaredEffectiveChart(opacity.weights, opacity.models)], {
  title: 'What was declared, and what each dimension weighs in each model',
})
pictures['opacity-profile.svg'] = pictureSvg(
  [
    opacityProfileChart(opacity.profile, opacity.models),
    oneScoreChart(opacity.person, { title: `One person, many scores: ${opacity.person.model}` }),
  ],
  { title: 'How opaque the models are, and the scores of one person by equally good models' },
)

const growth = new URL('../bench/compute/growth.json', import.meta.url)
if (existsSync(growth)) pictures['growth.svg'] = growthPicture(JSON.parse(readFileSync(growth, 'utf8')))

const folder = new URL('../docs/pictures/', import.meta.url)
mkdirSync(folder, { recursive: true })
for (const [name, svg] of Object.entries(pictures)) {
  const file = new URL(name, folder)
  if (!process.argv.includes('--check')) writeFileSync(file, svg)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== svg) {
    console.error(
      `docs/pictures/${name} is not what the code makes of ${name === 'growth.svg' ? 'bench/compute/growth.json' : 'models/reference/report.json'}`,
    )
    process.exitCode = 1
  }
}
