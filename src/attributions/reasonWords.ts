import { FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'

const catalogue = new Map(FACTOR_CATALOGUE.map((f) => [f.name, f]))

/**
 * Group and words of the reason that a factor gives: those of the catalogue, or the factor itself where it is of another table, also under a
 * name of the catalogue.
 */
export const reasonWords = ({
  factor,
  dimension,
  definition,
}: {
  factor: string
  dimension: string
  definition: string
}): { group: string; text: string } => {
  const known = catalogue.get(factor)
  return known?.dimension === dimension
    ? { group: known.reasonGroup, text: known.reasonText }
    : { group: factor, text: definition || factor }
}
