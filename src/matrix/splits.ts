/**
 * Which rows train and which test. A person lies on one side only; strata keep the share of bads.
 * Every split is a function of person, target and random stream, never of row order beyond that of the table.
 */
import { usageError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'

/** Row positions of each side; rows in neither are counted by reason. */
export interface Split {
  /** ascending */
  train: Int32Array
  /** ascending; no person of them is in `train` */
  test: Int32Array
  /** rows that an out-of-time split can use on neither side */
  left: { reason: string; rows: number }[]
}

/** Persons in order of first appearance, with their rows and whether any of them is bad. */
const personsOf = (personId: readonly string[], target: ArrayLike<number>) => {
  const index = new Map<string, number>()
  const of = new Int32Array(personId.length)
  const bad: number[] = []
  personId.forEach((id, i) => {
    let p = index.get(id)
    if (p === undefined) {
      p = bad.length
      index.set(id, p)
      bad.push(0)
    }
    of[i] = p
    if (target[i] === 1) bad[p] = 1
  })
  return { of, bad }
}

/**
 * Folds 0..k-1 for each row, stratified by outcome, whole persons: a person with any bad row counts as bad.
 * @param target 1 = bad, 0 = good, one a row
 * @param folds k, a whole number of 2 or more
 * @returns the fold of each row
 * @throws GlasscoreError('usage') for another k, or fewer persons of either outcome than folds
 */
export const stratifiedFolds = (
  personId: readonly string[],
  target: ArrayLike<number>,
  folds: number,
  random: Random,
): Int32Array => {
  const { of, bad } = personsOf(personId, target)
  if (!Number.isInteger(folds) || folds < 2)
    throw usageError('invalid number of folds', {
      option: 'folds',
      expected: 'a whole number of 2 or more',
      got: folds,
    })
  const foldOf = new Int32Array(bad.length)
  let start = 0
  for (const outcome of [1, 0]) {
    const members = Int32Array.from(bad.keys()).filter((p) => bad[p] === outcome)
    if (members.length < folds)
      throw usageError(`too few persons for ${folds} folds`, {
        option: 'folds',
        expected: `at least ${folds} persons with each outcome`,
        got: `${members.length} ${outcome ? 'bad' : 'good'}`,
      })
    random.fork('folds', outcome).shuffle(members)
    // The second stratum starts where the first ended, so that fold sizes differ by one at most.
    members.forEach((p, i) => {
      foldOf[p] = (start + i) % folds
    })
    start = (start + members.length) % folds
  }
  return of.map((p) => foldOf[p]!)
}

const positions = (length: number, keep: (i: number) => boolean): Int32Array => {
  const out: number[] = []
  for (let i = 0; i < length; i++) if (keep(i)) out.push(i)
  return Int32Array.from(out)
}

/**
 * A share of the persons is held out, stratified by outcome.
 * @param target 1 = bad, 0 = good, one a row
 * @param testShare between 0 and 1, both excluded; the number of persons held out is rounded in each stratum
 * @throws GlasscoreError('usage') for another share
 */
export const splitByPerson = (
  personId: readonly string[],
  target: ArrayLike<number>,
  testShare: number,
  random: Random,
): Split => {
  if (!(testShare > 0 && testShare < 1))
    throw usageError('invalid test share', {
      option: 'testShare',
      expected: 'a number between 0 and 1',
      got: testShare,
    })
  const { of, bad } = personsOf(personId, target)
  const held = new Uint8Array(bad.length)
  for (const outcome of [1, 0]) {
    const members = Int32Array.from(bad.keys()).filter((p) => bad[p] === outcome)
    random.fork('holdout', outcome).shuffle(members)
    for (const p of members.subarray(0, Math.round(members.length * testShare))) held[p] = 1
  }
  return {
    train: positions(of.length, (i) => held[of[i]!] === 0),
    test: positions(of.length, (i) => held[of[i]!] === 1),
    left: [],
  }
}

const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/**
 * Out of time: tests at `testFrom` (default the last date) and later, trains only on rows whose performance window had
 * ended by the first test date, on other persons.
 * @param observationDate ISO days, one a row
 * @param target 1 = bad, 0 = good, one a row
 * @throws GlasscoreError('usage') when no observation date lies a whole performance window before the first test date
 */
export const splitByTime = (
  personId: readonly string[],
  observationDate: readonly string[],
  target: ArrayLike<number>,
  options: { performanceWindowDays: number; testShare: number; testFrom?: string },
  random: Random,
): Split => {
  const dates = [...new Set(observationDate)].sort()
  const testFrom = options.testFrom ?? dates.at(-1)!
  const firstTest = dates.find((d) => d >= testFrom)
  const ended = (day: string) => firstTest !== undefined && addDays(day, options.performanceWindowDays) <= firstTest
  if (firstTest === undefined || !dates.some(ended))
    throw usageError('no out-of-time split is possible', {
      option: 'split',
      expected: `observation dates at least ${options.performanceWindowDays} days before the first test date ${firstTest ?? testFrom}`,
      got: dates.join(', '),
    })
  const people = splitByPerson(personId, target, options.testShare, random)
  const test = people.test.filter((i) => observationDate[i]! >= firstTest)
  const train = people.train.filter((i) => ended(observationDate[i]!))
  const laterTrain = people.train.length - train.length
  const earlierTest = people.test.length - test.length
  return {
    train,
    test,
    left: [
      { reason: 'training persons whose performance window had not ended by the first test date', rows: laterTrain },
      { reason: 'test persons before the first test date', rows: earlierTest },
    ],
  }
}
