/** Reports of made-up runs of any size, with names as hostile as data can bring them. Nothing in them is measured. */
import type { ModelCurves, ScoreTableRow } from '../../src/comparison/curves.ts'
import type { FactorFigures } from '../../src/comparison/factorFigures.ts'
import type {
  DrawnPeople,
  FactorDependence,
  ReportedModel,
  ReportedPerson,
  RunReport,
} from '../../src/reports/runReport.ts'
import { DIMENSIONS } from '../../src/schema/dimensions.ts'
import { DEFAULT_OUTCOME } from '../../src/schema/outcome.ts'
import { BANDS } from '../../src/schema/score.ts'
import { type Random, random } from '../../src/util/random.ts'

export interface FixtureOptions {
  models?: number
  factors?: number
  dimensions?: number
  rows?: number
  /** names from HOSTILE in place of plain ones */
  hostile?: boolean
  /** names of 40 letters */
  long?: boolean
  /** everything that may be absent is */
  bare?: boolean
}

/** What data may bring as a name. */
export const HOSTILE: readonly string[] = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
  '</style><svg onload=alert(1)>',
  '\u202etxt.exe reversed\u202c',
  `long ${'x'.repeat(195)}`,
  '👩‍👩‍👧‍👦 family 🇩🇪 flag',
  'javascript:alert(1)',
  '&lt;b&gt; &amp; & < >',
  'control \u0000\u001b[31m\u0085 signs',
  '信用记录与还款能力信用记录与还款能力',
  'a\nb\tc',
  '   ',
  '__proto__',
]

const nameOf = (kind: string, i: number, { hostile, long }: FixtureOptions): string => {
  if (hostile) return `${HOSTILE[i % HOSTILE.length]!}${i < HOSTILE.length ? '' : ` ${i}`}`
  return long ? `${kind}_${i}_`.padEnd(40, 'a_name_that_says_everything_') : `${kind}_${i}`
}

const wilson = (bads: number, rows: number) => {
  const p = bads / rows
  const half = 1.96 * Math.sqrt((p * (1 - p)) / rows + 1 / (4 * rows * rows))
  return { value: p, low: Math.max(0, p - half), high: Math.min(1, p + half) }
}

const around = (r: Random, value: number, half: number) => ({
  value,
  low: value - half * (0.8 + 0.4 * r.next()),
  high: value + half * (0.8 + 0.4 * r.next()),
})

const tableRow = (
  label: string,
  from: number | null,
  to: number | null,
  rows: number,
  bads: number,
  share: number,
): ScoreTableRow => ({
  label,
  from,
  to,
  rows,
  bads,
  badRate: rows ? wilson(bads, rows) : null,
  predicted: rows ? (bads + 1) / (rows + 3) : null,
  odds: bads ? (rows - bads) / bads : null,
  cumulativeRows: rows,
  cumulativeShare: share,
  cumulativeGoodShare: share * 0.9,
  cumulativeBadShare: Math.min(1, share * 1.8),
  ks: Math.abs(Math.min(1, share * 1.8) - share * 0.9),
})

