/**
 * The constants of src/population/interaction.ts, measured on the population with the interaction off: shares of those with dependents and
 * of frequent donors among good and bad, share of bads, how it moves when the log-hazard of everybody shifts, and what responsibility alone
 * goes with.
 *
 *   npx tsx bench/interaction/constants.ts [people] [seeds]
 */
import { defaultSwitches } from '../../src/population/switches.ts'
import { tableOf } from './tableOf.ts'

const people = Number(process.argv[2] ?? 100_000)
const seeds = Number(process.argv[3] ?? 4)
const SHIFTS = [-0.8, -0.4, 0, 0.4, 0.8]
const switches = { ...defaultSwitches(), interaction: 0 }

const sum = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0)
const logit = (p: number): number => Math.log(p / (1 - p))
const tables = SHIFTS.map((shift) => Array.from({ length: seeds }, (_, k) => tableOf(people, k + 1, switches, shift)))
/** Bads and goods over seeds of the cells for which a condition holds. */
const counts = (shift: number, holds: (responsible: number, donor: number) => boolean): [number, number] => {
  const at = [0, 0] as [number, number]
  for (const table of tables[SHIFTS.indexOf(shift)]!)
    for (const a of [0, 1])
      for (const b of [0, 1]) if (holds(a, b)) for (const side of [0, 1]) at[side]! += table[a]![b]![side]!
  return at
}
const all = counts(0, () => true)
const responsible = counts(0, (a) => a === 1)
const others = counts(0, (a) => a === 0)
const donors = counts(0, (_, b) => b === 1)
const rate = (c: readonly [number, number]): number => c[0] / (c[0] + c[1])
console.log(`people ${people}, seeds 1 to ${seeds}, interaction off, ${sum(all)} good or bad`)
console.log(
  `RESPONSIBLE_SHARE ${(sum(responsible) / sum(all)).toFixed(4)}  DONOR_SHARE ${(sum(donors) / sum(all)).toFixed(4)}`,
)
console.log(`BASE_RATE ${rate(all).toFixed(4)}`)
const moved = SHIFTS.filter((d) => d !== 0).map((d) => ({
  d,
  y: logit(rate(counts(d, () => true))) - logit(rate(all)),
}))
// least squares of y on d and d squared, without a constant
const [dd, ddd, dddd] = [2, 3, 4].map((power) => sum(moved.map(({ d }) => d ** power))) as [number, number, number]
const [dy, ddy] = [1, 2].map((power) => sum(moved.map(({ d, y }) => d ** power * y))) as [number, number]
const determinant = dd * dddd - ddd * ddd
console.log(
  `RISE ${((dy * dddd - ddy * ddd) / determinant).toFixed(3)}  BEND ${((dd * ddy - ddd * dy) / determinant).toFixed(3)}  (${moved.map(({ d, y }) => `${d}: ${y.toFixed(3)}`).join(', ')})`,
)
const odds = (c: readonly [number, number]): number => Math.log(c[0] / c[1])
const error = Math.sqrt(sum([...responsible, ...others].map((n) => 1 / n)))
console.log(
  `log odds ratio of responsibility ${(odds(responsible) - odds(others)).toFixed(4)}, standard error ${error.toFixed(4)}: 0 where DEPENDENTS_RISK is right`,
)
