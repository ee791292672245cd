import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import { type Random, random } from '../../src/util/random.ts'

const draws = (stream: Random, n: number): number[] => Array.from({ length: n }, () => stream.next())
const MASK = (1n << 64n) - 1n
const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (64n - k))) & MASK

/** xoroshiro128+ with the constants 24, 16, 37, straight from the paper, on 64-bit integers. */
const reference = (s0: bigint, s1: bigint) => (): bigint => {
  const result = (s0 + s1) & MASK
  const t = s1 ^ s0
  s0 = rotate(s0, 24n) ^ t ^ ((t << 16n) & MASK)
  s1 = rotate(t, 37n)
  return result
}

describe('the generator', () => {
  // First outputs from the state (1, 2), as the test suite of the Rust crate rand_xoshiro has them.
  const KNOWN = [
    3n,
    412333834243n,
    2360170716294286339n,
    9295852285959843169n,
    2797080929874688578n,
    6019711933173041966n,
    3076529664176959358n,
    3521761819100106140n,
    7493067640054542992n,
    920801338098114767n,
  ]

  it('is xoroshiro128+: known values', () => {
    const next = reference(1n, 2n)
    expect(KNOWN.map(() => next())).toEqual(KNOWN)
    // pure-rand gives the low 32 bits of each output
    const low = xoroshiro128plusFromState([0, 1, 0, 2])
    expect(KNOWN.map(() => low.next() >>> 0)).toEqual(KNOWN.map((v) => Number(v & 0xffffffffn)))
  })

  it('starts from the key and takes 53 bits a draw', () => {
    const stream = random('any seed')
    const words = [0, 8, 16, 24].map((i) => BigInt(`0x${stream.key.slice(i, i + 8)}`))
    const next = reference((words[0]! << 32n) | words[1]!, (words[2]! << 32n) | words[3]!)
    for (let i = 0; i < 1000; i++) {
      const high = (next() & 0xffffffffn) >> 5n
      const low = (next() & 0xffffffffn) >> 6n
      expect(stream.next()).toBe(Number((high << 26n) | low) / 2 ** 53)
    }
  })

  it('gives the numbers of earlier releases', () => {
    // A change here changes every result made from a seed: it belongs into the changelog.
    expect(draws(random(1), 3)).toEqual(EARLIER.one)
    expect(draws(random(1).fork('tree', 7), 3)).toEqual(EARLIER.tree7)
  })
})

const EARLIER = {
  one: [0.10671572549302943, 0.9376413774711752, 0.8360803842425275],
  tree7: [0.028912544143796737, 0.17732375538021306, 0.5236225546710944],
}

describe('seeds and forks', () => {
  it('equal seeds give equal streams, a number and its text are the same seed', () => {
    expect(draws(random(42), 20)).toEqual(draws(random(42), 20))
    expect(draws(random(42), 20)).toEqual(draws(random('42'), 20))
    expect(random(42).key).toBe(random('42').key)
    expect(random(42).key).not.toBe(random(43).key)
  })

  /** Whether the child is the same whatever the parent has drawn before. */
  const forksIgnoreDraws = (make: () => Random): boolean => {
    const fresh = make().fork('fold', 3)
    const used = make()
    used.next()
    used.normal()
    used.shuffle([1, 2, 3, 4])
    return draws(fresh, 10).join() === draws(used.fork('fold', 3), 10).join()
  }

  it('a fork depends on the key alone; a fork seeded by a draw is caught', () => {
    expect(forksIgnoreDraws(() => random(5))).toBe(true)
    const broken = (): Random => {
      const stream = random(5)
      stream.fork = (label, index = 0) => random(`${label}${index}${stream.next()}`)
      return stream
    }
    expect(forksIgnoreDraws(broken)).toBe(false)
  })

  it('labels and indices give streams of their own', () => {
    const parent = random(1)
    const children = [
      ...Array.from({ length: 5000 }, (_, i) => parent.fork('person', i)),
      ...['tree', 'fold', 'Person', 'perso', 'person0', ''].map((label) => parent.fork(label)),
      parent.fork('person', 2 ** 32),
      parent.fork('person', 2 ** 32 + 1),
      parent.fork('a').fork('b'),
      parent.fork('b').fork('a'),
      parent.fork('ab'),
      parent,
    ]
    expect(new Set(children.map((c) => c.key)).size).toBe(children.length)
    expect(parent.fork('person').key).toBe(parent.fork('person', 0).key)
  })

  it('neighboring forks are not correlated', () => {
    const n = 20_000
    const parent = random(9)
    const first = Array.from({ length: n }, (_, i) => parent.fork('person', i).next() - 0.5)
    let product = 0
    for (let i = 1; i < n; i++) product += first[i]! * first[i - 1]!
    // the correlation has a standard error of 1/sqrt(n) = 0.007; 5 of them
    expect(Math.abs((product / n) * 12)).toBeLessThan(0.036)
    const mean = first.reduce((a, b) => a + b, 0) / n
    // standard error 0.289/sqrt(n) = 0.002; 5 of them
    expect(Math.abs(mean)).toBeLessThan(0.0103)
  })
})

