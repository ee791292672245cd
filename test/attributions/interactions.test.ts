import { describe, expect, it } from 'vitest'
import { chosenInteractions } from '../../src/attributions/chosenInteractions.ts'
import { explain } from '../../src/attributions/explain.ts'
import { interactionSummary } from '../../src/attributions/interactionSummary.ts'
import { type InteractionRows, interactions } from '../../src/attributions/interactions.ts'
import { fitEncoding } from '../../src/matrix/encode.ts'
import { boosting } from '../../src/models/boosting/learner.ts'
import { DEFAULT_SCALE } from '../../src/scores/scale.ts'
import { encodeFor, type Scorer, scoreFrame } from '../../src/scores/scorer.ts'
import { random } from '../../src/util/random.ts'
import { factor, frameOf } from '../models/frameOf.ts'
import { BETA, ISOTONIC, madeFrame, madeScorer, PLATT } from './madeScorers.ts'

const frame = madeFrame(40, random(12))
const background = { id: 'some rows', frame: madeFrame(25, random(13)) }

const all = async (blocks: AsyncGenerator<InteractionRows>): Promise<InteractionRows[]> => {
  const found: InteractionRows[] = []
  for await (const block of blocks) found.push(block)
  return found
}

/** Sum of row i of the matrix of row r. */
const lineSum = ({ values, players, rows }: InteractionRows, i: number, r: number): number => {
  let sum = 0
  for (let j = 0; j < players.length; j++) sum += values[(i * players.length + j) * rows + r]!
  return sum
}

