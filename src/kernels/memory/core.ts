/**
 * The compiled kernels on a memory. Each thread has its own instance; the module is compiled once and may be sent to other threads.
 *
 * Nothing here needs Node: a page runs the same kernels, on plain memory where it may not share any.
 */
import { PLAIN_MEMORY, SHARED_MEMORY } from '../compiled.ts'
import { type CompiledModule, type LinearMemory, webAssembly } from './webAssembly.ts'

/** Addresses are numbers; those above 2 GiB come back negative from a kernel: `>>> 0`. */
export type Kernels = Readonly<Record<string, (...values: number[]) => number>>

/** Kernels, and the memory they work on. */
export interface Core {
  readonly memory: LinearMemory
  readonly kernels: Kernels
}

const compile = (text: string): CompiledModule =>
  new (webAssembly().Module)(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))

const modules: { shared?: CompiledModule; plain?: CompiledModule } = {}

/** The kernels, compiled once in this thread. */
export const kernelModule = (shared: boolean): CompiledModule => {
  if (shared) {
    modules.shared ??= compile(SHARED_MEMORY)
    return modules.shared
  }
  modules.plain ??= compile(PLAIN_MEMORY)
  return modules.plain
}

/**
 * Turns of the empty loop in which a thread waits for the others before it lies down: some hundred microseconds where each thread has a
 * core of its own, and a few where it may hold up the one it waits for. To lie down and be woken costs more than most waits take:
 * boosting of 1M x 70 on two threads took 9 % longer with a few.
 */
const PATIENCE = { alone: 100_000, crowded: 4000 }

/**
 * An instance of the kernels for this thread.
 * @param crowded whether more threads than cores work together
 */
export const instantiate = (module: CompiledModule, memory: LinearMemory, crowded = false): Core => {
  const abort = (_message: number, _file: number, line: number, column: number): never => {
    throw new Error(`a kernel stopped at line ${line}, column ${column}`)
  }
  const words = () => new Int32Array(memory.buffer)
  // The limit is for a failure that comes between the look and the wait.
  const lieDown = (address: number, round: number): void => {
    Atomics.wait(words(), address >>> 2, round, 20)
  }
  const wake = (address: number): void => {
    Atomics.notify(words(), address >>> 2)
  }
  const instance = new (webAssembly().Instance)(module, {
    env: { memory, abort, lieDown, wake, patience: crowded ? PATIENCE.crowded : PATIENCE.alone },
  })
  return { memory, kernels: instance.exports as unknown as Kernels }
}

/** Whether this machine runs the compiled kernels: WebAssembly with vector instructions, and shared memory where it is asked for. */
export const canRunCompiled = (shared: boolean): boolean => {
  try {
    kernelModule(shared)
    return true
  } catch {
    return false
  }
}
