/** Compiled kernels of the calling thread, on plain memory, for work that is done at once and not on a pool. */
import { type Core, canRunCompiled, instantiate, kernelModule } from './core.ts'
import { Space } from './space.ts'

export interface OwnCore {
  readonly space: Space
  readonly core: Core
}

let own: OwnCore | undefined

/** One for all who ask; its memory is kept. Undefined where the compiled kernels do not run: the readable ones do the work there. */
export const ownCore = (): OwnCore | undefined => {
  if (!own && canRunCompiled(false)) {
    const space = new Space({ shared: false })
    own = { space, core: instantiate(kernelModule(false), space.memory) }
  }
  return own
}
