// Rows of a node go to its children, in their order.
import {
  BY_CATEGORY,
  BY_MISSING,
  columnAt,
  INDEX,
  LEAF_FROM,
  LEAF_INDEXED,
  LEAF_ROWS,
  LEAF_SPLIT,
  LEAF_STORE,
  LEAF_STORE_ROWS,
  MISSING_LEFT,
  PARTIALS,
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

/** Whether a byte of the store goes left, given the column in it and the split. */
export function goesLeft(byte: u32, column: usize, split: usize): bool {
  const bin = (byte / load<u32>(column, 8)) % load<u32>(column, 12)
  const flags = load<u32>(split, SPLIT_FLAGS)
  if (bin == load<u32>(column, 24)) return (flags & MISSING_LEFT) != 0
  if (flags & BY_MISSING) return true
  if (flags & BY_CATEGORY) return ((load<u8>(split + SPLIT_SET + (bin >> 3)) >> (bin & 7)) & 1) != 0
  return bin <= load<u32>(split, SPLIT_BIN)
}

/** Sends positions from .. to - 1 of a leaf left or right; returns how many went left. Every position is written to both sides. */
function send(bytes: usize, table: usize, index: usize, from: u32, to: u32, left: usize, right: usize): u32 {
  const start = left
  for (let k = from; k < to; k++) {
    const position = index ? load<u32>(index + (<usize>k << 2)) : k
    const goes = <usize>load<u8>(table + load<u8>(bytes + (<usize>position << 3)))
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
  const column = columnAt(job, load<u32>(split, SPLIT_COLUMN))
  const table = scratchAt(job, thread) + SCRATCH_TABLE
  for (let byte: u32 = 0; byte < 256; byte++) store<u8>(table + byte, goesLeft(byte, column, split) ? 1 : 0)
  const bytes =
    <usize>load<u32>(leaf, LEAF_STORE) +
    ((<usize>load<u32>(column) * load<u32>(leaf, LEAF_STORE_ROWS)) << 3) +
    load<u32>(column, 4)
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
