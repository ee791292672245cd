import { describe, expect, it } from 'vitest'
import { type ColumnPlace, joinColumns } from '../../../src/kernels/boosting/joinColumns.ts'
import { random } from '../../../src/util/random.ts'

/** First fit as it is defined: every column goes into the first byte that has room, the largest columns first. */
const firstFit = (sizes: number[], fits = (product: number): boolean => product <= 256): number[] => {
  const byteOf = sizes.map(() => -1)
  const filled: number[] = []
  const order = sizes.map((_, j) => j).sort((a, b) => sizes[b]! - sizes[a]! || a - b)
  for (const j of order) {
    const size = sizes[j]!
    if (size < 2) continue
    let k = filled.findIndex((other) => fits(other * size))
    if (k < 0) k = filled.push(1) - 1
    filled[k]! *= size
    byteOf[j] = k
  }
  return byteOf
}

const byteOf = ({ block, byte }: ColumnPlace): number => (block < 0 ? -1 : 8 * block + byte)

const world = (seed: number) => {
  const rng = random(seed)
  const largest = [3, 20, 130, 255][seed % 4]!
  const columns = Array.from({ length: rng.integer(300) }, () => ({ bins: 1 + rng.integer(largest) }))
  const hasMissing = Uint8Array.from(columns, () => (rng.next() < 0.3 ? 1 : 0))
  return { columns, hasMissing, sizes: columns.map(({ bins }, j) => bins + hasMissing[j]!) }
}

describe('columns that share a byte', () => {
  it('lie in the first byte that has room, and every combination of their bins is a number of its own', () => {
    let caught = 0
    for (let seed = 1; seed <= 60; seed++) {
      const { columns, hasMissing, sizes } = world(seed)
      const { places, blocks } = joinColumns(columns, hasMissing)
      expect(places.map(byteOf)).toEqual(firstFit(sizes))
      expect(Math.max(0, ...places.map(({ block }) => block)) < blocks).toBe(true)
      const products = new Map<number, number>()
      const order = sizes.map((_, j) => j).sort((a, b) => sizes[b]! - sizes[a]! || a - b)
      for (const j of order) {
        const place = places[j]!
        if (place.block < 0) continue
        const product = products.get(byteOf(place)) ?? 1
        expect(place.stride).toBe(product)
        products.set(byteOf(place), product * sizes[j]!)
      }
      for (const product of products.values()) expect(product).toBeLessThanOrEqual(256)
      // A twin that leaves room for more bins than a byte has.
      if (firstFit(sizes, (product) => product <= 280).join() !== places.map(byteOf).join()) caught++
      if (firstFit(sizes, (product) => product < 256).join() !== places.map(byteOf).join()) caught++
    }
    expect(caught).toBeGreaterThan(10)
  })
})
