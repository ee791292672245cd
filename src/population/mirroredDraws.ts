/**
 * Draws for two paths that go opposite ways: the first takes numbers from a stream, the second the same numbers mirrored (Hammersley and
 * Morton 1956, doi:10.1017/S0305004100031455). What rises and falls with the draws has a mean over both that varies less than over two
 * independent paths; each by itself has the distribution of the stream.
 */
import type { Random } from '../util/random.ts'

/** What a path of shocks needs of a stream. */
export type Draws = Pick<Random, 'next' | 'normal'>

/** The greatest number that `next` gives. */
const MOST = 1 - 2 ** -53

/** One kind of path after the other: `begin` records, `mirror` plays back. The order of the calls must be that of the recorded ones. */
export class MirroredDraws implements Draws {
  readonly #numbers: number[] = []
  #stream: Random | undefined
  #at = 0

  begin(stream: Random): void {
    this.#stream = stream
    this.#at = 0
  }

  mirror(): void {
    this.#stream = undefined
    this.#at = 0
  }

  next(): number {
    if (!this.#stream) return MOST - this.#numbers[this.#at++]!
    const u = this.#stream.next()
    this.#numbers[this.#at++] = u
    return u
  }

  normal(): number {
    if (!this.#stream) return -this.#numbers[this.#at++]!
    const z = this.#stream.normal()
    this.#numbers[this.#at++] = z
    return z
  }
}
