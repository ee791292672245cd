import { describe, expect, test } from 'vitest'
import type { AuditedRows } from '../../../src/audits/fairness/auditRows.ts'
import { fairnessOf } from '../../../src/audits/fairness/fairnessOf.ts'
import type { AuditedGroup, ModelFairness } from '../../../src/audits/fairness/findings.ts'
import { MISSING_LABEL, MOST_CROSSED } from '../../../src/audits/fairness/groupings.ts'
import { random } from '../../../src/util/random.ts'

/** Rows of one group: so many selected and refused goods and bads. */
interface Cells {
  group: string | null
  good: [selected: number, refused: number]
  bad: [selected: number, refused: number]
}

/** A table with exactly these counts; scores 700 and 600 around a cutoff of 650. */
const tableOf = (cells: readonly Cells[]): AuditedRows => {
  const rows = cells.flatMap(({ group, good, bad }) =>
    [
      [700, 0, good[0]],
      [600, 0, good[1]],
      [700, 1, bad[0]],
      [600, 1, bad[1]],
    ].flatMap(([score, target, n]) => Array.from({ length: n! }, () => ({ group, score: score!, target: target! }))),
  )
  return {
    score: Float64Array.from(rows, (r) => r.score),
    higherIs: 'safety',
    target: Float64Array.from(rows, (r) => r.target),
    groups: [{ name: 'g', values: rows.map((r) => r.group) }],
  }
}

const groupOf = ({ attributes }: ModelFairness, label: string): AuditedGroup =>
  attributes[0]!.groups.find((g) => g.label === label)!

