import { GlasscoreError } from '../../util/errors.ts'

/** A training that cannot be done (no factor is left) has no figure; anything else is an error. */
export const orNothing = async <T>(work: () => Promise<T>): Promise<T | null> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof GlasscoreError && (error.kind === 'data' || error.kind === 'training')) return null
    throw error
  }
}
