import { describe, expect, it } from 'vitest'
import {
  dataError,
  EXIT_CODES,
  GlasscoreError,
  interruptedError,
  modelError,
  printable,
  usageError,
} from '../../src/util/errors.ts'

describe('GlasscoreError', () => {
  it('says place, what, expected, got and hint in one line', () => {
    const error = dataError('invalid date', {
      file: 'loans.csv',
      table: 'credit_accounts',
      row: 12,
      column: 'opened_on',
      expected: 'a day as YYYY-MM-DD',
      got: '1993-13-01',
      hint: 'dates are UTC',
    })
    expect(error.message).toBe(
      'file loans.csv, table credit_accounts, row 12, column opened_on: invalid date; expected a day as YYYY-MM-DD; ' +
        'got "1993-13-01"; dates are UTC',
    )
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe('GlasscoreError')
    expect(error.details.column).toBe('opened_on')
  })

  it('leaves out what is not known', () => {
    expect(new GlasscoreError('internal', 'something').message).toBe('something')
    expect(usageError('unknown option', { option: 'sed' }).message).toBe('option sed: unknown option')
    expect(dataError('bad', { row: 0 }).message).toBe('row 0: bad')
  })

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [12n, '12'],
    ['', '""'],
    [[1, 2], '[1,2]'],
  ])('shows what came: %s', (got, text) => {
    expect(dataError('bad', { got }).message).toBe(`bad; got ${text}`)
  })

  it('shortens what is long', () => {
    const { message } = dataError('bad', { got: 'x'.repeat(500) })
    expect(message).toBe(`bad; got "${'x'.repeat(76)}...`)
    expect(message.length).toBe('bad; got '.length + 80)
  })

  it('lets no sign through that turns a line or moves a cursor', () => {
    expect(printable('a\u202eb\u202cc\u2066d\u2069e\u001b[31m')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\ufffd[31m')
    // Letters that are written from right to left are letters.
    expect(printable('\u05d0\u0627 信 é')).toBe('\u05d0\u0627 信 é')
  })

  it('keeps the cause', () => {
    const cause = new Error('disk full')
    expect(dataError('not written', { cause }).cause).toBe(cause)
    expect('cause' in dataError('bad')).toBe(false)
  })

  it('has an exit code for every kind', () => {
    expect(EXIT_CODES).toEqual({ internal: 1, usage: 2, data: 3, model: 4, training: 5, memory: 6, interrupted: 130 })
    expect(usageError('x').exitCode).toBe(2)
    expect(dataError('x').exitCode).toBe(3)
    expect(modelError('x').exitCode).toBe(4)
    expect(interruptedError().exitCode).toBe(130)
  })
})