describe('what is said', () => {
  const cells: Cells[] = [
    { group: 'men', good: [400, 50], bad: [30, 20] },
    { group: 'women', good: [200, 150], bad: [10, 40] },
    { group: 'few', good: [4, 3], bad: [1, 1] },
    { group: null, good: [60, 12], bad: [5, 3] },
  ]
  const audit = fairnessOf('m', tableOf(cells), { cutoff: 650 })

  test('counts and rates as counted by hand', () => {
    const women = groupOf(audit, 'women')
    expect(women).toMatchObject({
      rows: 400,
      goods: 350,
      bads: 50,
      selected: 210,
      selectedGoods: 200,
      selectedBads: 10,
    })
    expect(women.selectionRate.value).toBe(210 / 400)
    expect(women.truePositiveRate.value).toBe(200 / 350)
    expect(women.falsePositiveRate.value).toBe(10 / 50)
    expect(women.positivePredictiveValue.value).toBe(200 / 210)
    // 1 - 200/350 differs from 150/350 in the last digit
    expect(women.goodsRefused.value).toBeCloseTo(150 / 350, 15)
    expect(women.againstReference!.adverseImpactRatio.value).toBeCloseTo(210 / 400 / (430 / 500), 15)
    // 150 refused, men's share would refuse 350 x 50/450
    expect(women.againstReference!.extraGoodsRefused.value).toBeCloseTo(150 - (350 * 50) / 450, 10)
  })

  test('the reference has the highest rate among groups of enough persons and is compared with nobody', () => {
    expect(audit.attributes[0]!.reference).toEqual({ label: 'men', because: 'highest rate' })
    expect(groupOf(audit, 'men').againstReference).toBeNull()
  })

  test('below four fifths, and refused goods named', () => {
    const { fourFifths, goodsRefusedDifference, truePositiveRateAnswer } = groupOf(audit, 'women').againstReference!
    expect(fourFifths).toBe('below four fifths')
    expect(goodsRefusedDifference.low).toBeGreaterThan(0)
    expect(truePositiveRateAnswer).toBe('lower')
  })

  test('a small group and the missing ones are listed, the small one without an answer', () => {
    expect(audit.attributes[0]!.groups.map((g) => g.label)).toEqual(['few', 'men', 'women', MISSING_LABEL])
    const few = groupOf(audit, 'few')
    expect(few.enough).toBe(false)
    expect(few.againstReference).toMatchObject({
      fourFifths: 'not enough evidence',
      noAnswer: { because: 'cell', of: 'group', cell: 'not selected', persons: 4 },
      selectionRateAnswer: 'not enough evidence',
    })
    expect(groupOf(audit, MISSING_LABEL)).toMatchObject({ rows: 80, missing: true, enough: true })
    const total = audit.attributes[0]!.groups.reduce((sum, g) => sum + g.rows, 0)
    expect(total).toBe(audit.overall.rows)
  })

  test('an interval on both sides of the line is no answer', () => {
    const found = fairnessOf(
      'm',
      tableOf([
        { group: 'a', good: [70, 20], bad: [5, 5] },
        { group: 'b', good: [55, 35], bad: [4, 6] },
      ]),
      { cutoff: 650 },
    )
    const { fourFifths, noAnswer, adverseImpactRatio } = groupOf(found, 'b').againstReference!
    expect(adverseImpactRatio.low).toBeLessThan(0.8)
    expect(adverseImpactRatio.high).toBeGreaterThan(0.8)
    expect({ fourFifths, noAnswer }).toEqual({ fourFifths: 'not enough evidence', noAnswer: { because: 'interval' } })
  })

  test('a group of under two percent is no reference, though it has enough persons', () => {
    const found = fairnessOf(
      'm',
      tableOf([
        { group: 'large', good: [600, 400], bad: [20, 80] },
        { group: 'tiny', good: [12, 8], bad: [0, 0] },
        { group: 'other', good: [300, 300], bad: [10, 20] },
      ]),
      { cutoff: 650 },
    )
    expect(groupOf(found, 'tiny').selectionRate.value).toBeGreaterThan(groupOf(found, 'large').selectionRate.value!)
    expect(found.attributes[0]!.reference!.label).toBe('large')
  })

  test('cells count persons: ten rows of two people are not enough', () => {
    const table = tableOf([
      { group: 'a', good: [100, 100], bad: [10, 10] },
      { group: 'b', good: [30, 30], bad: [5, 5] },
    ])
    const people = (divide: number) =>
      fairnessOf(
        'm',
        { ...table, personId: Array.from(table.score, (_, i) => (i < 220 ? `a${i}` : `b${Math.floor(i / divide)}`)) },
        { cutoff: 650, references: new Map([['g', 'a']]) },
      )
    expect(groupOf(people(1), 'b').enough).toBe(true)
    expect(groupOf(people(10), 'b').enough).toBe(false)
    expect(groupOf(people(10), 'b').rows).toBe(70)
  })

  test('rows without an outcome count for selection alone', () => {
    const table = tableOf(cells)
    const target = table.target!.map((t, i) => (i % 3 === 0 ? Number.NaN : t))
    const found = fairnessOf('m', { ...table, target }, { cutoff: 650 })
    for (const label of ['men', 'women']) {
      const [now, before] = [groupOf(found, label), groupOf(audit, label)]
      expect(now.selectionRate).toEqual(before.selectionRate)
      expect(now.goods! + now.bads! + now.unlabeled).toBe(before.rows)
      expect(now.unlabeled).toBeGreaterThan(0)
    }
    const none = fairnessOf('m', { ...table, target: undefined }, { cutoff: 650 })
    expect(groupOf(none, 'women').truePositiveRate.value).toBeNull()
    expect(groupOf(none, 'women')).toMatchObject({
      goods: null,
      bads: null,
      selectedGoods: null,
      selectedBads: null,
      unlabeled: 400,
    })
    // The others have outcomes, and these none: not known is not none bad.
    const partly = table.target!.map((t, i) => (table.groups[0]!.values[i] === 'women' ? Number.NaN : t))
    const some = fairnessOf('m', { ...table, target: partly }, { cutoff: 650 })
    expect([groupOf(some, 'women').bads, groupOf(some, 'men').bads]).toEqual([null, 50])
    expect(groupOf(none, 'women').againstReference!.fourFifths).toBe('below four fifths')
  })

  test('no undefined figure is NaN: JSON says what the audit says', () => {
    expect(JSON.parse(JSON.stringify(audit))).toEqual(audit)
  })

  test('the pairwise matrix holds every ratio and its reciprocal', () => {
    const matrix = audit.attributes[0]!.pairwise!
    expect(matrix.length).toBe(4)
    matrix.forEach((row, i) => {
      row.forEach((cell, j) => {
        expect(cell.value! * matrix[j]![i]!.value!).toBeCloseTo(1, 12)
        expect(cell.low! * matrix[j]![i]!.high!).toBeCloseTo(1, 12)
      })
    })
  })
})

