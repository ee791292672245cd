// A place: where a node stands before and while it is split. 64 bytes.
export const P_START: usize = 0
export const P_ROWS: usize = 4
export const P_DEPTH: usize = 8
export const P_PARENT: usize = 12
export const P_IS_LEFT: usize = 16
/** 1 where its rows lie together in the local buffer, 2 where they moved to the other one */
export const P_LOCAL: usize = 20
export const P_NODE: usize = 24
export const P_WEIGHT: usize = 32
export const P_BAD: usize = 40
export const P_LOW: usize = 48
export const P_HIGH: usize = 56
export const PLACE: usize = 64
// A candidate of best-first growth: its place, its split. 160 bytes.
export const C_FEATURE: usize = 64
export const C_CUT: usize = 68
export const C_MISSING_LEFT: usize = 72
export const C_MISSING: usize = 76
export const C_WEIGHT: usize = 80
export const C_BAD: usize = 88
export const C_DECREASE: usize = 96
export const C_SET: usize = 104
export const CANDIDATE: usize = 160

export function writePlace(
  place: usize, start: u32, n: u32, depth: u32, parent: u32, isLeft: u32, local: u32, weight: f64, bad: f64, low: f64,
  high: f64,
): void {
  store<u32>(place, start, P_START)
  store<u32>(place, n, P_ROWS)
  store<u32>(place, depth, P_DEPTH)
  store<u32>(place, parent, P_PARENT)
  store<u32>(place, isLeft, P_IS_LEFT)
  store<u32>(place, local, P_LOCAL)
  store<f64>(place, weight, P_WEIGHT)
  store<f64>(place, bad, P_BAD)
  store<f64>(place, low, P_LOW)
  store<f64>(place, high, P_HIGH)
}
