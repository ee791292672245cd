/** Options of models: the schema of pipeline files and `--set`, the learners, and docs/models.md say the same. */
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { boosting } from '../../src/models/boosting/learner.ts'
import { declared } from '../../src/models/declared/learner.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { logistic } from '../../src/models/logistic/learner.ts'
import type { Learner } from '../../src/models/model.ts'
import { decisionTree } from '../../src/models/tree/learner.ts'
import { checkOptions, trainOptions } from '../../src/stages/config.ts'
import { modelOptions } from '../../src/stages/modelOptions.ts'
import { type OptionShape, optionShape } from '../../src/stages/optionShape.ts'
import { MODELS, modelsDocument, readModelsDocument } from './modelsDocument.ts'

type Name = keyof typeof modelOptions
type Options = Record<string, unknown>
const factors = ['income', 'age'].map((name) => ({
  name,
  dimension: 'wealth',
  kind: 'number' as const,
  unit: '',
  scale: 'linear' as const,
  expectedRisk: 'down' as const,
  definition: name,
}))

/** The learner of options as a script gives them, and what only a script can give. */
const LEARNERS: Record<Name, { of: (options: Options) => Learner; scriptOnly: string[] }> = {
  // The pipeline gives factors and makes dimensions of the weights.
  declared: {
    of: (options) => declared(Object.assign(options, { factors: options['factors'] ?? factors }) as never),
    scriptOnly: ['factors', 'dimensions'],
  },
  logistic: { of: (options) => logistic(options as never), scriptOnly: ['factors'] },
  tree: { of: (options) => decisionTree(options as never), scriptOnly: [] },
  forest: { of: (options) => forest(options as never), scriptOnly: [] },
  boosting: { of: (options) => boosting(options as never), scriptOnly: [] },
}
const NAMES = Object.keys(modelOptions) as Name[]
const shapes = Object.fromEntries(NAMES.map((name) => [name, optionShape(modelOptions[name])])) as Record<
  Name,
  OptionShape
>
const keysOf = (name: Name) => Object.keys(shapes[name].properties!)
const parse = (name: Name, options: Options) => checkOptions(modelOptions[name] as z.ZodType<Options>, options)

/** The names of options that a learner looks at. */
const readBy = (name: Name): string[] => {
  const read = new Set<string>()
  const spy = new Proxy<Options>(
    {},
    {
      get: (_, key) => {
        read.add(String(key))
        return key === 'factors' && name === 'declared' ? factors : undefined
      },
    },
  )
  LEARNERS[name].of(spy)
  return [...read].filter((key) => !LEARNERS[name].scriptOnly.includes(key))
}

describe('docs/models.md', () => {
  it('has every option with its meaning, default, range and name elsewhere', async () => {
    await expect(modelsDocument(shapes)).toMatchFileSnapshot(MODELS)
  })

  it('is not made while an option has no name elsewhere, or a name has no option', () => {
    const more = { ...shapes.tree, properties: { ...shapes.tree.properties, colour: { description: 'a colour' } } }
    expect(() => modelsDocument({ tree: more })).toThrow('no name among the peers for colour')
    const { m: _, ...fewer } = shapes.tree.properties!
    expect(() => modelsDocument({ tree: { properties: fewer } })).toThrow('names among the peers for no option of tree')
  })

  it('speaks of all learners', () => {
    for (const name of NAMES) expect(readModelsDocument()).toContain(`\n### ${name}\n`)
  })
})

/** Values that are the default, where the schema leaves it to the learner. */
const BY_DEFAULT: Record<string, unknown> = {
  criterion: 'gini',
  splitter: 'best',
  minImpurityDecrease: 0,
  sampleRatio: 1,
  replace: true,
  outOfBag: true,
  outOfBagImportance: false,
  l1: 0,
  l2: 1,
  tolerance: 1e-11,
  maxIterations: 100,
  inference: true,
}
/** Another value than the default of the same kind. */
const OTHER: Record<string, unknown> = {
  criterion: 'entropy',
  splitter: 'random',
  minImpurityDecrease: 0.5,
  sampleRatio: 0.5,
  replace: false,
  outOfBag: false,
  outOfBagImportance: true,
  l1: 2,
  l2: 2,
  tolerance: 1e-5,
  maxIterations: 7,
  inference: false,
}