describe('where everybody is alike', () => {
  const audit = fairnessOf(
    'm',
    tableOf([
      { group: 'all', good: [10, 0], bad: [0, 0] },
      { group: 'none', good: [0, 10], bad: [0, 0] },
      { group: 'one', good: [1, 0], bad: [0, 0] },
      { group: 'rest', good: [700, 150], bad: [50, 100] },
    ]),
    { cutoff: 650 },
  )
  const besideRest = (label: string) => groupOf(audit, label).againstReference!

  test('the ratio of ten people who are all selected, or of whom nobody is, has an interval with a width', () => {
    expect(audit.attributes[0]!.reference!.label).toBe('rest')
    const { adverseImpactRatio: all } = besideRest('all')
    expect(all.value).toBeCloseTo(1 / 0.75, 12)
    expect(all.low!).toBeLessThan(0.97)
    expect(all.high!).toBeGreaterThan(all.value!)
    const { adverseImpactRatio: none } = besideRest('none')
    expect([none.value, none.low]).toEqual([0, 0])
    expect(none.high!).toBeGreaterThan(0.3)
  })

  test('all rates alike have no two groups that are furthest apart', () => {
    const { parity } = fairnessOf(
      'm',
      tableOf([
        { group: 'a', good: [20, 20], bad: [5, 5] },
        { group: 'b', good: [40, 40], bad: [10, 10] },
      ]),
      { cutoff: 650 },
    ).attributes[0]!
    const alike = { low: null, high: null, highest: null, lowest: null }
    expect(parity.all.demographicParityDifference).toEqual({ value: 0, ...alike })
    expect(parity.all.demographicParityRatio).toEqual({ value: 1, ...alike })
    expect(parity.all.equalizedOddsDifference).toEqual({ value: 0, ...alike })
  })

  test('the intervals of ratio and difference hold 1 and 0 together', () => {
    const matrix = audit.attributes[0]!.pairwise!
    const holds = ({ low, high }: { low: number | null; high: number | null }, x: number) => low! <= x && x <= high!
    for (const [k, group] of audit.attributes[0]!.groups.entries()) {
      const beside = group.againstReference
      if (!beside) continue
      expect(holds(beside.adverseImpactRatio, 1)).toBe(holds(beside.selectionRateDifference, 0))
      expect(matrix[k]![3]).toEqual(beside.adverseImpactRatio)
    }
  })

  test('one person has rates with intervals, and neither a mean nor a standardized difference with one', () => {
    const one = groupOf(audit, 'one')
    expect(one.selectionRate.low!).toBeLessThan(0.25)
    expect(one.meanScore).toEqual({ value: 700, low: null, high: null })
    expect(one.standardizedDifferenceFromOthers.value).not.toBeNull()
    expect(one.standardizedDifferenceFromOthers.low).toBeNull()
  })
})

