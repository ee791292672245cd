/**
 * The published bands of a factor: a lender is told "03" and not 4.5. A band is right-closed, (lo, hi]; its code is its number with two
 * digits, 01 for the lowest; # is a missing value.
 */

/** The bands that a factor was coded in. */
export interface FactorBands {
  /** whose bands: those that were published with the factor codes of the catalogue */
  coding: 'das'
  /** the public code of the factor */
  code: string
  /** upper edges, ascending, at least one; what is above the last has a band of its own */
  upperEdges: readonly number[]
  /** band 01 is zero alone, and the band of the first edge is 02: counts and amounts, where nothing is not a little */
  zero: boolean
}

/** What stands for a missing value among codes. */
export const MISSING_CODE = '#'

/** How many bands there are. */
export const bandCount = ({ upperEdges, zero }: FactorBands): number => upperEdges.length + (zero ? 2 : 1)

/** The number of the band of a value, 1 for the lowest; NaN for a missing one. What is negative is in the lowest. */
export const bandNumber = ({ upperEdges, zero }: FactorBands, value: number): number => {
  if (Number.isNaN(value)) return Number.NaN
  let band = zero && value > 0 ? 2 : 1
  for (const edge of upperEdges) if (value > edge) band++
  return band
}

/** The code of a band: 01, 02, ...; # for NaN. */
export const bandCode = (band: number): string => (Number.isNaN(band) ? MISSING_CODE : String(band).padStart(2, '0'))

/** The bands in words: "01: 0; 02: (0, 1]; 03: (1, 3]; 04: above 3". */
export const bandText = ({ upperEdges, zero }: FactorBands): string => {
  const first = upperEdges[0]!
  const texts = [
    ...(zero ? ['0', `(0, ${first}]`] : [`up to ${first}`]),
    ...upperEdges.slice(1).map((edge, k) => `(${upperEdges[k]}, ${edge}]`),
    `above ${upperEdges.at(-1)}`,
  ]
  return texts.map((text, k) => `${bandCode(k + 1)}: ${text}`).join('; ')
}

/** Whether two factors are coded alike, or both not at all. */
export const sameBands = (a: FactorBands | undefined, b: FactorBands | undefined): boolean =>
  a === undefined || b === undefined
    ? a === b
    : a.coding === b.coding &&
      a.zero === b.zero &&
      a.upperEdges.length === b.upperEdges.length &&
      a.upperEdges.every((edge, k) => edge === b.upperEdges[k])
