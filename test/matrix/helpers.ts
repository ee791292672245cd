import type { FactorFrame } from '../../src/matrix/frame.ts'
import type { FactorSpec } from '../../src/schema/factor.ts'

export const spec = (name: string, more: Partial<FactorSpec> = {}): FactorSpec => ({
  name,
  dimension: 'other',
  kind: 'number',
  unit: '',
  scale: 'linear',
  expectedRisk: 'none',
  definition: name,
  ...more,
})

/** A frame from plain arrays; numbers with NaN, texts with null. */
export const frameOf = (
  columns: Record<string, (number | string | null)[]>,
  more: Record<string, Partial<FactorSpec>> = {},
): FactorFrame => {
  const rows = Object.values(columns)[0]!.length
  const frame: FactorFrame = {
    rows,
    personId: Array.from({ length: rows }, (_, i) => `p${i}`),
    observationDate: new Array(rows).fill('2025-01-01'),
    factors: Object.entries(columns).map(([name, values]) =>
      spec(name, { kind: values.some((v) => typeof v === 'string') ? 'category' : 'number', ...more[name] }),
    ),
    numbers: {},
    categories: {},
  }
  for (const factor of frame.factors) {
    const values = columns[factor.name]!
    if (factor.kind === 'category') frame.categories[factor.name] = values as (string | null)[]
    else frame.numbers[factor.name] = Float64Array.from(values as number[])
  }
  return frame
}
