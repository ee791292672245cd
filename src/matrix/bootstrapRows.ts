import { usageError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'

/**
 * Rows of a bootstrap sample of persons: as many persons as there are, drawn with replacement, all rows of a person as often as the person
 * was drawn. Persons with a bad row and persons without one are drawn apart, so that a sample has as many of each. A person keeps the name
 * in every copy, so that folds and out-of-bag rows still hold whole persons.
 *
 * @param personId person of each row
 * @param target 1 = bad, 0 = good, one a row; absent: all persons are drawn together
 * @returns positions of rows, rising, those that were drawn more than once repeated
 * @throws GlasscoreError('usage') for another number of outcomes
 */
export const bootstrapRows = (personId: readonly string[], random: Random, target?: ArrayLike<number>): Int32Array => {
  if (target !== undefined && target.length !== personId.length)
    throw usageError('outcomes and rows differ in number', {
      option: 'target',
      expected: `${personId.length}, one a row`,
      got: target.length,
    })
  const numbers = new Map<string, number>()
  const bad: number[] = []
  const personOf = Int32Array.from(personId, (id, i) => {
    let person = numbers.get(id)
    if (person === undefined) {
      person = bad.push(0) - 1
      numbers.set(id, person)
    }
    if (target?.[i] === 1) bad[person] = 1
    return person
  })
  const drawn = new Int32Array(bad.length)
  for (const outcome of [1, 0]) {
    const members = Int32Array.from(bad.keys()).filter((p) => bad[p] === outcome)
    const stream = random.fork('bootstrap', outcome)
    for (let k = 0; k < members.length; k++) drawn[members[stream.integer(members.length)]!]!++
  }
  const rows: number[] = []
  personOf.forEach((person, i) => {
    for (let k = 0; k < drawn[person]!; k++) rows.push(i)
  })
  return Int32Array.from(rows)
}
