/**
 * How often the intervals of paired differences hold the truth, and how often simultaneous ones are all right at once.
 *
 *     npx tsx bench/paired-differences/coverage.ts [samples] [replicates]
 *
 * Four models see one latent risk through noise of their own; a, b and c are as good as each other, d is worse. A fifth, e, sees
 * what a sixth such model would and says it in six values, as a tree of six leaves does. Each sample draws its people anew, its number of bads among them. The truth of a difference is that of two million people.
 */
import {
  COMPARED_FIGURES,
  type ComparedFigure,
  comparedFigures,
  comparePairs,
  DRAWN_FIGURES,
} from '../../src/comparison/comparePairs.ts'
import { wilson } from '../../src/metrics/wilson.ts'
import { type Random, random } from '../../src/util/random.ts'

const SAMPLES = Number(process.argv[2] ?? 300)
const REPLICATES = Number(process.argv[3] ?? 500)
const NAMES = ['a', 'b', 'c', 'd', 'e']
const NOISE = [0.8, 0.8, 0.8, 1.6, 0.8]
/** What e says of a margin: about the mean margin of its leaf. */
const LEAVES = [-4.5, -3.7, -3.2, -2.6, -2, -1]
const CUTS = [-4.1, -3.5, -2.9, -2.3, -1.5]
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
      margin[i] = NAMES[m] === 'e' ? LEAVES[CUTS.filter((cut) => seen - 2.9 > cut).length]! : seen - 2.9
      probability[i] = sigmoid(margin[i]!)
    })
  }
  return { target, models }
}

const truthOf = (): Record<string, Record<ComparedFigure, number>> => {
  const { target, models } = people(POPULATION, random('population'))
  const figures = Array.from(comparedFigures(target, models)())
  const of = (m: number, f: number): number => figures[m * DRAWN_FIGURES + f]!
  // a, b and c are one model in law: their differences are exactly 0, and d differs from each of them alike.
  const good = (f: number): number => (of(0, f) + of(1, f) + of(2, f)) / 3
  const named = (difference: (f: number) => number) =>
    Object.fromEntries(COMPARED_FIGURES.map((figure, f) => [figure, difference(f)])) as Record<ComparedFigure, number>
  return {
    equal: named(() => 0),
    worse: named((f) => good(f) - of(3, f)),
    coarse: named((f) => good(f) - of(4, f)),
    worseCoarse: named((f) => of(3, f) - of(4, f)),
  }
}

const percent = (hits: number, of: number): string => {
  const { value, low, high } = wilson(hits, of)
  const text = (x: number): string => (100 * x).toFixed(1)
  return `${text(value)} [${text(low)}, ${text(high)}]`
}

const truth = truthOf()
console.log('truth of a less d:', truth['worse'], 'of a less e:', truth['coarse'])
console.log(
  '| rows | figure | two equals | an equal less the worse | an equal less the one of six values | all ten at once |\n|---|---|---|---|---|---|',
)
for (const rows of [822, 4940]) {
  const hits = COMPARED_FIGURES.map(() => ({ equal: 0, worse: 0, coarse: 0, together: 0 }))
  for (let s = 0; s < SAMPLES; s++) {
    const stream = random(`sample ${rows} ${s}`)
    const { target, models } = people(rows, stream)
    const personId = Array.from(target, (_, i) => `p${i}`)
    const { pairs } = comparePairs({ personId, target }, models, 0, { replicates: REPLICATES, random: stream })
    COMPARED_FIGURES.forEach((figure, f) => {
      let together = true
      for (const { a, b, differences } of pairs) {
        const { low, high, simultaneous } = differences[figure]
        const kind = b === 'e' ? (a === 'd' ? 'worseCoarse' : 'coarse') : b === 'd' ? 'worse' : 'equal'
        const value = truth[kind]![figure]
        // One pair of each kind: the others share models with it.
        if (kind !== 'worseCoarse' && a === 'a' && b !== 'c') hits[f]![kind] += low <= value && value <= high ? 1 : 0
        if (simultaneous.low > value || simultaneous.high < value) together = false
      }
      if (together) hits[f]!.together++
    })
  }
  COMPARED_FIGURES.forEach((figure, f) => {
    const { equal, worse, coarse, together } = hits[f]!
    console.log(
      `| ${rows} | ${figure} | ${[equal, worse, coarse, together].map((n) => percent(n, SAMPLES)).join(' | ')} |`,
    )
  })
}
