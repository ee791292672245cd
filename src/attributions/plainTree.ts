/** Trees as other libraries keep them. */
import { came, isList, isRecord } from '../kernels/checkInput.ts'
import { isCategory } from '../kernels/trees/categories.ts'
import { MOST_CATEGORIES, type TreeArrays, WORDS_OF_SET } from '../kernels/trees/tree.ts'
import { modelError } from '../util/errors.ts'

/** A tree as scikit-learn keeps it; the root is node 0 and children come after their parents. */
export interface PlainTree {
  /** position of the left child of each node; -1 at leaves */
  children_left: ArrayLike<number>
  /** position of the right child of each node; -1 at leaves */
  children_right: ArrayLike<number>
  /** column of each split; anything negative at leaves */
  feature: ArrayLike<number>
  /** a row goes left when its value <= threshold */
  threshold: ArrayLike<number>
  /** output at each node, one number; only those of leaves count. Take one class: `value[:, 0, 1]` of a scikit-learn classifier */
  value: ArrayLike<number>
  /** training rows at each node (`weighted_n_node_samples`) */
  cover: ArrayLike<number>
  /** 1 where a missing value goes left; absent: always right */
  default_left?: ArrayLike<number>
  /** categories (whole numbers 0..253) that go left at each node, empty at numeric splits and leaves; absent: all splits are numeric */
  categories?: ArrayLike<ArrayLike<number>>
}

const PLAIN_ARRAYS = ['children_left', 'children_right', 'feature', 'threshold', 'value', 'cover'] as const

const checkPlain = (tree: PlainTree, k: number): void => {
  if (!isRecord(tree))
    throw modelError(`tree ${k} is no tree`, { expected: `an object with ${PLAIN_ARRAYS.join(', ')}`, got: came(tree) })
  const absent = PLAIN_ARRAYS.find((name) => !isList(tree[name]))
  if (absent)
    throw modelError(`tree ${k} is broken: it has no ${absent}`, {
      expected: 'one number a node',
      got: came(tree[absent]),
    })
}

/** @throws GlasscoreError('model') for a tree that lacks an array, or has an unknown category */
export const fromPlain = (tree: PlainTree, k: number): TreeArrays => {
  checkPlain(tree, k)
  const sets = setsOf(tree.categories)
  return {
    childrenLeft: Int32Array.from(tree.children_left),
    childrenRight: Int32Array.from(tree.children_right),
    feature: Int32Array.from(tree.feature, (f) => Math.max(-1, f)),
    threshold: Float64Array.from(tree.threshold, (t, i) => ((sets?.categorySet[i] ?? -1) < 0 ? t : 0)),
    defaultLeft: Uint8Array.from(tree.default_left ?? new Uint8Array(tree.children_left.length)),
    value: Float64Array.from(tree.value),
    cover: Float64Array.from(tree.cover),
    ...sets,
  }
}

/** Lists of categories as sets of bits, see kernels/trees/tree.ts. */
const setsOf = (
  categories: PlainTree['categories'],
): Required<Pick<TreeArrays, 'categorySet' | 'sets'>> | undefined => {
  const lists = Array.from(categories ?? [], (list) => Array.from(list))
  if (lists.every((list) => list.length === 0)) return undefined
  const categorySet = new Int32Array(lists.length).fill(-1)
  const sets: number[] = []
  lists.forEach((list, node) => {
    if (list.length === 0) return
    categorySet[node] = sets.length / WORDS_OF_SET
    const words = new Uint32Array(WORDS_OF_SET)
    for (const category of list) {
      if (!isCategory(category))
        throw modelError(`node ${node} has an unknown category`, {
          expected: `whole numbers from 0 to ${MOST_CATEGORIES - 1}`,
          got: category,
        })
      words[category >>> 5]! |= 1 << (category & 31)
    }
    sets.push(...words)
  })
  return { categorySet, sets: Uint32Array.from(sets) }
}
