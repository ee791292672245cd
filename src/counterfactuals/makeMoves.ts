/** What one person may change, as variables with candidates, costs and months. */
import { clockVariable } from './clockVariable.ts'
import { type FactorLink, type FactorRule, mostBeside } from './factorRule.ts'
import { lattice } from './lattice.ts'
import { levelsKnown } from './levelsKnown.ts'
import { linkStops } from './linkStops.ts'
import type { MoveSource } from './moveSource.ts'
import { type Allowed, allowedValues, type NumberFactor, numberCandidates } from './numberCandidates.ts'
import { isPresent, ownValue } from './ownValue.ts'
import type { Settings } from './settings.ts'
import type { Moves, Variable, VariableLink } from './variable.ts'

/** Links whose two factors have numbers here that keep them. */
const keptLinks = ({ encoding, settings, frame, row }: MoveSource): FactorLink[] => {
  const numbers = new Map<string, number>()
  for (const factor of encoding.factors)
    if (factor.kind !== 'category') numbers.set(factor.name, ownValue(frame, factor, row) as number)
  return settings.rules.links.filter((link) => {
    const { kind, lower, upper } = link
    const a = numbers.get(lower)
    const b = numbers.get(upper)
    if (a === undefined || b === undefined || Number.isNaN(a) || Number.isNaN(b)) return false
    return kind === 'order' ? a <= mostBeside(link, b) : (a === 0) === (b === 0)
  })
}

/** Names of factors that hold each other, directly or through others; each list in no order. */
const components = (links: readonly FactorLink[]): Map<string, Set<string>> => {
  const of = new Map<string, Set<string>>()
  for (const { lower, upper } of links) {
    const joined = new Set([lower, upper, ...(of.get(lower) ?? []), ...(of.get(upper) ?? [])])
    for (const name of joined) of.set(name, joined)
  }
  return of
}

interface NumberDraft {
  index: number
  factor: NumberFactor
  allowed: Allowed
  values: Float64Array
}

const numberVariable = ({ index, factor, allowed, values }: NumberDraft, source: MoveSource): Variable => {
  const { own, spec, reference } = factor
  const { perFactor, weights } = source.settings
  const weight = weights[spec.name] ?? 1
  return {
    factors: [index],
    base: values.indexOf(own),
    values: [values],
    cost: values.map((v) => (v === own ? 0 : weight * (perFactor + Math.abs(v - own) / reference.spread))),
    months: Int32Array.from(values, allowed.monthsFor),
    group: factor.rule.group ?? spec.name,
  }
}

/** A variable whose first candidate is the person's own value and whose others all cost the same. */
const choiceVariable = (
  index: number,
  values: Float64Array | (string | null)[],
  weight: number,
  rule: FactorRule,
  name: string,
  { perFactor, perCategory }: Settings,
): Variable => ({
  factors: [index],
  base: 0,
  values: [values],
  cost: Float64Array.from(values, (_: unknown, k: number) => (k === 0 ? 0 : weight * (perFactor + perCategory))),
  months: new Int32Array(values.length),
  group: rule.group ?? name,
})

/** Values that a missing number may become: one in every stretch between the cuts. */
const appearing = (source: MoveSource, index: number, rule: FactorRule): Float64Array | undefined => {
  const spec = source.encoding.factors[index]!
  const reference = source.reference[spec.name]
  if (!rule.mayAppear || !reference || rule.change === 'fixed' || rule.change === 'time') return undefined
  const { low, high, step } = reference
  const most = Math.min(high, rule.max ?? Number.POSITIVE_INFINITY)
  const { at, above } = lattice(step)
  const own = at(above(Math.max(low, rule.min ?? Number.NEGATIVE_INFINITY)))
  if (own > most) return undefined
  const factor = { spec, own, rule: { change: 'free' as const }, reference, step, siblings: [] }
  const allowed = { low: own, high: most, monthsFor: () => 0 }
  return Float64Array.of(Number.NaN, ...numberCandidates(factor, allowed, source.cuts[index]!, [], 0))
}

const siblingsOf = ({ settings, encoding, frame, row }: MoveSource, rule: FactorRule): NumberFactor['siblings'] =>
  rule.series === undefined
    ? []
    : encoding.factors.flatMap((other) => {
        const { series, windowDays } = settings.rules.rules[other.name] ?? {}
        if (series !== rule.series || windowDays === undefined || other.kind === 'category') return []
        const value = ownValue(frame, other, row) as number
        return Number.isNaN(value) ? [] : [{ days: windowDays, value }]
      })

