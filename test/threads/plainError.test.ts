import { describe, expect, it } from 'vitest'
import { freezeError, thawError } from '../../src/threads/plainError.ts'
import { GlasscoreError } from '../../src/util/errors.ts'

/** As between threads: what a message cannot carry is an error here too. */
const sent = (thrown: unknown): Error => thawError(structuredClone(freezeError(thrown)))

describe('an error that comes from another thread', () => {
  it('is a GlasscoreError with its kind, its place and its cause', () => {
    const cause = Object.assign(new RangeError('too far'), { code: 'ERR_FAR' })
    const error = new GlasscoreError('data', 'a bad value', {
      file: 'a.csv',
      row: 7,
      expected: 'a number',
      got: 12,
      cause,
    })
    const got = sent(error) as GlasscoreError
    expect(got).toBeInstanceOf(GlasscoreError)
    expect([got.kind, got.what, got.message, got.stack]).toEqual([error.kind, error.what, error.message, error.stack])
    expect(got.details).toMatchObject({ file: 'a.csv', row: 7, expected: 'a number', got: 12 })
    expect(got.cause).toBeInstanceOf(RangeError)
    expect(got.cause).toMatchObject({ message: 'too far', code: 'ERR_FAR', stack: cause.stack })
  })

  it.each([EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])('keeps its class: %o', (Class) => {
    const got = sent(new Class('wrong'))
    expect(got).toBeInstanceOf(Class)
    expect(got.name).toBe(Class.name)
  })

  it('keeps a name of its own, and the errors that it gathers', () => {
    const named = Object.assign(new Error('x'), { name: 'AbortError' })
    expect(sent(named).name).toBe('AbortError')
    const many = sent(new AggregateError([new TypeError('a'), 'b'], 'two')) as AggregateError
    expect(many.errors.map((error: Error) => [error.constructor, error.message])).toEqual([
      [TypeError, 'a'],
      [Error, 'b'],
    ])
  })

  it('arrives whatever it was that came instead', () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    for (const got of [12n, circle, { n: 1n }, () => 1, Symbol('s'), undefined, null, [1, 2]]) {
      const error = new GlasscoreError('usage', 'no', { got })
      expect(sent(error).message).toBe(error.message)
    }
    expect(sent('only text').message).toBe('only text')
  })
})
