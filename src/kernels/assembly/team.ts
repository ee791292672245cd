// Threads that work on one job together. The control block of a team is 64 bytes of zeros: [0] threads that arrived, [4] round,
// [8] not 0 when a thread failed, [16] counter of work to take.

/** Turns of the empty loop before a thread lies down (memory/core.ts). */
@external("env", "patience")
declare const patience: i32

// Waiting and waking are the caller's (memory/core.ts). As instructions they went wrong: code of V8's first compiler (Node 20, x64) came
// back from them with other values, so that the first job of a process could grow other trees (docs/decisions/0012).
@external("env", "lieDown")
declare function lieDown(address: usize, round: u32): void
@external("env", "wake")
declare function wake(address: usize): void

/** Waits until all `threads` have come here. Traps when another thread failed, so that none waits for ever. */
export function barrier(control: usize, threads: u32): void {
  if (threads < 2) return
  const round = atomic.load<u32>(control, 4)
  if (atomic.add<u32>(control, 1) + 1 == threads) {
    atomic.store<u32>(control, 0)
    atomic.store<u32>(control, round + 1, 4)
    wake(control + 4)
    return
  }
  for (let spin = 0; ; spin++) {
    if (atomic.load<u32>(control, 4) != round) return
    if (atomic.load<u32>(control, 8) != 0) unreachable()
    if (spin > patience) lieDown(control + 4, round)
  }
}

/** Takes the next piece of work: 0, 1, 2, ...; each number goes to one thread. */
export function take(control: usize): u32 {
  return atomic.add<u32>(control, 1, 16)
}

/** Begins to count pieces of work from 0 again; between two barriers. */
export function restart(control: usize): void {
  atomic.store<u32>(control, 0, 16)
}

/** A failure of this thread: the others are let out of their barriers. */
export function fail(control: usize): void {
  atomic.store<u32>(control, 1, 8)
  wake(control + 4)
}
