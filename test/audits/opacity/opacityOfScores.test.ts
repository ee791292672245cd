import { describe, expect, it } from 'vitest'
import { opacityOfScores } from '../../../src/audits/opacity/opacityOfScores.ts'
import { random } from '../../../src/util/random.ts'
import { DIMENSION_NAMES, madePeople } from './madePeople.ts'

const { frame } = madePeople(300, 'additive')
const noise = random(8)
const audit = (score: Float64Array, cutoff: number) =>
  opacityOfScores(
    { frame, score, groups: [] },
    {
      cutoff,
      repeats: 1,
      replicates: 40,
      declared: [0.5, 0.3, 0.2],
      dimensions: DIMENSION_NAMES,
      madeElsewhere: ['cre_a'],
      random: random(2),
    },
  )

describe('scores of a file', () => {
  const found = audit(
    Float64Array.from(frame.numbers['cre_a']!, (a) => 600 + 40 * a),
    610,
  )

  it('have shares of decisions with the spread of persons drawn plainly', () => {
    const { value, low, high } = found.surrogates.sameForAll
    // Drawn by decision, everybody's decision would be the same share in every replicate.
    expect(high! - low!).toBeGreaterThan(0.03)
    expect(high! - low!).toBeLessThan(8 * Math.sqrt((value! * (1 - value!)) / found.looked))
    expect(found).toMatchObject({ told: true, cardForReader: 1 })
    expect(found.distance).not.toBeNull()
  })

  it('that their factors do not tell have no shares, no card, and an index on 0 to 1', () => {
    const untold = audit(
      Float64Array.from({ length: 300 }, () => 600 + 40 * noise.normal()),
      600,
    )
    expect(untold.reader.r2.value!).toBeLessThanOrEqual(0)
    expect(untold).toMatchObject({ told: false, cardForReader: null, distance: null })
    for (const part of [...untold.byFactor, ...untold.byDimension]) expect(part.share.value).toBeNull()
    expect(untold.madeElsewhere[0]!.share).toBeNull()
    for (const { value } of untold.index.parts) expect(value === null || (value >= 0 && value <= 1)).toBe(true)
    expect(untold.index.parts[0]!.value).toBeGreaterThan(0.8)
  })
})
