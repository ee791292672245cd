import type { FactorFrame } from '../matrix/frame.ts'
import { takeRows } from '../matrix/frame.ts'
import { dataError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'
import type { TrainOptions } from './config.ts'

/** The rows with a label, as a frame of their own. */
export interface Labeled {
  frame: FactorFrame
  /** 1 = bad */
  target: Uint8Array
  counts: Record<string, number>
}

/** Keeps the rows whose outcome is good or bad; indeterminate rows as the options say. */
export const labelRows = (
  frame: FactorFrame,
  status: readonly (string | null)[],
  indeterminate: TrainOptions['indeterminate'],
): Labeled => {
  const rows: number[] = []
  const target: number[] = []
  const counts: Record<string, number> = {}
  status.forEach((s, i) => {
    counts[s ?? 'unlabeled'] = (counts[s ?? 'unlabeled'] ?? 0) + 1
    const label = s === 'indeterminate' ? indeterminate : s
    if (label !== 'good' && label !== 'bad') return
    rows.push(i)
    target.push(label === 'bad' ? 1 : 0)
  })
  const bads = target.filter((t) => t === 1).length
  if (bads < 2 || rows.length - bads < 2)
    throw dataError('too few labeled rows to train on', {
      table: 'outcomes',
      expected: 'at least two good and two bad rows',
      got: `${rows.length - bads} good, ${bads} bad`,
    })
  // Where every row has a label nothing is copied: wide tables are large.
  return { frame: rows.length === frame.rows ? frame : takeRows(frame, rows), target: Uint8Array.from(target), counts }
}

/** The labels in random order: with them no model can rank better than chance unless it has seen what it must not see. */
export const permuteLabels = (target: Uint8Array, random: Random): Uint8Array => random.shuffle(target.slice())
