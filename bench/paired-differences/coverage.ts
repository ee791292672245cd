/**
 * How often the intervals of paired differences hold the truth, and how often simultaneous ones are all right at once.
 *
 *     npx tsx bench/paired-differences/coverage.ts [samples] [replicates]
 *
 * Four models see one latent risk through noise of their own; a, b and c are as good as each other, d is worse. Each sample draws
 * its people anew, its number of bads among them. The truth of a difference is that of two million people.
 */
import {
  COMPARED_FIGURES,
  type ComparedFigure,
  comparedFigures,
  comparePairs,
} from '../../src/comparison/comparePairs.ts'
import { wilson } from '../../src/metrics/wilson.ts'
import { type Random, random } from '../../src/util/random.ts'

const SAMPLES = Number(process.argv[2] ?? 300)
const REPLICATES = Number(process.argv[3] ?? 500)
const NAMES = ['a', 'b', 'c', 'd']
const NOISE = [0.8, 0.8, 0.8, 1.6]
const POPULATION = 2_000_000

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** People with their outcomes and what four models say of them; probabilities are calibrated well enough to be compared. */
const people = (rows: number, stream: Random) => {
  const target = new Uint8Array(rows)
  const models = NAMES.map((name) => ({ name, margin: new Float64Array(rows), probability: new Float64Array(rows) }))
  for (let i = 0; i < rows; i++) {
    const risk = 1.3 * stream.normal()
    target[i] = stream.next() < sigmoid(risk - 3.1) ? 1 : 0
    models.forEach(({ margin, probability }, m) => {
      // The mean of the risk that is left once it was seen through noise.
      const seen = ((risk + NOISE[m]! * stream.normal()) * 1.69) / (1.69 + NOISE[m]! ** 2)
      margin[i] = seen - 2.9
      probability[i] = sigmoid(margin[i]!)
    })
  }
  return { target, models }
}

const truthOf = (): Record<string, Record<ComparedFigure, number>> => {
  const { target, models } = people(POPULATION, random('population'))
  const figures = Array.from(comparedFigures(target, models)())
  const of = (m: number, f: number): number => figures[m * COMPARED_FIGURES.length + f]!
  // a, b and c are one model in law: their differences are exactly 0, and d differs from each of them alike.
  const mean = COMPARED_FIGURES.map((_, f) => (of(0, f) + of(1, f) + of(2, f)) / 3 - of(3, f))
  const equal = Object.fromEntries(COMPARED_FIGURES.map((figure) => [figure, 0])) as Record<ComparedFigure, number>
  const worse = Object.fromEntries(COMPARED_FIGURES.map((figure, f) => [figure, mean[f]!])) as typeof equal
  return { equal, worse }
}

const percent = (hits: number, of: number): string => {
  const { value, low, high } = wilson(hits, of)
  const text = (x: number): string => (100 * x).toFixed(1)
  return `${text(value)} [${text(low)}, ${text(high)}]`
}

const truth = truthOf()
console.log('truth of a less d:', truth['worse'])
console.log('| rows | figure | two equals | an equal less the worse | all six at once |\n|---|---|---|---|---|')
for (const rows of [822, 4940]) {
  const hits = COMPARED_FIGURES.map(() => ({ equal: 0, worse: 0, together: 0 }))
  for (let s = 0; s < SAMPLES; s++) {
    const stream = random(`sample ${rows} ${s}`)
    const { target, models } = people(rows, stream)
    const personId = Array.from(target, (_, i) => `p${i}`)
    const { pairs } = comparePairs({ personId, target }, models, 0, { replicates: REPLICATES, random: stream })
    COMPARED_FIGURES.forEach((figure, f) => {
      let together = true
      for (const { a, b, differences } of pairs) {
        const { low, high, simultaneous } = differences[figure]
        const kind = b === 'd' ? 'worse' : 'equal'
        const value = truth[kind]![figure]
        // One pair of each kind: the others share models with it.
        if ((a === 'a' && b === 'b') || (a === 'a' && b === 'd'))
          hits[f]![kind] += low <= value && value <= high ? 1 : 0
        if (simultaneous.low > value || simultaneous.high < value) together = false
      }
      if (together) hits[f]!.together++
    })
  }
  COMPARED_FIGURES.forEach((figure, f) => {
    const { equal, worse, together } = hits[f]!
    console.log(`| ${rows} | ${figure} | ${[equal, worse, together].map((n) => percent(n, SAMPLES)).join(' | ')} |`)
  })
}
