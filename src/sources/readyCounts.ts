/** How many values and how many different ones each factor of a ready table has. */
import type { Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import { inChunks } from './longForm.ts'
import type { ReadyColumn } from './readyPlan.ts'

export interface ReadyCounts {
  rows: number
  present: number
  /** different values */
  distinct: number
}

/** @param rows relation of the accepted rows, with the columns of the plan */
export const countValues = (engine: Engine, rows: string, factors: readonly ReadyColumn[]): Promise<ReadyCounts[]> =>
  inChunks(factors, async (chunk) => {
    // In their own types and side by side: turning numbers to text for one long column costs more than it saves here.
    const parts = chunk.map(
      (c, j) => `count(${identifier(c.name)})::DOUBLE AS p${j}, count(DISTINCT ${identifier(c.name)})::DOUBLE AS d${j}`,
    )
    const [found] = await engine.rows<Record<string, number>>(
      `SELECT count(*)::DOUBLE AS n, ${parts.join(', ')} FROM (${rows})`,
    )
    return chunk.map((_, j) => ({ rows: found!['n']!, present: found![`p${j}`]!, distinct: found![`d${j}`]! }))
  })
