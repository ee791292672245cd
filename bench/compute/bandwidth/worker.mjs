// One thread of measureBandwidth.ts: waits for its turn, passes over its share of the memory, says when it began and ended.
import { parentPort, workerData } from 'node:worker_threads'

const { module, memory } = workerData
const { readAll, triad } = new WebAssembly.Instance(module, { env: { memory, abort: () => {} } }).exports
const now = () => performance.timeOrigin + performance.now()

parentPort.on('message', ({ kind, arrays, count, passes }) => {
  const [to, x, y] = arrays
  const spans = []
  for (let pass = 0; pass < passes; pass++) {
    const from = now()
    if (kind === 'read') readAll(x, count)
    else triad(to, x, y, 0.5, count)
    spans.push([from, now()])
  }
  parentPort.postMessage(spans)
})
parentPort.postMessage('ready')
