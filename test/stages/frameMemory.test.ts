import { describe, expect, it } from 'vitest'
import { machineMemory, READING, requireFrame, TRAINING } from '../../src/stages/frameMemory.ts'

describe('memory for the factors of a table', () => {
  it('is asked for before they are read: one error with the figure and what to change', () => {
    expect(() => requireFrame(100_000, 10_000, TRAINING, 16 * 2 ** 30)).toThrow(
      expect.objectContaining({
        kind: 'memory',
        message: expect.stringMatching(
          /training on 100,000 rows of 10,000 factors needs at least 22\.4 GiB .*at most 16\.0 GiB.*sample of the rows/,
        ),
      }),
    )
  })

  it('is enough for what fits to the byte, and not for a row more', () => {
    expect(() => requireFrame(1024, 1024, READING, 2 ** 23)).not.toThrow()
    expect(() => requireFrame(1025, 1024, READING, 2 ** 23)).toThrow(/reading 1,025 rows/)
  })

  it('is that of a machine', () => {
    expect(machineMemory()).toBeGreaterThan(2 ** 27)
    expect(machineMemory()).toBeLessThan(2 ** 50)
  })
})
