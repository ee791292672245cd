/** Arrays on shared memory, which worker threads read without a copy. */

/** A typed array on shared memory: itself when it is, else a copy. */
export const shareFloats = (values: Float64Array): Float64Array => {
  if (values.buffer instanceof SharedArrayBuffer) return values
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength))
  shared.set(values)
  return shared
}

/** The same for bytes. */
export const shareBytes = (values: Uint8Array): Uint8Array => {
  if (values.buffer instanceof SharedArrayBuffer) return values
  const shared = new Uint8Array(new SharedArrayBuffer(values.byteLength))
  shared.set(values)
  return shared
}

/** Memory that threads share, or plain memory where there is none to share: in pages that are not isolated. */
export const sharedBuffer = (bytes: number): ArrayBufferLike =>
  typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes)
