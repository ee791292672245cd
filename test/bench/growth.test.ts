import { describe, expect, it } from 'vitest'
import { floorSeconds, type GrowthMeasurement, growthMarkdown, pointsOf } from '../../bench/compute/growthSummary.ts'
import { rowsCounted } from '../../bench/compute/growthWorks.ts'
import { filled, GROWTH, PEERS } from '../../bench/compute/pages.ts'
import type { TreeArrays } from '../../src/kernels/trees/tree.ts'

const BANDWIDTH = [
  { threads: 1, read: 20, triad: 15 },
  { threads: 2, read: 40, triad: 30 },
]

const at = (
  rows: number,
  seconds: number,
  axis: GrowthMeasurement['axis'] = 'rows',
  threads = 2,
): GrowthMeasurement => ({
  axis,
  rows,
  columns: 70,
  threads,
  jobs: { forest: { seconds, runs: 3, floor: 8 * 70 * rows, touched: 4e9 } },
  peakMiB: 1,
  load: 0,
  started: '',
})

describe('growth', () => {
  const measurements = [at(100_000, 1), at(10_000, 0.1), at(1000, 8, 'threads', 1), at(1000, 5, 'threads', 2)]

  it('is read along one axis, smallest first', () => {
    expect(pointsOf(measurements, 'rows', 'forest')).toEqual([
      { size: 10_000, seconds: 0.1 },
      { size: 100_000, seconds: 1 },
    ])
    expect(pointsOf(measurements, 'threads', 'forest').map((p) => p.size)).toEqual([1, 2])
  })

  it('has slope, speed-up and distance to the memory in its tables', () => {
    const text = growthMarkdown({ bandwidth: BANDWIDTH, measurements })
    expect(text).toContain('| forest | 0.100 | 1.00 | 1.00 | 1.00 |')
    expect(text).toContain('| forest | 8.00 | 5.00 | 1.60 × |')
    // 56 MB at 40 GB/s: 1.4 ms; 4 GB in a second are a tenth of the bandwidth.
    expect(text).toContain('| forest | 1.00 | 56 | 0.0014 | 714 × | 4000 | 4.0 | 10 % |')
  })

  it('has the floor of as many threads', () => {
    expect(floorSeconds(40e9, 1, BANDWIDTH)).toBe(2)
    expect(floorSeconds(40e9, 2, BANDWIDTH)).toBe(1)
  })
})

describe('rows that a tree counts', () => {
  //      100
  //    30    70
  //        20  50
  const tree: TreeArrays = {
    childrenLeft: Int32Array.of(1, -1, 3, -1, -1),
    childrenRight: Int32Array.of(2, -1, 4, -1, -1),
    feature: Int32Array.of(0, -1, 1, -1, -1),
    threshold: new Float64Array(5),
    defaultLeft: new Uint8Array(5),
    value: new Float64Array(5),
    cover: Float64Array.of(100, 30, 70, 20, 50),
  }

  it('are those of all inner nodes, or of the root and the smaller children', () => {
    expect(rowsCounted(tree, false)).toBe(170)
    expect(rowsCounted(tree, true)).toBe(100 + 30 + 20)
  })
})

describe('the generated parts of a page', () => {
  const page = `a\n${PEERS.begin}\nold\n${PEERS.end}\nb\n${GROWTH.begin}\n${GROWTH.end}\nc\n`

  it('are replaced one at a time', () => {
    const first = filled(page, PEERS, 'new')
    expect(first).toBe(page.replace('\nold\n', '\n\nnew\n\n'))
    expect(filled(filled(first, GROWTH, 'x'), GROWTH, 'y')).toContain(`${GROWTH.begin}\n\ny\n\n${GROWTH.end}`)
    expect(filled('no marks', PEERS, 'new')).toBe('no marks')
  })
})
