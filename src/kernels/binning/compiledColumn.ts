/**
 * The rows of a column through the compiled kernels. Values are taken over in tiles, into scratch that each thread has for itself, so
 * that the memory of the kernels never holds the numbers of a whole matrix.
 */
import type { Core } from '../memory/core.ts'
import { MISSING_BIN } from './bin.ts'
import type { ColumnKernels } from './columnKernels.ts'
import { MOST_SPLITTERS } from './splitters.ts'

/** Rows taken over at a time: 128 KiB, which stay in the cache. */
const TILE = 16_384
const TABLE = MOST_SPLITTERS + 1

/** Where the parts of a thread's scratch begin. */
interface Scratch {
  tile: number
  weights: number
  table: number
  mass: number
  least: number
  binOfBucket: number
  counts: number
  places: number
  sort: number
  bytes: number
}

/** @param sortable most values that are sorted at once */
const layout = (start: number, rows: number, sortable: number): Scratch => {
  let end = start
  const part = (bytes: number) => {
    const at = end
    end += Math.ceil(bytes / 64) * 64
    return at
  }
  return {
    tile: part(8 * TILE),
    weights: part(8 * TILE),
    table: part(8 * TABLE),
    mass: part(8 * (TABLE + 1)),
    least: part(8 * (TABLE + 1)),
    binOfBucket: part(TABLE + 1),
    counts: part(6 * 8192),
    places: part(2 * Math.max(rows, TILE)),
    sort: part(3 * 8 * sortable),
    bytes: end - start,
  }
}

/** Bytes of scratch that a thread needs. */
export const columnScratch = (rows: number, sortable: number): number => layout(0, rows, sortable).bytes

/**
 * @param bins where the column of bytes is
 * @param start where the scratch of this thread begins
 */
export const compiledColumn = (
  { kernels, memory }: Core,
  bins: number,
  start: number,
  rows: number,
  sortable: number,
): ColumnKernels => {
  const at = layout(start, rows, sortable)
  const { buffer } = memory
  const doubles = (address: number, count: number) => new Float64Array(buffer, address, count)
  const tile = doubles(at.tile, TILE)
  const weightTile = doubles(at.weights, TILE)

  /** Lays a table out and returns the steps that a search of it takes. */
  const lay = (entries: Float64Array): number => {
    const steps = 32 - Math.clz32(entries.length)
    const table = doubles(at.table, 2 ** steps)
    table.set(entries)
    table.fill(Number.NaN, entries.length)
    return steps
  }
  /** Takes a tile of values over and returns how many they are. */
  const take = (values: Float64Array, row: number): number => {
    const count = Math.min(TILE, values.length - row)
    tile.set(values.subarray(row, row + count))
    return count
  }

  return {
    distinct(values) {
      const spare = at.sort + 8 * values.length
      doubles(at.sort, values.length).set(values)
      const present = kernels['sortNumbers']!(at.sort, values.length, spare, at.counts)
      const runs = kernels['distinctRuns']!(at.sort, present, spare)
      return { values: doubles(at.sort, runs).slice(), counts: doubles(spare, runs).slice(), present }
    },
    bin(values, edges) {
      const steps = lay(edges)
      for (let row = 0; row < values.length; row += TILE) {
        const count = take(values, row)
        kernels['binTile']!(at.tile, count, at.table, steps, at.places, bins + row)
      }
    },
    binMembers(values, members, from) {
      const steps = lay(members)
      for (let row = from; row < values.length; row += TILE) {
        const count = take(values, row)
        const stopped = kernels['memberTile']!(at.tile, count, at.table, steps, at.places, bins + row)
        if (stopped < count) return row + stopped
      }
      return values.length
    },
    count(values, splitters, weights) {
      const steps = lay(splitters)
      const buckets = splitters.length + 1
      const mass = doubles(at.mass, buckets).fill(0)
      const least = doubles(at.least, buckets).fill(Number.POSITIVE_INFINITY)
      const weightsAt = weights ? at.weights : 0
      for (let row = 0; row < values.length; row += TILE) {
        const count = take(values, row)
        if (weights) weightTile.set(weights.subarray(row, row + count))
        const places = at.places + 2 * row
        kernels['countTile']!(at.tile, count, weightsAt, at.table, steps, buckets, at.mass, at.least, places)
      }
      return { mass: mass.slice(), least: least.slice() }
    },
    fill(binOfBucket) {
      const table = new Uint8Array(buffer, at.binOfBucket, binOfBucket.length + 1)
      table.set(binOfBucket)
      table[binOfBucket.length] = MISSING_BIN
      for (let row = 0; row < rows; row += TILE)
        kernels['mapTile']!(at.places + 2 * row, Math.min(TILE, rows - row), at.binOfBucket, bins + row)
    },
  }
}