const curvesOf = (r: Random, rows: number): ModelCurves => {
  const lift = 1.5 + r.next()
  const steps = Array.from({ length: 61 }, (_, i) => i / 60)
  const bads = Math.max(1, Math.round(0.08 * rows))
  const bin = (i: number) => {
    const goods = Math.round(rows * 0.06 * Math.exp(-((i - 17) ** 2) / 60))
    return {
      from: 350 + 20 * i,
      to: i === 29 ? 950 : 369 + 20 * i,
      goods,
      bads: Math.round(goods * 0.4 * Math.exp(-i / 8)),
    }
  }
  const approval = steps.map((s) => {
    const approved = Math.round(rows * (1 - s ** 1.5))
    const approvedBads = Math.round(bads * (1 - s ** (1 / lift)) * 0.9)
    return {
      cutoff: 350 + Math.round(600 * s),
      approved,
      approvalRate: approved / rows,
      approvedBads,
      badRate: approved ? wilson(Math.min(approved, approvedBads), approved) : null,
      refusedBadShare: s ** (1 / lift),
      refusedGoodShare: s ** lift,
    }
  })
  return {
    roc: steps.map((s) => ({ falsePositiveRate: s, truePositiveRate: s ** (1 / (lift + 1)) })),
    ksCurve: steps.map((s) => ({
      score: 350 + Math.round(600 * s),
      cumulativeGood: s ** lift,
      cumulativeBad: s ** (1 / lift),
    })),
    calibration: Array.from({ length: 10 }, (_, i) => {
      const p = 0.004 * 1.75 ** i
      return { rows: rows / 10, bads: 1, from: p * 0.8, to: p * 1.2, meanProbability: p, badRate: wilson(p * 500, 500) }
    }),
    scores: Array.from({ length: 30 }, (_, i) => bin(i)),
    bands: BANDS.map((b, i) =>
      tableRow(b.name, b.from, b.to, Math.round(rows / 5), Math.round((bads * (5 - i)) / 15), (i + 1) / 5),
    ),
    deciles: Array.from({ length: 10 }, (_, i) =>
      tableRow(
        String(i + 1),
        350 + 60 * i,
        409 + 60 * i,
        Math.round(rows / 10),
        Math.round((bads * (10 - i)) / 55),
        (i + 1) / 10,
      ),
    ),
    total: tableRow('all', 350, 950, rows, bads, 1),
    approval,
    atCutoff: approval[30]!,
  }
}

const dimensionNames = (options: FixtureOptions): string[] =>
  Array.from({ length: options.dimensions ?? 5 }, (_, i) =>
    !options.hostile && !options.long && i < 5 ? DIMENSIONS[i]!.name : nameOf('dimension', i, options),
  )

/** A boosted model's training, and falls of AUC under shuffled factors. */
const fitsOf = (
  r: Random,
  factors: readonly string[],
  options: FixtureOptions,
): Pick<ReportedModel, 'boosting' | 'permutation'> => {
  const losses = Array.from({ length: 80 }, (_, k) => 0.3 + 0.1 * Math.exp(-k / 20) + 0.0004 * Math.max(0, k - 50))
  const kept = options.bare ? 1 : 51
  return {
    boosting: {
      rounds: kept,
      mostRounds: 300,
      leavesPerTree: 14.5,
      validation: options.bare
        ? null
        : {
            rows: 1234,
            logLoss: losses[kept - 1]!,
            stoppedEarly: true,
            rounds: losses.map((logLoss, k) => ({ round: k + 1, logLoss })),
          },
      gains: options.bare ? [] : factors.map((column, j) => ({ column, splits: 90 - j, gain: 0.5 ** (j + 1) })),
    },
    permutation: {
      repeats: 5,
      factors: factors.map((factor, j) => {
        const value = 0.1 * 0.7 ** j
        return { factor, drop: options.bare ? { value, low: null, high: null } : around(r, value, 0.002) }
      }),
    },
  }
}

const DRAWN = 40
const LEVELS = ['employee', 'self-employed', 'none', 'retired']

/** A number with few values, one that is skewed, a category, a plain number, a constant; some of each are missing. */
const drawnOf = (factors: readonly string[], options: FixtureOptions): DrawnPeople => ({
  persons: DRAWN,
  ofPersons: 12345,
  ofRows: 67890,
  factors: factors.slice(0, 12).map((factor, j) => {
    const r = random(10).fork('drawn', j)
    const kind = (['flag', 'number', 'category', 'number', 'number'] as const)[j % 5]!
    const level = (k: number) => (options.hostile ? HOSTILE : LEVELS)[k % 4]!
    const one = [
      () => r.integer(2),
      () => Number(Math.exp(3 * r.normal()).toPrecision(5)) - (r.integer(4) ? 0 : 0.5),
      () => level(r.integer(4)),
      () => Number(r.normal().toPrecision(5)),
      () => 7,
    ][j % 5]!
    const values = Array.from({ length: DRAWN }, () => (options.bare || r.integer(8) === 0 ? null : one()))
    const unit = options.hostile ? HOSTILE[j % HOSTILE.length]! : ['yes/no', 'CNY', '', 'share 0..1', 'days'][j % 5]!
    return { factor, kind, unit, missing: values.filter((v) => v === null).length, values }
  }),
})

