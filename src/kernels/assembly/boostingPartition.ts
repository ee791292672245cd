// Rows of a node go to its children, in their order.
import {
  BINS,
  BY_CATEGORY,
  BY_MISSING,
  INDEX,
  LEAF_FROM,
  LEAF_INDEXED,
  LEAF_ROWS,
  LEAF_SPLIT,
  MISSING_LEFT,
  PARTIALS,
  ROWS,
  scratchAt,
  SCRATCH_TABLE,
  share,
  SPARE_LEFT,
  SPARE_RIGHT,
  SPLIT_BIN,
  SPLIT_COLUMN,
  SPLIT_FLAGS,
  SPLIT_SET,
  word,
  place,
} from './boostingJob'
import { barrier } from './team'

/** Whether a bin goes left. */
export function goesLeft(bin: u32, split: usize): bool {
  const flags = load<u32>(split, SPLIT_FLAGS)
  if (bin == 255) return (flags & MISSING_LEFT) != 0
  if (flags & BY_MISSING) return true
  if (flags & BY_CATEGORY) return ((load<u8>(split + SPLIT_SET + (bin >> 3)) >> (bin & 7)) & 1) != 0
  return bin <= load<u32>(split, SPLIT_BIN)
}

/** Sends positions from .. to - 1 of a leaf left or right; returns how many went left. Every position is written to both sides. */
function send(bytes: usize, table: usize, index: usize, from: u32, to: u32, left: usize, right: usize): u32 {
  const start = left
  for (let k = from; k < to; k++) {
    const position = index ? load<u32>(index + (<usize>k << 2)) : k
    const goes = <usize>load<u8>(table + load<u8>(bytes + position))
    store<u32>(left, position)
    store<u32>(right, position)
    left += goes << 2
    right += (1 - goes) << 2
  }
  return <u32>((left - start) >> 2)
}

/** Parts the rows of a leaf by its split; afterwards the index holds those of the left child, then those of the right one. */
export function partition(job: usize, leaf: usize, thread: u32, threads: u32, control: usize): void {
  const rows = load<u32>(leaf, LEAF_ROWS)
  const start = load<u32>(leaf, LEAF_FROM)
  const split = leaf + LEAF_SPLIT
  const table = scratchAt(job, thread) + SCRATCH_TABLE
  for (let bin: u32 = 0; bin < 256; bin++) store<u8>(table + bin, goesLeft(bin, split) ? 1 : 0)
  const bytes = place(job, BINS) + <usize>load<u32>(split, SPLIT_COLUMN) * word(job, ROWS)
  const here = place(job, INDEX) + (<usize>start << 2)
  const index = load<u32>(leaf, LEAF_INDEXED) ? here : 0
  const from = share(rows, thread, threads)
  const to = share(rows, thread + 1, threads)
  // Writing to both sides runs one position over: the first free one of a thread belongs to no other.
  const room = (<usize>(start + from) + thread) << 2
  const ownLeft = place(job, SPARE_LEFT) + room
  const ownRight = place(job, SPARE_RIGHT) + room
  const partials = place(job, PARTIALS)
  const count = send(bytes, table, index, from, to, ownLeft, ownRight)
  store<u32>(partials + (<usize>thread << 6), count)
  store<u32>(partials + (<usize>thread << 6), to - from - count, 4)
  barrier(control, threads)
  let leftBefore: u32 = 0
  let lefts: u32 = 0
  let rightBefore: u32 = 0
  for (let t: u32 = 0; t < threads; t++) {
    const record = partials + (<usize>t << 6)
    lefts += load<u32>(record)
    if (t < thread) {
      leftBefore += load<u32>(record)
      rightBefore += load<u32>(record, 4)
    }
  }
  memory.copy(here + (<usize>leftBefore << 2), ownLeft, <usize>count << 2)
  memory.copy(here + (<usize>(lefts + rightBefore) << 2), ownRight, <usize>(to - from - count) << 2)
}
