import { describe, expect, it } from 'vitest'
import { BANDS, bandOf, SCORE_MAX, SCORE_MIN } from '../../src/schema/score.ts'
import { clampScore, DEFAULT_SCALE, rawScoreOf, roundHalfUp, scaleFactor, scaleOffset } from '../../src/scores/scale.ts'
import { scoreFrame, scoreFrameOn } from '../../src/scores/scorer.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { BETA, ISOTONIC, madeFrame, madeScorer } from '../attributions/madeScorers.ts'

const logit = (p: number): number => Math.log(p / (1 - p))

describe('scale', () => {
  it('has the anchors of the design', () => {
    expect(scaleOffset(DEFAULT_SCALE)).toBe(410)
    expect(scaleFactor(DEFAULT_SCALE)).toBe(60 / Math.LN2)
    expect(rawScoreOf(DEFAULT_SCALE, -Math.log(16))).toBeCloseTo(650, 10)
    expect(rawScoreOf(DEFAULT_SCALE, -Math.log(32))).toBeCloseTo(710, 10)
    // The design's table of probabilities, given there to three digits.
    for (const [score, p] of [
      [350, 0.667],
      [600, 0.1],
      [700, 0.034],
      [950, 0.00195],
    ] as const)
      expect(roundHalfUp(rawScoreOf(DEFAULT_SCALE, logit(p))) - score).toBeCloseTo(0, -0.4)
  })

  it('has a band for every score, and for nothing else', () => {
    for (let score = SCORE_MIN; score <= SCORE_MAX; score++) {
      const { from, to } = BANDS.find((b) => b.name === bandOf(score))!
      expect(score >= from && score <= to).toBe(true)
    }
    for (const score of [SCORE_MIN - 1, SCORE_MAX + 1, Number.NaN])
      expect(() => bandOf(score)).toThrow(`expected a number from 350 to 950; got ${score}`)
  })

  it('rounds halves up, also below zero, then clamps', () => {
    expect([0.5, 1.5, -0.5, -1.5, 2.4999].map(roundHalfUp).map((v) => v + 0)).toEqual([1, 2, 0, -1, 2])
    expect([349, 350, 950, 951, Number.POSITIVE_INFINITY].map((s) => clampScore(DEFAULT_SCALE, s))).toEqual([
      350, 350, 950, 950, 950,
    ])
  })
})

describe('scoreFrame', () => {
  const frame = madeFrame(500, random(9))

  it('falls with the margin, is clamped and banded, and says how many rows the clamp touched', () => {
    for (const calibration of [undefined, BETA, ISOTONIC]) {
      const scorer = madeScorer({ kind: 'linear', ...(calibration ? { calibration } : {}) })
      const s = scoreFrame(scorer, frame)
      const order = [...s.margin.keys()].sort((a, b) => s.margin[a]! - s.margin[b]!)
      order.slice(1).forEach((i, k) => {
        expect(s.score[i]!).toBeLessThanOrEqual(s.score[order[k]!]!)
        expect(s.probability[i]!).toBeGreaterThanOrEqual(s.probability[order[k]!]!)
      })
      let clamped = 0
      s.score.forEach((score, i) => {
        expect(score).toBeGreaterThanOrEqual(350)
        expect(score).toBeLessThanOrEqual(950)
        expect(s.band[i]).toBe(bandOf(score))
        expect(rawScoreOf(scorer.scale, logit(s.probability[i]!))).toBeCloseTo(s.rawScore[i]!, 6)
        if (Math.floor(s.rawScore[i]! + 0.5) !== score) clamped++
      })
      expect(s.clamped).toBe(clamped)
    }
  })

  it('touches the clamp at both ends of a steep model', () => {
    const scorer = madeScorer({ kind: 'linear', calibration: { kind: 'platt', slope: 5, intercept: 0 } })
    const s = scoreFrame(scorer, frame)
    expect(s.clamped).toBeGreaterThan(100)
    expect(Math.min(...s.score)).toBe(350)
    expect(Math.max(...s.score)).toBe(950)
  })

  it('names every factor that a frame lacks', () => {
    const { debt: _, ...numbers } = frame.numbers
    expect(() => scoreFrame(madeScorer({ kind: 'forest' }), { ...frame, numbers, categories: {} })).toThrow(
      'the table lacks factors that model made-forest needs: debt, job; expected all 5 factors of the model; got "3 of them"',
    )
  })

  it('says when a factor is there, but of another kind', () => {
    const { debt: _, ...numbers } = frame.numbers
    const scorer = madeScorer({ kind: 'forest' })
    const job = new Float64Array(frame.rows)
    const all = { ...frame.numbers, job }
    expect(() => scoreFrame(scorer, { ...frame, numbers: all, categories: {} })).toThrow(
      'factors that model made-forest needs are of another kind in the table: job (category in the model, numbers in the table); expected all 5 factors of the model; got "4 of them"',
    )
    const text = new Array<string>(frame.rows).fill('7')
    expect(() => scoreFrame(scorer, { ...frame, numbers, categories: { ...frame.categories, debt: text } })).toThrow(
      'debt (number in the model, text in the table)',
    )
    expect(() => scoreFrame(scorer, { ...frame, numbers: { ...numbers, job }, categories: {} })).toThrow(
      /lacks factors that model made-forest needs: debt; factors .* of another kind in the table: job /,
    )
  })
})

it.each([1, 2])('scores on a pool of %s threads as without one, to the bit', async (threads) => {
  const pool = openPool(threads)
  const frame = madeFrame(500, random(9))
  try {
    for (const kind of ['forest', 'linear'] as const) {
      const scorer = madeScorer({ kind })
      expect(await scoreFrameOn(scorer, frame, pool)).toEqual(scoreFrame(scorer, frame))
    }
    const stopped = { signal: AbortSignal.abort() }
    await expect(scoreFrameOn(madeScorer({ kind: 'forest' }), frame, pool, stopped)).rejects.toThrow(/stopped/)
  } finally {
    await pool.close()
  }
})
