/** Little-endian reading and writing of model.bin, with bounds: reading past the end is an error of the file. */
import { modelError } from '../util/errors.ts'

export class BinaryWriter {
  readonly #view: DataView
  #at = 0

  constructor(bytes: number) {
    this.#view = new DataView(new ArrayBuffer(bytes))
  }

  text(ascii: string): void {
    for (let i = 0; i < ascii.length; i++) this.#view.setUint8(this.#at++, ascii.charCodeAt(i))
  }

  uint32(value: number): void {
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }

  float64(value: number): void {
    // One pattern of bits for NaN, so that equal models have equal bytes.
    if (Number.isNaN(value)) this.#view.setBigUint64(this.#at, 0x7ff8000000000000n, true)
    else this.#view.setFloat64(this.#at, value, true)
    this.#at += 8
  }

  floats(values: Float64Array): void {
    for (const value of values) this.float64(value)
  }

  integers(values: Int32Array): void {
    for (const value of values) {
      this.#view.setInt32(this.#at, value, true)
      this.#at += 4
    }
  }

  bytes(values: Uint8Array): void {
    for (const value of values) this.#view.setUint8(this.#at++, value)
  }

  /** The whole buffer; every byte must have been written. */
  done(): Uint8Array {
    if (this.#at !== this.#view.byteLength) throw new Error(`${this.#at} of ${this.#view.byteLength} bytes written`)
    return new Uint8Array(this.#view.buffer)
  }
}

export class BinaryReader {
  readonly #view: DataView
  readonly #file: string
  #at = 0

  constructor(data: Uint8Array, file: string) {
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    this.#file = file
  }

  get left(): number {
    return this.#view.byteLength - this.#at
  }

  #take(bytes: number): number {
    if (bytes > this.left)
      throw modelError('the model file is cut short', {
        file: this.#file,
        expected: `${bytes} more bytes at position ${this.#at}`,
        got: this.left,
      })
    const at = this.#at
    this.#at += bytes
    return at
  }

  text(length: number): string {
    const at = this.#take(length)
    return String.fromCharCode(...Array.from({ length }, (_, i) => this.#view.getUint8(at + i)))
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }

  floats(count: number): Float64Array {
    const at = this.#take(8 * count)
    return Float64Array.from({ length: count }, (_, i) => this.#view.getFloat64(at + 8 * i, true))
  }

  integers(count: number): Int32Array {
    const at = this.#take(4 * count)
    return Int32Array.from({ length: count }, (_, i) => this.#view.getInt32(at + 4 * i, true))
  }

  bytes(count: number): Uint8Array {
    const at = this.#take(count)
    return Uint8Array.from({ length: count }, (_, i) => this.#view.getUint8(at + i))
  }
}
