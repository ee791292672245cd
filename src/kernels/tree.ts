/**
 * A fitted tree as parallel arrays, one entry a node, node 0 the root, children after their parents (preorder).
 * A row goes left when x <= threshold; a missing value (NaN) goes left where defaultLeft is 1.
 */
export interface TreeArrays {
  /** index of the left child, -1 at a leaf */
  childrenLeft: Int32Array
  childrenRight: Int32Array
  /** column of the matrix that is split on, -1 at a leaf */
  feature: Int32Array
  /** Infinity parts all present values (left) from missing ones (right) */
  threshold: Float64Array
  defaultLeft: Uint8Array
  /** smoothed log-odds of bad, at every node (inner nodes too: they serve pruning and display) */
  value: Float64Array
  /** weighted training rows at the node */
  cover: Float64Array
}
