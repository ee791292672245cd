import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Arena, inMebibytes, Space } from '../../../src/kernels/memory/space.ts'
import { GlasscoreError } from '../../../src/util/errors.ts'

const MEBIBYTE = 2 ** 20

/** Takes and gives at random; every stretch is filled with a number of its own and must still hold it when it is given back. */
const overlaps = (
  space: Pick<Space, 'take' | 'give' | 'bytes'>,
  sizes: readonly number[],
  order: readonly number[],
): boolean => {
  const held: { address: number; size: number; mark: number }[] = []
  const intact = ({ address, size, mark }: (typeof held)[number]) => space.bytes(address, size).every((b) => b === mark)
  let wrong = false
  sizes.forEach((size, k) => {
    const stretch = { address: space.take(size), size, mark: 1 + (k % 255) }
    space.bytes(stretch.address, size).fill(stretch.mark)
    held.push(stretch)
    if (order[k]! % 3 === 0) {
      const [gone] = held.splice(order[k]! % held.length, 1)
      wrong ||= !intact(gone!)
      space.give(gone!.address)
    }
  })
  return wrong || held.some((stretch) => !intact(stretch))
}

describe('memory of the kernels', () => {
  it.each([Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY, '64' as unknown as number])(
    'is not taken by %s bytes',
    (bytes) => {
      const space = new Space({ shared: false })
      const first = space.take(64)
      expect(() => space.take(bytes)).toThrow('memory was asked for by no number of bytes')
      expect(() => space.require(bytes, 'this', 'that')).toThrow('memory was asked for by no number of bytes')
      expect(space.used).toBe(64)
      expect(space.take(64)).toBe(first + 64)
    },
  )

  it('never hands out a byte twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 60 }),
        fc.array(fc.nat(1000), { minLength: 60, maxLength: 60 }),
        (sizes, order) => !overlaps(new Space({ shared: false }), sizes, order),
      ),
      { numRuns: 60 },
    )
  })

  it('would be caught if it did', () => {
    const space = new Space({ shared: false })
    const forgetful = {
      take: (bytes: number) => {
        const address = space.take(bytes)
        space.give(address)
        return address
      },
      give: () => {},
      bytes: space.bytes.bind(space),
    }
    expect(overlaps(forgetful, [100, 100], [1, 1])).toBe(true)
  })

  it('joins what comes back: memory does not grow without need', () => {
    const space = new Space({ shared: false })
    const pieces = Array.from({ length: 16 }, () => space.take(MEBIBYTE))
    const grown = space.memory.buffer.byteLength
    for (const address of [...pieces.filter((_, k) => k % 2), ...pieces.filter((_, k) => !(k % 2))]) space.give(address)
    expect(space.used).toBe(0)
    space.take(16 * MEBIBYTE)
    expect(space.memory.buffer.byteLength).toBe(grown)
  })

  it('gives addresses of whole cache lines', () => {
    const space = new Space({ shared: false })
    for (const bytes of [1, 63, 64, 65, 1000]) expect(space.take(bytes) % 64).toBe(0)
  })

  it('refuses what it cannot have, with the figure and what to do', () => {
    const space = new Space({ shared: false, limit: 8 * MEBIBYTE })
    space.take(3 * MEBIBYTE)
    expect(() => space.require(6 * MEBIBYTE, 'a forest on 10 rows', 'take fewer rows')).toThrow(
      'a forest on 10 rows needs 6.0 MiB of memory for its kernels; expected at most 4.9 MiB, what is left of 8.0 MiB; take fewer rows',
    )
    expect(() => space.take(6 * MEBIBYTE)).toThrow(GlasscoreError)
    space.require(4 * MEBIBYTE, 'a forest', 'take fewer rows')
    expect(inMebibytes(5000 * MEBIBYTE)).toBe('5,000 MiB')
  })

  it('grows no further than its limit, whatever was given back in between', () => {
    const space = new Space({ shared: false, limit: 64 * MEBIBYTE })
    const first = space.take(10 * MEBIBYTE)
    const second = space.take(30 * MEBIBYTE)
    const third = space.take(MEBIBYTE)
    space.give(third)
    space.give(second)
    // What was given back at the end is taken again.
    space.require(40 * MEBIBYTE, 'a forest', 'take fewer rows')
    expect(space.memory.buffer.byteLength).toBeLessThanOrEqual(51 * MEBIBYTE)
    space.take(40 * MEBIBYTE)
    space.give(first)
    // There is as much, but not in one piece.
    space.require(20 * MEBIBYTE, 'a forest', 'take fewer rows')
    expect(() => space.take(20 * MEBIBYTE)).toThrow(/20 MiB of memory in one piece/)
    expect(space.memory.buffer.byteLength).toBeLessThanOrEqual(64 * MEBIBYTE)
  })

  it('refuses more than 4 GiB, whatever the limit', () => {
    const space = new Space({ shared: false, limit: 2 ** 40 })
    expect(() => space.take(2 ** 32)).toThrow(/what is left of 4,096 MiB/)
  })

  it('an arena gives all its stretches back', () => {
    const space = new Space({ shared: true })
    const arena = new Arena(space)
    const address = arena.copy(Float64Array.of(1.5, -2))
    arena.take(1000)
    expect([...space.doubles(address, 2)]).toEqual([1.5, -2])
    arena.close()
    expect(space.used).toBe(0)
    expect(() => space.give(address)).toThrow(/no stretch/)
  })
})
