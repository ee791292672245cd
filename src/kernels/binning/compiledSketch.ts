/** The compiled twin of quantileSketch.ts: the same sketch in the memory of the kernels (assembly/quantileSketch.ts). */
import type { Core } from '../memory/core.ts'
import { Arena, type Space } from '../memory/space.ts'
import { midpoint } from '../numbers/order.ts'
import { nearestCuts } from './cuts.ts'
import { levelsFor, MOST_LEVELS } from './quantileSketch.ts'

/** What threads are told of a sketch. */
export interface CompiledSketch {
  readonly columns: number
  /** values a buffer holds */
  readonly width: number
  /** most distinct values that are kept as they are, 255 at most */
  readonly most: number
  readonly address: number
}

const HINT = 'quantiles of wide rows are sought in such buffers: leave columns out, or take a sample of the rows'
/** Bytes of a column's members and of their counts. */
const [MEMBERS, COUNTS] = [2048, 1024]
const SORTING = 49_152

/** The sketch as the thread that gathers the rows holds it; `close` gives its memory back. */
export class SketchOwner {
  readonly sketch: CompiledSketch
  readonly #arena: Arena
  readonly #space: Space
  #levels = 0

  constructor(space: Space, core: Core, columns: number, width: number, most: number) {
    this.#space = space
    this.#arena = new Arena(space)
    const arena = this.#arena
    const byLevel = 4 * MOST_LEVELS * columns
    space.require(columns * (MEMBERS + COUNTS + 4) + 2 * byLevel, this.#what(columns), HINT)
    try {
      const address = arena.take(36 + 4 * MOST_LEVELS)
      const parts = [MEMBERS, COUNTS, 4].map((bytes) => arena.take(bytes * columns))
      space.words(address, 9).set([columns, width, most, 0, ...parts, arena.take(byLevel), arena.take(byLevel)])
      core.kernels['sketchClear']!(address)
      this.sketch = { columns, width, most, address }
    } catch (error) {
      arena.close()
      throw error
    }
  }

  #what(columns: number): string {
    return `finding quantiles of ${columns.toLocaleString('en-US')} columns`
  }

  /** Adds levels until `rows` rows have room. */
  makeRoom(rows: number): void {
    const { columns, width, address } = this.sketch
    const needed = levelsFor(rows, width)
    if (needed <= this.#levels) return
    const bytes = 8 * columns * width
    this.#space.require((needed - this.#levels) * bytes, this.#what(columns), HINT)
    for (; this.#levels < needed; this.#levels++) {
      const level = this.#arena.take(bytes)
      this.#space.words(address + 36 + 4 * this.#levels, 1)[0] = level
    }
    this.#space.words(address + 12, 1)[0] = this.#levels
  }

  /** Bytes of scratch that a thread needs for blocks of as many rows, and for `compiledEdges`. */
  scratch(rows: number): number {
    const sorting = SORTING + 16 * this.sketch.width
    return sorting + Math.max(8 * rows, 4 * 8 * this.#levels * this.sketch.width)
  }

  close(): void {
    this.#arena.close()
  }
}

/** Where the values of a block, or the masses of a column, lie in a thread's scratch. */
const behindSorting = (sketch: CompiledSketch, scratch: number): number => scratch + SORTING + 16 * sketch.width

/** Takes `values` of one column in. */
export const addToCompiled = (
  { kernels, memory }: Core,
  sketch: CompiledSketch,
  column: number,
  values: Float64Array,
  scratch: number,
): void => {
  const tile = behindSorting(sketch, scratch)
  new Float64Array(memory.buffer, tile, values.length).set(values)
  kernels['sketchAdd']!(sketch.address, column, tile, values.length, scratch)
}

/** Rising edges of one column. */
export const compiledEdges = (core: Core, sketch: CompiledSketch, column: number, scratch: number): Float64Array => {
  const { buffer } = core.memory
  const head = new Uint32Array(buffer, sketch.address, 9)
  const [levels, members, known] = [head[3]!, head[4]!, head[6]!]
  const count = new Int32Array(buffer, known + 4 * column, 1)[0]!
  if (count >= 0) {
    const own = new Float64Array(buffer, members + MEMBERS * column, count)
    return Float64Array.from({ length: Math.max(0, count - 1) }, (_, k) => midpoint(own[k]!, own[k + 1]!))
  }
  const out = behindSorting(sketch, scratch)
  const room = 8 * levels * sketch.width
  const different = core.kernels['sketchMasses']!(sketch.address, column, out, room, scratch)
  const values = new Float64Array(buffer, out, different)
  const cuts = nearestCuts(new Float64Array(buffer, out + room, different), sketch.most)
  return Float64Array.from(cuts, (k) => midpoint(values[k]!, values[k + 1]!))
}