describe('invariance', () => {
  const stream = random(5)
  const n = 900
  const rows: AuditedRows & { personId: string[] } = {
    score: Float64Array.from({ length: n }, () => 560 + stream.integer(200)),
    higherIs: 'safety',
    probability: Float64Array.from({ length: n }, () => 0.02 + 0.5 * stream.next()),
    target: Float64Array.from({ length: n }, () => (stream.next() < 0.2 ? 1 : 0)),
    personId: Array.from({ length: n }, () => `p${stream.integer(400)}`),
    groups: [
      { name: 'sex', values: Array.from({ length: n }, () => ['f', 'm', null][stream.integer(3)]!) },
      { name: 'age', values: Array.from({ length: n }, () => String(18 + stream.integer(60))) },
    ],
  }
  const audit = fairnessOf('m', rows, { cutoff: 650 })

  /** Numbers that differ by more than the order of a sum can make them. */
  const differ = (a: unknown, b: unknown, path = ''): string[] => {
    if (typeof a === 'number' && typeof b === 'number')
      return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a)) ? [] : [`${path}: ${a} ${b}`]
    if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b ? [] : [path]
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      differ((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], `${path}/${key}`),
    )
  }
  const reordered = (order: readonly number[]): AuditedRows => ({
    ...rows,
    score: Float64Array.from(order, (i) => rows.score[i]!),
    probability: Float64Array.from(order, (i) => rows.probability![i]!),
    target: Float64Array.from(order, (i) => rows.target![i]!),
    personId: order.map((i) => rows.personId[i]!),
    groups: rows.groups.map(({ name, values }) => ({ name, values: order.map((i) => values[i]!) })),
  })

  test('the order of rows does not matter', () => {
    const order = [...rows.score.keys()].reverse()
    expect(differ(audit, fairnessOf('m', reordered(order), { cutoff: 650 }))).toEqual([])
    // the broken twin gives one row another group
    const other = reordered(order)
    const values = [...other.groups[0]!.values]
    values[0] = values[0] === 'f' ? 'm' : 'f'
    const moved = { ...other, groups: [{ name: 'sex', values }, other.groups[1]!] }
    expect(differ(audit, fairnessOf('m', moved, { cutoff: 650 })).length).toBeGreaterThan(0)
  })

  test('a score turned around, and its direction with it, selects and ranks the same', () => {
    const around = fairnessOf('m', { ...rows, score: rows.score.map((s) => -s), higherIs: 'risk' }, { cutoff: -650 })
    const kept = differ(audit, around).filter((path) => !/meanScore|standardizedDifference/.test(path))
    expect(kept).toEqual([])
    const { value } = audit.attributes[0]!.groups[0]!.standardizedDifferenceFromOthers
    expect(around.attributes[0]!.groups[0]!.standardizedDifferenceFromOthers.value).toBeCloseTo(-value!, 12)
  })

  test('every row twice, under the same person, says nothing new', () => {
    const once = { ...rows, personId: Array.from(rows.score, (_, i) => `p${i}`) }
    const order = [...rows.score.keys(), ...rows.score.keys()]
    const twice = { ...reordered(order), personId: order.map((i) => `p${i}`) }
    const found = fairnessOf('m', twice, { cutoff: 650 })
    const single = fairnessOf('m', once, { cutoff: 650 })
    const paths = differ(single, found).filter(
      // Counts double; the pooled variance of n - 2 rows moves in its third digit.
      (path) =>
        !/\/(rows|goods|bads|unlabeled|selected|selectedGoods|selectedBads)\b|standardized|extraGoods/.test(path),
    )
    expect(paths).toEqual([])
    const { personId: _, ...strangers } = twice
    const naive = fairnessOf('m', strangers, { cutoff: 650 })
    const width = (m: ModelFairness) => {
      const { low, high } = m.attributes[0]!.groups[0]!.selectionRate
      return high! - low!
    }
    // the broken twin takes copies for people
    expect(width(naive)).toBeLessThan(0.9 * width(single))
  })
})

describe('groups', () => {
  const many = (levels: number): AuditedRows => {
    const values = Array.from({ length: levels * 12 }, (_, i) => `d${String(i % levels).padStart(2, '0')}`)
    const sex = values.map((_, i) => (i % 2 ? 'f' : 'm'))
    const groups = [
      { name: 'district', values },
      { name: 'sex', values: sex },
    ]
    return { score: Float64Array.from(values, (_, i) => i % 7), higherIs: 'safety', groups }
  }

  test('many levels are all listed, and crossed by the largest ones and the rest', () => {
    const audit = fairnessOf('m', many(77), { cutoff: 3 })
    expect(audit.attributes[0]!.groups.length).toBe(77)
    expect(audit.attributes[0]!.pairwise).toBeNull()
    const crossed = audit.intersections[0]!
    expect(crossed.groups.reduce((sum, g) => sum + g.rows, 0)).toBe(77 * 12)
    expect(new Set(crossed.groups.map((g) => g.levels[0])).size).toBe(MOST_CROSSED + 1)
  })

  test('one group has nothing to be compared with', () => {
    const alone = { ...many(3), groups: [{ name: 'sex', values: new Array<string>(36).fill('f') }] }
    expect(() => fairnessOf('m', alone, { cutoff: 3 })).toThrow(/one group only/)
  })

  test('references and bands for what is not there are refused', () => {
    const rows = many(3)
    expect(() => fairnessOf('m', rows, { cutoff: 3, references: new Map([['sexe', 'f']]) })).toThrow(
      /no such protected/,
    )
    expect(() => fairnessOf('m', rows, { cutoff: 3, references: new Map([['sex', 'x']]) })).toThrow(
      /no such group of sex; expected one of f, m; got "x"/,
    )
    expect(() => fairnessOf('m', rows, { cutoff: 3, bands: new Map([['sex', [3]]]) })).toThrow(/sex has no bands/)
  })
})
