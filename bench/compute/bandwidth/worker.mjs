// One thread of measureBandwidth.ts: waits for its turn, passes over its share of the memory, says when it began and ended.
import { parentPort, workerData } from 'node:worker_threads'

const { module, memory } = workerData
const { readAll, triad } = new WebAssembly.Instance(module, { env: { memory, abort: () => {} } }).exports
const memoryOf = (at, count) => new Float64Array(memory.buffer, at, count)
const now = () => performance.timeOrigin + performance.now()

parentPort.on('message', ({ kind, arrays, count, passes }) => {
  const [to, x, y] = arrays
  const spans = []
  // What was never written is one page of zeros, which stays in the cache.
  if (kind === 'touch') for (const at of arrays) memoryOf(at, count).fill(1)
  for (let pass = 0; pass < passes; pass++) {
    const from = now()
    if (kind === 'read') readAll(x, count)
    else if (kind === 'triad') triad(to, x, y, 0.5, count)
    spans.push([from, now()])
  }
  parentPort.postMessage(spans)
})
parentPort.postMessage('ready')
