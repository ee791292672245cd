import type { FactorFrame } from '../../matrix/frame.ts'
import { marginOn } from '../../models/margin.ts'
import { encodeFor, type Scorer } from '../../scores/scorer.ts'
import type { AuditWork } from './refit.ts'

/** Margins of rows on the pool. */
export const marginsOf = (scorer: Scorer, frame: FactorFrame, { pool, signal }: AuditWork): Promise<Float64Array> =>
  marginOn(scorer.model, encodeFor(scorer, frame), pool, { signal })
