import { bootstrapReplicates, type WeightedFigures } from '../../metrics/bootstrap.ts'
import type { Random } from '../../util/random.ts'
import type { Bounds } from '../fairness/intervals.ts'
import { boundsOf } from '../recovery/boundsOf.ts'

/** Whose rows they are, and how often persons are drawn for an interval. */
export interface Persons {
  /** of each row; rows of one person are drawn together */
  personId: readonly string[]
  /** 1 = bad, 0 = good, one a row: as many bad persons are drawn as there are */
  target: Uint8Array
  replicates: number
  random: Random
}

/**
 * Figures of weighted rows with their 95 % percentile intervals over persons, drawn together so that they can be compared.
 * @param figures must not keep the weights it is given
 */
export const overPersons = (figures: WeightedFigures, persons: Persons): Bounds[] => {
  const { personId, target, replicates, random } = persons
  return bootstrapReplicates(figures, { target, groups: personId, replicates, random }).map(boundsOf)
}

/** The persons of some rows. */
export const personsOf = (persons: Persons, rows: ArrayLike<number>): Persons => ({
  ...persons,
  personId: Array.from(rows, (i) => persons.personId[i]!),
  target: Uint8Array.from(rows, (i) => persons.target[i]!),
})

/** Mean of a column; weights absent: every row once. NaN rows are left out. */
export const meanOf = (values: ArrayLike<number>, weights?: Float64Array): number => {
  let [sum, n] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    const w = weights ? weights[i]! : 1
    sum += w * value
    n += w
  }
  return sum / n
}
