// Reproduces, in a few seconds, the faults of the npm learners that docs/decisions/0003-own-learners.md refers to.
// The packages are not dependencies of glasscore. Install them in an empty folder and run this script from there:
//
//   npm install --ignore-scripts ml-random-forest@2.1.0 ml-cart@2.1.1 ml-logistic-regression@2.0.0 ml-matrix@6
//   node path/to/glasscore/scripts/baseline-faults.mjs
//
// Exit code: 0 when every fault shows (or the packages are absent), 1 when one no longer does: then read the ADR again.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const PACKAGES = ['ml-random-forest', 'ml-cart', 'ml-logistic-regression', 'ml-matrix']
const requireHere = createRequire(join(process.cwd(), 'package.json'))

const loaded = {}
for (const name of PACKAGES) {
  try {
    loaded[name] = requireHere(name)
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error
    console.log(`${name} is not installed here; nothing to check. How to install it stands at the top of this script.`)
    process.exit(0)
  }
}
const { RandomForestClassifier } = loaded['ml-random-forest']
const { DecisionTreeClassifier } = loaded['ml-cart']
const LogisticRegression = loaded['ml-logistic-regression'].default ?? loaded['ml-logistic-regression']
const { Matrix } = loaded['ml-matrix']

/** Uniform numbers on [0, 1) from a 32-bit congruential generator: enough for a demonstration. */
const uniforms = (seed) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}
const normal = (next) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
const columns = (node, found = new Set()) => {
  if (node?.left && node?.right) {
    found.add(node.splitColumn)
    columns(node.left, found)
    columns(node.right, found)
  }
  return found
}
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length

let absent = 0
const report = (shows, text) => {
  if (!shows) absent++
  console.log(`${shows ? 'shows ' : 'ABSENT'}  ${text}`)
}

for (const name of PACKAGES.slice(0, 3)) console.log(`${name} ${requireHere(join(name, 'package.json')).version}`)
console.log(`node ${process.versions.node}\n`)

// Five trees that agree: the probability must be 1. The sum of votes starts from the first vote instead of from 0.
{
  const x = Array.from({ length: 40 }, (_, i) => [i < 20 ? -1 - i / 100 : 1 + i / 100])
  const y = x.map(([v]) => (v > 0 ? 1 : 0))
  const forest = new RandomForestClassifier({ nEstimators: 5, seed: 1, useSampleBagging: false })
  forest.train(x, y)
  const one = forest.predictProbability([[2]], 1)[0]
  const zero = forest.predictProbability([[-2]], 0)[0]
  report(
    one === 0.800001 && zero === 0.8,
    `predictProbability of five votes out of five: ${one} (class 1), ${zero} (class 0)`,
  )
}

// Defaults on a rare event: nothing is learned, because a split must gain 0.01 in absolute Gini impurity.
{
  const next = uniforms(2)
  const x = Array.from({ length: 1500 }, () => [normal(next), normal(next), normal(next)])
  const y = x.map((row) => (next() < 1 / (1 + Math.exp(2.6 - 0.8 * row[0])) ? 1 : 0))
  const tree = new DecisionTreeClassifier({})
  tree.train(x, y)
  const eager = new DecisionTreeClassifier({ gainThreshold: 0, maxDepth: 2 })
  eager.train(x, y)
  const share = (100 * mean(y)).toFixed(1)
  report(
    columns(tree.root).size === 0 && columns(eager.root).size > 0,
    `default tree on ${x.length} rows with ${share} % events: ${columns(tree.root).size} splits; best gain at the root ${tree.root.gain.toFixed(4)} < 0.01`,
  )
}

