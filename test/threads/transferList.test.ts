import { expect, test } from 'vitest'
import { transferList } from '../../src/threads/transferList.ts'

test('finds the buffers of typed arrays in arrays and plain objects, each once', () => {
  const a = new Float64Array(3)
  const b = new Int32Array(2)
  const result = { trees: [{ value: a }, { value: a, nested: { b } }], text: 'x', none: null, number: 1 }
  expect(transferList(result)).toEqual([a.buffer, b.buffer])
  expect(transferList(a)).toEqual([a.buffer])
})

test('leaves shared memory, parts of a buffer, empty arrays and other objects alone', () => {
  const shared = new Float64Array(new SharedArrayBuffer(8))
  const part = new Float64Array(4).subarray(1)
  expect(
    transferList([shared, part, new Float64Array(0), new Map([[1, new Float64Array(1)]]), Buffer.from('x')]),
  ).toEqual([])
})

test('what is moved arrives, and is gone here', () => {
  const result = { value: Float64Array.of(1, Number.NaN, -0), shared: new Uint8Array(new SharedArrayBuffer(2)) }
  const arrived = structuredClone(result, { transfer: transferList(result) })
  expect(arrived.value).toEqual(Float64Array.of(1, Number.NaN, -0))
  expect(result.value.length).toBe(0)
  expect(arrived.shared.buffer).toBeInstanceOf(SharedArrayBuffer)
})
