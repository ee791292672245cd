/** What ties the variables of a box to each other: months to the clock, and links between factors. */
import { mostBeside } from './factorRule.ts'
import { type Box, cheapest, type Moves, type Point, type VariableLink } from './variable.ts'

const numbersOf = ({ variables }: Moves, v: number): Float64Array => variables[v]!.values[0] as Float64Array

/** Candidates that take longer than the clock may go on lie at the ends: they are cut off, and the clock waits for the rest. */
const tieToClock = ({ variables }: Moves, { lo, hi }: Box): boolean => {
  for (let v = 1; v < variables.length; v++) {
    const { months } = variables[v]!
    while (lo[v]! <= hi[v]! && months[lo[v]!]! > hi[0]!) lo[v]!++
    while (lo[v]! <= hi[v]! && months[hi[v]!]! > hi[0]!) hi[v]!--
    if (lo[v]! > hi[v]!) return false
    lo[0] = Math.max(lo[0]!, months[cheapest(variables[v]!, lo[v]!, hi[v]!)]!)
  }
  return lo[0]! <= hi[0]!
}

const tieOrder = (moves: Moves, link: VariableLink, { lo, hi }: Box): boolean => {
  const { lower: a, upper: b } = link
  const [x, y] = [numbersOf(moves, a), numbersOf(moves, b)]
  const most = mostBeside(link, y[hi[b]!]!)
  while (lo[a]! <= hi[a]! && x[hi[a]!]! > most) hi[a]!--
  if (lo[a]! > hi[a]!) return false
  while (lo[b]! <= hi[b]! && mostBeside(link, y[lo[b]!]!) < x[lo[a]!]!) lo[b]!++
  return lo[b]! <= hi[b]!
}

/** Where `from` is 0 throughout so is `to`; where it is not 0 anywhere neither is `to`. */
const tieZero = (moves: Moves, from: number, to: number, { lo, hi }: Box): boolean => {
  const [x, y] = [numbersOf(moves, from), numbersOf(moves, to)]
  const zero = x.indexOf(0)
  const other = y.indexOf(0)
  if (zero < lo[from]! || zero > hi[from]!) {
    if (lo[to] === other) lo[to]!++
    if (hi[to] === other) hi[to]!--
  } else if (lo[from] === hi[from]) {
    if (other < lo[to]! || other > hi[to]!) return false
    lo[to] = other
    hi[to] = other
  }
  return lo[to]! <= hi[to]!
}

/**
 * Narrows a box, in place, to what its ties leave of it; no point that keeps them is lost.
 * @returns false where nothing is left
 */
export const tighten = (moves: Moves, box: Box): boolean => {
  const { lo, hi } = box
  for (;;) {
    const before = lo.reduce((sum, from, v) => sum + hi[v]! - from, 0)
    if (!tieToClock(moves, box)) return false
    for (const link of moves.links) {
      const { kind, lower, upper } = link
      const kept =
        kind === 'order'
          ? tieOrder(moves, link, box)
          : tieZero(moves, lower, upper, box) && tieZero(moves, upper, lower, box)
      if (!kept) return false
    }
    if (lo.reduce((sum, from, v) => sum + hi[v]! - from, 0) === before) return true
  }
}

/** A place to part a box: candidates up to `cut` of a variable, and those after it. */
export interface Cut {
  variable: number
  cut: number
}

const zeroCut = (moves: Moves, a: number, { lo, hi }: Box): Cut => {
  const zero = numbersOf(moves, a).indexOf(0)
  return { variable: a, cut: zero === hi[a] && zero > lo[a]! ? zero - 1 : zero }
}

/**
 * Where to part a tightened box whose cheapest point breaks a link, so that it is the cheapest point of neither part; undefined where all
 * links hold.
 */
export const brokenLink = (moves: Moves, point: Point, box: Box): Cut | undefined => {
  for (const link of moves.links) {
    const { kind, lower: a, upper: b } = link
    const [x, y] = [numbersOf(moves, a), numbersOf(moves, b)]
    const [own, other] = [x[point[a]!]!, y[point[b]!]!]
    const most = mostBeside(link, other)
    if (kind === 'order' && own > most) {
      let cut = point[a]!
      while (x[cut]! > most) cut--
      return { variable: a, cut }
    }
    if (kind === 'zeros' && (own === 0) !== (other === 0)) return zeroCut(moves, own === 0 ? a : b, box)
  }
  return undefined
}

/** Whether a point keeps months and links: for points that were not made from a box. */
export const keepsTies = (moves: Moves, point: Point): boolean => {
  const { variables, links } = moves
  for (let v = 1; v < variables.length; v++) if (variables[v]!.months[point[v]!]! > point[0]!) return false
  return links.every((link) => {
    const { kind, lower, upper } = link
    const [x, y] = [numbersOf(moves, lower)[point[lower]!]!, numbersOf(moves, upper)[point[upper]!]!]
    return kind === 'order' ? x <= mostBeside(link, y) : (x === 0) === (y === 0)
  })
}
