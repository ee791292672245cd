/** TensorFlow.js, loaded when a network is asked for and not before; it is an optional peer dependency of some 120 MB. */
import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import type * as Wasm from '@tensorflow/tfjs-backend-wasm'
import type * as Core from '@tensorflow/tfjs-core'
import type * as Layers from '@tensorflow/tfjs-layers'
import { usageError } from '../../util/errors.ts'

/** Packages that a network needs, with the version that it was tested with. */
export const TENSORFLOW_PACKAGES = [
  '@tensorflow/tfjs-core@4.22.0',
  '@tensorflow/tfjs-layers@4.22.0',
  '@tensorflow/tfjs-backend-wasm@4.22.0',
] as const

/** What is used of TensorFlow.js. */
export interface TensorFlow {
  core: typeof Core
  layers: typeof Layers
}

/** The packages as they are imported. */
interface Packages extends TensorFlow {
  wasm: typeof Wasm
}

const importAll = async (): Promise<Packages> => ({
  core: await import('@tensorflow/tfjs-core'),
  layers: await import('@tensorflow/tfjs-layers'),
  wasm: await import('@tensorflow/tfjs-backend-wasm'),
})

const isAbsent = (error: unknown): boolean =>
  error instanceof Error &&
  ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(String((error as NodeJS.ErrnoException).code))

/**
 * TensorFlow.js on its WASM backend, one thread, so that equal seeds give equal bytes. The WASM file is read from the package's own
 * folder: nothing is fetched.
 * @param load how the packages are imported; tests put others in their place
 * @throws GlasscoreError('usage') naming what to install when a package is absent
 */
export const loadTensorFlow = async (load: () => Promise<Packages> = importAll): Promise<TensorFlow> => {
  let packages: Packages
  try {
    packages = await load()
  } catch (cause) {
    if (!isAbsent(cause)) throw cause
    throw usageError('a network needs TensorFlow.js, which is not installed', {
      option: 'network',
      expected: `npm install ${TENSORFLOW_PACKAGES.join(' ')}`,
      cause,
    })
  }
  const { core, layers, wasm } = packages
  if (core.getBackend() !== 'wasm') {
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
    wasm.setWasmPaths(dirname(main) + sep)
    wasm.setThreadsCount(1)
    if (!(await core.setBackend('wasm')))
      throw usageError('the WASM backend of TensorFlow.js cannot be started on this machine', { option: 'network' })
  }
  return { core, layers }
}
