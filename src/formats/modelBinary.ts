/**
 * model.bin: the numbers of a model in one buffer, little-endian. Layout in docs/model-format.md.
 */
import { type TreeArrays, WORDS_OF_SET } from '../kernels/trees/tree.ts'
import type { LinearModel, Model, TreeModel } from '../models/model.ts'
import { isTreeModel } from '../models/model.ts'
import { modelError } from '../util/errors.ts'
import { BinaryReader, BinaryWriter } from './binary.ts'
import { treeFault } from './checkTree.ts'

const MAGIC = 'GLASSBIN'
/** Highest version of the layout of model.bin: 2 has sets of categories, and 1 is written where there are none. */
export const BINARY_VERSION = 2
const HEADER = 32
/** Bytes of a node: threshold, value, cover; left, right, feature; default direction. */
const NODE = 3 * 8 + 3 * 4 + 1

const KIND_TAGS = { declared: 1, logistic: 2, tree: 3, forest: 4, boosting: 5 } as const
const OUTPUT_TAGS = { logOdds: 0, probability: 1 } as const

const writeTrees = (model: TreeModel, writer: BinaryWriter): void => {
  const all = <T>(part: (tree: TreeArrays) => T, write: (values: T) => void): void => {
    for (const tree of model.trees) write(part(tree))
  }
  for (const tree of model.trees) writer.uint32(tree.value.length)
  if (model.trees.length % 2 === 1) writer.uint32(0)
  all(
    (t) => t.threshold,
    (v) => writer.floats(v),
  )
  all(
    (t) => t.value,
    (v) => writer.floats(v),
  )
  all(
    (t) => t.cover,
    (v) => writer.floats(v),
  )
  all(
    (t) => t.childrenLeft,
    (v) => writer.integers(v),
  )
  all(
    (t) => t.childrenRight,
    (v) => writer.integers(v),
  )
  all(
    (t) => t.feature,
    (v) => writer.integers(v),
  )
  if (hasSets(model.trees)) {
    all(categorySetOf, (v) => writer.integers(v))
    for (const tree of model.trees) writer.uint32(setsOf(tree) / WORDS_OF_SET)
    for (const tree of model.trees) for (const word of tree.sets ?? []) writer.uint32(word)
  }
  all(
    (t) => t.defaultLeft,
    (v) => writer.bytes(v),
  )
}

const hasSets = (trees: readonly TreeArrays[]): boolean =>
  trees.some((tree) => tree.categorySet?.some((at) => at >= 0) === true)
/** A tree whose splits are all numeric is written, and read again, without sets. */
const categorySetOf = (tree: TreeArrays): Int32Array => tree.categorySet ?? new Int32Array(tree.value.length).fill(-1)
const setsOf = (tree: TreeArrays): number => tree.sets?.length ?? 0

/** Bytes of the sets of all trees. */
const setBytes = (trees: readonly TreeArrays[], nodes: number): number =>
  hasSets(trees) ? 4 * (nodes + trees.length + trees.reduce((sum, tree) => sum + setsOf(tree), 0)) : 0

/** @throws GlasscoreError('model') for a tree whose structure is broken: what would be refused on reading is not written */
export const encodeModel = (model: Model, file: string): Uint8Array => {
  const trees = isTreeModel(model) ? model.trees : []
  const columns = isTreeModel(model) ? model.columns : model.coefficients.length
  const nodes = trees.reduce((sum, tree) => sum + tree.value.length, 0)
  if (isTreeModel(model)) checkTrees(model, file)
  else checkLinear(model, file)
  const body = isTreeModel(model)
    ? 4 * (trees.length + (trees.length % 2)) + NODE * nodes + setBytes(trees, nodes)
    : 8 * (1 + 2 * columns)
  const writer = new BinaryWriter(HEADER + body)
  writer.text(MAGIC)
  writer.uint32(hasSets(trees) ? BINARY_VERSION : 1)
  writer.uint32(KIND_TAGS[model.kind])
  writer.uint32(columns)
  writer.uint32(trees.length)
  writer.uint32(nodes)
  writer.uint32(isTreeModel(model) ? OUTPUT_TAGS[model.output ?? 'logOdds'] : 0)
  if (isTreeModel(model)) writeTrees(model, writer)
  else {
    writer.float64(model.intercept)
    writer.floats(model.coefficients)
    writer.floats(model.means)
  }
  return writer.done()
}

const checkTrees = (model: TreeModel, file: string): void => {
  if (model.trees.length === 0) throw modelError('the model has no trees', { file, expected: 'at least one tree' })
  if (model.kind === 'tree' && model.trees.length > 1)
    throw modelError('a decision tree has more than one tree', { file, expected: '1', got: model.trees.length })
  if (model.kind === 'boosting' && model.output === 'probability')
    throw modelError('a boosted model carries log-odds', { file, got: 'probabilities' })
  model.trees.forEach((tree, k) => {
    const fault = treeFault(tree, model.columns)
    if (fault) throw modelError(`tree ${k} is broken: ${fault}`, { file })
    if (model.output === 'probability' && tree.value.some((p) => p < 0 || p > 1))
      throw modelError(`tree ${k} is broken: it holds a probability outside 0..1`, { file })
  })
}

