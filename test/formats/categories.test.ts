import { describe, expect, it } from 'vitest'
import { treeFault } from '../../src/formats/checkTree.ts'
import { decodeModel, encodeModel } from '../../src/formats/modelBinary.ts'
import { decodeScorer, encodeScorer } from '../../src/formats/modelFile.ts'
import { type TreeArrays, WORDS_OF_SET } from '../../src/kernels/trees/tree.ts'
import { fitEncoding } from '../../src/matrix/encode.ts'
import type { Scorer } from '../../src/scores/scorer.ts'
import { madeScorer, PLATT } from '../attributions/madeScorers.ts'
import { frameOf } from '../matrix/helpers.ts'

const numeric = (): TreeArrays => ({
  childrenLeft: Int32Array.of(1, -1, -1),
  childrenRight: Int32Array.of(2, -1, -1),
  feature: Int32Array.of(0, -1, -1),
  threshold: Float64Array.of(2.5, 0, 0),
  defaultLeft: Uint8Array.of(1, 0, 0),
  value: Float64Array.of(-2, -1, -3),
  cover: Float64Array.of(10, 4, 6),
})
const categorical = (words = [0b101, 0, 0, 0, 0, 0, 0, 2 ** 29]): Required<TreeArrays> => ({
  ...numeric(),
  feature: Int32Array.of(1, -1, -1),
  threshold: Float64Array.of(0, 0, 0),
  categorySet: Int32Array.of(0, -1, -1),
  sets: Uint32Array.from(words),
})

const frame = frameOf({ a: [1, 2, 3, 4], c: ['x', 'y', 'z', 'z'] })
const scorerOf = (trees: TreeArrays[], categories = true): Scorer => ({
  ...madeScorer({ kind: 'forest', calibration: PLATT }),
  encoding: fitEncoding(frame, 'tree', { categories }),
  model: { kind: 'forest', columns: categories ? 2 : 4, trees },
})

describe('models with categories', () => {
  it('are read as they were written, and written again to the same bytes', () => {
    const scorer = scorerOf([numeric(), categorical(), categorical([1, 2, 3, 4, 5, 6, 7, 8])])
    const { json, bin } = encodeScorer(scorer)
    const again = decodeScorer(new TextEncoder().encode(json), bin)
    expect(again).toEqual(scorer)
    expect(encodeScorer(again)).toEqual({ json, bin })
    expect(JSON.parse(json).version).toBe(2)
    expect(new DataView(bin.buffer).getUint32(8, true)).toBe(2)
  })

  it('without any have the version and bytes that they always had', () => {
    const { json, bin } = encodeScorer(scorerOf([numeric()], false))
    expect(JSON.parse(json).version).toBe(1)
    expect(new DataView(bin.buffer).getUint32(8, true)).toBe(1)
    // 32 of the header, 8 of the sizes, 37 a node: docs/model-format.md.
    expect(bin.length).toBe(32 + 8 + 37 * 3)
  })

  it('are refused at every length shorter than their own', () => {
    const { bin } = encodeScorer(scorerOf([numeric(), categorical()]))
    for (let length = 0; length < bin.length; length++)
      expect(() => decodeModel(bin.subarray(0, length), 'model.bin')).toThrow(/model.bin/)
  })

  it('are refused where a set stands at a column of numbers, or the other way round in the encoding', () => {
    expect(() => encodeScorer(scorerOf([{ ...categorical(), feature: Int32Array.of(0, -1, -1) }]))).toThrow(
      /splits a column by categories that has none; got "a"/,
    )
    const scorer = scorerOf([numeric()])
    const [a, c] = scorer.encoding.columns
    const refused = (columns: unknown[]) => () =>
      encodeScorer({ ...scorer, encoding: { ...scorer.encoding, columns: columns as Scorer['encoding']['columns'] } })
    expect(refused([a, { ...c, levels: ['x', 'x'] }])).toThrow(/a level stands twice/)
    expect(refused([a, { ...c, levels: Array.from({ length: 255 }, (_, k) => `v${k}`) }])).toThrow(/levels/)
    expect(refused([{ ...a, levels: ['x'] }, c])).toThrow(/codes stand in a column that is no category/)
    expect(refused([a, { ...c, center: 1 }])).toThrow(/or a category has none/)
  })

  it.each<[string, Partial<TreeArrays>, RegExp]>([
    ['a set that is not there', { categorySet: Int32Array.of(1, -1, -1) }, /node 0 has set 1 of 1/],
    ['a set at a leaf', { categorySet: Int32Array.of(0, 0, -1) }, /leaf 1 has a set/],
    ['half a set', { sets: new Uint32Array(WORDS_OF_SET / 2) }, /4 words/],
    ['a category 254', { sets: Uint32Array.of(1, 0, 0, 0, 0, 0, 0, 2 ** 30) }, /above 253/],
    ['a threshold beside it', { threshold: Float64Array.of(1, 0, 0) }, /both a threshold and a set/],
    ['places of another number of nodes', { categorySet: Int32Array.of(0) }, /different lengths/],
  ])('are refused with %s', (_, change, fault) => {
    const tree = { ...categorical(), ...change }
    expect(treeFault(tree, 2)).toMatch(fault)
    expect(() => encodeModel({ kind: 'tree', columns: 2, trees: [tree] }, 'model.bin')).toThrow(fault)
    expect(treeFault(categorical(), 2)).toBeNull()
  })
})
