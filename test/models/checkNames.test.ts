import { describe, expect, it } from 'vitest'
import { boosting } from '../../src/models/boosting/learner.ts'
import { declared } from '../../src/models/declared/learner.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { logistic } from '../../src/models/logistic/learner.ts'
import { decisionTree } from '../../src/models/tree/learner.ts'
import { random } from '../../src/util/random.ts'
import { matrixOf } from './matrixOf.ts'

const x = matrixOf(Float64Array.of(1, 2, 3, 4), 4)
const y = Uint8Array.of(0, 1, 0, 1)

describe('options that there are not', () => {
  it.each([
    ['boosting', (options: object) => boosting(options)],
    ['forest', (options: object) => forest(options)],
    ['tree', (options: object) => decisionTree(options)],
    ['logistic', (options: object) => logistic(options)],
    ['declared', (options: object) => declared({ factors: [], ...options })],
  ])('are refused by %s', (_name, learner) => {
    expect(() => learner({ nonsense: 3 })).toThrow('option nonsense: there is no such option; there are: ')
    expect(() => learner({})).not.toThrow()
  })

  it('come with what was probably meant', () => {
    const misspelled: object = { max_depth: 3 }
    expect(() => forest(misspelled)).toThrow('option max_depth: there is no such option; did you mean maxDepth?')
    const net: object = { l1Ratio: 0.5 }
    expect(() => logistic({ elasticNet: net })).toThrow(
      'option elasticNet.l1Ratio: there is no such option; did you mean ratio?',
    )
    const inherited: object = { toString: 1 }
    expect(() => forest(inherited)).toThrow('there is no such option')
  })
})

describe('groups', () => {
  it.each([
    ['boosting', boosting()],
    ['forest', forest()],
    ['tree', decisionTree()],
    ['logistic', logistic()],
  ])('of another number than the rows are refused by %s', async (_name, learner) => {
    const groups = Int32Array.of(0, 1, 2)
    await expect(learner.fit(x, y, random(1), { groups })).rejects.toThrow('option groups: groups and rows differ')
  })
})
