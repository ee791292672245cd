import { type Core, instantiate, kernelModule } from './core.ts'
import { Space } from './space.ts'

/** Memory and the compiled kernels of this thread on it; each is made when it is first asked for. */
export class CoreMemory {
  readonly #shared: boolean
  readonly #limit: number | undefined
  #space: Space | undefined
  #core: Core | undefined

  /** @param limit most bytes; absent: as many as addresses reach */
  constructor(shared: boolean, limit?: number | undefined) {
    this.#shared = shared
    this.#limit = limit
  }

  get space(): Space {
    this.#space ??= new Space({ shared: this.#shared, ...(this.#limit ? { limit: this.#limit } : {}) })
    return this.#space
  }

  get core(): Core {
    this.#core ??= instantiate(kernelModule(this.#shared), this.space.memory)
    return this.#core
  }

  /** Lets the memory go; what is asked for later is new. */
  close(): void {
    this.#space?.letGo()
    this.#space = undefined
    this.#core = undefined
  }
}
