import { describe, expect, it } from 'vitest'
import { dimensionTitle, shorten, shortenAll, textWidth, wrap } from '../../src/reports/labels.ts'

describe('labels', () => {
  it('are left alone where there is room', () => {
    expect(shorten('credit_history_days', 200)).toBe('credit_history_days')
  })

  it('are cut between signs, never within one', () => {
    const family = '👩‍👩‍👧‍👦'
    const short = shorten(family.repeat(20), 80)
    expect(short).toMatch(/…$/)
    expect(short.slice(0, -1).replaceAll(family, '')).toBe('')
    expect(textWidth(short)).toBeLessThanOrEqual(80)
  })

  it('fit their room, whatever they are', () => {
    for (const text of ['x'.repeat(300), 'W'.repeat(300), '信'.repeat(300), 'a b '.repeat(90)])
      expect(textWidth(shorten(text, 100))).toBeLessThanOrEqual(100)
  })

  it('stay different where their heads are alike', () => {
    const ends = ['first', 'second'].map((end) => `a very long name of a group, the ${end}`)
    const cut = shortenAll(ends, 110)
    expect(new Set(cut).size).toBe(2)
    for (const label of cut) expect(label).toMatch(/^a.*….*/)
    // Alike at both ends: numbered.
    const inner = ['x', 'y'].map((sign) => `${'a'.repeat(60)}${sign}${'b'.repeat(60)}`)
    expect(new Set(shortenAll(inner, 110)).size).toBe(2)
    for (const label of [...cut, ...shortenAll(inner, 110)]) expect(textWidth(label)).toBeLessThanOrEqual(110)
    // What one by one would be alike: the broken twin.
    expect(new Set(ends.map((text) => shorten(text, 110))).size).toBe(1)
    expect(shortenAll(['one', 'two'], 110)).toEqual(['one', 'two'])
  })

  it('lose control signs and say when they are blank', () => {
    expect(shorten('a\u0000b\nc', 200)).toBe('a\ufffdb c')
    expect(shorten(' \t ', 200)).not.toBe('')
    expect(shorten('', 200)).toBe('(blank)')
  })

  it('wrap between words', () => {
    expect(wrap('Identity characteristics', 92, 2)).toEqual(['Identity', 'characteristics'])
    expect(wrap('a', 92, 2)).toEqual(['a'])
    expect(wrap('one two three four five six seven', 60, 2)).toHaveLength(2)
  })

  it('name our dimensions, and leave those of a mapping as they are', () => {
    expect(dimensionTitle('credit_history')).toBe('Credit history')
    expect(dimensionTitle('__proto__')).toBe('__proto__')
  })
})
