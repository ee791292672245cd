import { type PersonMoments, personMean } from '../metrics/personMean.ts'

interface Sums {
  sum: number
  squares: number
  products: number
  /** of the person at hand */
  own: number
}

const thousandth = (x: number): number => Math.round(1000 * x) / 1000

/**
 * Mean absolute points by name with their 95 % intervals over persons, gathered block by block. Rows of a person lie together, also where a
 * block ends between them.
 */
export class AbsolutePoints {
  readonly #names = new Map<string, Sums>()
  #person: string | undefined
  /** rows of the person at hand */
  #ownRows = 0
  #persons = 0
  #rows = 0
  #rowSquares = 0

  /** @param points names x rows */
  add(names: readonly string[], points: Int32Array | Float64Array, personId: readonly string[]): void {
    const rows = personId.length
    /** rows of the person who ends before each row, 0 where none does */
    const ended = new Int32Array(rows)
    personId.forEach((person, i) => {
      if (person !== this.#person) {
        ended[i] = this.#ownRows
        this.#rowSquares += this.#ownRows ** 2
        this.#person = person
        this.#ownRows = 0
        this.#persons++
      }
      this.#ownRows++
    })
    this.#rows += rows
    names.forEach((name, j) => {
      const sums = this.#names.get(name) ?? { sum: 0, squares: 0, products: 0, own: 0 }
      this.#names.set(name, sums)
      for (let i = 0; i < rows; i++) {
        const k = ended[i]!
        if (k > 0) {
          sums.squares += sums.own ** 2
          sums.products += sums.own * k
          sums.own = 0
        }
        const value = Math.abs(points[j * rows + i]!)
        sums.sum += value
        sums.own += value
      }
    })
  }

  get persons(): number {
    return this.#persons
  }

  /** To a thousandth of a point. */
  means(): Record<string, number> {
    const rows = Math.max(1, this.#rows)
    return Object.fromEntries([...this.#names].map(([name, { sum }]) => [name, thousandth(sum / rows)]))
  }

  /** Limits, to a thousandth of a point; null for fewer than two persons. */
  intervals(): Record<string, [low: number, high: number] | null> {
    const limits = ({ sum, squares, products, own }: Sums): [number, number] | null => {
      const moments: PersonMoments = {
        persons: this.#persons,
        rows: this.#rows,
        rowSquares: this.#rowSquares + this.#ownRows ** 2,
        sum,
        squares: squares + own ** 2,
        products: products + own * this.#ownRows,
      }
      const { low, high } = personMean(moments)
      return Number.isNaN(low) ? null : [thousandth(low), thousandth(high)]
    }
    return Object.fromEntries([...this.#names].map(([name, sums]) => [name, limits(sums)]))
  }
}
