/** Boosting by the compiled kernels: memory is taken once, then every tree is one call on all threads. */
import { Arena } from '../memory/space.ts'
import type { Pool } from '../pool.ts'
import {
  type BoostedLeaf,
  type BoostedNode,
  type BoostedTree,
  type BoostedTreeOptions,
  type Booster,
  type BoosterData,
  bitsOf,
  exactUnits,
} from './grownTree.ts'
import {
  BLOCK_BYTES,
  COLUMN_BYTES,
  JOB_BYTES,
  LEAF_BYTES,
  NODE_BYTES,
  REALS,
  SCRATCH_BYTES,
  SPLIT_BYTES,
  WORDS,
} from './job.ts'
import { type ColumnPlace, joinColumns } from './joinColumns.ts'

const NO_LIMIT = 0x7fffffff

const asWord = (value: number): number => Math.min(value, NO_LIMIT)

const FLAG_MISSING_LEFT = 1
const FLAG_CATEGORY = 2
const FLAG_MISSING = 4

export const compiledBooster = async (
  data: BoosterData,
  options: BoostedTreeOptions,
  pool: Pool,
  signal: AbortSignal | undefined,
): Promise<Booster> => {
  const { rows, columns } = data
  const { space, threads } = pool
  const { places, blocks } = joinColumns(columns, data.hasMissing)
  const even = rows + (rows % 2)
  const maxLeaves = Math.min(options.maxLeaves, Math.max(1, rows))
  const histogram = blocks * BLOCK_BYTES
  const listBytes = 4 * (blocks + 1 + columns.length)
  const sizes = {
    store: 8 * blocks * rows,
    packed: 4 * even,
    probability: 8 * even,
    margin: 8 * even,
    target: even,
    leafOf: 2 * even,
    index: 8 * rows,
    spareLeft: 8 * (rows + threads + 1),
    spareRight: 8 * (rows + threads + 1),
    histograms: maxLeaves * histogram,
    scratch: threads * (SCRATCH_BYTES + histogram),
    leaves: maxLeaves * LEAF_BYTES,
    nodes: 2 * maxLeaves * NODE_BYTES,
    splits: 2 * columns.length * SPLIT_BYTES + listBytes,
    columnRecords: columns.length * COLUMN_BYTES,
    masks: 3 * columns.length,
    partials: threads * (64 + 24 * maxLeaves),
    leafValues: 8 * maxLeaves,
    control: 64,
  }
  const ownBins = data.address === undefined
  const bytes =
    Object.values(sizes).reduce((a, b) => a + b + 64, 0) +
    (data.weight ? 8 * even : 0) +
    (ownBins ? rows * columns.length : 0)
  space.require(
    bytes,
    `boosting on ${rows.toLocaleString('en-US')} rows and ${columns.length.toLocaleString('en-US')} columns`,
    'fewer leaves, columns or rows need less',
  )
  const arena = new Arena(space)
  try {
    const job = arena.take(JOB_BYTES)
    space.bytes(job, JOB_BYTES).fill(0)
    const words = () => space.words(job, JOB_BYTES / 4)
    const reals = () => space.doubles(job, JOB_BYTES / 8)
    const set = (name: keyof typeof WORDS, value: number): void => {
      words()[WORDS[name]] = value
    }
    const at = Object.fromEntries(
      Object.entries(sizes).map(([name, size]) => {
        const address = arena.take(size)
        set(name as keyof typeof sizes, address)
        return [name, address]
      }),
    ) as Record<keyof typeof sizes, number>
    space.bytes(at.control, 64).fill(0)

    let maxWeight = 1
    if (data.weight) {
      const weight = arena.take(8 * even)
      const view = space.doubles(weight, even)
      view.fill(0)
      view.set(data.weight)
      set('weight', weight)
      maxWeight = data.weight.reduce((a, b) => Math.max(a, b), 0)
    }
    const margins = space.doubles(at.margin, even)
    margins.fill(data.base)
    // The row that makes their number even has no gradient.
    if (even > rows) margins[rows] = -700
    const target = space.bytes(at.target, even)
    target.fill(0)
    target.set(data.target)
    space.shorts(at.leafOf, even).fill(0)
    const bits = bitsOf(rows)
    const plain: Partial<Record<keyof typeof WORDS, number>> = {
      rows,
      columns: columns.length,
      blocks,
      bag: rows,
      maxLeaves,
      maxDepth: asWord(options.maxDepth),
      minLeaf: options.minLeaf,
      columnsANode: options.columnsANode >= columns.length ? 0 : options.columnsANode,
      byDepth: options.growth === 'depth' ? 1 : 0,
      bounded: data.monotone.some((m) => m !== 0) ? 1 : 0,
      countBits: bits.count,
      hessianBits: bits.hessian,
      oneHot: asWord(options.oneHot),
      mostSorted: asWord(options.mostSorted),
      minCategory: options.minCategory,
    }
    for (const [name, value] of Object.entries(plain)) set(name as keyof typeof WORDS, value)
    const units = exactUnits(rows, maxWeight)
    const real = reals()
    real[REALS.lambda] = options.lambda
    real[REALS.minHessian] = options.minHessian
    real[REALS.minGain] = options.minGain
    real[REALS.units] = units
    real[REALS.maxWeight] = maxWeight
    real[REALS.categorySmooth] = options.categorySmooth
    real[REALS.categoryLambda] = options.categoryLambda
    writeColumns(space.integers(at.columnRecords, 8 * columns.length), places, data)
    writeList(space.words(at.splits + 2 * columns.length * SPLIT_BYTES, listBytes / 4), places, blocks)

    set('bins', data.address ?? arena.copy(data.bytes()))
    await pool.team('boostingStore', { job }, null, { signal, space })

    return {
      async grow(round, lastValues) {
        set('seed', round.seed >>> 0)
        set('bag', round.bag ? round.bag.length : rows)
        if (round.bag) space.words(at.spareLeft, round.bag.length).set(round.bag)
        space.bytes(at.masks, columns.length).set(round.columns)
        set('leavesBefore', lastValues ? lastValues.length : 0)
        if (lastValues) space.doubles(at.leafValues, lastValues.length).set(lastValues)
        await pool.team('boostingTree', { job, control: at.control }, null, { signal, space })
        return readTree()
      },
      leafOf: () => space.shorts(at.leafOf, rows),
      close: () => arena.close(),
    }

    function readTree(): BoostedTree {
      const nodeCount = words()[WORDS.nodeCount]!
      const leafCount = words()[WORDS.leafCount]!
      const view = new DataView(space.memory.buffer)
      const nodes = Array.from({ length: nodeCount }, (_, k): BoostedNode => readNode(view, at.nodes + k * NODE_BYTES))
      const sums = space.doubles(at.partials + 64 * threads, 3 * maxLeaves * threads)
      const leaves = Array.from({ length: leafCount }, (_, k): BoostedLeaf => {
        const leaf = at.leaves + k * LEAF_BYTES
        const sum = (which: number): number => {
          let whole = 0
          for (let t = 0; t < threads; t++) whole += sums[3 * (t * maxLeaves + k) + which]!
          return whole / units
        }
        return {
          gradient: sum(0),
          hessian: sum(1),
          weight: sum(2),
          lower: view.getFloat64(leaf + 56, true),
          upper: view.getFloat64(leaf + 64, true),
        }
      })
      return { nodes, leaves }
    }
  } catch (error) {
    arena.close()
    throw error
  }
}

