/** All parts of the audit of a model, on models that are more or less opaque by their form. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { ModelOpacity } from '../../../src/audits/opacity/findings.ts'
import { COMPONENT_NAMES, INDEX_WEIGHTS, opacityIndex, weightedMean } from '../../../src/audits/opacity/opacityIndex.ts'
import type { OpacityResult } from '../../../src/audits/opacity/opacityInput.ts'
import { opacityOf } from '../../../src/audits/opacity/opacityOf.ts'
import { refit } from '../../../src/audits/opacity/refit.ts'
import { madeFactors, shareOfFactors, stackedOpacity } from '../../../src/audits/opacity/stackedOpacity.ts'
import type { PointTable } from '../../../src/audits/recovery/attributionAgreement.ts'
import { sliceRows } from '../../../src/matrix/frame.ts'
import { FACTOR_CATALOGUE } from '../../../src/schema/factorCatalogue.ts'
import { thisThread } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import { DIMENSION_NAMES, MADE_FACTORS, madePeople, recipes } from './madePeople.ts'

const work = { pool: thisThread() }
const train = madePeople(500, 'mixed')
const held = madePeople(160, 'mixed', 2)

const audit = async (recipe: (typeof recipes)['deep'], replicates = 30): Promise<OpacityResult> => {
  const scorer = await refit(recipe, train, random(1), work)
  return opacityOf(
    {
      scorer,
      recipe,
      calibration: 'platt',
      dimensions: DIMENSION_NAMES,
      declared: [0.5, 0.3, 0.2],
      train,
      held,
      groups: [],
      looked: Int32Array.from({ length: 100 }, (_, i) => i),
      backgrounds: [{ id: 'ten', frame: sliceRows(train.frame, 0, 10), text: 'ten rows' }],
      settings: {
        cutoff: 450,
        permutations: 1,
        repeats: 1,
        retrainings: 5,
        tolerance: 0.05,
        replicates,
        claims: [['cre_a', 'beh_a']],
        madeElsewhere: ['per_b'],
      },
      random: random(6),
    },
    work,
  )
}

describe('an audit of a model', () => {
  let found: Record<'stumps' | 'pairs' | 'deep', OpacityResult>
  beforeAll(async () => {
    found = {
      stumps: await audit(recipes.stumps),
      pairs: await audit(recipes.pairs),
      deep: await audit(recipes.deep),
    }
  })

  const partOf = ({ index }: ModelOpacity, name: string) => index.parts.find((p) => p.component === name)!.value!

  it('finds additive less opaque than pairwise, and pairwise less than deep', () => {
    const value = (k: keyof typeof found) => found[k].findings.index.value!
    expect(value('stumps')).toBeLessThan(value('pairs') - 0.02)
    expect(value('pairs')).toBeLessThan(value('deep') - 0.02)
    const people = (k: keyof typeof found) => found[k].findings.index.people
    expect(people('stumps').high!).toBeLessThan(people('deep').low!)
    for (const part of ['interactions', 'surrogate']) {
      expect(partOf(found.stumps.findings, part)).toBeLessThan(partOf(found.pairs.findings, part))
      expect(partOf(found.pairs.findings, part)).toBeLessThan(partOf(found.deep.findings, part))
    }
    // An index of what does not know the form of a model could not tell them.
    const blind = (k: keyof typeof found) => partOf(found[k].findings, 'stacked')
    expect(Math.abs(blind('deep') - blind('stumps'))).toBeLessThan(0.1)
  })

  it('has an index that is the mean of its parts, of the model and of every person', () => {
    for (const { findings, rows } of Object.values(found)) {
      const known = findings.index.parts.filter((p) => p.value !== null)
      expect(findings.index.parts.map((p) => p.component)).toEqual(COMPONENT_NAMES)
      const mean = known.reduce((sum, p) => sum + p.weight * p.value!, 0) / known.reduce((sum, p) => sum + p.weight, 0)
      expect(findings.index.value).toBeCloseTo(mean, 12)
      for (const part of known) {
        expect(part.value).toBeGreaterThanOrEqual(0)
        expect(part.value).toBeLessThanOrEqual(1)
      }
      const i = 17
      const arbitrary = rows.multiplicity!.selected[i]!
      const own = [
        rows.interactions[i]!,
        Math.max(0, 1 - 4 / rows.needed[i]!),
        rows.instability[i]!,
        rows.disagreement[i]!,
        arbitrary > 0 && arbitrary < 1 ? 1 : 0,
        rows.stacked![i]!,
      ].filter((v) => !Number.isNaN(v))
      expect(rows.index[i]).toBeCloseTo(own.reduce((a, b) => a + b, 0) / own.length, 12)
    }
  })

  it('says what it left out and what it could not do', () => {
    const { leftOut, weights, person, multiplicity, stacked, retrainedShares } = found.deep.findings
    expect(leftOut.map((l) => l.part)).toContain('groups')
    expect(weights!.dimensions.map((d) => d.declared)).toEqual([0.5, 0.3, 0.2])
    expect(person!.scores).toHaveLength(multiplicity!.equal)
    expect(person!.reasons.reduce((n, r) => n + r.models, 0)).toBe(multiplicity!.equal)
    expect(stacked.factors).toMatchObject([{ factor: 'per_b', kind: 'named' }])
    expect(retrainedShares.every((r) => r!.low <= r!.high)).toBe(true)
  })

  it('is the same again from the same stream', async () => {
    const again = await audit(recipes.stumps)
    expect(JSON.stringify(again.findings)).toBe(JSON.stringify(found.stumps.findings))
  })
})

describe('the index', () => {
  it('is a mean of what is known, each on 0..1', () => {
    expect(weightedMean({ interactions: 0.5, surrogate: null, breadth: 1 })).toBe(0.75)
    expect(weightedMean({ interactions: 3, breadth: -1 })).toBe(0.5)
    expect(weightedMean({})).toBeNaN()
    expect(weightedMean({ interactions: 1, breadth: 0 }, { ...INDEX_WEIGHTS, interactions: 3 })).toBe(0.75)
  })

  it('has no value where nothing is known', () => {
    const people = { personId: ['a', 'b'], target: Uint8Array.of(0, 1), replicates: 20, random: random(1) }
    const { figures, byRow } = opacityIndex({}, { breadth: Float64Array.of(0.2, Number.NaN) }, people)
    expect(figures.value).toBeNull()
    expect(byRow[0]).toBe(0.2)
    expect(byRow[1]).toBeNaN()
    expect(figures.people.value).toBe(0.2)
  })
})

describe('opacity stacked on opacity', () => {
  const rows = 50
  const stream = random(3)
  const table: PointTable = {
    players: 6,
    rows,
    points: Float64Array.from({ length: 6 * rows }, () => stream.normal()),
  }
  const persons = {
    personId: Array.from({ length: rows }, (_, i) => `P${i}`),
    target: Uint8Array.from({ length: rows }, (_, i) => (i % 2 ? 1 : 0)),
    replicates: 40,
    random: random(1),
  }

  it('knows the four factors of the catalogue that others made', () => {
    const specs = FACTOR_CATALOGUE.map(({ name, dimension, kind, unit, expectedRisk, definition }) => ({
      name,
      dimension,
      kind,
      unit,
      scale: 'linear' as const,
      expectedRisk,
      definition,
    }))
    expect(madeFactors(specs).map((f) => f.factor)).toEqual([
      'car_likelihood',
      'house_likelihood',
      'social_influence_index',
      'credit_environment_index',
    ])
    // The same names in another table are not those of the catalogue.
    expect(madeFactors(specs.map((f) => ({ ...f, dimension: 'mine' })))).toEqual([])
  })

  it('is the share of absolute points, over all rows and of each', () => {
    const { figures, byRow } = stackedOpacity(MADE_FACTORS, table, persons, ['cre_b', 'per_a'])
    const absolute = (p: number) =>
      table.points.slice(p * rows, (p + 1) * rows).reduce((sum, v) => sum + Math.abs(v), 0)
    const all = [0, 1, 2, 3, 4, 5].reduce((sum, p) => sum + absolute(p), 0)
    expect(figures.share!.value).toBeCloseTo((absolute(1) + absolute(4)) / all, 12)
    expect(figures.factors.map((f) => f.share.value)).toEqual([
      expect.closeTo(absolute(1) / all, 12),
      expect.closeTo(absolute(4) / all, 12),
    ])
    expect(byRow![7]).toBeCloseTo(shareOfFactors(table, [1, 4])[7]!, 12)
    // Points that cancel out are not nothing.
    const signed = [1, 4].reduce(
      (s, p) => s + table.points.slice(p * rows, (p + 1) * rows).reduce((a, b) => a + b, 0),
      0,
    )
    expect(Math.abs(signed / all - figures.share!.value!)).toBeGreaterThan(0.05)
  })

  it('is not known of a table that does not say', () => {
    expect(stackedOpacity(MADE_FACTORS, table, persons).figures.share).toBeNull()
  })
})