describe('interactions', () => {
  it.each(['factors', 'dimensions'] as const)('rows add up to the points of receipts: %s', async (players) => {
    const scorer = madeScorer({ kind: 'forest' })
    const [block] = await all(interactions(scorer, frame, { players }))
    const points = await explain(scorer, frame)
    expect(block).toMatchObject({ unit: 'points', semantics: 'path_dependent', backgroundId: 'tree_covers' })
    expect(block!.interacting).toBe(true)
    expect(block!.base).toBeCloseTo(points.base, 9)
    const expected = players === 'factors' ? points.points : points.dimensionPoints
    block!.players.forEach((_, i) => {
      for (let r = 0; r < frame.rows; r++)
        // Points are of size 100, each a sum of some hundred terms.
        expect(Math.abs(lineSum(block!, i, r) - expected[i * frame.rows + r]!)).toBeLessThan(1e-9)
    })
    const n = block!.players.length
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (let r = 0; r < frame.rows; r++)
          expect(block!.values[(i * n + j) * frame.rows + r]).toBe(block!.values[(j * n + i) * frame.rows + r])
    const never = block!.players.indexOf('never')
    if (never >= 0) for (let r = 0; r < frame.rows; r++) expect(lineSum(block!, never, r)).toBe(0)
    // Broken twin: halves counted once.
    const broken = { ...block!, values: block!.values.map((v, at) => (Math.floor(at / frame.rows) === 1 ? 0 : v)) }
    const off = Array.from({ length: frame.rows }, (_, r) => Math.abs(lineSum(broken, 0, r) - expected[r]!))
    expect(Math.max(...off)).toBeGreaterThan(0.1)
  })

  it.each([
    ['forest', PLATT, 'points'],
    ['forest', BETA, 'log_odds'],
    ['tree', ISOTONIC, 'log_odds'],
    ['probability', PLATT, 'probability'],
  ] as const)(
    'add up to the score, or to the output where the link is not linear: %s',
    async (kind, calibration, unit) => {
      const scorer = madeScorer({ kind, calibration })
      const scores = scoreFrame(scorer, frame)
      for (const options of [{}, { background }]) {
        const [block] = await all(interactions(scorer, frame, options))
        expect(block!.unit).toBe(unit)
        expect(block!.semantics).toBe('background' in options ? 'interventional' : 'path_dependent')
        expect(block!.additivityGap).toBeLessThan(1e-9)
        for (let r = 0; r < frame.rows; r++) {
          const sum = block!.players.reduce((total, _, i) => total + lineSum(block!, i, r), block!.base)
          const margin = scores.margin[r]!
          const target =
            unit === 'points' ? scores.rawScore[r]! : unit === 'log_odds' ? margin : 1 / (1 + Math.exp(-margin))
          expect(Math.abs(sum - target)).toBeLessThan(1e-9)
        }
      }
    },
  )

  it('are the same bytes in blocks of any size', async () => {
    const scorer = madeScorer({ kind: 'forest' })
    const [whole] = await all(interactions(scorer, frame, { background }))
    const blocks = await all(interactions(scorer, frame, { background, blockRows: 7 }))
    expect(blocks.map(({ from, rows }) => [from, rows])).toEqual(
      [0, 7, 14, 21, 28, 35].map((f) => [f, f === 35 ? 5 : 7]),
    )
    const cells = whole!.players.length ** 2
    for (const { from, rows, values } of blocks)
      for (let cell = 0; cell < cells; cell++)
        for (let r = 0; r < rows; r++)
          expect(Object.is(values[cell * rows + r], whole!.values[cell * frame.rows + from + r])).toBe(true)
  })

  it('of linear models are main effects alone, which is said', async () => {
    const scorer = madeScorer({ kind: 'linear' })
    const [block] = await all(interactions(scorer, frame))
    const { points, base } = await explain(scorer, frame)
    const n = block!.players.length
    expect(block).toMatchObject({ interacting: false, semantics: 'interventional', backgroundId: 'training_mean' })
    expect(block!.base).toBe(base)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (let r = 0; r < frame.rows; r++)
          if (i !== j) expect(block!.values[(i * n + j) * frame.rows + r]).toBe(0)
          else expect(block!.values[(i * n + j) * frame.rows + r]).toBeCloseTo(points[i * frame.rows + r]!, 9)
    const against = (await all(interactions(scorer, frame, { background })))[0]!
    expect(against.additivityGap).toBeLessThan(1e-9)
    expect(against.base).not.toBe(base)
    expect(await interactionSummary(scorer, frame)).toMatchObject({ interacting: false, pairs: [], rows: frame.rows })
    const chosen = await chosenInteractions(scorer, frame, [['debt', 'age']])
    expect(chosen.interacting).toBe(false)
    expect(chosen.values).toEqual(new Float64Array(frame.rows))
  })

  it('against a background have the points of explain as the sums of their rows', async () => {
    for (const kind of ['tree', 'forest'] as const) {
      const scorer = madeScorer({ kind })
      const { points, dimensionPoints, base } = await explain(scorer, frame, { background })
      for (const players of ['factors', 'dimensions'] as const) {
        const [block] = await all(interactions(scorer, frame, { background, players }))
        expect(block).toMatchObject({ backgroundId: 'some rows', semantics: 'interventional' })
        expect(block!.base).toBeCloseTo(base, 9)
        const own = players === 'factors' ? points : dimensionPoints
        block!.players.forEach((_, i) => {
          for (let r = 0; r < frame.rows; r++) expect(lineSum(block!, i, r)).toBeCloseTo(own[i * frame.rows + r]!, 8)
        })
      }
    }
  })

  it('are summed up and ranked, and given for chosen pairs', async () => {
    const scorer = madeScorer({ kind: 'forest' })
    for (const options of [{}, { background }]) {
      const [block] = await all(interactions(scorer, frame, options))
      const summary = await interactionSummary(scorer, frame, options)
      const n = block!.players.length
      const mean = (i: number, j: number): number => {
        let sum = 0
        for (let r = 0; r < frame.rows; r++) sum += Math.abs(block!.values[(i * n + j) * frame.rows + r]!)
        return sum / frame.rows
      }
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) expect(summary.meanAbsolute[i * n + j]).toBeCloseTo(mean(i, j), 9)
      expect(summary.pairs).toHaveLength((n * (n - 1)) / 2)
      summary.pairs.forEach(({ first, second, meanAbsolute }, k) => {
        expect(meanAbsolute).toBeCloseTo(2 * mean(summary.players.indexOf(first), summary.players.indexOf(second)), 9)
        if (k > 0) expect(meanAbsolute).toBeLessThanOrEqual(summary.pairs[k - 1]!.meanAbsolute)
      })
      expect(summary.pairs[0]!.meanAbsolute).toBeGreaterThan(1)
      const chosen = await chosenInteractions(scorer, frame, [['age', 'debt']], options)
      const [i, j] = [block!.players.indexOf('debt'), block!.players.indexOf('age')]
      for (let r = 0; r < frame.rows; r++)
        expect(chosen.values[r]).toBeCloseTo(2 * block!.values[(i * n + j) * frame.rows + r]!, 9)
    }
  })

  it('refuses what makes no sense in one line', async () => {
    const scorer = madeScorer({ kind: 'forest' })
    const first = (options: object) => all(interactions(scorer, frame, options))
    await expect(first({ player: 'factors' })).rejects.toThrow(/option player: there is no such option/)
    await expect(first({ players: 'columns' })).rejects.toThrow(/option players: .* expected factors or dimensions/)
    await expect(first({ background: { id: 'none', frame: madeFrame(0) } })).rejects.toThrow(
      /background none has no rows/,
    )
    await expect(first({ blockRows: 0 })).rejects.toThrow(/option blockRows/)
    await expect(interactionSummary(scorer, madeFrame(0))).rejects.toThrow(/at least one row/)
    const pairs = (list: unknown) => chosenInteractions(scorer, frame, list as never)
    await expect(pairs([['age', 'age']])).rejects.toThrow(/pair 0 is none/)
    await expect(pairs([['age', 'dept']])).rejects.toThrow(/did you mean debt/)
    await expect(pairs('age')).rejects.toThrow(/these are no pairs/)
  })
})

