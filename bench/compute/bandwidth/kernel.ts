// Compiled by measureBandwidth.ts. Four accumulators, so that no addition waits for the one before it.

/** Sum of `count` doubles, a multiple of 8. */
export function readAll(from: usize, count: usize): f64 {
  let a = f64x2.splat(0)
  let b = f64x2.splat(0)
  let c = f64x2.splat(0)
  let d = f64x2.splat(0)
  const end = from + 8 * count
  for (; from < end; from += 64) {
    a = f64x2.add(a, v128.load(from))
    b = f64x2.add(b, v128.load(from, 16))
    c = f64x2.add(c, v128.load(from, 32))
    d = f64x2.add(d, v128.load(from, 48))
  }
  const all = f64x2.add(f64x2.add(a, b), f64x2.add(c, d))
  return f64x2.extract_lane(all, 0) + f64x2.extract_lane(all, 1)
}

/** to = x + factor y, of `count` doubles each, a multiple of 4. */
export function triad(to: usize, x: usize, y: usize, factor: f64, count: usize): void {
  const by = f64x2.splat(factor)
  const end = to + 8 * count
  while (to < end) {
    v128.store(to, f64x2.add(v128.load(x), f64x2.mul(by, v128.load(y))))
    v128.store(to, f64x2.add(v128.load(x, 16), f64x2.mul(by, v128.load(y, 16))), 16)
    to += 32
    x += 32
    y += 32
  }
}