/** Three bins a number or three levels a category; some with missing values. */
const dependenceOf = (drawn: DrawnPeople, options: FixtureOptions): FactorDependence[] =>
  drawn.factors.slice(0, 9).map(({ factor, kind, unit }, j) => {
    const spread = (k: number) => ({ rows: 1000 * (k + 1), low: k - 20 - j, median: 5 * k - 10, high: 5 * k + j })
    const bins =
      kind === 'flag'
        ? [0, 1].map((v) => [v, v])
        : [
            [-1, 0],
            [0.1, 2],
            [2.5, j % 2 ? 9000 : 9],
          ]
    return {
      factor,
      kind,
      unit,
      bins: kind === 'category' ? null : bins.map(([from, to], k) => ({ from: from!, to: to!, ...spread(k) })),
      levels:
        kind === 'category'
          ? [0, 1, 2].map((k) => ({
              level: k === 2 ? null : (options.hostile ? HOSTILE : LEVELS)[k]!,
              levels: k === 2 ? 2 : 1,
              ...spread(k),
            }))
          : null,
      missing: j % 3 === 2 ? null : spread(3),
    }
  })

const modelOf = (
  k: number,
  options: FixtureOptions,
  factors: readonly string[],
  dimensions: readonly string[],
  drawn: DrawnPeople | null,
): ReportedModel => {
  const r = random(7).fork('model', k)
  const rows = options.rows ?? 5000
  const names = ['declared', 'logistic', 'tree', 'forest']
  const name = options.hostile || options.long ? nameOf('model', k, options) : (names[k] ?? nameOf('model', k, options))
  const points = factors.map(() => 20 * r.exponential())
  const total = points.reduce((a, b) => a + b, 0)
  const byDimension = dimensions.map((_, d) =>
    points.reduce((sum, p, j) => (j % dimensions.length === d ? sum + p : sum), 0),
  )
  const auc = around(r, 0.8 + 0.1 * r.next(), 0.02)
  const undefinedOne = {
    value: null as unknown as number,
    low: null as unknown as number,
    high: null as unknown as number,
  }
  return {
    name,
    modelHash: options.bare ? null : 'ab12'.repeat(16),
    figures: {
      rows,
      bads: Math.round(0.08 * rows),
      auc,
      gini: { value: 2 * auc.value - 1, low: 2 * auc.low - 1, high: 2 * auc.high - 1 },
      ks: { ...around(r, 0.5, 0.03), at: -2.3 },
      brier: around(r, 0.05, 0.002),
      logLoss: around(r, 0.19, 0.01),
      calibrationSlope: { ...(options.bare ? undefinedOne : around(r, 1, 0.1)), undefined: 0 },
      calibrationIntercept: { ...(options.bare ? undefinedOne : around(r, 0, 0.1)), undefined: 0 },
      meanProbability: 0.08,
      badRate: 0.08,
    },
    curves: curvesOf(r, rows),
    scored: options.bare
      ? null
      : {
          rows: rows * 6,
          meanScore: 650.25,
          clamped: 12,
          aboveCutoff: rows * 3,
          bands: Object.fromEntries(BANDS.map((b, i) => [b.name, rows * (i + 1)])),
        },
    importance: options.bare
      ? null
      : {
          rows: rows * 6,
          persons: rows,
          semantics: 'interventional',
          backgroundId: 'training_mean',
          link: 'linear',
          base: 692,
          factors: factors
            .map((factor, j) => ({
              factor,
              dimension: dimensions[j % dimensions.length]!,
              meanAbsolutePoints: points[j]!,
              low: points[j]! * 0.9,
              high: points[j]! * 1.1,
              share: points[j]! / total,
            }))
            .toSorted((a, b) => b.share - a.share),
          dimensions: dimensions
            .map((dimension, d) => ({
              dimension,
              meanAbsolutePoints: byDimension[d]!,
              low: options.factors === 1 ? null : byDimension[d]! * 0.9,
              high: options.factors === 1 ? null : byDimension[d]! * 1.1,
              factors: factors.length,
              members: { meanAbsolutePoints: byDimension[d]! * 1.2, low: byDimension[d]!, high: byDimension[d]! * 1.3 },
              difference: { meanAbsolutePoints: 1 + d, low: null, high: null },
              largestDifference: 9 + d,
              share: byDimension[d]! / total,
              declaredShare: DIMENSIONS.find((x) => x.name === dimension) ? DIMENSIONS[d]!.weight / 100 : null,
            }))
            .toSorted((a, b) => b.share - a.share),
          swarm: (drawn?.factors ?? []).map(({ factor }) => ({
            factor,
            points: Array.from({ length: DRAWN }, () => Math.round(12 * r.normal())),
          })),
          dependence: drawn && k === 0 ? dependenceOf(drawn, options) : [],
          rowsChecked: rows * 6,
          rowsFailing: 0,
          additivityGap: 1.3642420526593924e-12,
        },
    noImportance: options.bare ? 'isotonic calibration makes steps, which no sum of points follows; no receipts' : null,
    ...(k === 3 || options.models === 1 ? fitsOf(r, factors, options) : {}),
  }
}

