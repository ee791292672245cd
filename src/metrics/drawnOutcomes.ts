import type { Random } from '../util/random.ts'

/**
 * Replicates drawn within outcomes have as many bad persons as the sample; another sample of the population has not. Rankings do not
 * depend on that. Brier score, log loss and calibration intercept do: with the number held fixed, their 95 % intervals cover some
 * 75 to 90 % (docs/measurements.md). This draws the number of bad persons too, by its normal approximation, and weights rows to it.
 *
 * @param target 1 = bad, one a row; a person with any bad row is a bad person
 * @param personId of each row
 * @param random the same stream for statistics that are compared
 * @returns changes weights of rows in place; called once a replicate, in their order
 */
export const drawnOutcomes = (
  target: ArrayLike<number>,
  personId: ArrayLike<string>,
  random: Random,
): ((weights: Float64Array) => void) => {
  const rows = target.length
  const persons = new Map<string, boolean>()
  for (let i = 0; i < rows; i++) persons.set(personId[i]!, persons.get(personId[i]!) === true || target[i] === 1)
  const bads = [...persons.values()].filter(Boolean).length
  const goods = persons.size - bads
  const isBad = Uint8Array.from({ length: rows }, (_, i) => (persons.get(personId[i]!) ? 1 : 0))
  const spread = Math.sqrt((bads * goods) / Math.max(1, persons.size))
  return (weights) => {
    const drawn = Math.min(persons.size - 1, Math.max(1, Math.round(bads + spread * random.normal())))
    const [bad, good] = [drawn / bads, (persons.size - drawn) / goods]
    for (let i = 0; i < rows; i++) weights[i]! *= isBad[i] ? bad : good
  }
}
