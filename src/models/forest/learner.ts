import { shareBytes, shareFloats } from '../../kernels/memory/share.ts'
import { keyWords } from '../../kernels/numbers/generator.ts'
import type { ForestData, ForestPart, ForestPartResult } from '../../kernels/trees/growForest.ts'
import type { TreeArrays } from '../../kernels/trees/tree.ts'
import type { LeafOutput } from '../../kernels/trees/treeBuilder.ts'
import { thisThread } from '../../threads/openPool.ts'
import type { Random } from '../../util/random.ts'
import { checkChoice, checkNumber, checkTarget } from '../checkOptions.ts'
import { rowsByGroup } from '../groups.ts'
import { meanMargin } from '../margin.ts'
import type { Learner } from '../model.ts'

/** Size of a forest and of its trees. */
export interface ForestOptions {
  trees?: number
  /** edges from the root to the deepest leaf; Infinity for no limit */
  maxDepth?: number
  /** least distinct rows in a leaf */
  minLeaf?: number
  /** columns drawn at each node: the root of their number, or a number of columns */
  features?: 'sqrt' | number
  /** rows (persons, where rows are grouped) drawn for each tree, as a share of all */
  sampleRatio?: number
  /** whether a row may be drawn more than once */
  replace?: boolean
  /** m of the leaf values (bad + m p0) / (n + m); more than 0 */
  m?: number
  /** what leaves carry and trees are averaged in */
  output?: LeafOutput
}

/** Trees and columns of one task; fixed, so that sums are added in the same order for any number of threads. */
const TREES_A_PART = 5
const COLUMNS_A_PART = 8

/**
 * A random forest on binned columns; see kernels/trees/histogramTree.ts. Tree i draws from `random.fork('tree', i)`: the same forest for
 * any number of threads. `outOfBagMargins` are the margins of training rows by the trees that saw none of their person.
 */
export const forest = (options: ForestOptions = {}): Learner => {
  const trees = checkNumber('trees', options.trees ?? 150, { min: 1, max: 10_000, whole: true })
  const maxDepth = checkNumber('maxDepth', options.maxDepth ?? 10, { min: 1, whole: true })
  const minLeaf = checkNumber('minLeaf', options.minLeaf ?? 20, { min: 1, max: 2 ** 31, whole: true })
  const features =
    options.features === undefined || options.features === 'sqrt'
      ? 'sqrt'
      : checkNumber('features', options.features, { min: 1, whole: true, max: 65_536 })
  const sampleRatio = checkNumber('sampleRatio', options.sampleRatio ?? 1, { above: 0, max: 1 })
  const replace = options.replace ?? true
  const m = checkNumber('m', options.m ?? 5, { above: 0, max: 1e12 })
  const output = checkChoice('output', options.output ?? 'logOdds', ['logOdds', 'probability'])
  return {
    kind: 'forest',
    encoding: 'tree',
    options: { trees, maxDepth, minLeaf, features, sampleRatio, replace, m, output },
    fit: async (x, target, random, { pool = thisThread(), progress, signal, groups } = {}) => {
      const bad = checkTarget(x, target)
      const columns = x.columns.length
      const drawn = Math.min(columns, features === 'sqrt' ? Math.max(1, Math.floor(Math.sqrt(columns))) : features)
      const smoothing = { strength: m, rate: bad / x.rows }

      const binning = {
        values: shareFloats(x.values),
        rows: x.rows,
        bins: new Uint8Array(new SharedArrayBuffer(x.rows * columns)),
      }
      const columnParts = Array.from({ length: Math.ceil(columns / COLUMNS_A_PART) }, (_, k) => ({
        from: k * COLUMNS_A_PART,
        to: Math.min(columns, (k + 1) * COLUMNS_A_PART),
      }))
      const edges = (await pool.run('binColumns', binning, columnParts, { signal })).flat()

      const data: ForestData = {
        bins: binning.bins,
        rows: x.rows,
        columns,
        edges,
        target: shareBytes(target),
        groups: groups && rowsByGroup(groups),
        options: { maxDepth, minLeaf, features: drawn, smoothing, output, sampleRatio, replace },
      }
      const grown: TreeArrays[] = []
      const sum = new Float64Array(x.rows)
      const number = new Float64Array(x.rows)
      const addPart = (part: ForestPartResult) => {
        grown.push(...part.trees)
        for (let i = 0; i < x.rows; i++) {
          sum[i]! += part.outOfBagSum[i]!
          number[i]! += part.outOfBagTrees[i]!
        }
      }
      await pool.runEach('growTrees', data, treeParts(trees, random), addPart, {
        signal,
        onPart: (done) => progress?.('trees', Math.min(trees, done * TREES_A_PART), trees),
      })
      const outOfBagMargins = sum.map((s, i) => (number[i] ? meanMargin(s, number[i]!, output) : Number.NaN))
      return {
        model: {
          kind: 'forest',
          columns,
          trees: grown,
          ...(output === 'probability' ? { output } : {}),
        },
        outOfBagMargins,
        report: {
          smoothing,
          featuresDrawn: drawn,
          leavesPerTree: grown.reduce((n, t) => n + (t.feature.length + 1) / 2, 0) / trees,
          rowsNeverOutOfBag: number.filter((n) => n === 0).length,
          drawnBy: groups ? 'person' : 'row',
          warnings: [],
        },
      }
    },
  }
}

const treeParts = (trees: number, random: Random): ForestPart[] =>
  Array.from({ length: Math.ceil(trees / TREES_A_PART) }, (_, k) => {
    const first = k * TREES_A_PART
    const count = Math.min(TREES_A_PART, trees - first)
    const keys = new Uint32Array(4 * count)
    for (let t = 0; t < count; t++) keys.set(keyWords(random.fork('tree', first + t).key), 4 * t)
    return { keys }
  })
