/**
 * How often the interval of a paired difference of KS holds the truth, between scores of few values and continuous ones, beside
 * percentiles of the difference of the two maxima.
 *
 *     npx tsx bench/paired-differences/ks.ts [samples] [replicates]
 *
 * A continuous score is normal with variance 1, shifted by d for bads, so that its KS is 2 Φ(d/2) − 1; a coarse one is such a score
 * cut into leaves, and its KS is the greatest distance at a cut.
 */
import { comparePairs } from '../../src/comparison/comparePairs.ts'
import { bootstrapReplicates, percentileInterval } from '../../src/metrics/bootstrap.ts'
import { weightedKs } from '../../src/metrics/ks.ts'
import { wilson } from '../../src/metrics/wilson.ts'
import { random } from '../../src/util/random.ts'

const SAMPLES = Number(process.argv[2] ?? 250)
const REPLICATES = Number(process.argv[3] ?? 400)

interface Score {
  d: number
  /** none: continuous */
  cuts?: readonly number[]
}

const SIX = [-0.6, 0.1, 0.6, 1.1, 1.8]
const TWENTY = Array.from({ length: 19 }, (_, i) => -1.3 + 0.2 * i)
const PAIRS: readonly { name: string; a: Score; b: Score; correlation: number }[] = [
  { name: 'two values, continuous', a: { d: 1.2, cuts: [0.6] }, b: { d: 1.2 }, correlation: 0.8 },
  { name: 'six values, continuous', a: { d: 1.2, cuts: SIX }, b: { d: 1.2 }, correlation: 0.8 },
  { name: 'six values and worse, continuous', a: { d: 0.5, cuts: SIX }, b: { d: 0.9 }, correlation: 0.6 },
  { name: 'twenty values, continuous', a: { d: 1, cuts: TWENTY }, b: { d: 1 }, correlation: 0.7 },
  { name: 'both continuous', a: { d: 1.2 }, b: { d: 1.2 }, correlation: 0.8 },
  { name: 'both continuous, one better', a: { d: 1.2 }, b: { d: 0.8 }, correlation: 0.5 },
  { name: 'both continuous and weak', a: { d: 0.3 }, b: { d: 0.3 }, correlation: 0.8 },
]

/** Φ by Simpson's rule from 0, to 1e-12 for the arguments here. */
const normalCdf = (x: number): number => {
  const steps = 2000
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)
  let sum = density(0) + density(x)
  for (let k = 1; k < steps; k++) sum += (k % 2 ? 4 : 2) * density((k * x) / steps)
  return 0.5 + (sum * x) / (3 * steps)
}

const truthOf = ({ d, cuts = [d / 2] }: Score): number => Math.max(...cuts.map((c) => normalCdf(c) - normalCdf(c - d)))
const said = ({ cuts }: Score, x: number): number => (cuts ? cuts.filter((cut) => x > cut).length : x)

const percent = (hits: number): string => {
  const { value, low, high } = wilson(hits, SAMPLES)
  const text = (x: number): string => (100 * x).toFixed(1)
  return `${text(value)} [${text(low)}, ${text(high)}]`
}

console.log('| bads / goods | scores | difference | here | percentiles of maxima |\n|---|---|---|---|---|')
for (const [bads, goods] of [
  [76, 606],
  [300, 2400],
] as const)
  for (const { name, a, b, correlation } of PAIRS) {
    const truth = truthOf(a) - truthOf(b)
    let here = 0
    let percentiles = 0
    for (let s = 0; s < SAMPLES; s++) {
      const stream = random(`${name} ${bads} ${s}`)
      const target = new Uint8Array(bads + goods).fill(1, 0, bads)
      const margins = [new Float64Array(target.length), new Float64Array(target.length)] as const
      target.forEach((bad, i) => {
        const one = stream.normal()
        const other = correlation * one + Math.sqrt(1 - correlation ** 2) * stream.normal()
        margins[0][i] = said(a, one + bad * a.d)
        margins[1][i] = said(b, other + bad * b.d)
      })
      const probability = new Float64Array(target.length).fill(0.1)
      const models = margins.map((margin, m) => ({ name: 'ab'[m]!, margin, probability }))
      const personId = Array.from(target, (_, i) => `p${i}`)
      const draws = { replicates: REPLICATES, random: stream.fork('draws') }
      const { ks } = comparePairs({ personId, target }, models, 0, draws).pairs[0]!.differences
      if (ks.low <= truth && truth <= ks.high) here++
      const [greatestA, greatestB] = margins.map((margin) => weightedKs(margin, target))
      const difference = (w?: Float64Array) => [greatestA!(w).value - greatestB!(w).value]
      const { low, high } = percentileInterval(bootstrapReplicates(difference, { target, ...draws })[0]!)
      if (low <= truth && truth <= high) percentiles++
    }
    console.log(`| ${bads} / ${goods} | ${name} | ${truth.toFixed(3)} | ${percent(here)} | ${percent(percentiles)} |`)
  }
