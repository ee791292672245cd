/**
 * Seeded random streams that are passed in, never global.
 *
 * A stream has a key; `fork(label, index)` derives a child from the key alone, not from how many numbers the parent has
 * drawn. So tree 7, fold 2 or person 1234 has the same stream whatever ran before it and on whichever thread.
 * Numbers come from xoroshiro128+ (Blackman & Vigna, doi:10.1145/3460772), 53 bits a draw.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** A stream of random numbers that its key alone decides; `fork` gives independent streams. */
export interface Random {
  /** the key, as text; equal keys give equal streams */
  readonly key: string
  /** uniform on [0, 1) */
  next(): number
  /** uniform integer on 0..n-1, n at least 1 */
  integer(n: number): number
  /** standard normal */
  normal(): number
  /** exponential with mean 1 */
  exponential(): number
  /** number of events of a Poisson process with the given mean (0 or more) */
  poisson(mean: number): number
  /** Fisher-Yates, in place */
  shuffle<T extends { length: number; [i: number]: number | string }>(items: T): T
  /** an independent child stream */
  fork(label: string, index?: number): Random
}

type Key = readonly [number, number, number, number]

const mix = (h: number): number => {
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Absorbs a text, its length first, and then `more`, into a 128-bit key: four lanes with a cross-lane stir after each word. */
const absorb = (key: Key, text: string, more: readonly number[] = NO_WORDS): Key => {
  let [a, b, c, d] = key
  const letters = text.length
  for (let i = -1; i < letters + more.length; i++) {
    const w = i < 0 ? letters : i < letters ? text.charCodeAt(i) : more[i - letters]!
    a = mix(a ^ w)
    b = mix((b + Math.imul(w, 0x9e3779b1)) | 0)
    c = mix(c ^ ((w << 15) | (w >>> 17)))
    d = mix((d + Math.imul(w, 0x27d4eb2f) + 1) | 0)
    a = (a + d) | 0
    b = (b + a) | 0
    c = (c + b) | 0
    d = (d + c) | 0
  }
  return [mix(a), mix(b ^ a), mix(c ^ b), mix(d ^ c)]
}
/** 2 to the power of -53: the step between two uniform numbers. */
const UNIT = 1 / 9007199254740992
const NO_WORDS: readonly number[] = []

class Stream implements Random {
  readonly #key: Key
  readonly #generator: { next(): number }
  #spare = Number.NaN

  constructor(key: Key) {
    this.#key = key
    const zero = (key[0] | key[1] | key[2] | key[3]) === 0
    this.#generator = xoroshiro128plusFromState(zero ? [1, 2, 3, 4] : [...key])
  }

  get key(): string {
    return this.#key.map((w) => (w >>> 0).toString(16).padStart(8, '0')).join('')
  }

  next(): number {
    const high = this.#generator.next() >>> 5
    const low = this.#generator.next() >>> 6
    return (high * 67108864 + low) * UNIT
  }

  integer(n: number): number {
    return Math.floor(this.next() * n)
  }

  normal(): number {
    // Marsaglia's polar method; the second value is kept for the next call.
    if (!Number.isNaN(this.#spare)) {
      const spare = this.#spare
      this.#spare = Number.NaN
      return spare
    }
    for (;;) {
      const u = 2 * this.next() - 1
      const v = 2 * this.next() - 1
      const s = u * u + v * v
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s)
        this.#spare = v * scale
        return u * scale
      }
    }
  }

  exponential(): number {
    return -Math.log(1 - this.next())
  }

  poisson(mean: number): number {
    // Sums of exponentials in slices of at most 20, so that exp(-mean) never underflows.
    let count = 0
    let left = mean
    while (left > 0) {
      const slice = Math.min(left, 20)
      const limit = Math.exp(-slice)
      let product = this.next()
      while (product > limit) {
        count++
        product *= this.next()
      }
      left -= slice
    }
    return count
  }

  shuffle<T extends { length: number; [i: number]: number | string }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      const held = items[i]!
      items[i] = items[j]!
      items[j] = held
    }
    return items
  }

  fork(label: string, index = 0): Random {
    return new Stream(absorb(this.#key, label, [index | 0, Math.floor(index / 4294967296) | 0]))
  }
}

/** A stream from a seed. Equal seeds give equal streams; a number and the same number as text are the same seed. */
export const random = (seed: number | string): Random =>
  new Stream(absorb([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], String(seed)))
