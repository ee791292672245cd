import { describe, expect, it } from 'vitest'
import { levelsOf } from '../../src/comparison/categoryLevels.ts'
import { type FactorFigures, factorFigures } from '../../src/comparison/factorFigures.ts'
import type { FactorFrame } from '../../src/matrix/frame.ts'
import { auc } from '../../src/metrics/auc.ts'
import { delongInterval } from '../../src/metrics/delong.ts'
import { informationValue } from '../../src/metrics/informationValue.ts'
import { psi } from '../../src/metrics/psi.ts'
import { canonicalJson } from '../../src/util/hash.ts'
import { random } from '../../src/util/random.ts'
import { frameOf } from '../matrix/helpers.ts'

const rows = 6000
const draw = random('factor figures')
const target = Uint8Array.from({ length: rows }, () => (draw.next() < 0.3 ? 1 : 0))
const column = (value: (bad: number, i: number) => number) => Array.from(target, (bad, i) => value(bad, i))
const risky = column((bad) => bad + draw.normal())
const columns = {
  risky,
  safe: risky.map((v) => -v),
  noise: column(() => draw.normal()),
  holes: column((bad) => (draw.next() < 0.25 ? Number.NaN : bad + draw.normal())),
  constant: column(() => 7),
  empty: column(() => Number.NaN),
  rare: column((_, i) => (i < 12 ? i : Number.NaN)),
  level: Array.from(target, (bad) => {
    const u = draw.next()
    return u < 0.1 ? null : u < (bad ? 0.7 : 0.4) ? 'red' : 'blue'
  }),
}
const frame = frameOf(columns, {
  risky: { expectedRisk: 'up' },
  safe: { expectedRisk: 'up' },
  noise: { expectedRisk: 'down' },
  rare: { expectedRisk: 'up' },
  holes: { expectedRisk: 'none' },
})
const train = Int32Array.from({ length: 4000 }, (_, i) => i)
const test = Int32Array.from({ length: 1500 }, (_, i) => 4500 + i)
const of = (figures: FactorFigures[], name: string) => figures.find((f) => f.factor === name)!
const figures = factorFigures(frame, target, { train, test })
const pick = (values: readonly number[], sides: Int32Array) => Array.from(sides, (i) => values[i]!)

