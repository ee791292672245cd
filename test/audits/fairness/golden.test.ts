/** Against Fairlearn and statsmodels: test/fixtures/fairness/make_fairness.py. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { AuditedRows } from '../../../src/audits/fairness/auditRows.ts'
import { auditTable } from '../../../src/audits/fairness/auditRows.ts'
import { rateDifference, rateRatio } from '../../../src/audits/fairness/compareRates.ts'
import { estimateGroup } from '../../../src/audits/fairness/estimateGroup.ts'
import { fairnessOf } from '../../../src/audits/fairness/fairnessOf.ts'
import type { AuditedGrouping } from '../../../src/audits/fairness/findings.ts'
import { covariance, type Estimate, variance, Z } from '../../../src/audits/fairness/influence.ts'
import { rateOf } from '../../../src/audits/fairness/rate.ts'
import { openDuckDB } from '../../../src/engines/duckdb.ts'
import { fairnessOfFile } from '../../../src/stages/fairnessOfFile.ts'

interface FairlearnFigures {
  groups: Record<string, Record<string, number>>
  parity: Record<
    'demographicParityDifference' | 'demographicParityRatio' | 'equalOpportunityDifference' | 'equalizedOddsDifference',
    number
  >
}
interface Robust {
  rates: number[]
  standardErrors: number[]
  covariance: number
}
interface Golden {
  made: {
    rows: { sex: string[]; region: string[]; score: number[]; probability: number[]; bad: number[] }
    cutoff: number
    sex: FairlearnFigures
    region: FairlearnFigures
    crossed: FairlearnFigures
  }
  clustered: {
    rows: { person: string[]; group: string[]; score: number[]; probability: number[]; bad: number[] }
    cutoff: number
    figures: Record<'selectionRate' | 'truePositiveRate' | 'falsePositiveRate', Robust> & {
      logRatio: { value: number; standardError: number }
      hybridRatio: [number, number]
      calibrationSlope: { value: number; standardError: number }[]
      calibrationDifference: { value: number; standardError: number }[]
    }
  }
  intervals: {
    counts: [number, number, number, number]
    wilson: [number, number]
    newcombe: [number, number]
    moverR?: [number, number | null]
    katz?: [number, number]
  }[]
  german: { cutoff: number; age: FairlearnFigures; sex: FairlearnFigures }
}
const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/fairness/fairness.json', import.meta.url), 'utf8'),
) as Golden

/** Sums of at most a thousand terms of size 1: their last digits depend on the order alone. */
const DIGITS = 12

/** What of a grouping is not as Fairlearn says. */
const complaints = (grouping: AuditedGrouping, expected: FairlearnFigures): string[] => {
  const found: string[] = []
  const near = (what: string, a: number | null, b: number) => {
    if (a === null || !(Math.abs(a - b) < 10 ** -DIGITS)) found.push(`${what}: ${a}, Fairlearn ${b}`)
  }
  const labels = grouping.groups.map((g) => g.label)
  if ([...labels].sort().join() !== Object.keys(expected.groups).sort().join()) found.push(`groups: ${labels.join()}`)
  for (const group of grouping.groups) {
    const figures = expected.groups[group.label]
    if (!figures) continue
    near(`${group.label} rows`, group.rows, figures['rows']!)
    for (const name of ['selectionRate', 'truePositiveRate', 'falsePositiveRate', 'positivePredictiveValue'] as const)
      near(`${group.label} ${name}`, group[name].value, figures[name]!)
  }
  for (const [name, value] of Object.entries(expected.parity))
    near(name, grouping.parity.all[name as keyof FairlearnFigures['parity']].value, value)
  return found
}

const madeRows = (): AuditedRows => {
  const { sex, region, score, probability, bad } = golden.made.rows
  return {
    score: Float64Array.from(score),
    higherIs: 'safety',
    probability: Float64Array.from(probability),
    target: Float64Array.from(bad),
    groups: [
      { name: 'sex', values: sex },
      { name: 'region', values: region },
    ],
  }
}

