/** Whether the factors of a table fit into the memory of the machine: asked before any of them is read. */
import { totalmem } from 'node:os'
import { GlasscoreError } from '../util/errors.ts'

/** What a stage does with a table, and how many times its numbers are in memory together then, at least. */
export interface FrameWork {
  /** as in "training on" */
  what: string
  copies: number
}

/** the table, its training rows, their encoded columns */
export const TRAINING: FrameWork = { what: 'training on', copies: 3 }
/** the table; encoded columns are made block by block, or for some rows */
export const READING: FrameWork = { what: 'reading', copies: 1 }

/** Bytes that this process may have: those of the machine, or of the container that it runs in. */
export const machineMemory = (): number => {
  const constrained = process.constrainedMemory?.() ?? 0
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}

const inGibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

/**
 * @param most bytes that there are
 * @throws GlasscoreError('memory') when as many doubles do not fit
 */
export const requireFrame = (
  rows: number,
  factors: number,
  { what, copies }: FrameWork,
  most: number = machineMemory(),
): void => {
  const bytes = 8 * rows * factors * copies
  if (bytes <= most) return
  const size = `${rows.toLocaleString('en-US')} rows of ${factors.toLocaleString('en-US')} factors`
  throw new GlasscoreError('memory', `${what} ${size} needs at least ${inGibibytes(bytes)} of memory`, {
    expected: `at most ${inGibibytes(most)}, the memory of this machine`,
    hint: 'factors are held as doubles: take a sample of the rows, or leave factors out; a script can bin them straight from a query instead, a byte each (docs/wide.md)',
  })
}
