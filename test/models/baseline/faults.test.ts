/** Every fault that a page states of an npm baseline, seen to be there in the pinned version. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { STATEMENTS } from '../../../src/models/baseline/statements.ts'
import { random } from '../../../src/util/random.ts'

interface Node {
  splitColumn?: number
  left?: Node
  right?: Node
}
interface Forest {
  indexes: number[][]
  estimators: { root: Node }[]
  train(x: number[][], y: number[]): void
  predict(x: number[][]): number[]
  predictProbability(x: number[][], label: number): number[]
}
type NewForest = new (options: object) => Forest
const { RandomForestClassifier, RandomForestRegression } = (await import('ml-random-forest')) as unknown as {
  RandomForestClassifier: NewForest
  RandomForestRegression: NewForest
}

interface Matrix {
  to1DArray(): number[]
  mmul(other: unknown): Matrix
}
interface Logistic {
  classifiers: { weights: Matrix; testScores(x: Matrix): number[] }[]
  train(x: Matrix, y: Matrix): void
}
const LogisticRegression = (await import('ml-logistic-regression')).default as {
  new (options: { numSteps: number; learningRate: number }): Logistic
  load(model: object): Logistic
}
const matrixOf = (rows: number[][]): Matrix =>
  LogisticRegression.load({ name: 'LogisticRegression', numberClasses: 1, classifiers: [{ weights: rows }] })
    .classifiers[0]!.weights

const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
}

/** Rows whose first column makes the outcome likely, with one bad row in eleven. */
const credit = (rows: number, columns = 3) => {
  const stream = random(4)
  const x = Array.from({ length: rows }, () => Array.from({ length: columns }, () => stream.normal()))
  const y = x.map((row) => (stream.next() < 1 / (1 + Math.exp(3 - 1.2 * row[0]!)) ? 1 : 0))
  return { x, y }
}
const oneTree = { nEstimators: 1, useSampleBagging: false, noOOB: true, seed: 1, replacement: false }

describe('the statements', () => {
  it('name the versions that package.json pins', () => {
    for (const name of ['ml-random-forest', 'ml-logistic-regression'] as const)
      expect(STATEMENTS[name].package).toBe(`${name} ${manifest.dependencies[name]}`)
    expect(STATEMENTS.network.package).toContain(`@${manifest.peerDependencies['@tensorflow/tfjs-layers']}`.slice(1))
  })

  it('are as many as are tested here', () => {
    expect(STATEMENTS['ml-random-forest'].faults).toHaveLength(7)
    expect(STATEMENTS['ml-logistic-regression'].faults).toHaveLength(5)
  })
})

describe('ml-random-forest', () => {
  it('takes time by the square of the rows', () => {
    /** How often a tree looks at an outcome. */
    const looks = (rows: number): number => {
      let count = 0
      const y = Array.from({ length: rows }, (_, i) => i % 2)
      const watched = new Proxy(y, {
        get: (target, key, receiver) => {
          if (typeof key === 'string' && /^\d+$/.test(key)) count++
          return Reflect.get(target, key, receiver) as unknown
        },
      })
      const tree = new RandomForestRegression({ ...oneTree, treeOptions: { maxDepth: 0 } })
      tree.train(
        y.map((_, i) => [i]),
        watched,
      )
      return count
    }
    // Four times the rows: 4 for a search that sorts once, 16 for the square.
    expect(looks(400) / looks(100)).toBeGreaterThan(12)
  })

  it('stops at a Gini gain of 0.01: with few bads everybody is the same', () => {
    const { x, y } = credit(400)
    expect(y.filter((v) => v === 1).length / y.length).toBeLessThan(0.12)
    const scores = (treeOptions: object) => {
      const forest = new RandomForestClassifier({ ...oneTree, treeOptions })
      forest.train(x, y)
      return { predictions: new Set(forest.predict(x)).size, split: forest.estimators[0]!.root.left !== undefined }
    }
    expect(scores({})).toEqual({ predictions: 1, split: false })
    expect(scores({ gainThreshold: 0 })).toEqual({ predictions: 2, split: true })
  })

  it('loses the vote of the first tree: five of five give 0.8', () => {
    const forest = new RandomForestClassifier({ nEstimators: 5, seed: 1, noOOB: true })
    const x = Array.from({ length: 60 }, (_, i) => [i < 30 ? -5 - (i % 7) : 5 + (i % 7)])
    forest.train(
      x,
      x.map(([v]) => (v! > 0 ? 1 : 0)),
    )
    expect(forest.predict([[-8], [8]])).toEqual([0, 1])
    expect(forest.predictProbability([[-8]], 0)).toEqual([0.8])
    expect(forest.predictProbability([[8]], 1)).toEqual([0.800001])
  })

  it('draws columns once a tree', () => {
    const { x, y } = credit(120, 6)
    const forest = new RandomForestRegression({
      nEstimators: 6,
      seed: 1,
      maxFeatures: 2,
      replacement: false,
      noOOB: true,
      treeOptions: { minNumSamples: 10 },
    })
    forest.train(x, y)
    const columnsOf = (node: Node): number[] =>
      node.left && node.right ? [node.splitColumn!, ...columnsOf(node.left), ...columnsOf(node.right)] : []
    const used = forest.estimators.map(({ root }) => columnsOf(root))
    expect(Math.max(...used.map((columns) => columns.length))).toBeGreaterThan(3)
    for (const columns of used) expect(new Set(columns).size).toBeLessThanOrEqual(2)
    expect(new Set(forest.indexes.flat()).size).toBeGreaterThan(2)
  })

  it('fails out of bag where every tree drew a row', () => {
    const { x, y } = credit(60)
    const train = (noOOB: boolean) => () =>
      new RandomForestRegression({ nEstimators: 2, seed: 1, noOOB, useSampleBagging: true }).train(x, y)
    expect(train(false)).toThrow(/empty/)
    expect(train(true)).not.toThrow()
  })

  it('takes the first rows as a sample, and a missing value as the greatest', () => {
    const x = Array.from({ length: 40 }, (_, i) => [i])
    const y = x.map((_, i) => (i < 20 ? 0 : i === 39 ? 0 : 1))
    const sample = new RandomForestRegression({ ...oneTree, maxSamples: 20 })
    sample.train(x, y)
    expect(new Set(sample.predict(x))).toEqual(new Set([0]))
    const whole = new RandomForestRegression({ ...oneTree, treeOptions: { maxDepth: 1 } })
    whole.train(x, y)
    const [missing, great, small] = whole.predict([[Number.NaN], [1e9], [0]])
    expect(missing).toBe(great)
    expect(missing).toBeGreaterThan(small!)
  })

  it('refuses a split that tells the outcomes of a regression tree apart without error', () => {
    const x = Array.from({ length: 60 }, (_, i) => [i])
    const y = x.map((_, i) => (i < 20 || i >= 40 ? 0 : 1))
    const predictions = (gainThreshold: number) => {
      const tree = new RandomForestRegression({ ...oneTree, treeOptions: { gainThreshold } })
      tree.train(x, y)
      return tree.predict([[30], [50]])
    }
    expect(predictions(0)).toEqual([0.5, 0.5])
    // What the baseline is trained with; at the root such a split is refused all the same.
    expect(predictions(-1)).toEqual([1, 0])
  })
})

