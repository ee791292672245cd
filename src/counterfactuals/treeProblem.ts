/**
 * What is left of a model of trees within a domain, as lists of leaves: of each variable some candidates, of each tree the leaves that they reach,
 * and of each slot (a variable that a tree asks for) the stretches of candidates, called intervals, that its leaves tell apart.
 */
import type { CandidateTrees } from './candidateTrees.ts'
import type { TreeSlots } from './treeSlots.ts'
import type { Moves } from './variable.ts'

/** Flat lists; those named `first...` have one entry more than what they count. Trees with one leaf are in `constant`. */
export interface TreeProblem {
  /** candidates of variable v: firstCandidate[v] .. firstCandidate[v + 1] */
  firstCandidate: Int32Array
  /** of each candidate: its number among those of the variable in the moves, ascending; its cost; and the months it takes */
  candidate: Int32Array
  cost: Float64Array
  months: Int32Array
  firstSlot: Int32Array
  slotVariable: Int32Array
  /** intervals of slot s: firstInterval[s] .. firstInterval[s + 1] */
  firstInterval: Int32Array
  /** last candidate of each interval, counted over all variables */
  end: Int32Array
  firstLeaf: Int32Array
  value: Float64Array
  /** conditions of leaf l: firstCondition[l] .. firstCondition[l + 1] */
  firstCondition: Int32Array
  conditionSlot: Int32Array
  /** intervals that meet condition c: allowed[firstAllowed[c]] .. */
  firstAllowed: Int32Array
  allowed: Int32Array
  /** the sum of the trees with one leaf */
  constant: number
  /** of each interval: the interval of the problem that this one was made from, -1 at first */
  origin: Int32Array
}

/** Candidates of an interval: from the end of the one before, or from the first of the variable. */
export const intervalStart = (problem: TreeProblem, s: number, j: number): number =>
  j === problem.firstInterval[s]! ? problem.firstCandidate[problem.slotVariable[s]!]! : problem.end[j - 1]! + 1

/** The interval of slot s that holds a candidate. */
export const intervalOf = ({ firstInterval, end }: TreeProblem, s: number, candidate: number): number => {
  let j = firstInterval[s]!
  while (end[j]! < candidate) j++
  return j
}

/** The whole model in the moves of a person. */
export const treeProblem = (trees: CandidateTrees, slots: TreeSlots, { variables }: Moves): TreeProblem => {
  const firstCandidate = new Int32Array(variables.length + 1)
  variables.forEach(({ cost }, v) => {
    firstCandidate[v + 1] = firstCandidate[v]! + cost.length
  })
  const firstLeaf = [0]
  const value: number[] = []
  const firstCondition = [0]
  const conditionSlot: number[] = []
  const firstAllowed = [0]
  const allowed: number[] = []
  const { slotOfNode, lastLeft, firstInterval, firstSlot, variable } = slots
  const meet = new Map<number, number[]>()
  const walk = (node: number): void => {
    if (trees.variable[node]! < 0) {
      value.push(trees.value[node]!)
      for (const [s, intervals] of meet) {
        conditionSlot.push(s)
        for (const j of intervals) allowed.push(j)
        firstAllowed.push(allowed.length)
      }
      firstCondition.push(conditionSlot.length)
      return
    }
    const s = slotOfNode[node]!
    const first = firstInterval[s]!
    const set = trees.cut[node]! < 0 ? trees.sets[-1 - trees.cut[node]!] : undefined
    const before = meet.get(s)
    const there = before ?? Array.from({ length: firstInterval[s + 1]! - first }, (_, i) => first + i)
    const goesLeft = (j: number): boolean => (set ? set.left[j - first] === 1 : j <= first + lastLeft[node]!)
    for (const left of [true, false]) {
      const some = there.filter((j) => goesLeft(j) === left)
      if (some.length === 0) continue
      meet.set(s, some)
      walk((left ? trees.left : trees.right)[node]!)
    }
    if (before) meet.set(s, before)
    else meet.delete(s)
  }
  for (const root of trees.roots) {
    walk(root)
    firstLeaf.push(value.length)
  }
  return {
    firstCandidate,
    candidate: Int32Array.from(variables.flatMap(({ cost }) => Array.from(cost.keys()))),
    cost: Float64Array.from(variables.flatMap(({ cost }) => [...cost])),
    months: Int32Array.from(variables.flatMap(({ months }) => [...months])),
    firstSlot,
    slotVariable: variable,
    firstInterval,
    end: slots.end.map((end, j) => end + firstCandidate[variable[slotAt(firstInterval, j)]!]!),
    firstLeaf: Int32Array.from(firstLeaf),
    value: Float64Array.from(value),
    firstCondition: Int32Array.from(firstCondition),
    conditionSlot: Int32Array.from(conditionSlot),
    firstAllowed: Int32Array.from(firstAllowed),
    allowed: Int32Array.from(allowed),
    constant: 0,
    origin: new Int32Array(slots.end.length).fill(-1),
  }
}

const slotAt = (firstInterval: Int32Array, j: number): number => {
  let [from, to] = [0, firstInterval.length - 2]
  while (from < to) {
    const middle = (from + to + 1) >> 1
    if (firstInterval[middle]! <= j) from = middle
    else to = middle - 1
  }
  return from
}
