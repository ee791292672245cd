/** Compiled kernels of the calling thread, on plain memory, for work that is done at once and not on a pool. */
import { type Core, canRunCompiled } from './core.ts'
import { CoreMemory } from './coreMemory.ts'
import type { Space } from './space.ts'

export interface OwnCore {
  readonly space: Space
  readonly core: Core
}

let own: OwnCore | undefined

/** One for all who ask; its memory is kept. Undefined where the compiled kernels do not run: the readable ones do the work there. */
export const ownCore = (): OwnCore | undefined => {
  if (!own && canRunCompiled(false)) own = new CoreMemory(false)
  return own
}
