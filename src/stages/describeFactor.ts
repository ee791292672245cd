import { factorPlans } from '../features/factorPlans.ts'
import { factorSql } from '../features/renderPlan.ts'
import { usageError } from '../util/errors.ts'

/**
 * The SQL behind one factor, to be read: as-of views, steps, the value and the reasons for its absence.
 * @throws when there is no such factor
 */
export const describeFactorSql = (name: string): string => {
  const found = factorSql(factorPlans(), name)
  if (!found) throw usageError('no such factor', { expected: 'a name of the catalogue', got: name })
  const relations = found.relations.map((r) => `-- ${r.name}: ${r.about}\n${r.sql}`)
  const missing = found.missing.map((m) => `--   ${m.reason}: ${m.when}`)
  return [
    ...relations,
    `-- ${name}; its tables must cover ${found.coverDays} days before t${missing.length ? '; missing when, in this order:' : ''}`,
    ...missing,
    found.value,
  ].join('\n')
}