describe.each(NAMES)('options of %s', (name) => {
  const { of } = LEARNERS[name]

  it('have the same names in the schema and the learner', () => {
    expect([...keysOf(name)].sort()).toEqual(readBy(name).sort())
  })

  it('have the same defaults: those that are filled in, and those that are stated', () => {
    const plain = of({}).options
    for (const [key, shape] of Object.entries(shapes[name].properties!)) {
      if (shape.default !== undefined) {
        expect({ key, value: plain[key] }).toEqual({ key, value: shape.default })
        expect(parse(name, {})[key]).toEqual(shape.default)
      } else if (key in BY_DEFAULT) {
        const stated = String(shape.byDefault)
        expect(stated === String(BY_DEFAULT[key]) || stated.startsWith(`${BY_DEFAULT[key]}, `), key).toBe(true)
        expect(of({ [key]: BY_DEFAULT[key] }).options).toEqual(plain)
        // A default that is not this one would be seen.
        expect(of({ [key]: OTHER[key] }).options).not.toEqual(plain)
      } else expect(shape.byDefault ?? shape.properties, `${key} states what it is when left out`).toBeDefined()
    }
    expect(of(parse(name, {})).options).toEqual(plain)
  })

  it('have the same limits in the schema and the learner', () => {
    let checked = 0
    for (const [key, shape] of Object.entries(shapes[name].properties!)) {
      const number = shape.type ? shape : shape.anyOf?.find((part) => part.type === 'number' || part.type === 'integer')
      if (number?.type !== 'number' && number?.type !== 'integer') continue
      const outside = [
        number.minimum !== undefined && number.minimum > Number.MIN_SAFE_INTEGER ? number.minimum - 1 : undefined,
        number.exclusiveMinimum,
        // Depth and rows: the learner allows no limit, a file a high one.
        number.maximum !== undefined && number.maximum < Number.MAX_SAFE_INTEGER && key !== 'maxDepth'
          ? number.maximum * 1.5
          : undefined,
      ].filter((value) => value !== undefined)
      for (const value of outside) {
        expect(() => parse(name, { [key]: value }), `${key} ${value}`).toThrow(`option ${key}: `)
        expect(() => of({ [key]: value }), `${key} ${value}`).toThrow(`option ${key}: `)
      }
      for (const value of [number.minimum, number.maximum]) {
        if (value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER) continue
        expect(() => of(parse(name, { [key]: value })), `${key} ${value}`).not.toThrow()
      }
      checked++
    }
    expect(checked).toBeGreaterThan(0)
  })

  it('get one clear error each: the option, what it may be, what came', () => {
    for (const key of keysOf(name)) {
      const models = { [name]: { [key]: 'nonsense' } }
      expect(() => checkOptions(trainOptions, { models }), key).toThrow(
        new RegExp(`^option models\\.${name}\\.${key}: [a-z ]+; expected .+; got "nonsense"$`),
      )
    }
    expect(() => checkOptions(trainOptions, { models: { [name]: { nonsense: 1 } } })).toThrow(
      `option models.${name}.nonsense: there is no such option; there are: ${keysOf(name)[0]}`,
    )
  })
})

it('shuffled factors need rows that the model has not seen', () => {
  expect(() => checkOptions(trainOptions, { permutationRepeats: 5, split: { by: 'folds' } })).toThrow(
    'option permutationRepeats: invalid value; expected none with a split by folds',
  )
  expect(checkOptions(trainOptions, { permutationRepeats: 5, split: { by: 'time' } }).permutationRepeats).toBe(5)
})

describe('options that hang together', () => {
  const fault = (models: object) => () => checkOptions(trainOptions, { models })
  it.each([
    [
      { logistic: { l2: 1, elasticNet: {} } },
      'option models.logistic.elasticNet: invalid value; expected either elasticNet, or l1 and l2',
    ],
    [
      { tree: { splits: 'exact', criterion: 'entropy' } },
      'option models.tree.splits: invalid value; expected binned, where one of criterion, splitter, maxLeaves',
    ],
    [
      { forest: { classWeight: [1] } },
      'option models.forest.classWeight: invalid value; expected balanced, or a list of the weights of a good and of a bad row; got [1]',
    ],
    [
      { boosting: { monotone: { income: 2 } } },
      'option models.boosting.monotone: invalid value; expected catalogue, or names of columns, each with 1 or -1',
    ],
    [
      { logistic: { elasticNet: { alpha: 2 } } },
      'option models.logistic.elasticNet.alpha: invalid value; expected a number from 0 to 1; got 2',
    ],
    [
      { logistic: { elasticNet: { gamma: 2 } } },
      'option models.logistic.elasticNet.gamma: there is no such option; there are: alpha, lambda, steps, ratio, folds',
    ],
  ])('%j', (models, message) => {
    expect(fault(models)).toThrow(message)
  })

  it('are the penalty that is used, in manifests', () => {
    expect(parse('logistic', {})).toEqual({ l2: 1 })
    expect(parse('logistic', { l1: 2 })).toEqual({ l1: 2 })
    expect(parse('logistic', { l1: 2, l2: 3 })).toEqual({ l1: 2, l2: 3 })
    expect(parse('logistic', { elasticNet: { alpha: 0.5 } })).toEqual({
      elasticNet: { alpha: 0.5, lambda: 'oneStandardError', steps: 60, folds: 5 },
    })
    expect(() => logistic({ signs: { income: 'sideways' }, factors } as never)).toThrow('option signs.income')
  })
})
