/**
 * Whether trees keep to monotone constraints, proved over boxes and not by trying rows.
 *
 * A leaf is a box: for each column an interval of numbers, or a set of categories, and whether a missing value may come there. Two
 * rows that differ in the constrained column alone, both with a value there, reach leaves whose boxes overlap in all other columns;
 * so a tree is monotone exactly when of all such pairs of leaves the one that holds the lower values of the column has the lower value.
 */
import { usageError } from '../../util/errors.ts'
import { came, isList } from '../checkInput.ts'
import { sumTrees } from './applyTree.ts'
import { MOST_CATEGORIES, type TreeArrays, WORDS_OF_SET } from './tree.ts'

/** What of one column reaches a node. */
interface Range {
  /** numbers x with low < x <= high */
  low: number
  high: number
  /** bits of categories; absent: all of them */
  categories?: Uint32Array
  missing: boolean
}

interface Box {
  leaf: number
  ranges: Map<number, Range>
}

const LOWEST = Number.NEGATIVE_INFINITY
const WHOLE: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, missing: true }

/** Two leaves, the row that comes to `upper` having more of the column than the row that comes to `lower`. */
export interface MonotoneViolation {
  column: number
  direction: number
  lower: number
  upper: number
}

const allCategories = (): Uint32Array => {
  const set = new Uint32Array(WORDS_OF_SET).fill(0xffffffff)
  set[WORDS_OF_SET - 1] = 0xffffffff >>> (32 * WORDS_OF_SET - MOST_CATEGORIES)
  return set
}

const side = (tree: TreeArrays, node: number, range: Range, left: boolean): Range => {
  const missing = range.missing && (tree.defaultLeft[node] === 1) === left
  const at = tree.categorySet?.[node] ?? -1
  if (at >= 0) {
    const set = tree.sets!.subarray(at * WORDS_OF_SET, (at + 1) * WORDS_OF_SET)
    const categories = (range.categories ?? allCategories()).map((word, k) => word & (left ? set[k]! : ~set[k]!))
    return { ...range, categories, missing }
  }
  const threshold = tree.threshold[node]!
  return left
    ? { ...range, high: Math.min(range.high, threshold), missing }
    : { ...range, low: Math.max(range.low, threshold === LOWEST ? -Number.MAX_VALUE : threshold), missing }
}

/** Numbers above `low` up to `high`; a column may hold -Infinity, which lies above no other and so is counted in where `low` is. */
const holdsNumber = (low: number, high: number): boolean => low < high || (low === LOWEST && high === LOWEST)

const hasValue = (range: Range): boolean =>
  holdsNumber(range.low, range.high) && (range.categories === undefined || range.categories.some((word) => word !== 0))

/** Leaves that any row can reach, with what reaches them. */
const boxes = (tree: TreeArrays): Box[] => {
  const found: Box[] = []
  const stack: { node: number; ranges: Map<number, Range> }[] = [{ node: 0, ranges: new Map() }]
  while (stack.length) {
    const { node, ranges } = stack.pop()!
    const j = tree.feature[node]!
    if (j < 0) {
      found.push({ leaf: node, ranges })
      continue
    }
    for (const left of [true, false]) {
      const range = side(tree, node, ranges.get(j) ?? WHOLE, left)
      if (!hasValue(range) && !range.missing) continue
      const child = (left ? tree.childrenLeft : tree.childrenRight)[node]!
      stack.push({ node: child, ranges: new Map(ranges).set(j, range) })
    }
  }
  return found
}

const overlap = (a: Range, b: Range): boolean => {
  if (a.missing && b.missing) return true
  if (!holdsNumber(Math.max(a.low, b.low), Math.min(a.high, b.high))) return false
  if (!a.categories || !b.categories) return hasValue(a) && hasValue(b)
  return a.categories.some((word, k) => (word & b.categories![k]!) !== 0)
}

const overlapElsewhere = (a: Box, b: Box, column: number): boolean => {
  for (const [j, range] of a.ranges) {
    if (j !== column && !overlap(range, b.ranges.get(j) ?? WHOLE)) return false
  }
  return true
}

/** @throws GlasscoreError('usage') unless there is a direction for every column that is split on */
const checkDirections = (constraints: ArrayLike<number>, feature: Int32Array): void => {
  const columns = feature.reduce((most, j) => Math.max(most, j + 1), 0)
  const expected = `1, -1 or 0 for each column, of which there are ${columns} or more`
  if (!isList(constraints) || constraints.length < columns)
    throw usageError('directions and columns differ in number', {
      option: 'constraints',
      expected,
      got: isList(constraints) ? constraints.length : came(constraints),
    })
  for (let j = 0; j < constraints.length; j++)
    if (![-1, 0, 1].includes(constraints[j]!))
      throw usageError('not a direction', { option: 'constraints', column: String(j), expected, got: constraints[j]! })
}

/**
 * Every pair of leaves that breaks a constraint; none is a proof that the tree keeps to them. Quadratic in leaves.
 *
 * @param constraints for each column 1 (the value may only rise with it), -1 (only fall) or 0
 * @param values of the nodes, by default the stored ones
 * @throws GlasscoreError('usage') for fewer directions than columns, or numbers that are none
 */
export const monotoneViolations = (
  tree: TreeArrays,
  constraints: Int8Array,
  values: Float64Array = tree.value,
): MonotoneViolation[] => {
  checkDirections(constraints, tree.feature)
  const all = boxes(tree)
  const violations: MonotoneViolation[] = []
  constraints.forEach((direction, column) => {
    if (direction === 0) return
    for (const lower of all) {
      const below = lower.ranges.get(column) ?? WHOLE
      if (!hasValue(below)) continue
      for (const upper of all) {
        const above = upper.ranges.get(column) ?? WHOLE
        // Some number of the lower box is below some number of the upper one.
        if (lower === upper || !hasValue(above) || !(below.low < above.high)) continue
        if (direction * values[lower.leaf]! <= direction * values[upper.leaf]!) continue
        if (overlapElsewhere(lower, upper, column))
          violations.push({ column, direction, lower: lower.leaf, upper: upper.leaf })
      }
    }
  })
  return violations
}

/**
 * A missing value compares with none, so it may be better for the applicant than any: for each constrained column, in what share of the
 * rows the margin with the value missing is lower than with the best value there can be, all else as it is.
 *
 * @param values rows x columns, column-major; they are put back as they were
 */
export const missingBeatsBest = (
  trees: readonly TreeArrays[],
  values: Float64Array,
  rows: number,
  constraints: Int8Array,
): { column: number; share: number }[] => {
  for (const { feature } of trees) checkDirections(constraints, feature)
  if (values.length !== rows * constraints.length)
    throw usageError('the values are not those of rows and columns', {
      option: 'values',
      expected: `${rows} x ${constraints.length} numbers`,
      got: values.length,
    })
  return Array.from(constraints.keys())
    .filter((column) => constraints[column] !== 0)
    .map((column) => {
      const own = values.subarray(column * rows, (column + 1) * rows)
      const kept = own.slice()
      const sumsWith = (value: number) => {
        own.fill(value)
        return sumTrees(trees, values, rows)
      }
      const missing = sumsWith(Number.NaN)
      const best = sumsWith(constraints[column]! * Number.NEGATIVE_INFINITY)
      own.set(kept)
      return { column, share: missing.filter((sum, i) => sum < best[i]!).length / rows }
    })
}
