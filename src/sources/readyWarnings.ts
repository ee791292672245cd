/** What looks wrong in a ready table though every cell is right. */
import type { Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import { protectedWord } from './protectedNames.ts'
import type { ReadyCounts } from './readyCounts.ts'
import type { ReadyColumn, ReadyPlan } from './readyPlan.ts'
import { separations, TOO_GOOD } from './separation.ts'

/** Categories with more levels than this are likely names or ids. */
const MANY_LEVELS = 100

/** @param rows relation of the accepted rows, with the columns of the plan and `status` @param counts one a factor */
export const readyWarnings = async (
  engine: Engine,
  rows: string,
  plan: ReadyPlan,
  counts: readonly ReadyCounts[],
): Promise<string[]> => {
  const warnings: string[] = []
  const isNumeric = (c: ReadyColumn): boolean => c.factor.kind !== 'category' && !c.levels
  const aucs = await separations(
    engine,
    rows,
    `CASE status WHEN 'bad' THEN true WHEN 'good' THEN false END`,
    plan.factors.map((c) => ({ sql: identifier(c.name), numeric: isNumeric(c) })),
  )
  for (const [j, c] of plan.factors.entries()) {
    const { distinct: levels, rows: n } = counts[j]!
    const kind = c.factor.kind
    if (levels === 0) warnings.push(`column ${c.column}: all values are missing`)
    else if (levels === 1) warnings.push(`column ${c.column}: constant, it cannot tell anybody apart`)
    else if (levels === n && kind !== 'number')
      warnings.push(`column ${c.column}: every value is different; if it is an id, drop it`)
    else if (kind === 'category' && levels > MANY_LEVELS)
      warnings.push(`column ${c.column}: ${levels} levels; is it a name or an id?`)
    const word = protectedWord(c.column)
    if (word)
      warnings.push(
        `column ${c.column}: the name suggests a protected attribute (${word}); list it under protected or keep it knowingly`,
      )
    if (levels < 1) continue
    const auc = aucs[j]!
    if (auc > TOO_GOOD)
      warnings.push(
        `column ${c.column}: it alone predicts the outcome with AUC ${auc.toFixed(3)}; it may be known only after the outcome`,
      )
  }
  return warnings
}
