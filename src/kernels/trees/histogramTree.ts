/**
 * A tree on binned columns: the readable kernel, and the definition of what the compiled one grows (assembly/treeGrow.ts).
 *
 * At every node columns are drawn anew without replacement: `features` of them, and more while all drawn so far are constant at the
 * node (the rule of scikit-learn's forests). Trees grow depth first, left before right, or, with a limit of leaves, the node whose
 * split decreases impurity most first (of equal ones the older). Where a node has no missing value of the column it splits on, they
 * go to the child with more weight (right when equal).
 *
 * Monotone constraints: a split on a constrained column parts the values that its two sides may take at the midpoint of theirs, and
 * every node below keeps to its side of it. Stored values obey whatever is pruned later, inner nodes being bounded too.
 */
import { MISSING_BIN } from '../binning/bin.ts'
import type { Generator } from '../numbers/generator.ts'
import { ALL_PRESENT, type BinSplit, type NodeRows, type Sums, searchColumn } from './columnSearch.ts'
import type { BinnedRows, GrowthOptions } from './growthOptions.ts'
import { subtree } from './prune.ts'
import { NO_WORTH, worthDecrease } from './splitWorth.ts'
import { type GrownTree, nodeValue, TreeBuilder } from './treeBuilder.ts'

/** Bounds of the values stored at a node and below. */
interface Bounds {
  low: number
  high: number
}

interface Place extends Bounds {
  parent: number
  isLeft: boolean
  start: number
  end: number
  depth: number
}

interface Node extends Place {
  index: number
  total: Sums
}

interface Candidate {
  node: Node
  split: BinSplit
  decrease: number
}

/** @param counts how often each row was drawn */
export const growHistogramTree = (
  data: BinnedRows,
  counts: Uint16Array,
  generator: Generator,
  options: GrowthOptions,
): GrownTree => new Growth(data, counts, generator, options).grow()

class Growth {
  readonly #data: BinnedRows
  readonly #options: GrowthOptions
  readonly #generator: Generator
  /** rows of the tree; every node owns a stretch */
  readonly #members: Int32Array
  readonly #weights: Float64Array
  readonly #badWeights: Float64Array
  readonly #rowWeight: (row: number) => number
  /** columns, those drawn last in front */
  readonly #drawn: Int32Array
  readonly #builder = new TreeBuilder()
  #rootWeight = 0

  constructor(data: BinnedRows, counts: Uint16Array, generator: Generator, options: GrowthOptions) {
    this.#data = data
    this.#options = options
    this.#generator = generator
    const { weights } = data
    this.#rowWeight = (row) => (weights ? counts[row]! * weights[row]! : counts[row]!)
    this.#members = Int32Array.from({ length: data.rows }, (_, i) => i).filter((i) => this.#rowWeight(i) > 0)
    this.#weights = new Float64Array(this.#members.length)
    this.#badWeights = new Float64Array(this.#members.length)
    this.#drawn = Int32Array.from(data.columns, (_, j) => j)
  }

  grow(): GrownTree {
    const root: Place = {
      parent: -1,
      isLeft: false,
      start: 0,
      end: this.#members.length,
      depth: 0,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    }
    const inPreorder = this.#options.maxLeaves === Number.POSITIVE_INFINITY
    if (inPreorder) this.#depthFirst(root)
    else this.#bestFirst(root)
    const tree = this.#builder.finish(this.#options.smoothing, this.#options.output)
    return inPreorder ? tree : subtree(tree)
  }

  #depthFirst(root: Place): void {
    const stack = [root]
    while (stack.length) {
      const node = this.#open(stack.pop()!)
      const candidate = this.#search(node)
      if (candidate) stack.push(...this.#split(candidate).reverse())
    }
  }

  #bestFirst(root: Place): void {
    const open: Candidate[] = []
    const add = (place: Place) => {
      const candidate = this.#search(this.#open(place))
      if (candidate) open.push(candidate)
    }
    add(root)
    for (let leaves = 1; leaves < this.#options.maxLeaves && open.length; leaves++) {
      const best = open.reduce((a, b) => (b.decrease > a.decrease ? b : a))
      open.splice(open.indexOf(best), 1)
      for (const place of this.#split(best)) add(place)
    }
  }

