/** Columns of few bins that share a byte, so that one addition to a histogram serves all of them. */

/** Where a column lies in blocks of eight bytes a row. */
export interface ColumnPlace {
  /** -1: constant, nowhere */
  block: number
  byte: number
  /** its bin is floor(byte / stride) mod size */
  stride: number
  size: number
  /** the bin of missing values in that number */
  missing: number
}

/**
 * Columns whose bins multiply to 256 at most share a byte, first fit from the largest down (a bin-packing rule); others have one of
 * their own. A column with a single bin and nothing missing has none.
 */
export const joinColumns = (
  columns: readonly { bins: number }[],
  hasMissing: Uint8Array,
): { places: ColumnPlace[]; blocks: number } => {
  const sizes = columns.map(({ bins }, j) => bins + hasMissing[j]!)
  const order = columns.map((_, j) => j).sort((a, b) => sizes[b]! - sizes[a]! || a - b)
  const joint: { members: number[]; size: number }[] = []
  // What is too full for a column is too full for all later ones of its size: the search goes on where it stood.
  let [first, last] = [0, 0]
  for (const j of order) {
    const size = sizes[j]!
    if (size < 2) continue
    if (size !== last) first = 0
    last = size
    while (first < joint.length && joint[first]!.size * size > 256) first++
    const found = joint[first]
    if (found) {
      found.members.push(j)
      found.size *= size
    } else joint.push({ members: [j], size })
  }
  const places: ColumnPlace[] = columns.map(() => ({ block: -1, byte: 0, stride: 1, size: 256, missing: 255 }))
  joint.forEach(({ members }, k) => {
    const place = { block: k >> 3, byte: k & 7 }
    let stride = 1
    for (const j of members) {
      const alone = members.length === 1
      places[j] = { ...place, stride, size: alone ? 256 : sizes[j]!, missing: alone ? 255 : columns[j]!.bins }
      stride *= sizes[j]!
    }
  })
  return { places, blocks: Math.max(1, Math.ceil(joint.length / 8)) }
}