const writeColumns = (records: Int32Array, places: readonly ColumnPlace[], data: BoosterData): void => {
  places.forEach(({ block, byte, stride, size, missing }, j) => {
    const { kind, bins } = data.columns[j]!
    records.set([block, byte, stride, size, kind === 'category' ? 1 : 0, bins, missing, data.monotone[j]!], 8 * j)
  })
}

/** Where the columns of every block begin in the list that follows; then the columns, block by block. */
const writeList = (list: Uint32Array, places: readonly ColumnPlace[], blocks: number): void => {
  const starts = list.subarray(0, blocks + 1).fill(0)
  for (const { block } of places) if (block >= 0) starts[block + 1]!++
  for (let block = 0; block < blocks; block++) starts[block + 1]! += starts[block]!
  const next = starts.slice()
  places.forEach(({ block }, j) => {
    if (block >= 0) list[blocks + 1 + next[block]!++] = j
  })
}

const readNode = (view: DataView, at: number): BoostedNode => {
  const leaf = view.getInt32(at + 8, true)
  if (leaf >= 0) return { left: -1, right: -1, leaf }
  const split = at + 16
  const flags = view.getUint32(split + 24, true)
  const isCategory = (flags & FLAG_CATEGORY) !== 0
  return {
    left: view.getInt32(at, true),
    right: view.getInt32(at + 4, true),
    leaf,
    split: {
      gain: view.getFloat64(split, true),
      column: view.getUint32(split + 16, true),
      bin: view.getUint32(split + 20, true),
      missingLeft: (flags & FLAG_MISSING_LEFT) !== 0,
      kind: isCategory ? 'category' : (flags & FLAG_MISSING) !== 0 ? 'missing' : 'number',
      set: Uint32Array.from({ length: 8 }, (_, w) => (isCategory ? view.getUint32(split + 32 + 4 * w, true) : 0)),
    },
  }
}
