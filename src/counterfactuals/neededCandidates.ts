/** Candidates that no tree and no link can tell from a cheaper one are not needed: the search then has fewer of them to look at. */
import type { CandidateTrees } from './candidateTrees.ts'
import { mostBeside } from './factorRule.ts'
import type { Moves } from './variable.ts'

/** Variables that links of equal values tie to each other, directly or through others; by variable the first of its company. */
const companies = ({ variables, links }: Moves): Int32Array => {
  const first = Int32Array.from(variables, (_, v) => v)
  for (const { lower, upper, times } of links) {
    if (times !== undefined) continue
    const [a, b] = [first[lower]!, first[upper]!]
    for (let v = 0; v < first.length; v++) if (first[v] === Math.max(a, b)) first[v] = Math.min(a, b)
  }
  return first
}

/** Of every stretch between the cuts of the trees, the candidate nearest to the base; undefined: all candidates count. */
const nearestOfStretches = (trees: CandidateTrees, { variables }: Moves): (number[] | undefined)[] => {
  const cuts: (Set<number> | undefined)[] = variables.map((_, v) => (v === 0 ? undefined : new Set()))
  trees.variable.forEach((v, node) => {
    if (v < 0) return
    if (trees.cut[node]! < 0) cuts[v] = undefined
    else cuts[v]?.add(trees.cut[node]!)
  })
  return variables.map(({ base, cost }, v) => {
    if (!cuts[v]) return undefined
    const kept: number[] = []
    let start = 0
    for (const end of [...cuts[v], cost.length - 1].sort((a, b) => a - b)) {
      kept.push(Math.min(Math.max(base, start), end))
      start = end + 1
    }
    return kept
  })
}

/** How many of ascending values are below a value. */
const countBelow = (values: Float64Array, value: number): number => {
  let [from, to] = [0, values.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (values[middle]! < value) from = middle + 1
    else to = middle
  }
  return from
}

/** Candidates of ascending values that are equal to a value, or its neighbors. */
const around = (values: Float64Array, value: number): number[] => {
  const from = countBelow(values, value)
  return values[from] === value ? [from] : [from - 1, from].filter((k) => k >= 0 && k < values.length)
}

/** Adds the candidates at which the orders stop each other: `linkStops` says which way what is handed on. */
const addStops = ({ variables, links }: Moves, kept: readonly Set<number>[]): void => {
  const orders = links.filter(({ kind }) => kind === 'order')
  const [up, down] = [kept.map((own) => new Set(own)), kept.map((own) => new Set(own))]
  const numbers = (v: number): Float64Array => variables[v]!.values[0] as Float64Array
  const size = (): number => up.reduce((sum, own, v) => sum + own.size + down[v]!.size, 0)
  for (let before = -1; before < size(); ) {
    before = size()
    for (const link of orders) {
      const [x, y] = [numbers(link.lower), numbers(link.upper)]
      const most = y.map((value) => mostBeside(link, value))
      for (const k of up[link.lower]!) {
        const stop = countBelow(most, x[k]!)
        if (stop < y.length) up[link.upper]!.add(stop)
      }
      for (const k of down[link.upper]!) {
        const next = countBelow(x, most[k]!)
        const stop = x[next] === most[k] ? next : next - 1
        if (stop >= 0) down[link.lower]!.add(stop)
      }
    }
  }
  for (const { lower, upper } of orders)
    for (const v of [lower, upper]) for (const k of [...up[v]!, ...down[v]!]) kept[v]!.add(k)
}

/**
 * Which candidates are needed, 1 or 0, candidates of all variables behind each other: of the candidates that all trees treat alike the one nearest to the base is enough, and linked
 * variables need each other's values too. Whatever a variable is moved to beyond those can be moved back toward the base, link by link, without
 * a change of the sum and at no more cost, for the values of the person keep all links.
 */
export const neededCandidates = (moves: Moves, trees: CandidateTrees): Uint8Array => {
  const { variables, links } = moves
  const nearest = nearestOfStretches(trees, moves)
  const company = companies(moves)
  const linked = new Set(links.flatMap(({ lower, upper }) => [lower, upper]))
  const wanted = new Map<number, Set<number>>()
  const numbers = (v: number): Float64Array => variables[v]!.values[0] as Float64Array
  for (const v of linked) {
    const values = wanted.get(company[v]!) ?? new Set()
    wanted.set(company[v]!, values)
    values.add(numbers(v)[variables[v]!.base]!)
    for (const k of nearest[v] ?? numbers(v).keys()) values.add(numbers(v)[k]!)
  }
  const kept = variables.map(({ base, cost }, v): Set<number> => {
    const own = nearest[v]
    if (!own) return new Set(cost.keys())
    const all = new Set([base, ...own])
    if (linked.has(v)) {
      for (const value of wanted.get(company[v]!)!) for (const k of around(numbers(v), value)) all.add(k)
      if (links.some(({ kind, lower, upper }) => kind === 'zeros' && (lower === v || upper === v)))
        for (const k of around(numbers(v), 0))
          for (const near of [k - 1, k, k + 1]) if (near >= 0 && near < cost.length) all.add(near)
    }
    return all
  })
  addStops(moves, kept)
  return Uint8Array.from(kept.flatMap((own, v) => Array.from(variables[v]!.cost.keys(), (k) => (own.has(k) ? 1 : 0))))
}
