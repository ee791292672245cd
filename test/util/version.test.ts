import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { codeDigest, VERSION } from '../../src/util/version.ts'

it('is the version of package.json', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  expect(VERSION).toBe((JSON.parse(text) as { version: string }).version)
})

it('has a digest of the code, the same within a run', () => {
  expect(codeDigest()).toMatch(/^[0-9a-f]{64}$/)
  expect(codeDigest()).toBe(codeDigest())
})
