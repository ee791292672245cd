/** Columns as bytes, as learners on bins take them. */
import { usageError } from '../../util/errors.ts'
import type { Space } from '../memory/space.ts'

/** How a column was binned. */
export interface BinnedColumn {
  kind: 'number' | 'category'
  /** bins of present values: edges + 1 of a numeric column, highest code + 1 of a categorical one; at most 255 and 254 */
  bins: number
  /** rising; bin b of a numeric column holds edges[b - 1] < x <= edges[b]; empty for a categorical one, whose bins are its codes */
  edges: Float64Array
}

/** rows x columns bytes, column-major: column j of row i at j * rows + i; MISSING_BIN (255) stands for a missing value. */
export interface BinnedMatrix {
  readonly rows: number
  readonly columns: readonly BinnedColumn[]
  /** where the bytes begin in the memory of the compiled kernels; absent when the pool runs the readable ones */
  readonly address?: number
  /** whose memory that is @internal */
  readonly space?: Space
  /** the bytes; look at them anew after anything that may have taken memory: a view on plain memory is emptied when it grows */
  bytes(): Uint8Array
  /** gives the memory back */
  close(): void
  /** whether it was given back */
  isClosed?(): boolean
}

/** @throws GlasscoreError('usage') when the bytes were given back, or their pool was closed */
export const checkOpen = ({ space, isClosed }: Pick<BinnedMatrix, 'space' | 'isClosed'>): void => {
  if (!space?.closed && !isClosed?.()) return
  throw usageError('these bins were closed', {
    option: 'bins',
    expected: 'bins that are open, of an open pool',
    got: isClosed?.() ? 'closed bins' : 'bins of a pool that was closed since',
  })
}

/**
 * Where the bytes begin in the memory of a pool.
 * @throws GlasscoreError('usage') when they lie elsewhere, or were given back
 */
export const addressIn = (matrix: BinnedMatrix, space: Space): number => {
  const { address } = matrix
  checkOpen(matrix)
  if (address === undefined || (matrix.space && matrix.space !== space))
    throw usageError('the bins do not lie in the memory of this pool', {
      option: 'pool',
      expected: 'the pool that made them, and bins that are open',
      got: 'bins of another pool',
    })
  return address
}
