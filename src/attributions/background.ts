/** Rows that stand for "nothing known", given by the caller. */
import { came, isRecord } from '../kernels/checkInput.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import { usageError } from '../util/errors.ts'

/** Background rows of interventional attributions, each counting the same. */
export interface Background {
  /** names them in every result: `backgroundId` */
  id: string
  /** at least one row, with at least the factors that the model uses */
  frame: FactorFrame
  /** rows that those of the frame were drawn of; absent: they are all there are */
  outOf?: number
}

/** Names that attributions without a background of their own go by. */
const TAKEN: readonly string[] = ['training_mean', 'tree_covers']

/** @throws GlasscoreError('usage') for what is no background: no name, a name that is taken, no rows */
export const checkBackground = (background: unknown): void => {
  const expected = '{ id, frame }: a name and a frame of factors'
  if (!isRecord(background))
    throw usageError('this is no background', { option: 'background', expected, got: came(background) })
  const { id, frame } = background
  if (typeof id !== 'string' || id === '' || TAKEN.includes(id))
    throw usageError('the background has no name of its own', {
      option: 'background.id',
      expected: `a text that is not empty, and none of ${TAKEN.join(', ')}`,
      got: came(id),
    })
  if (!isRecord(frame) || !Number.isSafeInteger(frame['rows']))
    throw usageError('the background has no frame', {
      option: 'background.frame',
      expected: 'a frame of factors',
      got: came(frame),
    })
  if ((frame['rows'] as number) < 1)
    throw usageError(`background ${id} has no rows`, {
      option: 'background.frame',
      expected: 'at least one row',
      got: 0,
    })
  const { outOf } = background
  if (outOf !== undefined && !(Number.isSafeInteger(outOf) && (outOf as number) >= (frame['rows'] as number)))
    throw usageError(`background ${id} was drawn of fewer rows than it has`, {
      option: 'background.outOf',
      expected: `a whole number from ${frame['rows']}`,
      got: came(outOf),
    })
}
