/**
 * How often intervals hold the truth in small groups: the ratio of two rates, exactly over all outcomes of two binomial samples and by
 * simulation where persons have several rows; means and standardized differences by simulation. See README.md.
 */
import { rateDifference, rateRatio } from '../../src/audits/fairness/compareRates.ts'
import { ratioOfSums, variance, Z } from '../../src/audits/fairness/influence.ts'
import { meanInterval, normalInterval } from '../../src/audits/fairness/intervals.ts'
import { type Rate, rateOf } from '../../src/audits/fairness/rate.ts'
import { standardizedDifference } from '../../src/audits/fairness/standardizedDifference.ts'
import { random } from '../../src/util/random.ts'

const WORLDS = Number(process.argv[2] ?? 2000)

interface Ends {
  low: number | null
  high: number | null
}
const holds = ({ low, high }: Ends, truth: number): boolean =>
  low !== null && low <= truth && truth <= (high ?? Number.POSITIVE_INFINITY)

/** The interval of the logarithm (Katz and others 1978), over persons; none without a hit. */
const ofLog = (a: Rate, b: Rate): Ends => {
  if (!(a.hits > 0 && b.hits > 0)) return { low: 0, high: null }
  const reach = Z * Math.sqrt(variance(a) / a.value ** 2 + variance(b) / b.value ** 2)
  const ratio = a.value / b.value
  return { low: ratio * Math.exp(-reach), high: ratio * Math.exp(reach) }
}
const percent = (x: number): string => (100 * x).toFixed(1).padStart(5)

const binomial = (n: number, p: number): number[] => {
  const logs = [n * Math.log(1 - p)]
  for (let k = 1; k <= n; k++) logs.push(logs[k - 1]! + Math.log(((n - k + 1) * p) / (k * (1 - p))))
  return logs.map(Math.exp)
}
const shareOf = (hits: number, n: number, from: number): Rate =>
  rateOf(
    {
      rows: Int32Array.from({ length: n }, (_, i) => from + i),
      person: Int32Array.from({ length: from + n }, (_, i) => i),
    },
    () => true,
    (row) => row < from + hits,
  )

const RATES = [
  [0.97, 0.97],
  [0.95, 0.75],
  [0.9, 0.9],
  [0.8, 0.8],
  [0.5, 0.6],
  [0.1, 0.2],
  [0.05, 0.05],
] as const

console.log('one row a person, exact: group, reference, rates; MOVER-R, logarithm (%)')
for (const [n1, n2] of [
  [10, 200],
  [30, 300],
  [50, 50],
  [100, 1000],
] as const)
  for (const [p1, p2] of RATES) {
    const first = Array.from({ length: n1 + 1 }, (_, k) => shareOf(k, n1, 0))
    const second = Array.from({ length: n2 + 1 }, (_, k) => shareOf(k, n2, n1))
    const covered = { hybrid: 0, log: 0 }
    const weights = binomial(n2, p2)
    binomial(n1, p1).forEach((x, i) => {
      weights.forEach((y, j) => {
        if (x * y < 1e-9 || j === 0) return
        if (holds(rateRatio(first[i]!, second[j]!), p1 / p2)) covered.hybrid += x * y
        if (holds(ofLog(first[i]!, second[j]!), p1 / p2)) covered.log += x * y
      })
    })
    console.log(`${n1} ${n2}  ${p1} ${p2}  ${percent(covered.hybrid)} ${percent(covered.log)}`)
  }

const stream = random(11)
console.log(`\none to four rows a person, ${WORLDS} samples: MOVER-R, difference, logarithm (%)`)
for (const [n1, n2] of [
  [10, 200],
  [30, 300],
  [100, 400],
] as const)
  for (const [p1, p2] of RATES) {
    const covered = { hybrid: 0, difference: 0, log: 0 }
    for (let w = 0; w < WORLDS; w++) {
      const person: number[] = []
      const hit: boolean[] = []
      let sizeOfFirst = 0
      for (let p = 0; p < n1 + n2; p++) {
        const rate = p < n1 ? p1 : p2
        // Persons differ within a group: their own rate is above or below that of the group.
        const own = rate + (stream.next() < 0.5 ? 0.9 : -0.9) * Math.min(rate, 1 - rate)
        for (let k = 1 + stream.integer(4); k > 0; k--) {
          person.push(p)
          hit.push(stream.next() < own)
        }
        if (p === n1 - 1) sizeOfFirst = person.length
      }
      const of = Int32Array.from(person)
      const rows = Int32Array.from(person.keys())
      const rate = (part: Int32Array) =>
        rateOf(
          { rows: part, person: of },
          () => true,
          (row) => hit[row]!,
        )
      const [a, b] = [rate(rows.slice(0, sizeOfFirst)), rate(rows.slice(sizeOfFirst))]
      if (holds(rateRatio(a, b), p1 / p2)) covered.hybrid++
      if (holds(rateDifference(a, b), p1 - p2)) covered.difference++
      if (holds(ofLog(a, b), p1 / p2)) covered.log++
    }
    const [hybrid, difference, log] = [covered.hybrid, covered.difference, covered.log].map((n) => percent(n / WORLDS))
    console.log(`${n1} ${n2}  ${p1} ${p2}  ${hybrid} ${difference} ${log}`)
  }

console.log(
  `\nnormal scores, 0.4 standard deviations apart, ${WORLDS} samples: mean, its normal interval, difference (%)`,
)
for (const [n, m] of [
  [2, 50],
  [3, 50],
  [5, 200],
  [10, 200],
  [30, 500],
] as const) {
  const covered = [0, 0, 0]
  const rows = Int32Array.from({ length: n + m }, (_, i) => i)
  const [group, others] = [
    { rows: rows.slice(0, n), person: rows },
    { rows: rows.slice(n), person: rows },
  ]
  for (let w = 0; w < WORLDS; w++) {
    const score = Float64Array.from(rows, (i) => stream.normal() + (i < n ? 0.4 : 0))
    const mean = ratioOfSums(
      group,
      (row) => score[row]!,
      () => 1,
    )
    ;[meanInterval(mean), normalInterval(mean), standardizedDifference(score, group, others)].forEach((ends, k) => {
      if (holds(ends, 0.4)) covered[k]!++
    })
  }
  console.log(`${n} ${m}  ${covered.map((c) => percent(c / WORLDS)).join(' ')}`)
}