/** Log-odds 1.2 x0 x1 + main effects of the other five; without the product for the silent twin. */
const made = (rows: number, product: number) => {
  const stream = random(41)
  const names = ['x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6']
  const values = names.map(() => Float64Array.from({ length: rows }, () => stream.normal()))
  const target = Uint8Array.from({ length: rows }, (_, i) => {
    const main = [0.9, -0.7, 0.6, -0.5, 0.4].reduce((sum, b, k) => sum + b * values[k + 2]![i]!, -0.5)
    return stream.next() < 1 / (1 + Math.exp(-main - product * values[0]![i]! * values[1]![i]!)) ? 1 : 0
  })
  const columns = names.map((name, k) => ({ factor: factor(name, 'made'), values: values[k]! }))
  return { frame: frameOf(columns), target }
}

describe('a product of two factors among main effects', () => {
  const trained = async (product: number): Promise<{ scorer: Scorer; frame: ReturnType<typeof frameOf> }> => {
    const { frame: people, target } = made(6000, product)
    const encoding = fitEncoding(people, 'tree')
    const scorer = { name: 'made', encoding, calibration: { ...PLATT, slope: 1, intercept: 0 }, scale: DEFAULT_SCALE }
    const draft = { ...scorer, training: {} } as unknown as Scorer
    const learner = boosting({ rounds: 60, learningRate: 0.15, maxLeaves: 8, validationShare: 0 })
    const { model } = await learner.fit(encodeFor(draft, people), target, random(1))
    return { scorer: { ...draft, model }, frame: people }
  }

  it.each(['path_dependent', 'interventional'] as const)(
    'is ranked first, and silent where there is none: %s',
    async (semantics) => {
      for (const product of [1.2, 0]) {
        const { scorer, frame: people } = await trained(product)
        const options =
          semantics === 'interventional' ? { background: { id: 'others', frame: made(150, product).frame } } : {}
        const { pairs } = await interactionSummary(scorer, people, options)
        const [strongest, second] = [pairs[0]!, pairs[1]!]
        const own = pairs.find(({ first, second: other }) => first === 'x0' && other === 'x1')!
        if (product > 0) {
          expect([strongest.first, strongest.second]).toEqual(['x0', 'x1'])
          expect(strongest.meanAbsolute).toBeGreaterThan(3 * second.meanAbsolute)
        } else expect(own.meanAbsolute).toBeLessThan(3 * pairs[10]!.meanAbsolute)
      }
    },
  )
})
