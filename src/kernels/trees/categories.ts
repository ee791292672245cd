/** Categories of a split: whole numbers in a set of bits (see tree.ts). */
import { MOST_CATEGORIES, type TreeArrays, WORDS_OF_SET } from './tree.ts'

/** Whether a value of a categorical column counts: a whole number 0..253; all else is missing. */
export const isCategory = (x: number): boolean => x >= 0 && x < MOST_CATEGORIES && Number.isInteger(x)

/** Whether a row goes left at a categorical split. `set`: position of the node's set in `sets`. */
export const categoryGoesLeft = (sets: Uint32Array, set: number, x: number, defaultLeft: boolean): boolean =>
  isCategory(x) ? ((sets[WORDS_OF_SET * set + (x >>> 5)]! >>> (x & 31)) & 1) === 1 : defaultLeft

/** Position of a node's set, -1 at numeric splits and leaves. */
export const setOfNode = (tree: TreeArrays, node: number): number => tree.categorySet?.[node] ?? -1
