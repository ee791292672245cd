import { describe, expect, it } from 'vitest'
import { receiptName } from '../../src/util/receiptName.ts'

/** What stands in receipts beside factors. */
const LINES = [
  'base',
  'base: score of the background',
  'score',
  '= score',
  'limit of the scale',
  '3 other factors',
  '1,200 others',
]
const FACTORS = [
  ...LINES,
  ...LINES.map((line) => `“${line}”`),
  'Base',
  ' score ',
  'base rate',
  'scores',
  'income',
  'others',
]

/** Whether names of factors stay apart from each other and from the other lines. */
const apart = (named: (factor: string) => string): boolean => {
  const shown = FACTORS.map(named)
  const lines = new Set(LINES.map((line) => line.toLowerCase()))
  return new Set(shown).size === FACTORS.length && shown.every((name) => !lines.has(name.trim().toLowerCase()))
}

describe('receiptName', () => {
  it('keeps factors apart from the lines that are none, and from each other', () => {
    expect(apart(receiptName)).toBe(true)
    expect(receiptName('base')).toBe('“base”')
    expect(receiptName('“base”')).toBe('““base””')
    for (const plain of ['income', 'base rate', 'scores']) expect(receiptName(plain)).toBe(plain)
  })

  it('would be found out where it did not', () => {
    expect(apart((factor) => factor)).toBe(false)
    expect(apart((factor) => (factor === 'base' ? '“base”' : factor))).toBe(false)
    expect(apart((factor) => (receiptName(factor) === factor ? factor : `“${factor.replaceAll(/[“”]/g, '')}”`))).toBe(
      false,
    )
  })
})
