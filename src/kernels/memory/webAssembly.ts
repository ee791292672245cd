/** The few parts of WebAssembly that the kernels use, typed here: neither the types of Node nor those of a page are asked for. */

export interface LinearMemory {
  /** plain memory gets a new buffer when it grows, and the old one is emptied */
  readonly buffer: ArrayBuffer | SharedArrayBuffer
  /** adds pages of 64 KiB; throws when there are none */
  grow(pages: number): number
}

/** Compiled code; may be sent to other threads. */
export type CompiledModule = { readonly brand: 'WebAssembly.Module' }

interface WebAssemblyApi {
  Memory: new (descriptor: { initial: number; maximum: number; shared: boolean }) => LinearMemory
  Module: new (bytes: Uint8Array) => CompiledModule
  Instance: new (module: CompiledModule, imports: Record<string, Record<string, unknown>>) => { exports: object }
}

export const webAssembly = (): WebAssemblyApi => (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly
