/**
 * Buffers that can be moved to another thread instead of copied: those of typed arrays in a value, in its arrays and in its
 * plain objects. Shared memory needs no moving; a view on a part of a buffer is left to be copied, for others may read the rest.
 */
export const transferList = (value: unknown): ArrayBuffer[] => {
  const found = new Set<ArrayBuffer>()
  const visit = (item: unknown): void => {
    if (typeof item !== 'object' || item === null) return
    if (ArrayBuffer.isView(item)) {
      const { buffer, byteLength } = item
      if (buffer instanceof ArrayBuffer && byteLength > 0 && byteLength === buffer.byteLength) found.add(buffer)
    } else if (Array.isArray(item)) item.forEach(visit)
    else if (Object.getPrototypeOf(item) === Object.prototype) Object.values(item).forEach(visit)
  }
  visit(value)
  return [...found]
}
