/** Explanations of made-up models, with names as hostile as data can bring them. Nothing in them is measured. */
import type {
  ExplanationOfAll,
  ExplanationOfPerson,
  ReportedAgainst,
  ReportedBackground,
} from '../../src/reports/explanationReport.ts'
import { random } from '../../src/util/random.ts'
import { HOSTILE } from './fixture.ts'

export interface ExplanationFixture {
  models?: number
  backgrounds?: number
  factors?: number
  dimensions?: number
  hostile?: boolean
}

const madeOf = ({ models = 2, backgrounds = 3, factors = 8, dimensions = 5, hostile = false }: ExplanationFixture) => {
  const name = (kind: string, i: number) =>
    hostile ? `${HOSTILE[i % HOSTILE.length]!}${i < HOSTILE.length ? '' : ` ${i}`}` : `${kind}_${i}`
  const names = (kind: string, n: number) => Array.from({ length: n }, (_, i) => name(kind, i))
  return {
    names: {
      models: names('model', models),
      factors: names('factor', factors),
      dimensions: names('dimension', dimensions),
    },
    dimensionOf: (f: number) => name('dimension', f % dimensions),
    backgrounds: Array.from(
      { length: backgrounds },
      (_, b): ReportedBackground => ({
        backgroundId: b === 0 ? 'tree_covers' : name('reference_group_of_a_long_name', b),
        sentence: `${100 * b} rows: applicants whose ${name('column', b)} is ${name('level', b + 1)}.`,
        rows: b === 0 ? null : 100 * b,
        semantics: b === 0 ? 'path_dependent' : 'interventional',
        link: 'linear',
        base: 600 + b,
      }),
    ),
    head: {
      format: 'glasscore.explanation' as const,
      version: 1 as const,
      glasscore: '1.0.0',
      seed: 1,
      source: name('table', 0),
      rows: 1234,
      notes: hostile ? [...HOSTILE] : [],
      inputs: { [name('file', 0)]: 'a'.repeat(64) },
    },
  }
}

export const fixtureOfAll = (options: ExplanationFixture = {}): ExplanationOfAll => {
  const { names, dimensionOf, backgrounds, head } = madeOf(options)
  const stream = random(3)
  const against = (background: ReportedBackground): ReportedAgainst => ({
    ...background,
    rowsChecked: 1234,
    rowsFailing: 0,
    persons: 1234,
    additivityGap: 1.2e-12,
    factors: names.factors.map((factor, f) => ({
      factor,
      dimension: dimensionOf(f),
      meanAbsolutePoints: 30 * stream.next(),
      low: 30 * stream.next(),
      high: 30 * stream.next(),
      ...(stream.next() < 0.5 ? { standardError: stream.next() } : {}),
      share: stream.next(),
    })),
    dimensions: names.dimensions.map((dimension) => ({
      dimension,
      share: stream.next(),
      game: 50 * stream.next(),
      members: 50 * stream.next(),
      meanDifference: stream.next(),
      largestDifference: 5 * stream.next(),
    })),
  })
  return {
    ...head,
    kind: 'all',
    dates: { first: '2024-01-01', last: '2025-01-01', count: 5 },
    protectedColumns: ['sex', head.source],
    models: names.models.map((name, k) => ({
      name,
      modelHash: 'b'.repeat(64),
      linear: k % 2 === 1,
      backgrounds: backgrounds.map(against),
    })),
  }
}

export const fixtureOfPerson = (options: ExplanationFixture = {}): ExplanationOfPerson => {
  const { names, dimensionOf, backgrounds, head } = madeOf(options)
  const stream = random(4)
  return {
    ...head,
    kind: 'person',
    personId: head.source,
    observationDate: '2025-01-01',
    earlierDates: ['2024-10-01'],
    models: names.models.map((name, k) => ({
      name,
      modelHash: 'c'.repeat(64),
      linear: k % 2 === 1,
      score: 620,
      band: 'good',
      scaleLimit: k === 0 ? -3 : 0,
      backgrounds,
      factors: names.factors.map((factor, f) => ({
        factor,
        dimension: dimensionOf(f),
        value: f % 3 === 0 ? 1234.5 * f : f % 3 === 1 ? factor : null,
        unit: ['CNY', 'yes/no', 'flights', ''][f % 4]!,
        missing: f % 2 === 0 ? 'no_rows' : null,
        definition: factor,
        points: backgrounds.map(() => stream.integer(61) - 30),
      })),
      dimensions: names.dimensions.map((dimension) => ({
        dimension,
        against: backgrounds.map(() => ({
          points: stream.integer(61) - 30,
          members: stream.integer(61) - 30,
          percentile: stream.next(),
        })),
      })),
    })),
  }
}