describe('Fairlearn', () => {
  const audit = fairnessOf('made', madeRows(), { cutoff: golden.made.cutoff })

  test('the same figures of every group and pair, and the same parity', () => {
    expect(complaints(audit.attributes[0]!, golden.made.sex)).toEqual([])
    expect(complaints(audit.attributes[1]!, golden.made.region)).toEqual([])
    expect(complaints(audit.intersections[0]!, golden.made.crossed)).toEqual([])
  })

  test('TPR and FPR in each other’s place, or a small group left out, are noticed', () => {
    const swapped = structuredClone(audit.attributes[0]!)
    for (const g of swapped.groups)
      [g.truePositiveRate, g.falsePositiveRate] = [g.falsePositiveRate, g.truePositiveRate]
    expect(complaints(swapped, golden.made.sex).length).toBeGreaterThan(0)
    const without = structuredClone(audit.attributes[1]!)
    without.groups = without.groups.filter((g) => g.enough)
    expect(complaints(without, golden.made.region)[0]).toMatch(/^groups/)
  })

  const german = new URL('../../../../shared/data/german/german_credit_codiert.csv', import.meta.url)
  const there = existsSync(german)
  if (!there) console.log('skipped: the German credit data are not here')
  test.skipIf(!there)('the same on the German credit data, read as a file', async () => {
    const engine = await openDuckDB({ threads: 1 })
    const { rows } = await fairnessOfFile(engine, german.pathname, {
      score: 'Duration in Month',
      higherIs: 'risk',
      outcome: 'Target',
      bad: '0',
      groups: ['Age in years', 'StatusSex'],
    })
    engine.close()
    const { cutoff, age, sex } = golden.german
    const bands = new Map([['Age in years', [26]]])
    const found = fairnessOf('german', rows, { cutoff, bands })
    expect(complaints(found.attributes[0]!, age)).toEqual([])
    expect(complaints(found.attributes[1]!, sex)).toEqual([])
    // Fewer months are safer: read the other way round everything is another.
    const around = fairnessOf('german', { ...rows, higherIs: 'safety' }, { cutoff, bands })
    expect(complaints(around.attributes[0]!, age).length).toBeGreaterThan(0)
  })
})

