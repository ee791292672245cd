/** What may be asked for, and what it means when it is not said. */
import { isTreeModel } from '../models/model.ts'
import { DEFAULT_CUTOFF } from '../schema/score.ts'
import type { Scorer } from '../scores/scorer.ts'
import { usageError } from '../util/errors.ts'
import { catalogueRules } from './catalogueRules.ts'
import type { ChangeRules, FactorRule } from './factorRule.ts'

/** Options of `counterfactuals`; all but `reference` have defaults. */
export interface CounterfactualOptions {
  /** the score to reach; default 650 */
  cutoff?: number
  /** months that may pass at most, a whole number 0..120; default 12 */
  months?: number
  /** how many options are looked for, each without the groups of factors that those before it change; 1..20, default 3 */
  options?: number
  /** factors that must stay as they are */
  fix?: readonly string[]
  /** how often the cost of a change of these factors counts, above 0; default 1 */
  weights?: Readonly<Record<string, number>>
  /** added for every factor that is changed, 0 or more; default 0.25 */
  perFactor?: number
  /** cost of a month that passes, above 0; default 1/12 */
  perMonth?: number
  /** cost of another category, and of a value where there was none, above 0; default 1 */
  perCategory?: number
  /** boxes that the search looks at for each option; default 100 for models of trees, 20,000 for linear ones. It stops there, with a gap in place of a proof */
  nodes?: number
  /** rules and links; default: those of the catalogue, and no limits for other factors */
  rules?: ChangeRules
}

/** Options with every default filled in. */
export interface Settings extends Required<Omit<CounterfactualOptions, 'fix'>> {
  fix: ReadonlySet<string>
}

/** Boxes of a search when it is not said: what takes a few seconds at most. A box of a linear model takes a tenth of a millisecond. */
const NODES = { trees: 100, linear: 20_000 } as const

interface NumberRule {
  min?: number
  above?: number
  max: number
  whole?: boolean
}

const checkNumber = (option: string, value: number, { min, above, max, whole = false }: NumberRule): number => {
  const inside = value <= max && (min === undefined || value >= min) && (above === undefined || value > above)
  if (typeof value === 'number' && inside && (!whole || Number.isInteger(value))) return value
  const from = above === undefined ? `from ${min}` : `above ${above}`
  throw usageError('invalid option of a counterfactual', {
    option,
    expected: `a ${whole ? 'whole ' : ''}number ${from} to ${max}`,
    got: value,
  })
}

const CHANGES: readonly FactorRule['change'][] = ['free', 'up', 'down', 'time', 'fixed']

const known = (option: string, names: Iterable<string>, scorer: Scorer): void => {
  const factors = new Set(scorer.encoding.factors.map(({ name }) => name))
  for (const name of names)
    if (!factors.has(name))
      throw usageError(`model ${scorer.name} has no such factor`, {
        option,
        expected: 'a factor of the model',
        got: name,
      })
}

const checkRules = ({ rules, links }: ChangeRules): void => {
  for (const [name, rule] of Object.entries(rules)) {
    if (!CHANGES.includes(rule.change))
      throw usageError('no such way to change', {
        option: `rules.${name}`,
        expected: CHANGES.join(', '),
        got: rule.change,
      })
    if (rule.maxChangePerMonth !== undefined)
      checkNumber(`rules.${name}.maxChangePerMonth`, rule.maxChangePerMonth, { above: 0, max: 1e15 })
    if (rule.windowDays !== undefined)
      checkNumber(`rules.${name}.windowDays`, rule.windowDays, { min: 1, max: 36_500, whole: true })
  }
  for (const { kind, lower, upper, times } of links) {
    if (times !== undefined) checkNumber('rules.links.times', times, { above: 0, max: 1e9 })
    if (times !== undefined && kind !== 'order')
      throw usageError('only an order has times', { option: 'rules.links', expected: 'kind order', got: kind })
    for (const name of [lower, upper])
      if (rules[name]?.change === 'time' && rules[name].maxChangePerMonth !== undefined)
        throw usageError('a factor that grows with the months cannot be linked', { option: 'rules.links', got: name })
  }
}

/** @throws GlasscoreError('usage') naming the option that is not right */
export const checkSettings = (scorer: Scorer, options: CounterfactualOptions): Settings => {
  const { fix = [], weights = {}, rules = catalogueRules(scorer.encoding.factors) } = options
  known('fix', fix, scorer)
  known('weights', Object.keys(weights), scorer)
  for (const [name, weight] of Object.entries(weights)) checkNumber(`weights.${name}`, weight, { above: 0, max: 1e9 })
  checkRules(rules)
  const { min, max } = scorer.scale
  return {
    cutoff: checkNumber('cutoff', options.cutoff ?? DEFAULT_CUTOFF, { min, max, whole: true }),
    months: checkNumber('months', options.months ?? 12, { min: 0, max: 120, whole: true }),
    options: checkNumber('options', options.options ?? 3, { min: 1, max: 20, whole: true }),
    fix: new Set(fix),
    weights,
    perFactor: checkNumber('perFactor', options.perFactor ?? 0.25, { min: 0, max: 1e9 }),
    perMonth: checkNumber('perMonth', options.perMonth ?? 1 / 12, { above: 0, max: 1e9 }),
    perCategory: checkNumber('perCategory', options.perCategory ?? 1, { above: 0, max: 1e9 }),
    nodes: checkNumber('nodes', options.nodes ?? (isTreeModel(scorer.model) ? NODES.trees : NODES.linear), {
      min: 1,
      max: 1e8,
      whole: true,
    }),
    rules,
  }
}
