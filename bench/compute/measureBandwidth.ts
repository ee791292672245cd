/**
 * How fast this machine reads and writes memory from compiled kernels, in the manner of STREAM (McCalpin 1995): a sum over one array, and
 * the triad a = b + s c over three, each far larger than any cache. What no kernel can pass.
 */
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { type CompiledModule, webAssembly } from '../../src/kernels/memory/webAssembly.ts'

/** Bytes of each of the three arrays. */
const ARRAY = 2 ** 28
const PASSES = 12

/** GB/s (1e9 bytes) on 1 and on more threads; the triad counts two reads and one write. */
export interface Bandwidth {
  threads: number
  read: number
  triad: number
}

const compile = async (): Promise<CompiledModule> => {
  const { default: asc } = await import('assemblyscript/asc')
  const source = readFileSync(new URL('./bandwidth/kernel.ts', import.meta.url), 'utf8')
  let binary: Uint8Array | undefined
  const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'threads']
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536']
  const { error, stderr } = await asc.main(['kernel.ts', '--outFile', 'kernel.wasm', ...flags, ...memory], {
    readFile: (name: string) => (name === 'kernel.ts' ? source : null),
    writeFile: (name: string, content: Uint8Array | string) => {
      if (name.endsWith('.wasm') && typeof content !== 'string') binary = content
    },
    listFiles: () => [],
  })
  if (error || !binary) throw new Error(`the kernel of the bandwidth does not compile: ${stderr.toString()}`)
  return new (webAssembly().Module)(binary)
}

const message = <T>(worker: Worker): Promise<T> =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })

/** Bytes over the shortest pass, as STREAM takes it: from the first thread that begins to the last that ends. */
const rate = (spans: readonly (readonly [number, number])[][], bytes: number): number =>
  bytes /
  Math.min(
    ...spans[0]!
      .map((_, pass) => {
        const of = spans.map((thread) => thread[pass]!)
        return Math.max(...of.map(([, to]) => to)) - Math.min(...of.map(([from]) => from))
      })
      .slice(2),
  ) /
  1e6

export const measureBandwidth = async (threadCounts: readonly number[]): Promise<Bandwidth[]> => {
  const module = await compile()
  const pages = (3 * ARRAY) / 65_536 + 1
  const memory = new (webAssembly().Memory)({ initial: pages, maximum: pages, shared: true })
  const out: Bandwidth[] = []
  for (const threads of threadCounts) {
    const workers = Array.from(
      { length: threads },
      () =>
        new Worker(new URL('./bandwidth/worker.mjs', import.meta.url), {
          workerData: { module, memory },
          execArgv: [],
        }),
    )
    await Promise.all(workers.map((worker) => message(worker)))
    const share = Math.floor(ARRAY / threads / 64) * 64
    const call = async (kind: 'touch' | 'read' | 'triad'): Promise<(readonly [number, number])[][]> => {
      const answers = workers.map((worker) => message<(readonly [number, number])[]>(worker))
      workers.forEach((worker, k) => {
        const arrays = [0, 1, 2].map((a) => 65_536 + a * ARRAY + k * share)
        worker.postMessage({ kind, arrays, count: share / 8, passes: PASSES })
      })
      return await Promise.all(answers)
    }
    // All arrays are written before anything is timed: the first write to each page is the system's work, and a page that nobody
    // has written is the same page of zeros for all.
    await call('touch')
    const triad = rate(await call('triad'), 3 * threads * share)
    const read = rate(await call('read'), threads * share)
    await Promise.all(workers.map((worker) => worker.terminate()))
    out.push({ threads, read, triad })
  }
  return out
}
