/** A stretch of a curve drawn as one line, and the point of the curve that lies farthest from that line. */
interface Stretch {
  from: number
  to: number
  farthest: number
  distance: number
}

/**
 * Chooses points of a curve so that straight lines between them follow it closely: always the next point is the one farthest from
 * the line drawn so far (Douglas & Peucker 1973, doi:10.3138/FM57-6770-U75U-7727, by number of points instead of distance).
 *
 * @param x along the curve; @param y its heights, one an x
 * @param most points in all, 2 or more
 * @param keep positions that are taken in any case, rising, the first and last among them
 * @returns rising positions
 */
export const thinCurve = (
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  most: number,
  keep: ArrayLike<number> = [0, x.length - 1],
): Int32Array => {
  const measure = (from: number, to: number): Stretch => {
    const [dx, dy] = [x[to]! - x[from]!, y[to]! - y[from]!]
    const length = Math.hypot(dx, dy) || 1
    const found: Stretch = { from, to, farthest: -1, distance: 0 }
    for (let i = from + 1; i < to; i++) {
      const distance = Math.abs(dx * (y[i]! - y[from]!) - dy * (x[i]! - x[from]!)) / length
      if (distance > found.distance) {
        found.farthest = i
        found.distance = distance
      }
    }
    return found
  }
  const stretches: Stretch[] = []
  for (let k = 1; k < keep.length; k++) stretches.push(measure(keep[k - 1]!, keep[k]!))
  while (stretches.length + 1 < most) {
    let widest = 0
    for (let k = 1; k < stretches.length; k++) if (stretches[k]!.distance > stretches[widest]!.distance) widest = k
    const stretch = stretches[widest]
    if (!stretch || stretch.farthest < 0) break
    stretches[widest] = measure(stretch.from, stretch.farthest)
    stretches.push(measure(stretch.farthest, stretch.to))
  }
  return Int32Array.from([...stretches.map((s) => s.from), keep[keep.length - 1]!]).sort()
}
