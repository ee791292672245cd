import type { Cut } from './ties.ts'
import type { Box } from './variable.ts'

/** A box to be parted, and where. */
export interface OpenBox extends Cut {
  box: Box
  /** no point of the box that reaches costs less */
  bound: number
  /** what the bounds of both parts begin with */
  state?: unknown
}

interface Entry extends OpenBox {
  /** boxes of equal bound leave in the order in which they came */
  serial: number
}

const before = (a: Entry, b: Entry): boolean => a.bound < b.bound || (a.bound === b.bound && a.serial < b.serial)

/** Open boxes, lowest bound first: a binary heap. */
export class BoxQueue {
  readonly #heap: Entry[] = []
  #serial = 0

  push(open: OpenBox): void {
    const entry = { ...open, serial: this.#serial++ }
    const heap = this.#heap
    let at = heap.length
    for (let up = (at - 1) >> 1; at > 0 && before(entry, heap[up]!); up = (at - 1) >> 1) {
      heap[at] = heap[up]!
      at = up
    }
    heap[at] = entry
  }

  pop(): OpenBox | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= heap.length) break
      if (down + 1 < heap.length && before(heap[down + 1]!, heap[down]!)) down++
      if (!before(heap[down]!, last)) break
      heap[at] = heap[down]!
      at = down
    }
    heap[at] = last
    return first
  }
}
