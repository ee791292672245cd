/**
 * How the pieces of many trees are put together: groups of trees, which are the parts of a job, and within a group batches of pieces whose
 * tables are in memory at once. Both follow from the trees alone, so that sums are the same for any rows and threads.
 */
import {
  COUNTS_WORD,
  countBytesOf,
  type InterventionalPieces,
  PIECE_WORDS,
  pieceCount,
  TABLES_WORD,
  tableBytesOf,
} from './interventionalPieces.ts'

/** Some pieces of a tree, one after the other. */
export interface Run {
  tree: number
  first: number
  end: number
}

/** Pieces that go through together: counted, then built, then looked up. */
export interface Batch {
  runs: Run[]
  tableBytes: number
  countBytes: number
}

/** Bytes of the tables of a batch, which stay in a cache while many blocks of rows go through; one piece alone may be larger. */
const BATCH_BYTES = 512 * 1024
/** Nanoseconds that a part may take on so many rows: progress moves and a signal is heard between parts. A large tree is one part. */
const PART_TIME = 300e6
const PART_ROWS = 65536

/** Cuts trees into groups and batches, and writes into their pieces where tables and counts begin in a batch. */
export const interventionalBatches = (trees: readonly InterventionalPieces[]): Batch[][] => {
  const groups: Batch[][] = []
  let time = Number.POSITIVE_INFINITY
  trees.forEach((tree, k) => {
    const more = tree.rowCost * PART_ROWS
    if (time + more > PART_TIME) {
      groups.push([])
      time = 0
    }
    time += more
    addTree(groups.at(-1)!, tree, k)
  })
  return groups
}

const addTree = (batches: Batch[], tree: InterventionalPieces, k: number): void => {
  for (let piece = 0; piece < pieceCount(tree); piece++) {
    const [tableBytes, countBytes] = [tableBytesOf(tree, piece), countBytesOf(tree, piece)]
    let batch = batches.at(-1)
    if (!batch || (batch.tableBytes > 0 && batch.tableBytes + tableBytes > BATCH_BYTES)) {
      batch = { runs: [], tableBytes: 0, countBytes: 0 }
      batches.push(batch)
    }
    tree.pieces[PIECE_WORDS * piece + TABLES_WORD] = batch.tableBytes
    tree.pieces[PIECE_WORDS * piece + COUNTS_WORD] = batch.countBytes
    batch.tableBytes += tableBytes
    batch.countBytes += countBytes
    const run = batch.runs.at(-1)
    if (run?.tree === k) run.end = piece + 1
    else batch.runs.push({ tree: k, first: piece, end: piece + 1 })
  }
}
