/** The bins of a wide table, of all its rows or of some of them, into the memory of a pool. */
import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MISSING_BIN } from '../kernels/binning/bin.ts'
import { newBytes, requireBytes } from '../kernels/binning/binMatrix.ts'
import type { BinnedColumn, BinnedMatrix } from '../kernels/binning/binnedMatrix.ts'
import type { Pool } from '../kernels/pool.ts'
import type { WideTable } from '../schema/wideTable.ts'
import { dataError, interruptedError } from '../util/errors.ts'
import { STRETCH, WIDE_FILES } from './wideTable.ts'

/** Which rows are loaded. */
export interface LoadWideOptions {
  /** rows of the table, 0-based, in the order in which they are wanted; absent: all of them */
  rows?: Int32Array
  signal?: AbortSignal | undefined
}

const damaged = (file: string) =>
  dataError('the file is damaged or belongs to another wide.json', {
    file,
    expected: 'the SHA-256 that wide.json says',
  })

const readEdges = async (folder: string, table: WideTable): Promise<BinnedColumn[]> => {
  const file = join(folder, WIDE_FILES.edges)
  const bytes = await readFile(file)
  if (createHash('sha256').update(bytes).digest('hex') !== table.sha256.edges) throw damaged(file)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  return table.variables.map(({ name, bins }) => {
    // Millions of numbers: plain loops.
    const edges = new Float64Array(bins - 1)
    let before = -Number.MAX_VALUE
    let rising = true
    for (let k = 0; k < edges.length; k++, at += 8) {
      const edge = view.getFloat64(at, true)
      rising &&= edge < Number.POSITIVE_INFINITY && (edge > before || (k === 0 && edge === before))
      before = edges[k] = edge
    }
    if (!rising) throw dataError('edges do not rise', { file, column: name })
    return { kind: 'number', bins, edges }
  })
}

/**
 * Reads the bytes column by column; the whole file is read and its hash checked, also when few rows are wanted.
 * @param table what readWideTable has given for the folder
 * @throws GlasscoreError('data') when a file is damaged, or a byte is of a bin that there is not; ('memory') when the bytes do not fit into
 *   the memory of the kernels
 */
export const loadWideBins = async (
  folder: string,
  table: WideTable,
  pool: Pool,
  { rows, signal }: LoadWideOptions = {},
): Promise<BinnedMatrix> => {
  const columns = await readEdges(folder, table)
  const wanted = rows?.length ?? table.rows
  const wrong = rows?.find((row) => !(row >= 0 && row < table.rows))
  if (wrong !== undefined)
    throw dataError('there is no such row', { file: folder, row: wrong, expected: `0 to ${table.rows - 1}` })
  if (pool.kernels === 'wasm') requireBytes(pool.space, wanted, columns.length, 0)
  return newBytes(pool, wanted, columns.length, async (bins) => {
    const place = (): Uint8Array => (typeof bins === 'number' ? pool.space.bytes(bins, wanted * columns.length) : bins)
    const file = join(folder, WIDE_FILES.bins)
    const together = Math.max(1, Math.floor(STRETCH / Math.max(1, table.rows)))
    const stretch = new Uint8Array(together * table.rows)
    const hash = createHash('sha256')
    const handle = await open(file, 'r')
    try {
      for (let first = 0; first < columns.length; first += together) {
        if (signal?.aborted) throw interruptedError()
        const count = Math.min(together, columns.length - first)
        const part = stretch.subarray(0, count * table.rows)
        for (let done = 0; done < part.length; ) {
          const { bytesRead } = await handle.read(part, done, part.length - done, first * table.rows + done)
          if (bytesRead === 0) throw damaged(file)
          done += bytesRead
        }
        hash.update(part)
        const out = place()
        for (let k = 0; k < count; k++) {
          const own = part.subarray(k * table.rows, (k + 1) * table.rows)
          checkBins(own, columns[first + k]!.bins, file, table.variables[first + k]!.name)
          const to = (first + k) * wanted
          if (rows) for (let i = 0; i < wanted; i++) out[to + i] = own[rows[i]!]!
          else out.set(own, to)
        }
      }
    } finally {
      await handle.close()
    }
    if (hash.digest('hex') !== table.sha256.bins) throw damaged(file)
    return columns
  })
}

const checkBins = (bytes: Uint8Array, bins: number, file: string, column: string): void => {
  for (let i = 0; i < bytes.length; i++) {
    const bin = bytes[i]!
    if (bin >= bins && bin !== MISSING_BIN)
      throw dataError('a byte is of no bin', {
        file,
        row: i,
        column,
        expected: `0 to ${bins - 1}, or 255`,
        got: bin,
      })
  }
}
