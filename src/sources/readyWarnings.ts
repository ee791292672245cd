/** What looks wrong in a ready table though every cell is right. */
import type { Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import { protectedWord } from './protectedNames.ts'
import type { ReadyPlan } from './readyPlan.ts'
import { separation, TOO_GOOD } from './separation.ts'

/** Categories with more levels than this are likely names or ids. */
const MANY_LEVELS = 100

/** @param rows relation of the accepted rows, with the columns of the plan and `status` */
export const readyWarnings = async (engine: Engine, rows: string, plan: ReadyPlan): Promise<string[]> => {
  const warnings: string[] = []
  const counts = plan.factors.map((c, j) => `count(DISTINCT ${identifier(c.name)})::DOUBLE AS d${j}`)
  const [distinct] = await engine.rows<Record<string, number>>(
    `SELECT count(*)::DOUBLE AS n, ${counts.join(', ')} FROM (${rows})`,
  )
  const bad = `CASE status WHEN 'bad' THEN true WHEN 'good' THEN false END`
  for (const [j, c] of plan.factors.entries()) {
    const levels = distinct![`d${j}`]!
    const kind = c.factor.kind
    if (levels === 0) warnings.push(`column ${c.column}: all values are missing`)
    else if (levels === 1) warnings.push(`column ${c.column}: constant, it cannot tell anybody apart`)
    else if (levels === distinct!['n'] && kind !== 'number')
      warnings.push(`column ${c.column}: every value is different; if it is an id, drop it`)
    else if (kind === 'category' && levels > MANY_LEVELS)
      warnings.push(`column ${c.column}: ${levels} levels; is it a name or an id?`)
    const word = protectedWord(c.column)
    if (word)
      warnings.push(
        `column ${c.column}: the name suggests a protected attribute (${word}); list it under protected or keep it knowingly`,
      )
    if (levels < 1) continue
    const numeric = kind !== 'category' && !c.levels
    const auc = await separation(engine, rows, bad, identifier(c.name), numeric)
    if (auc > TOO_GOOD)
      warnings.push(
        `column ${c.column}: it alone predicts the outcome with AUC ${auc.toFixed(3)}; it may be known only after the outcome`,
      )
  }
  return warnings
}
