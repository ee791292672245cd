/**
 * A fitted tree as parallel arrays, one entry a node, node 0 the root, children after their parents (preorder).
 *
 * A numeric split sends a row left when x <= threshold, a categorical one when its category is in the node's set; a missing value
 * (NaN) goes left where defaultLeft is 1. A category is a whole number 0..253; any other value of a categorical column counts as
 * missing, and so does nothing else: a category that the node did not see in training goes right.
 */
export interface TreeArrays {
  /** index of the left child, -1 at a leaf */
  childrenLeft: Int32Array
  childrenRight: Int32Array
  /** column of the matrix that is split on, -1 at a leaf */
  feature: Int32Array
  /** Infinity parts all present values (left) from missing ones (right); 0 at categorical splits */
  threshold: Float64Array
  defaultLeft: Uint8Array
  /** smoothed log-odds of bad, at every node (inner nodes too: they serve pruning and display) */
  value: Float64Array
  /** weighted training rows at the node */
  cover: Float64Array
  /** where the tree has categorical splits: position of each node's set in `sets`, -1 at numeric splits and leaves */
  categorySet?: Int32Array
  /** WORDS_OF_SET words a set; bit c % 32 of word c / 32: category c goes left */
  sets?: Uint32Array
}

/** 32-bit words of a set of categories. */
export const WORDS_OF_SET = 8
/** Categories that a column may have: 0..253. */
export const MOST_CATEGORIES = 254