const factorOf = (factor: string, j: number, dimension: string, options: FixtureOptions): FactorFigures => {
  const r = random(8).fork('factor', j)
  const half = 0.01 + 0.02 * r.next()
  const auc = 0.35 + 0.3 * r.next()
  const observed = auc - half > 0.5 ? 'up' : auc + half < 0.5 ? 'down' : half > 0.025 ? 'not enough evidence' : 'none'
  return {
    factor,
    dimension,
    kind: j % 9 === 8 ? 'category' : 'number',
    definition: options.hostile
      ? HOSTILE[(j + 3) % HOSTILE.length]!
      : 'money that the person paid back in the window, over all accounts of all institutions',
    rows: options.rows ?? 5000,
    missingShare: options.bare ? 1 : r.next() ** 2,
    informationValue: options.bare ? null : r.exponential() * 0.1,
    auc: options.bare ? null : { value: auc, low: auc - half, high: auc + half },
    expectedRisk: (['up', 'down', 'none'] as const)[j % 3]!,
    observedRisk: options.bare || j % 9 === 8 ? null : observed,
    asExpected: j % 3 === 2 || observed === 'none' ? null : observed === (['up', 'down', 'none'] as const)[j % 3],
    psi: options.bare ? null : r.exponential() * 0.02,
  }
}

const personOf = (
  model: string,
  factors: readonly string[],
  dimensions: readonly string[],
  options: FixtureOptions,
): ReportedPerson => {
  const r = random(9)
  const points = factors.map(() => Math.round(18 * r.normal()))
  const base = 640
  const raw = base + points.reduce((a, b) => a + b, 0)
  const score = Math.min(950, Math.max(350, raw))
  const byDimension = dimensions.map((_, d) =>
    points.reduce((sum, p, j) => (j % dimensions.length === d ? sum + p : sum), 0),
  )
  const values: (number | string | null)[] = [12345.678, 3, 0.25, null, options.hostile ? HOSTILE[1]! : 'employee', 0]
  const listed = factors
    .map((factor, j) => {
      const value = values[j % values.length] as number | string | null
      return {
        factor,
        dimension: dimensions[j % dimensions.length]!,
        points: points[j]!,
        value,
        unit: typeof value === 'number' ? (j % 2 ? 'days' : 'currency') : '',
        missing: value === null ? 'no_exposure' : null,
        definition: options.hostile ? HOSTILE[(j + 5) % HOSTILE.length]! : 'what the person paid back in the window',
      }
    })
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
  return {
    personId: options.hostile ? HOSTILE[0]! : 'P10000553',
    observationDate: '2025-01-01',
    model,
    semantics: 'path_dependent',
    backgroundId: 'tree_covers',
    link: 'linear',
    base,
    scaleLimit: score - raw,
    score,
    band: BANDS.find((b) => score <= b.to)!.name,
    probability: 0.0634,
    outcome: options.bare ? null : 'good',
    trainedOn: options.bare ? null : false,
    factors: listed,
    dimensions: dimensions.map((dimension, d) => ({
      dimension,
      points: byDimension[d]!,
      members: byDimension[d]!,
      percentile: r.next(),
    })),
    reasons: listed
      .filter((f) => f.points < 0)
      .slice(0, 4)
      .map((f, i) => ({
        factor: f.factor,
        points: f.points,
        group: f.factor,
        text: options.hostile ? HOSTILE[(i + 1) % HOSTILE.length]! : 'Payments were late during the last year',
        value: f.value,
        unit: f.unit,
      })),
  }
}

