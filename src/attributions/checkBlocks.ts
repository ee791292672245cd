import { checkOptionNames, checkRun } from '../kernels/checkInput.ts'
import { checkNumber } from '../models/checkOptions.ts'
import { nameHint } from '../util/nearestName.ts'

const OPTIONS = { pool: true, progress: true, signal: true, blockRows: true } as const

/** @throws GlasscoreError('usage') for options that there are not, and blocks of no rows; Infinity: all rows in one */
export const checkBlocks = (options: { blockRows?: number }): void => {
  checkOptionNames(options, OPTIONS, nameHint)
  checkRun(options)
  if (options.blockRows !== undefined) checkNumber('blockRows', options.blockRows, { min: 1, whole: true })
}
