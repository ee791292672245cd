import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { approvalAt } from '../../src/comparison/approval.ts'
import { modelCurves } from '../../src/comparison/modelCurves.ts'
import { bandTable, decileTable, type ScoredRows, scoreBins, totalRow } from '../../src/comparison/scoreTable.ts'
import { personShare } from '../../src/metrics/personShare.ts'
import { wilson } from '../../src/metrics/wilson.ts'
import { BANDS, SCORE_MAX, SCORE_MIN } from '../../src/schema/score.ts'
import { DEFAULT_SCALE, scoresOf } from '../../src/scores/scale.ts'
import { canonicalJson } from '../../src/util/hash.ts'
import { random } from '../../src/util/random.ts'

/** Everybody has one row. */
const rowNumbers = (rows: number) => Int32Array.from({ length: rows }, (_, i) => i)

const made = (rows: number, seed: string) => {
  const draw = random(seed)
  const margin = Float64Array.from({ length: rows }, () => draw.normal() * 1.5 - 2.5)
  const probability = margin.map((m) => 1 / (1 + Math.exp(-m)))
  const target = Uint8Array.from(probability, (p) => (draw.next() < p ? 1 : 0))
  return { personId: rowNumbers(rows), margin, probability, target, score: scoresOf(probability, DEFAULT_SCALE) }
}
const held = made(3000, 'curves')
const curves = modelCurves(held, { cutoff: 650 })

