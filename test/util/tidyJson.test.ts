import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/util/hash.ts'
import { tidyJson } from '../../src/util/tidyJson.ts'

const value = {
  b: [1, null, 'x", [', true],
  a: { z: [], y: {}, x: undefined, w: [{ d: 1, c: [2, 3] }, [4]] },
  text: 'a\nb\u2028"',
  number: -1.5e-12,
}

describe('tidyJson', () => {
  it('is the same JSON as canonicalJson, keys in order', () => {
    expect(canonicalJson(JSON.parse(tidyJson(value)))).toBe(canonicalJson(value))
    expect(Object.keys(JSON.parse(tidyJson(value)) as object)).toEqual(['a', 'b', 'number', 'text'])
  })

  it('has lists of numbers and texts on one line, and everything else below each other', () => {
    expect(tidyJson(value).split('\n')).toContain('  "b": [1,null,"x\\", [",true],')
    expect(tidyJson({ a: [{ b: 1 }] })).toBe('{\n  "a": [\n    {\n      "b": 1\n    }\n  ]\n}')
  })
})
