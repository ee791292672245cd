import { checkOptionNames, checkRun } from '../kernels/checkInput.ts'
import { checkNumber } from '../models/checkOptions.ts'
import { nameHint } from '../util/nearestName.ts'
import { checkBackground } from './background.ts'

const OPTIONS = { pool: true, progress: true, signal: true, blockRows: true } as const
const WITH_BACKGROUND = { ...OPTIONS, background: true } as const

/**
 * @param background whether one may be given
 * @throws GlasscoreError('usage') for options that there are not, blocks of no rows (Infinity: all rows in one), and backgrounds that are none
 */
export const checkBlocks = (options: { blockRows?: number; background?: unknown }, background = false): void => {
  checkOptionNames(options, background ? WITH_BACKGROUND : OPTIONS, nameHint)
  checkRun(options)
  if (options.blockRows !== undefined) checkNumber('blockRows', options.blockRows, { min: 1, whole: true })
  if (options.background !== undefined) checkBackground(options.background)
}