const heldRows = fc
  .array(
    fc.tuple(
      // Few scores, the ends among them, so that ties, lumps and empty tenths are frequent.
      fc.constantFrom(350, 351, 500, 549, 550, 640, 649, 650, 700, 949, 950),
      fc.integer({ min: 0, max: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
    { maxLength: 60 },
  )
  .map(
    (rows): ScoredRows => ({
      personId: rowNumbers(rows.length),
      score: Int32Array.from(rows, ([s]) => s),
      target: Uint8Array.from(rows, ([, y]) => y),
      probability: Float64Array.from(rows, ([, , p]) => p),
    }),
  )

describe('band and decile tables', () => {
  it('have the rows of their scores: counted again, one by one', () => {
    fc.assert(
      fc.property(heldRows, (rows) => {
        for (const table of [bandTable(rows), decileTable(rows), [totalRow(rows)]]) {
          let cumulative = 0
          let cumulativeBads = 0
          const bads = rows.target.filter((y) => y === 1).length
          for (const line of table) {
            const inside = Array.from(rows.score.keys()).filter(
              (i) => line.from !== null && rows.score[i]! >= line.from && rows.score[i]! <= line.to!,
            )
            const own = inside.filter((i) => rows.target[i] === 1).length
            cumulative += inside.length
            cumulativeBads += own
            expect(line.rows).toBe(inside.length)
            expect(line.bads).toBe(own)
            expect(line.badRate).toEqual(inside.length ? wilson(own, inside.length) : null)
            expect(line.odds).toBe(own ? (inside.length - own) / own : null)
            expect(line.cumulativeRows).toBe(cumulative)
            expect(line.cumulativeBadShare).toBe(bads ? cumulativeBads / bads : null)
            if (inside.length) {
              const mean = inside.reduce((sum, i) => sum + rows.probability[i]!, 0) / inside.length
              expect(line.predicted).toBeCloseTo(mean, 12)
            } else expect(line.predicted).toBeNull()
          }
          expect(cumulative).toBe(rows.score.length)
        }
      }),
    )
  })

  it('show the bands of the score, worst first', () => {
    expect(curves.bands.map(({ label, from, to }) => ({ name: label, from, to }))).toEqual([...BANDS])
  })

  it('cut tenths of about equal size, lowest scores first, none sharing a score', () => {
    expect(curves.deciles.map((d) => d.label)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])
    // The most frequent score has some 25 of 3,000 rows: a tenth has 300 but for the ties at both of its ends.
    for (const d of curves.deciles) expect(Math.abs(d.rows - 300)).toBeLessThanOrEqual(25)
    for (let k = 1; k < 10; k++) expect(curves.deciles[k]!.from!).toBeGreaterThan(curves.deciles[k - 1]!.to!)
    const rates = curves.deciles.map((d) => d.badRate!.value)
    expect(rates[0]!).toBeGreaterThan(3 * rates[5]!)
  })

  it('leave a tenth empty where one score has several tenths of the rows', () => {
    const score = Int32Array.from({ length: 100 }, (_, i) => (i < 60 ? 500 : 500 + i))
    const table = decileTable({
      personId: rowNumbers(100),
      score,
      target: new Uint8Array(100),
      probability: new Float64Array(100),
    })
    expect(table.map((d) => d.rows)).toEqual([0, 0, 0, 60, 0, 0, 10, 10, 10, 10])
    expect(table[0]).toMatchObject({ from: null, to: null, badRate: null, predicted: null, odds: null })
    expect(table[3]).toMatchObject({ from: 500, to: 500, odds: null, cumulativeBadShare: null, ks: null })
  })

  it('end with everybody', () => {
    const last = curves.deciles.at(-1)!
    expect([last.cumulativeRows, last.cumulativeShare, last.cumulativeGoodShare, last.cumulativeBadShare]).toEqual([
      3000, 1, 1, 1,
    ])
    expect(curves.total).toMatchObject({ label: 'all', rows: 3000, cumulativeRows: 3000, ks: 0 })
    expect(curves.total.bads).toBe(curves.bands.reduce((sum, b) => sum + b.bads, 0))
  })
})

describe('distribution of scores', () => {
  it('covers 350 to 950 in bins of 20 without a gap; every row is in one', () => {
    expect(curves.scores.length).toBe(30)
    expect([curves.scores[0]!.from, curves.scores.at(-1)!.to]).toEqual([SCORE_MIN, SCORE_MAX])
    for (let k = 1; k < 30; k++) expect(curves.scores[k]!.from).toBe(curves.scores[k - 1]!.to + 1)
    fc.assert(
      fc.property(heldRows, (rows) => {
        for (const bin of scoreBins(rows)) {
          const inside = Array.from(rows.score.keys()).filter(
            (i) => rows.score[i]! >= bin.from && rows.score[i]! <= bin.to,
          )
          expect(bin.goods + bin.bads).toBe(inside.length)
          expect(bin.bads).toBe(inside.filter((i) => rows.target[i] === 1).length)
        }
      }),
    )
  })
})

describe('approval', () => {
  const brute = (rows: ScoredRows, cutoff: number, meets: (score: number) => boolean) => {
    const ids = Array.from(rows.score.keys())
    const approved = ids.filter((i) => meets(rows.score[i]!))
    const bads = ids.filter((i) => rows.target[i] === 1)
    const approvedBads = approved.filter((i) => rows.target[i] === 1).length
    return {
      cutoff,
      approved: approved.length,
      approvedBads,
      refusedBadShare: bads.length ? (bads.length - approvedBads) / bads.length : null,
    }
  }
  const agrees = (meets: (score: number, cutoff: number) => boolean) =>
    fc.property(heldRows, fc.constantFrom(350, 500, 640, 650, 651, 950), (rows, cutoff) => {
      const { approved, approvedBads, refusedBadShare } = approvalAt(rows, cutoff)
      const expected = brute(rows, cutoff, (score) => meets(score, cutoff))
      const share =
        refusedBadShare === expected.refusedBadShare || Math.abs(refusedBadShare! - expected.refusedBadShare!) < 1e-12
      return approved === expected.approved && approvedBads === expected.approvedBads && share
    })

  it('is for those who have at least the cutoff; a twin that asks for more is caught', () => {
    fc.assert(agrees((score, cutoff) => score >= cutoff))
    expect(
      fc.check(
        agrees((score, cutoff) => score > cutoff),
        { seed: 1 },
      ).failed,
    ).toBe(true)
  })

  it('goes from everybody to few, every ten points', () => {
    expect(curves.approval.map((a) => a.cutoff)).toEqual(Array.from({ length: 61 }, (_, k) => 350 + 10 * k))
    expect(curves.approval[0]).toMatchObject({ approvalRate: 1, refusedBadShare: 0, refusedGoodShare: 0 })
    for (let k = 1; k < 61; k++)
      expect(curves.approval[k]!.approvalRate).toBeLessThanOrEqual(curves.approval[k - 1]!.approvalRate)
    expect(curves.atCutoff).toEqual(curves.approval.find((a) => a.cutoff === 650))
  })
})

it('everything is plain JSON that comes back the same, also of one outcome and of no rows', () => {
  const nobody = {
    personId: rowNumbers(0),
    margin: new Float64Array(),
    probability: new Float64Array(),
    target: new Uint8Array(),
    score: new Int32Array(),
  }
  const goods = { ...held, target: new Uint8Array(3000) }
  for (const rows of [held, goods, nobody]) {
    const made = modelCurves(rows, { cutoff: 701 })
    // NaN and Infinity would come back as null.
    expect(JSON.parse(canonicalJson(made))).toEqual(made)
  }
  expect(modelCurves(goods, { cutoff: 650 }).roc).toEqual([])
})

describe('rates of persons with several rows', () => {
  /** Five rows a person of near scores and one outcome. */
  const several: typeof held = (() => {
    const draw = random('several')
    const one = made(600, 'persons')
    const of = (i: number) => Math.floor(i / 5)
    const rows = Array.from({ length: 3000 }, (_, i) => i)
    const margin = Float64Array.from(rows, (i) => one.margin[of(i)]! + 0.1 * draw.normal())
    const probability = margin.map((m) => 1 / (1 + Math.exp(-m)))
    return {
      personId: Int32Array.from(rows, of),
      margin,
      probability,
      target: Uint8Array.from(rows, (i) => one.target[of(i)]!),
      score: scoresOf(probability, DEFAULT_SCALE),
    }
  })()
  const shareOf = (keep: (i: number) => boolean) => {
    const persons = new Map<number, { hits: number; rows: number }>()
    for (let i = 0; i < 3000; i++) {
      if (!keep(i)) continue
      const { hits, rows } = persons.get(several.personId[i]!) ?? { hits: 0, rows: 0 }
      persons.set(several.personId[i]!, { hits: hits + several.target[i]!, rows: rows + 1 })
    }
    const all = [...persons.values()]
    return personShare(
      all.map((p) => p.hits),
      all.map((p) => p.rows),
    )
  }
  const wide = modelCurves(several, { cutoff: 650 })
  const rates = (c: typeof wide) =>
    [...c.bands, ...c.deciles, c.total, ...c.calibration, ...c.approval, c.atCutoff].flatMap((line) =>
      line.badRate ? [line.badRate] : [],
    )

  it('are as sure as their persons, in every table', () => {
    for (const line of [...wide.bands, ...wide.deciles, wide.total])
      expect(line.badRate).toEqual(shareOf((i) => several.score[i]! >= line.from! && several.score[i]! <= line.to!))
    for (const point of [...wide.approval, wide.atCutoff])
      if (point.badRate) expect(point.badRate).toEqual(shareOf((i) => several.score[i]! >= point.cutoff))
    for (const bin of wide.calibration)
      expect(bin.badRate).toEqual(
        shareOf((i) => several.probability[i]! >= bin.from && several.probability[i]! <= bin.to),
      )
  })

  it('differ from those of a twin that takes rows as persons, which are half as wide, and in nothing else', () => {
    const twin = modelCurves({ ...several, personId: rowNumbers(3000) }, { cutoff: 650 })
    const width = ({ low, high }: { low: number; high: number }) => high - low
    // Rows of a person have one outcome: 5 rows are worth 1 where all are in the line, and the width goes by the root of 5.
    expect(width(wide.total.badRate!) / width(twin.total.badRate!)).toBeCloseTo(Math.sqrt(5), 1)
    const plain = rates(twin)
    rates(wide).forEach((rate, k) => {
      expect(rate.value).toBe(plain[k]!.value)
      expect(width(rate)).toBeGreaterThanOrEqual(width(plain[k]!))
    })
    const bare = (c: typeof wide) => JSON.stringify(c, (key, value) => (key === 'badRate' ? undefined : value))
    expect(bare(wide)).toBe(bare(twin))
  })
})

describe('scoresOf', () => {
  it('rounds half up and limits to the scale', () => {
    // 410 - 60 log2(odds of bad): 650 at 1/17, 410 at 1/2.
    expect([...scoresOf([1 / 17, 0.5, 0, 1, 1e-9, 0.999], DEFAULT_SCALE)]).toEqual([650, 410, 950, 350, 950, 350])
  })
  it('refuses what is no probability', () => {
    for (const p of [Number.NaN, -0.1, 1.1])
      expect(() => scoresOf([0.5, p], DEFAULT_SCALE)).toThrow('row 1: no score without a probability')
  })
})
