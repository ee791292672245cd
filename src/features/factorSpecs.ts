/** The catalogue as specifications of feature-table columns. */
import { bandText, type FactorBands } from '../schema/bands.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { type CatalogueFactor, FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'

/** Units of shares, ratios and indices: bounded or already relative, so linear models read them as they are. */
const RELATIVE_UNITS: readonly string[] = [
  'share 0..1',
  'share per year',
  'tenths of full fare',
  'ratio',
  'percent',
  'index',
]

/** Money and counts (of things, cases, months or days) are read on the log scale; all else linearly. */
export const factorScale = (factor: CatalogueFactor): FactorSpec['scale'] =>
  factor.kind === 'number' && !RELATIVE_UNITS.includes(factor.unit) ? 'log' : 'linear'

/** The 70 factors in catalogue order. Amounts are in the currency of the data set. */
export const catalogueSpecs = (currency: string): FactorSpec[] =>
  FACTOR_CATALOGUE.map((f) => ({
    name: f.name,
    dimension: f.dimension,
    kind: f.kind,
    unit: f.unit.replace('CNY', currency),
    scale: factorScale(f),
    expectedRisk: f.expectedRisk,
    definition: f.definition,
  }))

/** Units in which nothing is a state of its own, and not a small amount of something: things are counted, or money is added up. */
const isCounted = ({ kind, unit }: CatalogueFactor): boolean =>
  kind === 'number' && unit !== 'days' && !RELATIVE_UNITS.includes(unit)

/** The published bands of a factor; undefined where none were published. */
export const publishedBands = (factor: CatalogueFactor): FactorBands | undefined =>
  factor.dasCode === null || factor.dasUpperEdges.length === 0
    ? undefined
    : { coding: 'das', code: factor.dasCode, upperEdges: factor.dasUpperEdges, zero: isCounted(factor) }

/** A factor whose values are replaced by the numbers of their bands: ordered levels, read as they are by linear models. */
export const bandedSpec = (spec: FactorSpec, bands: FactorBands): FactorSpec => ({
  ...spec,
  kind: 'ordinal',
  unit: 'band',
  scale: 'linear',
  definition: `${spec.definition}; in bands${spec.unit ? ` of ${spec.unit}` : ''}: ${bandText(bands)}`,
  bands,
})
