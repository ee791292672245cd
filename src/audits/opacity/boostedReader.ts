/** Boosted regression trees: a reader that is as good as it gets on a handful of columns. */
import { type CodedColumns, growRegressionTree, type RegressionTree, readRegressionTree } from './regressionTree.ts'

/** Rounds, pace and size of the trees. */
export interface ReaderOptions {
  rounds?: number
  learningRate?: number
  depth?: number
  minLeaf?: number
}

/** Least-squares boosting (Friedman 2001, doi:10.1214/aos/1013203451). @returns what it says of any rows with the same columns */
export const fitReader = (
  columns: CodedColumns,
  y: Float64Array,
  options: ReaderOptions = {},
): ((columns: CodedColumns) => Float64Array) => {
  const { rounds = 120, learningRate = 0.1, depth = 4, minLeaf = 10 } = options
  const base = y.reduce((a, b) => a + b, 0) / y.length
  const rest = y.map((v) => v - base)
  const trees: RegressionTree[] = []
  for (let round = 0; round < rounds; round++) {
    const tree = growRegressionTree(columns, rest, { depth, minLeaf })
    const step = readRegressionTree(tree, columns)
    for (let i = 0; i < rest.length; i++) rest[i]! -= learningRate * step[i]!
    trees.push(tree)
  }
  return (rows) => {
    const out = new Float64Array(rows.rows).fill(base)
    for (const tree of trees) {
      const step = readRegressionTree(tree, rows)
      for (let i = 0; i < out.length; i++) out[i]! += learningRate * step[i]!
    }
    return out
  }
}
