// The heap of best-first growth: slots of candidates, that of the greatest decrease on top, of equal ones the older.
import { CANDIDATE, C_DECREASE } from './treePlace'

/** Whether the candidate in slot a is split before that in slot b. */
@inline
function before(a: u32, b: u32, pool: usize): bool {
  const da = load<f64>(pool + <usize>a * CANDIDATE, C_DECREASE)
  const db = load<f64>(pool + <usize>b * CANDIDATE, C_DECREASE)
  return da > db || (da == db && a < b)
}

export function rise(heap: usize, at: u32, pool: usize): void {
  const slot = load<u32>(heap + (<usize>at << 2))
  while (at) {
    const up = (at - 1) >> 1
    const other = load<u32>(heap + (<usize>up << 2))
    if (!before(slot, other, pool)) break
    store<u32>(heap + (<usize>at << 2), other)
    at = up
  }
  store<u32>(heap + (<usize>at << 2), slot)
}

export function sink(heap: usize, held: u32, pool: usize): void {
  if (!held) return
  const slot = load<u32>(heap)
  let at: u32 = 0
  for (;;) {
    let down: u32 = 2 * at + 1
    if (down >= held) break
    if (down + 1 < held && before(load<u32>(heap + (<usize>(down + 1) << 2)), load<u32>(heap + (<usize>down << 2)), pool))
      down++
    const other = load<u32>(heap + (<usize>down << 2))
    if (!before(other, slot, pool)) break
    store<u32>(heap + (<usize>at << 2), other)
    at = down
  }
  store<u32>(heap + (<usize>at << 2), slot)
}
