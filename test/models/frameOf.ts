import type { FactorFrame } from '../../src/matrix/frame.ts'
import type { FactorSpec } from '../../src/schema/factor.ts'

export const factor = (name: string, dimension: string): FactorSpec => ({
  name,
  dimension,
  kind: 'number',
  unit: '',
  scale: 'linear',
  expectedRisk: 'none',
  definition: name,
})

/** A frame of number factors; person p of row i is personId[i] or i. */
export const frameOf = (
  columns: { factor: FactorSpec; values: Float64Array }[],
  personId: string[] = Array.from(columns[0]!.values, (_, i) => `p${i}`),
): FactorFrame => ({
  rows: columns[0]!.values.length,
  personId,
  observationDate: personId.map(() => '2024-01-01'),
  factors: columns.map((c) => c.factor),
  numbers: Object.fromEntries(columns.map((c) => [c.factor.name, c.values])),
  categories: {},
})
