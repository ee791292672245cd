import { describe, expect, it } from 'vitest'
import { encodeFor, scoreFrame } from '../../src/scores/scorer.ts'
import { LinearExplainer, type PlainTree, TreeExplainer } from '../../src/shap.ts'
import { random } from '../../src/util/random.ts'
import { matrixOf } from '../models/matrixOf.ts'
import { madeFrame, madeScorer } from './madeScorers.ts'

/** x0 <= 0 ? (x1 <= 0 ? 0 : 10) : 20, with covers 8 = 4 + 4 = (1 + 3) + 4. */
const TREE: PlainTree = {
  children_left: [1, 2, -1, -1, -1],
  children_right: [4, 3, -1, -1, -1],
  feature: [0, 1, -2, -2, -2],
  threshold: [0, 0, -2, -2, -2],
  value: [13.75, 7.5, 0, 10, 20],
  cover: [8, 4, 1, 3, 4],
}

describe('glasscore/shap', () => {
  it('gives values that can be worked out by hand', () => {
    const explainer = new TreeExplainer([TREE])
    expect(explainer.expectedValue).toBe(13.75)
    // Row (-1, -1): v({}) = 13.75, v({0}) = 7.5, v({1}) = (0 + 20) / 2 = 10, v({0, 1}) = 0.
    // phi_0 = (7.5 - 13.75 + 0 - 10) / 2 = -8.125, phi_1 = (10 - 13.75 + 0 - 7.5) / 2 = -5.625.
    const { values, baseValues, data, names } = explainer.explain([[-1, -1]])
    expect(values[0]![0]).toBeCloseTo(-8.125, 12)
    expect(values[0]![1]).toBeCloseTo(-5.625, 12)
    expect([...baseValues]).toEqual([13.75])
    expect(data.map((row) => [...row])).toEqual([[-1, -1]])
    expect(names).toEqual(['0', '1'])
  })

  it('takes background rows, as shap does', () => {
    const explainer = new TreeExplainer([TREE], {
      data: [
        [1, 1],
        [-1, 1],
      ],
    })
    // Against (1, 1): v({}) = 20, v({0}) = 10, v({1}) = 20, v({0, 1}) = 0: phi = (-15, -5). Against (-1, 1): v = 10, 10, 0, 0: phi = (0, -10).
    const { values, baseValues } = explainer.explain([[-1, -1]])
    expect(explainer.expectedValue).toBe(15)
    expect([...baseValues]).toEqual([15])
    expect(values[0]![0]).toBeCloseTo(-7.5, 12)
    expect(values[0]![1]).toBeCloseTo(-7.5, 12)
    expect(() => explainer.shapInteractionValues([[-1, -1]])).toThrow(
      /`interactions` of glasscore takes background rows/,
    )
    expect(() => new TreeExplainer([TREE], { data: [] })).toThrow(/the background has no rows/)
    expect(() => new TreeExplainer([TREE], { data: [[1]] })).toThrow('expected 2 columns')
  })

  it('treats a group of columns as one player', () => {
    const { values, names } = new TreeExplainer([TREE], { groups: ['both', 'both'] }).explain([[-1, -1]])
    expect(names).toEqual(['both'])
    expect(values[0]![0]).toBeCloseTo(-13.75, 12)
  })

  it('gives interaction values that can be worked out by hand', () => {
    const explainer = new TreeExplainer([TREE, TREE])
    // I_01 = v({0, 1}) - v({0}) - v({1}) + v({}) = 0 - 7.5 - 10 + 13.75 = -3.75; main effects are what is left of the values above.
    const [matrix] = explainer.shapInteractionValues([[-1, -1]])
    const expected = [-8.125 + 1.875, -1.875, -1.875, -5.625 + 1.875]
    for (const [k, value] of expected.entries()) expect(matrix![k]).toBeCloseTo(value, 12)
    const grouped = new TreeExplainer([TREE], { groups: ['both', 'both'] }).shapInteractionValues([[-1, -1]])
    expect(grouped[0]).toHaveLength(1)
    expect(grouped[0]![0]).toBeCloseTo(-13.75, 12)
    expect(() => explainer.shapInteractionValues([[1]])).toThrow('expected 2 columns')
  })

  it('explains scorers on the scale of their margin', () => {
    const frame = madeFrame(60, random(8))
    for (const kind of ['forest', 'linear'] as const) {
      const scorer = madeScorer({ kind })
      const x = encodeFor(scorer, frame)
      const explainer = kind === 'linear' ? new LinearExplainer(scorer) : new TreeExplainer(scorer)
      const { values, baseValues, names } = explainer.explain(x)
      expect(names).toEqual(x.columns.map((c) => c.name))
      scoreFrame(scorer, frame).margin.forEach((margin, i) => {
        expect(values[i]!.reduce((a, b) => a + b, baseValues[i])).toBeCloseTo(margin, 10)
      })
    }
  })

  it('says what does not fit', () => {
    const explain = (tree: Partial<PlainTree>) => () => new TreeExplainer([{ ...TREE, ...tree }])
    expect(explain({ children_left: [1, 0, -1, -1, -1] })).toThrow('tree 0 is broken: node 1 has child 0')
    expect(explain({ cover: [8, 4, 1, 3] })).toThrow('different lengths')
    expect(explain({ threshold: [Number.NaN, 0, 0, 0, 0] })).toThrow('threshold of node 0')
    expect(() => new TreeExplainer([])).toThrow('at least one tree')
    expect(() => new TreeExplainer([TREE], { groups: ['a'] })).toThrow('expected 2 labels; got 1')
    expect(() => new TreeExplainer([TREE], { names: ['a'] })).toThrow(
      'option names: names and columns differ in number; expected 2 names or more',
    )
    expect(() => new TreeExplainer([TREE]).explain([[1, 2], [1]])).toThrow(
      'row 1: the data does not fit the model; expected 2 columns',
    )
    expect(() => new TreeExplainer(madeScorer({ kind: 'linear' }))).toThrow('expected a tree or a forest')
    expect(() => new LinearExplainer(madeScorer({ kind: 'tree' }))).toThrow('expected a linear model')
    const linear = { coefficients: [1, 2], intercept: 0, means: [0, 0] }
    expect(() => new LinearExplainer({ ...linear, means: [0] })).toThrow('coefficients and means differ')
    expect(() => new LinearExplainer(linear).explain([[1, null]])).toThrow('missing values')
    expect(new LinearExplainer(linear).explain([]).values).toEqual([])
  })

  it.each([
    [
      'nothing to explain',
      () => new TreeExplainer(undefined as never),
      'usage',
      /option model: there is nothing to explain/,
    ],
    ['a number', () => new TreeExplainer(5 as never), 'usage', /option model: /],
    ['an object', () => new TreeExplainer({} as never), 'usage', /TreeExplainer explains trees/],
    ['a list of nothing', () => new TreeExplainer([undefined as never]), 'model', /tree 0 is no tree/],
    [
      'no cover',
      () => new TreeExplainer([TREE, { ...TREE, cover: undefined as never }]),
      'model',
      /tree 1 is broken: it has no cover/,
    ],
    ['no names', () => new TreeExplainer([TREE], { names: [] }), 'usage', /option names: .* 2 names or more/],
    ['names as a text', () => new TreeExplainer([TREE], { names: 'ab' as never }), 'usage', /option names: /],
    [
      'an unknown option',
      () => new TreeExplainer([TREE], { name: ['a'] } as never),
      'usage',
      /option name: .* did you mean names/,
    ],
    ['no rows', () => new TreeExplainer([TREE]).explain(undefined as never), 'usage', /option data: these are no rows/],
    [
      'a row that is none',
      () => new TreeExplainer([TREE]).explain([undefined as never]),
      'usage',
      /row 0: this is no row/,
    ],
    [
      'texts',
      () => new TreeExplainer([TREE]).explain([['a', 1] as never]),
      'usage',
      /row 0, column 0: a cell that is no number/,
    ],
    [
      'too few values',
      () => new TreeExplainer([TREE]).explain({ ...matrixOf(new Float64Array(4), 2), values: new Float64Array(1) }),
      'usage',
      /does not hold its values/,
    ],
    ['no linear model', () => new LinearExplainer(undefined as never), 'usage', /option model: /],
    ['coefficients alone', () => new LinearExplainer({ coefficients: [1] } as never), 'model', /no linear model/],
  ])('refuses %s in one line', (_what, work, kind, says) => {
    expect(work).toThrow(expect.objectContaining({ kind, message: expect.stringMatching(says) }))
  })

  it('takes undefined and null for missing', () => {
    const explainer = new TreeExplainer([TREE])
    const gaps = explainer.explain([[undefined, null]])
    expect(gaps.values).toEqual(explainer.explain([[Number.NaN, Number.NaN]]).values)
  })
})