/** A report of a made-up run; the same options, the same report. */
export const fixtureReport = (options: FixtureOptions = {}): RunReport => {
  const rows = options.rows ?? 5000
  const factors = Array.from({ length: options.factors ?? 70 }, (_, j) => nameOf('factor', j, options))
  const dimensions = dimensionNames(options)
  const drawn = options.bare || factors.length === 0 ? null : drawnOf(factors, options)
  const models = Array.from({ length: options.models ?? 4 }, (_, k) => modelOf(k, options, factors, dimensions, drawn))
  return {
    format: 'glasscore.report',
    version: 1,
    name: options.hostile ? HOSTILE[0]! : 'demo',
    source: options.hostile ? HOSTILE[1]! : 'sesame',
    glasscore: '0.1.0',
    seed: 1,
    cutoff: 650,
    settings: {
      split: { by: 'person', testShare: 0.3 },
      calibration: 'platt',
      indeterminate: 'exclude',
      replicates: 1000,
    },
    dates: { first: '2024-01-01', last: '2025-01-01', count: 5 },
    protectedColumns: options.bare ? [] : options.hostile ? HOSTILE.slice(0, 3) : ['sex', 'age'],
    outcome: options.hostile ? { ...DEFAULT_OUTCOME, name: HOSTILE[1]!, text: HOSTILE.join(' ') } : DEFAULT_OUTCOME,
    waterfall: [
      { step: 'people', rows: rows * 6, kind: 'keeps' },
      { step: 'covered', rows: rows * 6 - 7, kind: 'keeps' },
      { step: options.hostile ? HOSTILE[1]! : 'eligible', rows: rows * 4, kind: 'keeps' },
      { step: 'excluded', rows: Math.round(rows * 0.1), kind: 'leaves' },
      { step: 'indeterminate', rows: Math.round(rows * 0.2), kind: 'leaves' },
      { step: 'good', rows: Math.round(rows * 3.4), kind: 'end' },
      { step: 'bad', rows: Math.round(rows * 0.3), kind: 'end' },
    ],
    evaluation: 'test',
    train: { rows: rows * 2, bads: Math.round(rows * 0.16) },
    test: { rows, bads: Math.round(rows * 0.08) },
    left: options.bare ? [] : [{ reason: 'outcome not yet known at the first test date', rows: 12 }],
    models,
    drawn,
    factors: factors.map((factor, j) => factorOf(factor, j, dimensions[j % dimensions.length]!, options)),
    unavailable: options.bare || factors.length === 0 ? [] : [{ factor: factors[0]!, reason: 'absent table bookings' }],
    person: options.bare || models.length === 0 ? null : personOf(models.at(-1)!.name, factors, dimensions, options),
    personChoice: 'the person whose score by the last model is nearest to the cutoff',
    notes: options.hostile ? [...HOSTILE] : ['Simulated: 30000 people. No row describes a real person.'],
    warnings: options.hostile ? [...HOSTILE] : ['tree: 3 of 70 factors were constant and left out'],
    inputs: {
      'features/features.parquet': 'ab12'.repeat(16),
      [options.hostile ? HOSTILE[1]! : 'train/metrics.json']: 'cd34'.repeat(16),
    },
  }
}
