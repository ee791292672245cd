import { describe, expect, it } from 'vitest'
import { addDecision, rowPatterns, startPatterns } from '../../../src/kernels/shap/rowPatterns.ts'
import { random } from '../../../src/util/random.ts'

describe('rowPatterns', () => {
  it('tells rows apart exactly where a decision differs', () => {
    const rows = 200
    const lists = 9
    const stream = random(2)
    const decisions = Uint8Array.from({ length: rows * lists }, () => stream.integer(2))
    const patterns = rowPatterns(rows)
    const scratch = new Int32Array(2 * rows)
    startPatterns(patterns)
    expect(patterns.count).toBe(1)
    const words: string[] = new Array(rows).fill('')
    for (let k = 0; k < lists; k++) {
      addDecision(patterns, decisions, k * rows, patterns, scratch)
      for (let r = 0; r < rows; r++) words[r] += decisions[k * rows + r]
      expect(patterns.count).toBe(new Set(words).size)
      const seen = new Map<number, string>()
      for (let r = 0; r < rows; r++) {
        const pattern = patterns.of[r]!
        expect(seen.get(pattern) ?? words[r]).toBe(words[r])
        seen.set(pattern, words[r]!)
      }
      for (let p = 0; p < patterns.count; p++) expect(patterns.of[patterns.example[p]!]).toBe(p)
    }
  })
})
