// Rows of a node go to its children, in their order.
import {
  BAG,
  BINS,
  BY_CATEGORY,
  BY_MISSING,
  INDEX,
  LEAF_FROM,
  LEAF_INDEXED,
  LEAF_ROWS,
  LEAF_SPLIT,
  MISSING_LEFT,
  PACKED,
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

/** Sends entries of the index left or right; returns how many went left. Every entry is written to both sides. */
function send(bytes: usize, table: usize, entries: usize, count: u32, left: usize, right: usize): u32 {
  const start = left
  const end = entries + (<usize>count << 3)
  for (; entries < end; entries += 8) {
    const entry = load<u64>(entries)
    const goes = <usize>load<u8>(table + load<u8>(bytes + <usize>(<u32>entry)))
    store<u64>(left, entry)
    store<u64>(right, entry)
    left += goes << 3
    right += (1 - goes) << 3
  }
  return <u32>((left - start) >> 3)
}

/** The same for rows from .. to - 1, which have no entries yet. */
function sendAll(bytes: usize, table: usize, packed: usize, from: u32, to: u32, left: usize, right: usize): u32 {
  const start = left
  for (let row = from; row < to; row++) {
    const entry = <u64>row | (<u64>load<u32>(packed + (<usize>row << 2)) << 32)
    const goes = <usize>load<u8>(table + load<u8>(bytes + row))
    store<u64>(left, entry)
    store<u64>(right, entry)
    left += goes << 3
    right += (1 - goes) << 3
  }
  return <u32>((left - start) >> 3)
}

/** Entries for the rows of a bag, which stand in the spare room. */
export function fillIndex(job: usize, thread: u32, threads: u32): void {
  const bag = word(job, BAG)
  const rows = place(job, SPARE_LEFT)
  const packed = place(job, PACKED)
  const index = place(job, INDEX)
  const to = share(bag, thread + 1, threads)
  for (let k = share(bag, thread, threads); k < to; k++) {
    const row = load<u32>(rows + (<usize>k << 2))
    store<u32>(index + (<usize>k << 3), row)
    store<u32>(index + (<usize>k << 3), load<u32>(packed + (<usize>row << 2)), 4)
  }
}

/** Parts the rows of a leaf by its split; afterwards the index holds those of the left child, then those of the right one. */
export function partition(job: usize, leaf: usize, thread: u32, threads: u32, control: usize): void {
  const rows = load<u32>(leaf, LEAF_ROWS)
  const start = load<u32>(leaf, LEAF_FROM)
  const split = leaf + LEAF_SPLIT
  const table = scratchAt(job, thread) + SCRATCH_TABLE
  for (let bin: u32 = 0; bin < 256; bin++) store<u8>(table + bin, goesLeft(bin, split) ? 1 : 0)
  const bytes = place(job, BINS) + <usize>load<u32>(split, SPLIT_COLUMN) * word(job, ROWS)
  const here = place(job, INDEX) + (<usize>start << 3)
  const from = share(rows, thread, threads)
  const to = share(rows, thread + 1, threads)
  // Writing to both sides runs one position over: the first free one of a thread belongs to no other.
  const room = (<usize>(start + from) + thread) << 3
  const ownLeft = place(job, SPARE_LEFT) + room
  const ownRight = place(job, SPARE_RIGHT) + room
  const partials = place(job, PARTIALS)
  const count = load<u32>(leaf, LEAF_INDEXED)
    ? send(bytes, table, here + (<usize>from << 3), to - from, ownLeft, ownRight)
    : sendAll(bytes, table, place(job, PACKED), from, to, ownLeft, ownRight)
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
  memory.copy(here + (<usize>leftBefore << 3), ownLeft, <usize>count << 3)
  memory.copy(here + (<usize>(lefts + rightBefore) << 3), ownRight, <usize>(to - from - count) << 3)
}
