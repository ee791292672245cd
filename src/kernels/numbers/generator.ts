/**
 * A small random generator for kernels: sfc32 of the PractRand suite (C. Doty-Humphrey), 32-bit integer steps only, so that
 * a WebAssembly twin draws the same numbers. Streams are keyed outside (util/random.ts) and travel to workers as key words.
 */
export class Generator {
  #a: number
  #b: number
  #c: number
  #counter = 1

  /** @param key four or more 32-bit words; equal keys give equal streams */
  constructor(key: Uint32Array) {
    this.#a = key[0]! | 0
    this.#b = key[1]! | 0
    this.#c = (key[2]! ^ Math.imul(key[3]!, 0x9e3779b1)) | 0
    for (let i = 0; i < 15; i++) this.next()
  }

  /** uniform on 0..2^32 - 1 */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0
    return t >>> 0
  }

  /** uniform on 0..n-1 for n up to 2^32; the bias of at most n / 2^32 is far below what sampling can show */
  below(n: number): number {
    return Math.floor((this.next() / 4294967296) * n)
  }
}

/** The key words of a stream: its 32 hex digits as four 32-bit words. */
export const keyWords = (key: string): Uint32Array =>
  Uint32Array.from({ length: 4 }, (_, i) => Number.parseInt(key.slice(8 * i, 8 * i + 8), 16))