describe('statsmodels', () => {
  /** A share of rows of as many persons. */
  const rate = (hits: number, rows: number, first: number) =>
    rateOf(
      {
        rows: Int32Array.from({ length: rows }, (_, k) => first + k),
        person: Int32Array.from({ length: first + rows }, (_, k) => k),
      },
      () => true,
      (row) => row < first + hits,
    )

  test.each(golden.intervals)(
    'Wilson, Newcombe and MOVER-R of $counts',
    ({ counts, wilson, newcombe, moverR, katz }) => {
      const [x1, n1, x2, n2] = counts
      const [a, b] = [rate(x1, n1, 0), rate(x2, n2, n1)]
      expect(a.interval.low).toBeCloseTo(wilson[0], DIGITS)
      expect(a.interval.high).toBeCloseTo(wilson[1], DIGITS)
      const difference = rateDifference(a, b)
      expect(difference.low).toBeCloseTo(newcombe[0], DIGITS)
      expect(difference.high).toBeCloseTo(newcombe[1], DIGITS)
      const ratio = rateRatio(a, b)
      expect(ratio.low).toBeCloseTo(moverR![0], DIGITS)
      // up to 54 here, found as a root with 15 digits of it
      expect(Math.log(ratio.high!)).toBeCloseTo(Math.log(moverR![1]!), DIGITS)
      const cells = [x1, n1 - x1, x2, n2 - x2]
      if (!katz || Math.min(...cells) < 1000) return
      // Two approximations of second order alike: with 1,600 in the smallest cell they agree to a thousandth of the ratio.
      expect(ratio.low! / katz[0]).toBeCloseTo(1, 3)
      expect(ratio.high! / katz[1]).toBeCloseTo(1, 3)
    },
  )

  test('a group selected wholly has a width, which the interval of the logarithm has not', () => {
    const { katz } = golden.intervals.find(({ counts }) => counts.join() === '10,10,20,20')!
    expect(katz).toEqual([1, 1])
    const ratio = rateRatio(rate(10, 10, 0), rate(20, 20, 10))
    expect(ratio.low!).toBeLessThan(0.75)
    expect(ratio.high!).toBeGreaterThan(1.15)
  })

  const { rows, cutoff, figures } = golden.clustered
  const audited = (personId: readonly string[] | undefined): AuditedRows => ({
    score: Float64Array.from(rows.score),
    higherIs: 'safety',
    probability: Float64Array.from(rows.probability),
    target: Float64Array.from(rows.bad),
    personId,
    groups: [{ name: 'group', values: rows.group }],
  })
  const estimates = (personId: readonly string[] | undefined) => {
    const table = auditTable(audited(personId), cutoff)
    return ['a', 'b'].map((g) => {
      const of = Int32Array.from(table.groups[0]!.values.keys()).filter((row) => table.groups[0]!.values[row] === g)
      return estimateGroup(table, of, 10)
    }) as [ReturnType<typeof estimateGroup>, ReturnType<typeof estimateGroup>]
  }
  const RATES = ['selectionRate', 'truePositiveRate', 'falsePositiveRate'] as const
  /** What of the standard errors is not as the sandwich over persons says. */
  const sandwich = ([a, b]: readonly [
    ReturnType<typeof estimateGroup>,
    ReturnType<typeof estimateGroup>,
  ]): string[] => {
    const found: string[] = []
    const near = (what: string, x: number, y: number) => {
      if (!(Math.abs(x - y) < 1e-10)) found.push(`${what}: ${x}, statsmodels ${y}`)
    }
    for (const name of RATES) {
      const of = figures[name]
      const pair: [Estimate, Estimate] = [a[name], b[name]]
      pair.forEach((estimate, k) => {
        near(`${name} ${k}`, estimate.value, of.rates[k]!)
        near(`${name} ${k} error`, Math.sqrt(variance(estimate)), of.standardErrors[k]!)
      })
      near(`${name} covariance`, covariance(...pair), of.covariance)
    }
    return found
  }

  test('rates of persons with several rows, some of them in both groups', () => {
    expect(sandwich(estimates(rows.person))).toEqual([])
    // the broken twin takes every row for a person
    expect(sandwich(estimates(undefined)).length).toBeGreaterThan(3)
  })

  test('the adverse impact ratio of persons with several rows, some of them in both groups', () => {
    const found = fairnessOf('m', audited(rows.person), { cutoff, references: new Map([['group', 'a']]) })
    const { adverseImpactRatio: ratio } = found.attributes[0]!.groups[1]!.againstReference!
    const { value, standardError } = figures.logRatio
    // The Poisson regression is iterated to 1e-8.
    expect(Math.log(ratio.value!)).toBeCloseTo(value, 8)
    expect(ratio.low).toBeCloseTo(figures.hybridRatio[0], DIGITS)
    expect(ratio.high).toBeCloseTo(figures.hybridRatio[1], DIGITS)
    // Its width is nearly that of the sandwich on the logarithm: some hundred rows in each group.
    const width = Math.log(ratio.high! / ratio.low!) / (2 * Z * standardError)
    expect(width).toBeGreaterThan(0.95)
    expect(width).toBeLessThan(1.05)
    const naive = fairnessOf('m', audited(undefined), { cutoff, references: new Map([['group', 'a']]) })
    const narrow = naive.attributes[0]!.groups[1]!.againstReference!.adverseImpactRatio
    expect(narrow.high! / narrow.low!).toBeLessThan(0.97 * (ratio.high! / ratio.low!))
  })

  test('calibration in a group', () => {
    estimates(rows.person).forEach(({ figures: { calibration } }, k) => {
      const { difference, slope } = calibration!
      const expected = figures.calibrationDifference[k]!
      expect(difference.value).toBeCloseTo(expected.value, DIGITS)
      // Made from Wilson's interval of the observed rate it is no normal one, but nearly as wide with some hundred rows.
      const width = (difference.high! - difference.low!) / (2 * Z * expected.standardError)
      expect(width).toBeGreaterThan(0.95)
      expect(width).toBeLessThan(1.1)
      const line = figures.calibrationSlope[k]!
      // Both are iterated until the gradient is far below this.
      expect(slope.value).toBeCloseTo(line.value, 8)
      expect(slope.low).toBeCloseTo(line.value - Z * line.standardError, 8)
    })
  })
})
