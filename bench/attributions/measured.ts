/** What a process says of its measurement, ours and a peer's alike. */
export interface Measured {
  /** rows that were explained */
  rows: number
  /** of the clock; what is made of the forest before any row is `prepare` */
  seconds: Parts
  /** of the processor, user and system */
  processor: Parts
  /** MiB: held when forest and rows had been read, and at most from then on */
  memory: { loaded: number; peak: number }
  /** processor seconds of the whole process */
  cpu: number
}

export interface Parts {
  prepare: number
  explain: number
}
