/** Growing that hears a signal: the work pauses now and then for the event loop. */
import { setImmediate as pause } from 'node:timers/promises'
import { type CartData, type CartOptions, growCartSteps, keepOrders, presort } from '../../kernels/trees/cart.ts'
import type { GrownTree } from '../../kernels/trees/treeBuilder.ts'
import { interruptedError } from '../../util/errors.ts'

/** Milliseconds between pauses: too short to be felt, too long to cost. */
const UNHEARD = 50

/** A function to call at every step of long work: it answers a pause to wait for when one is due. */
export const listening = (signal?: AbortSignal | undefined): (() => Promise<void> | undefined) => {
  let heard = performance.now()
  const listen = async (): Promise<void> => {
    await pause()
    if (signal?.aborted) throw interruptedError()
    heard = performance.now()
  }
  return () => (performance.now() - heard > UNHEARD ? listen() : undefined)
}

/**
 * The tree of growCart.
 * @param orders row orders of the rows to train on; they are overwritten
 * @throws when the signal is given
 */
export const growListening = async (
  data: CartData,
  options: CartOptions,
  orders: Int32Array,
  signal?: AbortSignal | undefined,
): Promise<GrownTree> => {
  const listen = listening(signal)
  const steps = growCartSteps(data, options, orders)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    const due = listen()
    if (due) await due
  }
}

/** Grows trees on some of the rows; `keep` says which. */
export type Grower = (keep?: Uint8Array) => Promise<GrownTree>

/** Exact CART; columns are sorted once, whatever is grown. */
export const exactGrower = (data: CartData, options: CartOptions, signal?: AbortSignal | undefined): Grower => {
  let orders: Int32Array | undefined
  return (keep = new Uint8Array(data.rows).fill(1)) => {
    orders ??= presort(data)
    return growListening(data, options, keepOrders(orders, keep), signal)
  }
}