/** Drafts of the number factors; those that are linked share the smallest of their steps and see each other's values. */
const numberDrafts = (
  source: MoveSource,
  wanted: readonly number[],
  linked: ReadonlyMap<string, ReadonlySet<string>>,
  links: readonly FactorLink[],
): NumberDraft[] => {
  const { encoding, cuts, reference, settings, frame, row } = source
  const stepOf = (name: string): number =>
    Math.min(...[name, ...(linked.get(name) ?? [])].map((n) => reference[n]?.step ?? Number.POSITIVE_INFINITY))
  const drafts = wanted.map((index): NumberDraft => {
    const spec = encoding.factors[index]!
    const given = settings.rules.rules[spec.name] ?? { change: 'free' }
    const rule: FactorRule = settings.fix.has(spec.name) ? { ...given, change: 'fixed' } : given
    const own = ownValue(frame, spec, row) as number
    const siblings = siblingsOf(source, rule)
    const factor = { spec, own, rule, reference: reference[spec.name]!, step: stepOf(spec.name), siblings }
    const allowed = allowedValues(factor, settings.months)
    const zero = links.some((l) => l.kind === 'zeros' && (l.lower === spec.name || l.upper === spec.name))
    const also = zero ? [0, factor.step] : []
    return { index, factor, allowed, values: numberCandidates(factor, allowed, cuts[index]!, also, settings.months) }
  })
  const withOthers = (draft: NumberDraft, others: Iterable<number>): NumberDraft => {
    const { factor, allowed, index, values } = draft
    return {
      ...draft,
      values: numberCandidates(factor, allowed, cuts[index]!, [...values, ...others], settings.months),
    }
  }
  const alike = components(links.filter(({ times }) => times === undefined))
  const seen = drafts.map((draft) => {
    const tied = alike.get(draft.factor.spec.name)
    if (!tied) return draft
    return withOthers(
      draft,
      drafts.filter((d) => d !== draft && tied.has(d.factor.spec.name)).flatMap((d) => [...d.values]),
    )
  })
  if (links.every(({ times }) => times === undefined)) return seen
  const stops = linkStops(
    new Map(seen.map(({ factor, values }) => [factor.spec.name, { step: factor.step, values }])),
    links,
  )
  return seen.map((draft) => {
    const own = stops.get(draft.factor.spec.name)
    return own ? withOthers(draft, own) : draft
  })
}

/** The variables of one person and what ties them. Factors that the model does not read move only where a link makes them. */
export const makeMoves = (source: MoveSource): Moves => {
  const { encoding, cuts, reference, settings, frame, row } = source
  const { rules } = settings.rules
  const links = keptLinks(source)
  const linked = components(links)
  const read = new Set(encoding.columns.map(({ factor }) => factor))
  const variables: Variable[] = [clockVariable(source)]
  const numbers: number[] = []
  encoding.factors.forEach((spec, index) => {
    const rule = rules[spec.name] ?? { change: 'free' as const }
    const clock = rule.change === 'time' && rule.maxChangePerMonth !== undefined
    const still = rule.change === 'fixed' || (rule.change === 'time' && rule.windowDays === undefined)
    if (clock || (spec.kind === 'category' && !read.has(index))) return
    const fixed = still || settings.fix.has(spec.name)
    const own = ownValue(frame, spec, row)
    const weight = settings.weights[spec.name] ?? 1
    if (spec.kind === 'category') {
      if (fixed || (own === null && !rule.mayAppear)) return
      const others = levelsKnown(encoding, index).filter((level) => level !== own)
      if (others.length > 0)
        variables.push(choiceVariable(index, [own as string | null, ...others], weight, rule, spec.name, settings))
    } else if (!isPresent(own)) {
      const values = fixed || !read.has(index) ? undefined : appearing(source, index, rule)
      if (values && values.length > 1) variables.push(choiceVariable(index, values, weight, rule, spec.name, settings))
    } else if (reference[spec.name]) {
      const matters = cuts[index] === 'everywhere' || cuts[index]!.length > 0
      if (linked.has(spec.name) || (matters && !fixed)) numbers.push(index)
    }
  })
  for (const draft of numberDrafts(source, numbers, linked, links)) variables.push(numberVariable(draft, source))
  const position = new Map(variables.flatMap(({ factors }, v) => factors.map((f) => [encoding.factors[f]!.name, v])))
  return {
    variables,
    links: links.flatMap(({ lower, upper, ...link }): VariableLink[] => {
      const [a, b] = [position.get(lower), position.get(upper)]
      return a === undefined || b === undefined ? [] : [{ ...link, lower: a, upper: b }]
    }),
  }
}