const checkLinear = (model: LinearModel, file: string): void => {
  if (model.means.length !== model.coefficients.length)
    throw modelError('coefficients and means differ in number', {
      file,
      expected: String(model.coefficients.length),
      got: model.means.length,
    })
  for (const values of [[model.intercept], model.coefficients, model.means])
    for (const value of values)
      if (!Number.isFinite(value))
        throw modelError('the model holds a coefficient or mean that is not finite', { file })
}

const readTrees = (
  reader: BinaryReader,
  { version, trees, nodes }: { version: number; trees: number; nodes: number },
  file: string,
): TreeArrays[] => {
  if (trees > reader.left / 4) reader.integers(trees)
  const sizes = Array.from({ length: trees }, () => reader.uint32())
  if (trees % 2 === 1 && reader.uint32() !== 0) throw modelError('bytes that should be 0 are not', { file })
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total !== nodes)
    throw modelError('the trees do not have the stated number of nodes', { file, expected: String(nodes), got: total })
  const ends: number[] = []
  sizes.forEach((size, k) => {
    ends.push((ends[k - 1] ?? 0) + size)
  })
  const cut = <T>(values: { slice(from: number, to: number): T }): T[] =>
    sizes.map((size, k) => values.slice(ends[k]! - size, ends[k]!))
  const threshold = cut(reader.floats(nodes))
  const value = cut(reader.floats(nodes))
  const cover = cut(reader.floats(nodes))
  const childrenLeft = cut(reader.integers(nodes))
  const childrenRight = cut(reader.integers(nodes))
  const feature = cut(reader.integers(nodes))
  const categories = version > 1 ? readSets(reader, cut(reader.integers(nodes))) : undefined
  const defaultLeft = cut(reader.bytes(nodes))
  return sizes.map((_, k) => ({
    childrenLeft: childrenLeft[k]!,
    childrenRight: childrenRight[k]!,
    feature: feature[k]!,
    threshold: threshold[k]!,
    defaultLeft: defaultLeft[k]!,
    value: value[k]!,
    cover: cover[k]!,
    ...categories?.[k],
  }))
}

/** Sets of categories by tree; a tree without any has no such arrays. */
const readSets = (
  reader: BinaryReader,
  categorySet: Int32Array[],
): (Required<Pick<TreeArrays, 'categorySet' | 'sets'>> | undefined)[] => {
  const sizes = categorySet.map(() => reader.uint32())
  return categorySet.map((position, k) => {
    const sets = Uint32Array.from(reader.integers(WORDS_OF_SET * sizes[k]!))
    return sizes[k] === 0 && position.every((at) => at === -1) ? undefined : { categorySet: position, sets }
  })
}

const nameOf = <K extends string>(tags: Readonly<Record<K, number>>, tag: number): K | undefined =>
  (Object.keys(tags) as K[]).find((name) => tags[name] === tag)

/** @throws GlasscoreError('model') with the reason when the bytes are not a sound model */
export const decodeModel = (data: Uint8Array, file: string): Model => {
  const reader = new BinaryReader(data, file)
  if (data.length < HEADER || reader.text(MAGIC.length) !== MAGIC)
    throw modelError('this is not a glasscore model', { file, expected: `a file that begins with ${MAGIC}` })
  const version = reader.uint32()
  if (version < 1 || version > BINARY_VERSION)
    throw modelError('the model has another version of the format', {
      file,
      expected: `version 1 to ${BINARY_VERSION}`,
      got: version,
    })
  const tag = reader.uint32()
  const kind = nameOf(KIND_TAGS, tag)
  const columns = reader.uint32()
  const trees = reader.uint32()
  const nodes = reader.uint32()
  const outputTag = reader.uint32()
  const output = nameOf(OUTPUT_TAGS, outputTag)
  if (!kind) throw modelError('the kind of the model is unknown', { file, expected: 'a tag from 1 to 5', got: tag })
  if (!output) throw modelError('the output of the model is unknown', { file, expected: '0 or 1', got: outputTag })
  let model: Model
  if (kind === 'tree' || kind === 'forest' || kind === 'boosting') {
    const read = { kind, columns, trees: readTrees(reader, { version, trees, nodes }, file) }
    model = output === 'probability' ? { ...read, output } : read
    if (version > 1 && !hasSets(model.trees))
      throw modelError('the layout has sets of categories, but no tree has one', { file })
    checkTrees(model, file)
  } else {
    model = { kind, intercept: reader.float64(), coefficients: reader.floats(columns), means: reader.floats(columns) }
    checkLinear(model, file)
    if (trees !== 0 || nodes !== 0 || outputTag !== 0) throw modelError('a linear model states trees', { file })
  }
  if (reader.left > 0)
    throw modelError('the model file is longer than its content', { file, got: `${reader.left} bytes more` })
  return model
}
