import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, sha256, sha256File } from '../../src/util/hash.ts'

describe('sha256', () => {
  it('gives the known digests (FIPS 180-4 examples)', () => {
    expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(sha256(new Uint8Array([97, 98, 99]))).toBe(sha256('abc'))
  })

  it('is the same for a file read as a stream', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'glasscore-hash-'))
    try {
      // more than two reads of a megabyte
      const bytes = Uint8Array.from({ length: 2_500_001 }, (_, i) => (i * 7) % 251)
      writeFileSync(join(folder, 'x'), bytes)
      expect(await sha256File(join(folder, 'x'))).toBe(sha256(bytes))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** The same value with the keys of every object in reverse order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([k, v]) => [k, reversed(v)] as const)
  return Object.fromEntries(entries.reverse())
}

describe('canonicalJson', () => {
  it('sorts keys at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [3, { d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[3,{"c":2,"d":1}]}')
    expect(canonicalJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}')
  })

  it('gives equal text for equal values, and the value back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { seed: 1 },
    )
    // the twin that does not sort is told apart
    expect(JSON.stringify({ b: 1, a: 2 })).not.toBe(canonicalJson({ b: 1, a: 2 }))
  })
})
