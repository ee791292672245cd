/**
 * The linear memory of compiled kernels: 4 GiB at most, of which callers take stretches and give them back.
 *
 * A stretch is a number, its address. It is found first-fit in a list of free stretches, which neighbors join again; memory grows when
 * none is long enough, and never shrinks. Views are made when they are needed and not kept: growing plain memory detaches them.
 */
import { GlasscoreError } from '../../util/errors.ts'
import { type LinearMemory, webAssembly } from './webAssembly.ts'

const PAGE = 65536
/** Most bytes that 32-bit addresses reach. */
export const LARGEST_MEMORY = 2 ** 32
/** Bytes below which there is no room beside the constants of the kernels. */
export const LEAST_MEMORY = 2 * PAGE
/** Addresses are multiples of this: whole cache lines, so that threads do not share one by accident. */
const ALIGNMENT = 64

interface Stretch {
  start: number
  length: number
}

export interface SpaceOptions {
  /** whether threads share it */
  shared: boolean
  /** most bytes it may grow to, by default 4 GiB */
  limit?: number
}

const rounded = (bytes: number): number => Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT)

/** No number of bytes would make every later address none, for good: it is refused before anything is taken. */
const checkBytes = (bytes: number): void => {
  if (!(Number.isSafeInteger(bytes) && bytes >= 0))
    throw new GlasscoreError('internal', 'memory was asked for by no number of bytes', {
      expected: 'a whole number of 0 or more',
      got: bytes,
    })
}

export const inMebibytes = (bytes: number): string => {
  const mebibytes = bytes / 2 ** 20
  return `${mebibytes < 10 ? mebibytes.toFixed(1) : Math.ceil(mebibytes).toLocaleString('en-US')} MiB`
}

export class Space {
  readonly memory: LinearMemory
  readonly shared: boolean
  readonly limit: number
  /** in the order of addresses, no two of them neighbors */
  #free: Stretch[] = []
  /** length of every stretch that was taken, by address */
  #taken = new Map<number, number>()
  #end: number
  #closed = false

  constructor({ shared, limit = LARGEST_MEMORY }: SpaceOptions) {
    this.shared = shared
    // The last page is never taken: the end of what stands before it is an address, too, and 2^32 is none.
    this.limit = Math.min(LARGEST_MEMORY - PAGE, limit)
    this.memory = new (webAssembly().Memory)({ initial: 1, maximum: LARGEST_MEMORY / PAGE, shared })
    // The first page belongs to the constants of the kernels.
    this.#end = PAGE
  }

  /** Whether its pool let it go: what lies in it is of no use to jobs any more. */
  get closed(): boolean {
    return this.#closed
  }

  /** Says so; the memory itself ends with the last that reads it. */
  letGo(): void {
    this.#closed = true
  }

  /** Bytes that are taken now. */
  get used(): number {
    let sum = 0
    for (const length of this.#taken.values()) sum += length
    return sum
  }

  /**
   * Says before work begins that it needs `bytes` more.
   * @param what the work, as in "a forest on 200,000 rows and 70 columns"
   * @param hint what to change, as in "fewer threads or fewer rows need less"
   * @throws GlasscoreError('memory') when they cannot be had
   */
  require(bytes: number, what: string, hint: string): void {
    checkBytes(bytes)
    const left = this.limit - PAGE - this.used
    if (bytes > left)
      throw new GlasscoreError('memory', `${what} needs ${inMebibytes(bytes)} of memory for its kernels`, {
        expected: `at most ${inMebibytes(left)}, what is left of ${inMebibytes(this.limit)}`,
        hint,
      })
    try {
      this.#grow(Math.min(this.limit, this.#openEnd + bytes))
    } catch (cause) {
      throw new GlasscoreError('memory', `${what} needs ${inMebibytes(bytes)} of memory for its kernels`, {
        expected: 'a machine that has as much free memory',
        hint,
        cause,
      })
    }
  }

  /** Where what is taken at the end begins: stretches given back there are taken again. */
  get #openEnd(): number {
    const last = this.#free.at(-1)
    return last && last.start + last.length === this.#end ? last.start : this.#end
  }

  #grow(bytes: number): void {
    const pages = Math.min(LARGEST_MEMORY, Math.ceil(bytes / PAGE) * PAGE) / PAGE
    const now = this.memory.buffer.byteLength / PAGE
    if (pages > now) this.memory.grow(pages - now)
  }

  /**
   * A stretch of at least `bytes`, not cleared; its address is a multiple of 64.
   * @throws GlasscoreError('memory') when there is none
   */
  take(bytes: number): number {
    checkBytes(bytes)
    const length = rounded(bytes)
    const at = this.#free.findIndex((stretch) => stretch.length >= length)
    if (at >= 0) {
      const stretch = this.#free[at]!
      const { start } = stretch
      if (stretch.length === length) this.#free.splice(at, 1)
      else {
        stretch.start += length
        stretch.length -= length
      }
      this.#taken.set(start, length)
      return start
    }
    const start = this.#openEnd
    if (start + length > this.limit) {
      const hint = 'fewer rows, columns or threads need less'
      this.require(length, 'this work', hint)
      throw new GlasscoreError('memory', `this work needs ${inMebibytes(length)} of memory in one piece`, {
        expected: `at most ${inMebibytes(this.limit - start)}, what is left of ${inMebibytes(this.limit)} at its end`,
        hint: `close what is open beside it; ${hint}`,
      })
    }
    this.#grow(start + length)
    if (start < this.#end) this.#free.pop()
    this.#end = start + length
    this.#taken.set(start, length)
    return start
  }

  /** Gives a stretch back. */
  give(address: number): void {
    const length = this.#taken.get(address)
    if (length === undefined) throw new Error(`no stretch was taken at ${address}`)
    this.#taken.delete(address)
    const at = this.#free.findIndex((stretch) => stretch.start > address)
    const position = at < 0 ? this.#free.length : at
    const before = this.#free[position - 1]
    const after = this.#free[position]
    const joinsBefore = before !== undefined && before.start + before.length === address
    const joinsAfter = after !== undefined && address + length === after.start
    if (joinsBefore && joinsAfter) {
      before.length += length + after.length
      this.#free.splice(position, 1)
    } else if (joinsBefore) before.length += length
    else if (joinsAfter) {
      after.start = address
      after.length += length
    } else this.#free.splice(position, 0, { start: address, length })
  }

  bytes(address: number, count: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, count)
  }
  shorts(address: number, count: number): Uint16Array {
    return new Uint16Array(this.memory.buffer, address, count)
  }
  integers(address: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, count)
  }
  words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, count)
  }
  singles(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count)
  }
  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, count)
  }
}

/** Stretches of one piece of work, given back together. */
export class Arena {
  readonly space: Space
  #addresses: number[] = []

  constructor(space: Space) {
    this.space = space
  }

  /** see Space.take */
  take(bytes: number): number {
    const address = this.space.take(bytes)
    this.#addresses.push(address)
    return address
  }

  /** A stretch with the bytes of an array. */
  copy(values: Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array): number {
    const address = this.take(values.byteLength)
    this.space
      .bytes(address, values.byteLength)
      .set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    return address
  }

  /** Gives all of them back. */
  close(): void {
    for (const address of this.#addresses) this.space.give(address)
    this.#addresses = []
  }
}
