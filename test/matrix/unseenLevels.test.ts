import { describe, expect, it } from 'vitest'
import { fitEncoding } from '../../src/matrix/encode.ts'
import { unseenLevels } from '../../src/matrix/unseenLevels.ts'
import { frameOf } from './helpers.ts'

const train = frameOf({
  two: ['a', 'b', 'b', null],
  three: ['x', 'x', 'y', 'z'],
  n: [1, 2, 3, 4],
  one: ['k', 'k', 'k', 'k'],
})
const KINDS = ['linear', 'tree'] as const

describe.each(KINDS)('unseen levels of a %s encoding', (kind) => {
  const encoding = fitEncoding(train, kind)

  it('are none in the training rows: the level without a column is known', () => {
    expect(unseenLevels(encoding, train)).toEqual([])
    // The twin: without the reference its rows would be reported.
    const columns = encoding.columns.map(({ reference: _, ...column }) => column)
    expect(unseenLevels({ ...encoding, columns }, train).map((u) => u.factor)).toEqual(
      kind === 'linear' ? ['two', 'three'] : ['two'],
    )
  })

  it('are counted in rows, the most frequent first, missing values and unused factors aside', () => {
    const later = frameOf({
      two: ['b', null, 'a', 'q', 'b', 'b', 'b', 'b'],
      three: ['x', 'u', 'v', 'w', 'v', 't', null, 'z'],
      n: [1, 2, 3, 4, 5, 6, 7, 8],
      one: ['new', 'k', 'k', 'k', 'k', 'k', 'k', 'k'],
    })
    expect(unseenLevels(encoding, later)).toEqual([
      { factor: 'two', rows: 1, examples: ['q'] },
      { factor: 'three', rows: 5, examples: ['v', 't', 'u'] },
    ])
  })

  it('are not reported where rarer levels share a column', () => {
    const many = frameOf({ c: Array.from({ length: 120 }, (_, i) => `v${i % 60}`) })
    expect(unseenLevels(fitEncoding(many, kind), frameOf({ c: ['v59', 'other', null] }))).toEqual([])
  })

  it('refuse a table that has the category as numbers', () => {
    expect(() => unseenLevels(encoding, frameOf({ two: [1, 2], three: ['x', 'y'] }))).toThrow(
      'column two: a factor is of another kind in the table than in the model; expected text, for the model has it as category; got "numbers"',
    )
  })
})
