/** DAS coding: factors as the published bands in which a lender is told of them, in place of what was measured. */
import type { Engine } from '../engines/engine.ts'
import { identifier, literal } from '../engines/sql.ts'
import { bandCount, type FactorBands, MISSING_CODE } from '../schema/bands.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'
import { bandedSpec, publishedBands } from './factorSpecs.ts'

/** How factors are stored: as measured, or in the published bands. */
export const CODINGS = ['none', 'das'] as const
/** One of `CODINGS`. */
export type Coding = (typeof CODINGS)[number]

/** Bands by factor; the others have none. */
export const BANDS_OF: ReadonlyMap<string, FactorBands> = new Map(
  FACTOR_CATALOGUE.flatMap((f) => {
    const bands = publishedBands(f)
    return bands ? [[f.name, bands] as const] : []
  }),
)

/** SQL of the number of the band that a value is in, NULL for NULL: what `bandNumber` says. */
export const bandSql = (value: string, { upperEdges, zero }: FactorBands): string => {
  const steps = upperEdges.map((edge) => `(${value} > ${edge}::DOUBLE)::INTEGER`)
  return `(1 + ${[...(zero ? [`(${value} > 0)::INTEGER`] : []), ...steps].join(' + ')})::DOUBLE`
}

/** Replaces the values in the table `factors` by the numbers of their bands. */
export const codeFactors = async (engine: Engine): Promise<void> => {
  const coded = [...BANDS_OF].map(([name, bands]) => `${bandSql(identifier(name), bands)} AS ${identifier(name)}`)
  await engine.run(`CREATE OR REPLACE TABLE factors_coded AS SELECT * REPLACE (${coded.join(', ')}) FROM factors;
DROP TABLE factors; ALTER TABLE factors_coded RENAME TO factors`)
}

/** The factors of a table with the bands that they are in. */
export const codedSpecs = (specs: readonly FactorSpec[]): FactorSpec[] =>
  specs.map((spec) => {
    const bands = BANDS_OF.get(spec.name)
    return bands ? bandedSpec(spec, bands) : spec
  })

/**
 * SQL of the codes of a table of factors that are in bands: 01, 02, ...; Y and N for flags; # for a missing value. Factors without
 * published codes are not among them.
 */
export const codesSql = (keys: string, from: string): string => {
  const text = ({ name, kind }: (typeof FACTOR_CATALOGUE)[number]): string => {
    const value = `f.${identifier(name)}`
    const code =
      kind === 'flag' ? `CASE WHEN ${value} > 0 THEN 'Y' ELSE 'N' END` : `lpad(${value}::INTEGER::VARCHAR, 2, '0')`
    return `CASE WHEN ${value} IS NULL THEN ${literal(MISSING_CODE)} ELSE ${code} END AS ${identifier(name)}`
  }
  const hasCodes = FACTOR_CATALOGUE.filter((f) => BANDS_OF.has(f.name) || (f.dasCode !== null && f.kind === 'flag'))
  return `SELECT ${keys}, ${hasCodes.map(text).join(', ')} ${from}`
}

/** What a reader of the table must know: how it is coded, and which factors are not. */
export const codingNote = (currency: string): string => {
  const bands = [...BANDS_OF.values()]
  const most = Math.max(...bands.map(bandCount))
  const plain = FACTOR_CATALOGUE.filter((f) => !BANDS_OF.has(f.name) && f.kind !== 'flag').map((f) => f.name)
  return `DAS coding: ${bands.length} factors are numbers of their published bands, at most ${most}; ${MISSING_CODE} is a missing value; flags, Y and N, lose nothing. As they were measured, for want of published bands: ${plain.join(', ')}.${currency === 'CNY' ? '' : ` The edges of amounts mean CNY; ${currency} is compared with them as it is.`}`
}
