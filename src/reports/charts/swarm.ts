/** A dot of a swarm: where it lies along the axis, in pixels, and the class of its color. */
export interface SwarmDot {
  x: number
  /** dots of one column stand in the order of their classes */
  order: number
  /** which column it stands in; default those that are as wide as a dot */
  column?: number
}

/**
 * Dots pushed aside so that they do not hide each other: those of one column, `size` pixels wide, stand above each other around the middle, as tightly as the
 * fullest column needs. The same dots give the same places.
 * @param half pixels that there are on either side of the middle
 * @returns distance from the middle for each dot, in pixels; at most `half`
 */
export const swarmOffsets = (dots: readonly SwarmDot[], size: number, half: number): number[] => {
  const columns = new Map<number, number[]>()
  dots.forEach(({ x, column = Math.round(x / size) }, i) => {
    if (columns.has(column)) columns.get(column)!.push(i)
    else columns.set(column, [i])
  })
  const fullest = Math.max(1, ...[...columns.values()].map((column) => column.length))
  const step = Math.min(size, fullest > 1 ? (2 * half) / (fullest - 1) : 0)
  const offsets = new Array<number>(dots.length).fill(0)
  for (const column of columns.values()) {
    column.sort((a, b) => dots[a]!.order - dots[b]!.order || dots[a]!.x - dots[b]!.x || a - b)
    // The lowest class at the bottom: y grows downward.
    column.forEach((i, k) => {
      offsets[i] = step * ((column.length - 1) / 2 - k)
    })
  }
  return offsets
}