describe('factorFigures', () => {
  it('measures training rows, and test rows against them', () => {
    const y = Array.from(train, (i) => target[i]!)
    const x = pick(columns.risky, train)
    expect(of(figures, 'risky').informationValue).toBe(informationValue(x, y).value)
    expect(of(figures, 'risky').auc!.value).toBeCloseTo(auc(x, y), 12)
    expect(of(figures, 'risky').psi).toBe(psi(x, pick(columns.risky, test)))
    // Rows of neither side and of the test side change nothing of it.
    const changed = frameOf({ ...columns, risky: columns.risky.map((v, i) => (i >= 4000 ? -v : v)) })
    const again = of(factorFigures(changed, target, { train, test }), 'risky')
    expect(again.informationValue).toBe(of(figures, 'risky').informationValue)
    expect(again.auc).toEqual(of(figures, 'risky').auc)
    expect(again.psi!).toBeGreaterThan(0.1)
  })

  it('takes all rows where none are apart', () => {
    const all = factorFigures(frame, target)
    expect(of(all, 'risky').informationValue).toBe(informationValue(columns.risky, target).value)
    expect(all.every((f) => f.psi === null)).toBe(true)
    expect(all.map((f) => f.factor)).toEqual(Object.keys(columns))
  })

  it('names directions, and holds them against what was expected', () => {
    const answer = (name: string) => [of(figures, name).observedRisk, of(figures, name).asExpected]
    expect(answer('risky')).toEqual(['up', true])
    expect(answer('safe')).toEqual(['down', false])
    expect(answer('noise')).toEqual(['none', false])
    expect(answer('holes')).toEqual(['up', null])
    expect(answer('rare')).toEqual(['not enough evidence', null])
    expect(answer('level')).toEqual([null, null])
    // The same noise on few rows: the interval is wide, and says nothing.
    const small = Int32Array.from({ length: 150 }, (_, i) => i)
    expect(of(factorFigures(frame, target, { train: small }), 'noise').observedRisk).toBe('not enough evidence')
  })

  it('counts missing values over all labeled rows and leaves them out of the ranking', () => {
    const { missingShare, auc: own } = of(figures, 'holes')
    expect(missingShare).toBe(columns.holes.filter(Number.isNaN).length / rows)
    const present = Array.from(train).filter((i) => !Number.isNaN(columns.holes[i]!))
    const expected = delongInterval(
      present.map((i) => columns.holes[i]!),
      present.map((i) => target[i]!),
    )
    expect(own).toEqual(expected)
    expect(of(figures, 'empty')).toMatchObject({ missingShare: 1, informationValue: 0, auc: null, psi: 0 })
    expect(of(figures, 'constant')).toMatchObject({ informationValue: 0, observedRisk: 'none' })
  })

  it('takes the levels of a category, missing ones among them', () => {
    const cells = new Map<string | null, [number, number]>()
    for (const i of train) {
      const cell = cells.get(columns.level[i]!) ?? [0, 0]
      cell[target[i]!]++
      cells.set(columns.level[i]!, cell)
    }
    const goods = [...cells.values()].reduce((sum, [g]) => sum + g, 0)
    const bads = [...cells.values()].reduce((sum, [, b]) => sum + b, 0)
    const iv = [...cells.values()].reduce((sum, [g, b]) => {
      const [goodShare, badShare] = [(g + 0.5) / (goods + 1.5), (b + 0.5) / (bads + 1.5)]
      return sum + (goodShare - badShare) * Math.log(goodShare / badShare)
    }, 0)
    expect(of(figures, 'level').informationValue).toBeCloseTo(iv, 12)
    const coded = column((_, i) => (columns.level[i] === null ? Number.NaN : columns.level[i] === 'red' ? 1 : 0))
    const expected = of(factorFigures(frameOf({ coded }), target, { train }), 'coded').auc!
    expect(of(figures, 'level').auc).toEqual(expected)
    expect(of(figures, 'level').psi!).toBeLessThan(0.02)
  })

  it('takes rows of one person together; a twin that gives each row a person of its own is caught', () => {
    const five = frameOf({ risky: columns.risky.flatMap((v) => [v, v, v, v, v]) })
    const y = Uint8Array.from({ length: 5 * rows }, (_, i) => target[Math.floor(i / 5)]!)
    const own: FactorFrame = { ...five, personId: five.personId.map((_, i) => `p${Math.floor(i / 5)}`) }
    const alone = of(factorFigures(frame, target), 'risky').auc!
    expect(of(factorFigures(own, y), 'risky').auc!.low).toBeCloseTo(alone.low, 10)
    const width = ({ low, high }: { low: number; high: number }) => high - low
    expect(width(of(factorFigures(five, y), 'risky').auc!)).toBeLessThan(0.6 * width(alone))
  })

  it('is plain JSON that comes back the same', () => {
    for (const sides of [{ train, test }, {}, { train: Int32Array.of(0, 1) }]) {
      const made = factorFigures(frame, target, sides)
      expect(JSON.parse(canonicalJson(made))).toEqual(made)
    }
  })
})

describe('levelsOf', () => {
  it('keeps the most frequent levels and puts rarer and unknown ones together', () => {
    const values = Array.from({ length: 60 }, (_, k) => Array.from({ length: 61 - k }, () => `level ${k}`)).flat()
    const { count, levelOf } = levelsOf([...values, null])
    expect(count).toBe(52)
    expect(levelOf(null)).toBe(0)
    expect(levelOf('level 0')).toBe(1)
    expect(levelOf('level 49')).toBe(50)
    expect([levelOf('level 50'), levelOf('level 59'), levelOf('never seen')]).toEqual([51, 51, 51])
  })
})