describe('ml-logistic-regression', () => {
  const { x, y } = credit(200)
  const trained = (rows: number[][], outcomes: number[], options: { numSteps: number; learningRate: number }) => {
    const model = new LogisticRegression(options)
    model.train(matrixOf(rows), matrixOf(outcomes.map((v) => [v])))
    return model
  }
  const weights = (model: Logistic) => model.classifiers[0]!.weights.to1DArray()
  const norm = (values: number[]) => Math.hypot(...values)

  it('has no intercept: at zero everybody is even, whatever the bad rate', () => {
    const model = trained(x, y, { numSteps: 300, learningRate: 0.01 })
    expect(weights(model)).toHaveLength(3)
    expect(Array.from(model.classifiers[0]!.testScores(matrixOf([[0, 0, 0]])))).toEqual([0.5])
  })

  it('has no test of convergence: it steps on where there is nothing to gain', () => {
    const flat = matrixOf(x.map(() => [0, 0, 0]))
    let products = 0
    const counting = new Proxy(flat as object, {
      get: (target, key) => {
        const value = Reflect.get(target, key) as unknown
        if (key === 'mmul') products++
        return typeof value === 'function' ? value.bind(target) : value
      },
    }) as Matrix
    new LogisticRegression({ numSteps: 70, learningRate: 1 }).train(counting, matrixOf(y.map((v) => [v])))
    // One product of rows and weights in each step of each of its two models.
    expect(products).toBe(140)
  })

  it('steps by the sum over rows: a rate that fits some rows diverges on ten times as many', () => {
    const learningRate = 4 / 260
    const few = weights(trained(x, y, { numSteps: 400, learningRate }))
    const ten = <T>(rows: T[]): T[] => Array.from({ length: 10 }, () => rows).flat()
    const many = weights(trained(ten(x), ten(y), { numSteps: 400, learningRate }))
    const shrunk = weights(trained(ten(x), ten(y), { numSteps: 400, learningRate: learningRate / 10 }))
    // The same rows ten times have the same maximum; steps ten times shorter find it.
    expect(norm(shrunk.map((w, j) => w - few[j]!))).toBeLessThan(1e-9)
    expect(norm(many.map((w, j) => w - few[j]!))).toBeGreaterThan(1)
  })

  it('trains two models that are mirror images', () => {
    const { classifiers } = trained(x, y, { numSteps: 50, learningRate: 0.005 })
    expect(classifiers).toHaveLength(2)
    const [bad, good] = classifiers.map((c) => c.weights.to1DArray())
    // Both take the same steps in opposite directions; exp(-x) and exp(x) round differently.
    bad!.forEach((w, j) => {
      expect(w).toBeCloseTo(-good![j]!, 12)
    })
  })

  it('has no penalty: where outcomes are separated, weights grow without end', () => {
    const separated = x.map((row) => (row[0]! > 0 ? 1 : 0))
    const reached = (numSteps: number) => norm(weights(trained(x, separated, { numSteps, learningRate: 0.015 })))
    expect(reached(4000)).toBeGreaterThan(1.5 * reached(400))
  })
})
