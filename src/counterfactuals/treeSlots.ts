/**
 * Where each tree can tell candidates apart. A slot is a variable that a tree asks for; its intervals are the stretches of candidates between the
 * cuts of that tree, so a function of the intervals is all that the tree can say of the variable.
 */
import type { CandidateTrees } from './candidateTrees.ts'
import type { Moves } from './variable.ts'

/** Slots of all trees behind each other, and the intervals of all slots behind each other. */
export interface TreeSlots {
  /** first slot of each tree, and one past the last slot */
  firstSlot: Int32Array
  /** variable of each slot */
  variable: Int32Array
  /** first interval of each slot, and one past the last interval */
  firstInterval: Int32Array
  /** last candidate of each interval */
  end: Int32Array
  /** of each split: its slot, and the last interval of the slot that goes left (not used where a set decides) */
  slotOfNode: Int32Array
  lastLeft: Int32Array
}

const lastNode = ({ roots, variable }: CandidateTrees, tree: number): number => roots[tree + 1] ?? variable.length

/** @returns the slots of all trees; a variable that a tree asks for by a set has an interval for every candidate */
export const treeSlots = (trees: CandidateTrees, { variables }: Moves): TreeSlots => {
  const { roots, variable, cut } = trees
  const slotVariable: number[] = []
  const firstSlot = new Int32Array(roots.length + 1)
  const firstInterval: number[] = [0]
  const end: number[] = []
  const slotOfNode = new Int32Array(variable.length).fill(-1)
  const lastLeft = new Int32Array(variable.length)
  roots.forEach((root, t) => {
    const cuts = new Map<number, Set<number>>()
    for (let node = root; node < lastNode(trees, t); node++) {
      const v = variable[node]!
      if (v < 0) continue
      const own = cuts.get(v) ?? new Set()
      cuts.set(v, own)
      if (cut[node]! >= 0) own.add(cut[node]!)
      else for (let k = 0; k + 1 < variables[v]!.cost.length; k++) own.add(k)
    }
    const places = new Map<number, { slot: number; ends: number[] }>()
    for (const [v, own] of [...cuts].sort((a, b) => a[0] - b[0])) {
      const ends = [...own].sort((a, b) => a - b)
      places.set(v, { slot: slotVariable.push(v) - 1, ends })
      for (const k of ends) end.push(k)
      firstInterval.push(end.push(variables[v]!.cost.length - 1))
    }
    for (let node = root; node < lastNode(trees, t); node++) {
      const v = variable[node]!
      if (v < 0) continue
      const { slot, ends } = places.get(v)!
      slotOfNode[node] = slot
      lastLeft[node] = ends.indexOf(cut[node]!)
    }
    firstSlot[t + 1] = slotVariable.length
  })
  return {
    firstSlot,
    variable: Int32Array.from(slotVariable),
    firstInterval: Int32Array.from(firstInterval),
    end: Int32Array.from(end),
    slotOfNode,
    lastLeft,
  }
}