// "maxFeatures" draws once for a whole tree, with replacement by default; 1 means all columns.
{
  const next = uniforms(3)
  const x = Array.from({ length: 200 }, () => Array.from({ length: 8 }, () => normal(next)))
  const y = x.map((row) => (row.reduce((a, b) => a + b, 0) + normal(next) > 0 ? 1 : 0))
  const options = { nEstimators: 20, seed: 7, noOOB: true, treeOptions: { gainThreshold: 0, maxDepth: 6 } }
  const forest = new RandomForestClassifier({ ...options, maxFeatures: 3 })
  forest.train(x, y)
  const used = forest.estimators.map((tree) => columns(tree.root).size)
  const repeated = forest.indexes.filter((index) => new Set(index).size < index.length).length
  report(
    Math.max(...used) <= 3,
    `maxFeatures 3 of 8: every tree of up to 63 splits uses ${Math.min(...used)} to ${Math.max(...used)} features in all`,
  )
  report(repeated > 0, `the draw is with replacement: ${repeated} of 20 trees got the same feature twice or more`)
  const single = new RandomForestClassifier({ ...options, nEstimators: 1, maxFeatures: 1 })
  single.train(x, y)
  report(single.indexes[0].length === 8, `maxFeatures 1 is read as 100 %: ${single.indexes[0].length} columns drawn`)
}

// "maxSamples" keeps the first rows of the file; sorted by outcome, the forest sees one class only.
{
  const x = Array.from({ length: 60 }, (_, i) => [i])
  const y = x.map(([v]) => (v < 30 ? 0 : 1))
  const forest = new RandomForestClassifier({ nEstimators: 3, seed: 1, maxSamples: 0.5, noOOB: true })
  forest.train(x, y)
  const ones = forest.predict(x).filter((v) => v === 1).length
  report(ones === 0, `maxSamples 0.5 on rows sorted by outcome: ${ones} of 30 events found`)
}

// No intercept: without signal the prediction is one half, whatever the share of events.
// Summed gradient with a fixed step: the same data ten times over need a step ten times smaller.
{
  const next = uniforms(4)
  const rows = Array.from({ length: 1000 }, () => [normal(next), normal(next)])
  const labels = rows.map((_, i) => (i % 10 === 0 ? 1 : 0))
  const trainOn = (x, y, options) => {
    const model = new LogisticRegression(options)
    model.train(new Matrix(x), Matrix.columnVector(y))
    // classifier 0 models "not class 0"
    return model.classifiers[0]
  }
  const noise = trainOn(rows, labels, { numSteps: 500, learningRate: 1e-4 })
  const predicted = mean(noise.testScores(new Matrix(rows)))
  report(
    Math.abs(predicted - 0.5) < 0.05,
    `logistic on 10.0 % events without signal: mean prediction ${predicted.toFixed(3)}; it has no intercept`,
  )
  const signal = rows.map((row) => (row[0] + normal(next) > 0 ? 1 : 0))
  const options = { numSteps: 300, learningRate: 5e-3 }
  const once = trainOn(rows, signal, options).weights.get(0, 0)
  const repeat = (values) => Array.from({ length: 10 }, () => values).flat()
  const ten = trainOn(repeat(rows), repeat(signal), options).weights.get(0, 0)
  report(
    Math.abs(ten - once) > 0.5,
    `the same rows ten times over, same step: coefficient ${once.toFixed(3)} becomes ${ten.toFixed(3)} (it must not change)`,
  )
}

// Time of a tree of depth 4 on ten columns when the rows double.
{
  const seconds = [500, 1000, 2000].map((n) => {
    const next = uniforms(5)
    const x = Array.from({ length: n }, () => Array.from({ length: 10 }, () => normal(next)))
    const y = x.map((row) => (row[0] + 2 * normal(next) > 0 ? 1 : 0))
    const tree = new DecisionTreeClassifier({ gainThreshold: 0, maxDepth: 4 })
    const start = performance.now()
    tree.train(x, y)
    return (performance.now() - start) / 1000
  })
  const text = seconds.map((s) => s.toFixed(2)).join(', ')
  // a timing depends on the machine, so it decides nothing
  console.log(
    `timing  tree of 500, 1,000, 2,000 rows x 10: ${text} s; ${(seconds[2] / seconds[1]).toFixed(1)} times for the last doubling`,
  )
}

process.exit(absent === 0 ? 0 : 1)
