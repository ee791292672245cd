/**
 * The cheapest point when every candidate has a price of its own, with the clock and a forest of the links kept: month by month, and along
 * the links by dynamic programming. Links that would close a circle are left out, so that the answer can only be too low.
 */
import { mostBeside } from './factorRule.ts'
import type { TreeProblem } from './treeProblem.ts'
import type { Moves, VariableLink } from './variable.ts'

/** The lowest of the prices, and the candidate of each variable that it takes (-1: nothing keeps the ties). */
export interface TiedPoint {
  value: number
  picks: Int32Array
}

interface Edge {
  parent: number
  child: number
  link: VariableLink
}

/** Links of a forest: those of an order first, in their order; edges with parents before children. */
export const linkForest = ({ variables, links }: Moves): Edge[] => {
  const tree = Int32Array.from(variables, (_, v) => v)
  const kept: VariableLink[] = []
  for (const kind of ['order', 'zeros'] as const)
    for (const link of links) {
      const [a, b] = [tree[link.lower]!, tree[link.upper]!]
      if (link.kind !== kind || a === b) continue
      kept.push(link)
      for (let v = 0; v < tree.length; v++) if (tree[v] === b) tree[v] = a
    }
  const seen = new Set<number>()
  const edges: Edge[] = []
  const grow = (parent: number): void => {
    seen.add(parent)
    for (const link of kept) {
      const child = link.lower === parent ? link.upper : link.upper === parent ? link.lower : -1
      if (child < 0 || seen.has(child)) continue
      edges.push({ parent, child, link })
      grow(child)
    }
  }
  for (const { lower, upper } of kept) for (const v of [lower, upper]) if (!seen.has(v)) grow(v)
  return edges
}

export class TiedPoints {
  readonly #problem: TreeProblem
  readonly #alone: number[] = []
  /** roots of trees of links with their edges, and whether any of their candidates takes time */
  readonly #companies: { root: number; edges: Edge[]; timed: boolean }[] = []
  /** months that some candidate takes, ascending */
  readonly #levels: number[]
  readonly #levelOf: Int32Array
  /** by candidate of a linked variable: its value */
  readonly #values: Float64Array
  readonly #up: Float64Array
  readonly #down: Float64Array
  readonly #own: Float64Array
  readonly #point: Int32Array

  constructor(problem: TreeProblem, moves: Moves, forest: readonly Edge[]) {
    this.#problem = problem
    const { firstCandidate, candidate, months } = problem
    const count = candidate.length
    const variables = firstCandidate.length - 1
    const linked = new Set(forest.flatMap(({ parent, child }) => [parent, child]))
    for (let v = 1; v < variables; v++) if (!linked.has(v)) this.#alone.push(v)
    this.#levels = [...new Set([0, ...months.subarray(firstCandidate[1]!)])].sort((a, b) => a - b)
    this.#levelOf = months.map((m) => this.#levels.findLastIndex((level) => level <= m))
    const children = new Set(forest.map(({ child }) => child))
    const company = new Map<number, { root: number; edges: Edge[]; timed: boolean }>()
    const timed = (v: number): boolean => months.subarray(firstCandidate[v]!, firstCandidate[v + 1]!).some((m) => m > 0)
    for (const edge of forest) {
      let own = company.get(edge.parent)
      if (!own && !children.has(edge.parent)) {
        own = { root: edge.parent, edges: [], timed: timed(edge.parent) }
        this.#companies.push(own)
        company.set(edge.parent, own)
      }
      own!.edges.push(edge)
      own!.timed ||= timed(edge.child)
      company.set(edge.child, own!)
    }
    this.#values = new Float64Array(count)
    for (const v of linked)
      for (let k = firstCandidate[v]!; k < firstCandidate[v + 1]!; k++)
        this.#values[k] = (moves.variables[v]!.values[0] as Float64Array)[candidate[k]!]!
    this.#up = new Float64Array(count)
    this.#down = new Float64Array(count)
    this.#own = new Float64Array(count)
    this.#point = new Int32Array(variables)
  }