describe('distributions', () => {
  const n = 200_000
  const moments = (draw: () => number) => {
    const x = Float64Array.from({ length: n }, draw)
    const mean = x.reduce((a, b) => a + b, 0) / n
    const central = (power: number) => x.reduce((a, b) => a + (b - mean) ** power, 0) / n
    return {
      mean,
      variance: central(2),
      skewness: central(3) / central(2) ** 1.5,
      kurtosis: central(4) / central(2) ** 2,
    }
  }
  /** Chi-square statistic of counts against equal shares. */
  const chiSquare = (counts: ArrayLike<number>, total: number): number => {
    const expected = total / counts.length
    return Array.from(counts).reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0)
  }
  // All limits are 5 standard errors of the estimate for n draws; seeds are fixed, so they either always hold or never.

  it('next is uniform on [0, 1)', () => {
    const stream = random('uniform')
    const counts = new Uint32Array(256)
    const m = moments(() => {
      const u = stream.next()
      if (u < 0 || u >= 1) throw new Error('out of range')
      counts[Math.floor(u * 256)]!++
      return u
    })
    expect(Math.abs(m.mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n))
    expect(Math.abs(m.variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n))
    // chi-square with 255 degrees of freedom: mean 255, standard deviation sqrt(510) = 22.6
    expect(Math.abs(chiSquare(counts, n) - 255)).toBeLessThan(5 * 22.6)
  })

  it('integer is uniform on 0..n-1', () => {
    const stream = random('integer')
    const counts = new Uint32Array(7)
    for (let i = 0; i < n; i++) counts[stream.integer(7)]!++
    // 6 degrees of freedom: 99.999 % of draws lie below 33
    expect(chiSquare(counts, n)).toBeLessThan(33)
    expect(stream.integer(1)).toBe(0)
  })

  it('normal has the moments of the standard normal', () => {
    const stream = random('normal')
    const m = moments(() => stream.normal())
    expect(Math.abs(m.mean)).toBeLessThan(5 / Math.sqrt(n))
    expect(Math.abs(m.variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
    expect(Math.abs(m.skewness)).toBeLessThan(5 * Math.sqrt(6 / n))
    expect(Math.abs(m.kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / n))
  })

  it('exponential has mean 1 and variance 1', () => {
    const stream = random('exponential')
    const m = moments(() => stream.exponential())
    expect(Math.abs(m.mean - 1)).toBeLessThan(5 / Math.sqrt(n))
    expect(Math.abs(m.variance - 1)).toBeLessThan(5 * Math.sqrt(8 / n))
  })

  it.each([0.3, 4, 20, 75])('poisson of mean %d has that mean and variance', (mean) => {
    const stream = random(`poisson ${mean}`)
    const m = moments(() => stream.poisson(mean))
    expect(Math.abs(m.mean - mean)).toBeLessThan(5 * Math.sqrt(mean / n))
    expect(Math.abs(m.variance - mean)).toBeLessThan(5 * Math.sqrt((mean + 2 * mean * mean) / n))
  })

  it('poisson of mean 0 is 0, of a large mean does not underflow', () => {
    expect(random(1).poisson(0)).toBe(0)
    // 5 standard deviations around 5,000
    expect(Math.abs(random(1).poisson(5000) - 5000)).toBeLessThan(354)
  })

  /** Chi-square of where item 0 of four ends up over many shuffles, and of the order of the other three: 24 outcomes. */
  const shuffleChiSquare = (shuffle: (items: number[], stream: Random) => void): number => {
    const stream = random('shuffle')
    const counts = new Map<string, number>()
    const times = 48_000
    for (let i = 0; i < times; i++) {
      const items = [0, 1, 2, 3]
      shuffle(items, stream)
      counts.set(items.join(''), (counts.get(items.join('')) ?? 0) + 1)
    }
    return chiSquare([...counts.values(), ...Array(24 - counts.size).fill(0)], times)
  }

  it('shuffle gives every order equally often; the naive swap is caught', () => {
    // 23 degrees of freedom: 99.999 % of draws lie below 65
    expect(shuffleChiSquare((items, stream) => stream.shuffle(items))).toBeLessThan(65)
    const naive = (items: number[], stream: Random) => {
      for (let i = 0; i < items.length; i++) {
        const j = stream.integer(items.length)
        ;[items[i], items[j]] = [items[j]!, items[i]!]
      }
    }
    expect(shuffleChiSquare(naive)).toBeGreaterThan(65)
  })

  it('shuffle works in place, on typed arrays too', () => {
    const items = Int32Array.from({ length: 100 }, (_, i) => i)
    expect(random(3).shuffle(items)).toBe(items)
    expect([...items]).not.toEqual([...items].sort((a, b) => a - b))
    expect(new Set(items).size).toBe(100)
  })
})
