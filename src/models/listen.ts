import { interruptedError } from '../util/errors.ts'

/**
 * Lets waiting events in, Ctrl-C among them, between two pieces of work that block the thread.
 * @throws GlasscoreError('interrupted') when the work was stopped
 */
export const listen = async (signal: AbortSignal | undefined): Promise<void> => {
  await new Promise<void>((resolve) => setImmediate(resolve))
  if (signal?.aborted) throw interruptedError()
}