  /** The lowest point at the prices `rest` of all candidates. The picks are written over by the next call. */
  lowest(rest: Float64Array): TiedPoint {
    const sums = this.#sumsByLevel(rest)
    const { firstCandidate } = this.#problem
    const picks = this.#point
    let value = Number.POSITIVE_INFINITY
    picks.fill(-1)
    for (let k = 0; k < firstCandidate[1]!; k++) {
      const sum = rest[k]! + sums[this.#levelOf[k]!]!
      if (sum >= value) continue
      value = sum
      picks[0] = k
    }
    if (picks[0]! < 0) return { value, picks }
    const level = this.#levelOf[picks[0]!]!
    for (const v of this.#alone) {
      let best = -1
      for (let k = firstCandidate[v]!; k < firstCandidate[v + 1]!; k++)
        if (this.#levelOf[k]! <= level && (best < 0 || rest[k]! < rest[best]!)) best = k
      picks[v] = best
    }
    for (const { root, edges } of this.#companies) {
      this.#gather(rest, edges, level, root)
      picks[root] = this.#least(this.#own, firstCandidate[root]!, firstCandidate[root + 1]!)
      for (const edge of edges) {
        const [from, to] = this.#span(edge, picks[edge.parent]!, edge.child)
        picks[edge.child] = this.#leastSpan(this.#own, edge, picks[edge.parent]!, from, to)
      }
    }
    return { value, picks }
  }

  /** By candidate: the lowest point that takes it; Infinity where none does. */
  marginals(rest: Float64Array): Float64Array {
    const { firstCandidate } = this.#problem
    const out = new Float64Array(rest.length).fill(Number.POSITIVE_INFINITY)
    const sums = this.#sumsByLevel(rest)
    const clock = new Float64Array(this.#levels.length).fill(Number.POSITIVE_INFINITY)
    for (let k = 0; k < firstCandidate[1]!; k++) {
      const level = this.#levelOf[k]!
      out[k] = rest[k]! + sums[level]!
      clock[level] = Math.min(clock[level]!, rest[k]!)
    }
    const lower = (k: number, sum: number): void => {
      if (sum < out[k]!) out[k] = sum
    }
    for (let level = 0; level < clock.length; level++) {
      const whole = clock[level]! + sums[level]!
      if (whole === Number.POSITIVE_INFINITY) continue
      for (const v of this.#alone) {
        const [from, to] = [firstCandidate[v]!, firstCandidate[v + 1]!]
        let least = Number.POSITIVE_INFINITY
        for (let k = from; k < to; k++) if (this.#levelOf[k]! <= level && rest[k]! < least) least = rest[k]!
        for (let k = from; k < to; k++) if (this.#levelOf[k]! <= level) lower(k, whole - least + rest[k]!)
      }
      for (const { root, edges } of this.#companies) {
        const least = this.#gather(rest, edges, level, root)
        const base = whole - least
        this.#down.fill(0, firstCandidate[root]!, firstCandidate[root + 1]!)
        for (let k = firstCandidate[root]!; k < firstCandidate[root + 1]!; k++) lower(k, base + this.#own[k]!)
        for (const edge of edges) {
          this.#spread(edge)
          for (let k = firstCandidate[edge.child]!; k < firstCandidate[edge.child + 1]!; k++)
            lower(k, base + this.#own[k]! + this.#down[k]!)
        }
      }
    }
    return out
  }

  #sumsByLevel(rest: Float64Array): Float64Array {
    const { firstCandidate } = this.#problem
    const levels = this.#levels.length
    const sums = new Float64Array(levels)
    const least = new Float64Array(levels)
    for (const v of this.#alone) {
      least.fill(Number.POSITIVE_INFINITY)
      for (let k = firstCandidate[v]!; k < firstCandidate[v + 1]!; k++) {
        const level = this.#levelOf[k]!
        if (rest[k]! < least[level]!) least[level] = rest[k]!
      }
      let running = Number.POSITIVE_INFINITY
      for (let level = 0; level < levels; level++) {
        if (least[level]! < running) running = least[level]!
        sums[level]! += running
      }
    }
    for (const { root, edges, timed } of this.#companies) {
      let sum = 0
      for (let level = 0; level < levels; level++) {
        if (level === 0 || timed) sum = this.#gather(rest, edges, level, root)
        sums[level]! += sum
      }
    }
    return sums
  }

  /** own: price of a candidate with the best below it in the tree of links; up: the best below, by candidate of the parent. */
  #gather(rest: Float64Array, edges: readonly Edge[], level: number, root: number): number {
    const { firstCandidate } = this.#problem
    const own = this.#own
    const begin = (v: number): void => {
      for (let k = firstCandidate[v]!; k < firstCandidate[v + 1]!; k++)
        own[k] = this.#levelOf[k]! <= level ? rest[k]! : Number.POSITIVE_INFINITY
    }
    begin(root)
    for (const { child } of edges) begin(child)
    for (let e = edges.length - 1; e >= 0; e--)
      this.#along(edges[e]!, edges[e]!.child, edges[e]!.parent, own, (k, x) => {
        own[k]! += x
      })
    let least = Number.POSITIVE_INFINITY
    for (let k = firstCandidate[root]!; k < firstCandidate[root + 1]!; k++) if (own[k]! < least) least = own[k]!
    return least
  }

  /** For every candidate of `to`, the least price of a candidate of `from` that the link allows beside it. */
  #along({ link }: Edge, from: number, to: number, price: Float64Array, put: (k: number, x: number) => void): void {
    const { firstCandidate } = this.#problem
    const values = this.#values
    const [a, z] = [firstCandidate[from]!, firstCandidate[from + 1]!]
    const [b, y] = [firstCandidate[to]!, firstCandidate[to + 1]!]
    let least = Number.POSITIVE_INFINITY
    if (link.kind === 'zeros') {
      let zero = Number.POSITIVE_INFINITY
      for (let k = a; k < z; k++)
        if (values[k] === 0) zero = price[k]!
        else if (price[k]! < least) least = price[k]!
      for (let k = b; k < y; k++) put(k, values[k] === 0 ? zero : least)
    } else if (link.lower === to) {
      // Those of `from` must not be below: from the highest down.
      for (let k = y - 1, j = z - 1; k >= b; k--) {
        for (; j >= a && mostBeside(link, values[j]!) >= values[k]!; j--) if (price[j]! < least) least = price[j]!
        put(k, least)
      }
    } else
      for (let k = b, j = a; k < y; k++) {
        for (const most = mostBeside(link, values[k]!); j < z && values[j]! <= most; j++)
          if (price[j]! < least) least = price[j]!
        put(k, least)
      }
  }

  /** down: the best of everything but what lies below, by candidate of the child. */
  #spread(edge: Edge): void {
    const { parent, child } = edge
    const outside = this.#up
    this.#along(edge, child, parent, this.#own, (k, x) => {
      outside[k] =
        this.#own[k] === Number.POSITIVE_INFINITY || x === Number.POSITIVE_INFINITY
          ? Number.POSITIVE_INFINITY
          : this.#own[k]! - x + this.#down[k]!
    })
    this.#along(edge, parent, child, outside, (k, x) => {
      this.#down[k] = x
    })
  }

  #least(price: Float64Array, from: number, to: number): number {
    let best = from
    for (let k = from + 1; k < to; k++) if (price[k]! < price[best]!) best = k
    return best
  }

  #span({ link, parent }: Edge, at: number, child: number): [number, number] {
    const { firstCandidate } = this.#problem
    let [from, to] = [firstCandidate[child]!, firstCandidate[child + 1]!]
    if (link.kind === 'order') {
      const value = this.#values[at]!
      const most = mostBeside(link, value)
      if (link.lower === parent) while (from < to && mostBeside(link, this.#values[from]!) < value) from++
      else while (from < to && this.#values[to - 1]! > most) to--
    }
    return [from, to]
  }

  #leastSpan(price: Float64Array, { link }: Edge, at: number, from: number, to: number): number {
    const zero = this.#values[at] === 0
    let best = -1
    for (let k = from; k < to; k++) {
      if (link.kind === 'zeros' && (this.#values[k] === 0) !== zero) continue
      if (best < 0 || price[k]! < price[best]!) best = k
    }
    return best
  }
}
