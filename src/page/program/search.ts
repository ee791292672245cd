/** Asks a worker of the page; whoever asks again takes the earlier question back. */
import type { Embedded } from './embedded.ts'
import type { Answer, Question } from './messages.ts'

/** A worker that is made from the text of this program when it is first needed. */
export class Search {
  readonly #program: string
  readonly #embedded: Embedded
  #worker: Worker | undefined
  #busy = false

  constructor(program: string, embedded: Embedded) {
    this.#program = program
    this.#embedded = embedded
  }

  /** Ends what runs: a search cannot be interrupted, and what was asked for is no longer asked. */
  stop(): void {
    if (!this.#busy) return
    this.#worker?.terminate()
    this.#worker = undefined
    this.#busy = false
  }

  /** @param onAnswer called once, unless the question is taken back */
  ask(question: Extract<Question, { kind: 'search' }>, onAnswer: (answer: Answer) => void): void {
    this.stop()
    try {
      this.#worker ??= this.#open()
    } catch (error) {
      onAnswer({ kind: 'failed', why: error instanceof Error ? error.message : String(error) })
      return
    }
    const worker = this.#worker
    this.#busy = true
    const done = (answer: Answer): void => {
      if (worker !== this.#worker || !this.#busy) return
      this.#busy = false
      onAnswer(answer)
    }
    worker.onmessage = ({ data }: MessageEvent<Answer>) => done(data)
    worker.onerror = () => done({ kind: 'failed', why: 'this browser runs no worker here' })
    worker.postMessage(question)
  }

  #open(): Worker {
    const url = URL.createObjectURL(new Blob([this.#program], { type: 'text/javascript' }))
    const worker = new Worker(url)
    worker.postMessage({ kind: 'model', ...this.#embedded } satisfies Question)
    return worker
  }
}