  #open(place: Place): Node {
    const total: Sums = { rows: place.end - place.start, weight: 0, bad: 0 }
    for (let p = place.start; p < place.end; p++) {
      const row = this.#members[p]!
      const weight = this.#rowWeight(row)
      this.#weights[p] = weight
      this.#badWeights[p] = this.#data.target[row] ? weight : 0
      total.weight += weight
      total.bad += this.#badWeights[p]!
    }
    if (place.parent < 0) this.#rootWeight = total.weight
    const index = this.#builder.add(place.parent, place.isLeft, total.bad, total.weight, place.low, place.high)
    return { ...place, index, total }
  }

  #search(node: Node): Candidate | undefined {
    const { total } = node
    const { maxDepth, minLeaf, minImpurityDecrease, features, criterion } = this.#options
    if (node.depth >= maxDepth || total.rows < 2 * minLeaf || total.rows < 2) return undefined
    if (total.bad === 0 || total.bad === total.weight) return undefined
    const columns = this.#data.columns.length
    const rows: NodeRows = {
      members: this.#members,
      weights: this.#weights,
      badWeights: this.#badWeights,
      start: node.start,
      end: node.end,
      total,
    }
    let best: BinSplit | undefined
    let constant = 0
    const look = (at: number): void => {
      const found = searchColumn(
        this.#data,
        this.#drawn[at]!,
        rows,
        this.#options,
        this.#generator,
        best,
        NO_WORTH[criterion],
      )
      if (found === 'constant') constant++
      else best = found
    }
    for (let tried = 0; tried < features; tried++) this.#draw(tried)
    for (let tried = 0; tried < features; tried++) look(tried)
    for (let tried = features; tried < columns && constant === tried; tried++) {
      this.#draw(tried)
      look(tried)
    }
    if (!best) return undefined
    const decrease = worthDecrease(criterion, best.worth, total.bad, total.weight, this.#rootWeight)
    return decrease + Number.EPSILON < minImpurityDecrease ? undefined : { node, split: best, decrease }
  }

  /** Puts a column that was not yet drawn at this node into place `at`. */
  #draw(at: number): void {
    const from = at + this.#generator.below(this.#drawn.length - at)
    const column = this.#drawn[from]!
    this.#drawn[from] = this.#drawn[at]!
    this.#drawn[at] = column
  }

  /** Parts the rows of the node, both sides in their order, and tells the places of its children. */
  #split({ node, split }: Candidate): [Place, Place] {
    const { index, start, end, total } = node
    const { feature, cut, set, left } = split
    const defaultLeft = split.missingRows > 0 ? split.missingLeft : left.weight > total.weight - left.weight
    const goesLeft = (bin: number): boolean => {
      if (bin === MISSING_BIN) return defaultLeft
      return set ? ((set[bin >>> 5]! >>> (bin & 31)) & 1) === 1 : bin <= cut
    }
    const { bins, rows, columns } = this.#data
    const members = this.#members.subarray(start, end)
    const stays = members.filter((row) => goesLeft(bins[feature * rows + row]!))
    members.set(
      members.filter((row) => !goesLeft(bins[feature * rows + row]!)),
      stays.length,
    )
    members.set(stays)
    const threshold = cut === ALL_PRESENT ? Number.POSITIVE_INFINITY : columns[feature]!.edges[cut]!
    this.#builder.split(index, feature, set ? 0 : threshold, defaultLeft, set)
    const [low, high] = this.#childBounds(node, split)
    const middle = start + stays.length
    const depth = node.depth + 1
    return [
      { parent: index, isLeft: true, start, end: middle, depth, ...low },
      { parent: index, isLeft: false, start: middle, end, depth, ...high },
    ]
  }

  #childBounds({ low, high, total }: Node, { feature, cut, left }: BinSplit): [Bounds, Bounds] {
    const direction = this.#options.monotone?.[feature] ?? 0
    if (direction === 0 || cut === ALL_PRESENT)
      return [
        { low, high },
        { low, high },
      ]
    const { smoothing, output } = this.#options
    const value = (bad: number, weight: number) =>
      Math.min(high, Math.max(low, nodeValue(bad, weight, smoothing, output)))
    const middle = (value(left.bad, left.weight) + value(total.bad - left.bad, total.weight - left.weight)) / 2
    const [lower, upper] = [
      { low, high: middle },
      { low: middle, high },
    ]
    return direction > 0 ? [lower, upper] : [upper, lower]
  }
}
