import { intervalStart, type TreeProblem } from './treeProblem.ts'

/**
 * The problem with fewer candidates: leaves that none of them reaches are gone, intervals that no leaf tells apart any more are one, and trees with one
 * leaf are added to the constant.
 * @param alive by candidate of the problem: whether it stays; at least one of each variable does
 */
export const restrictProblem = (problem: TreeProblem, alive: Uint8Array): TreeProblem => {
  const { firstCandidate, slotVariable, firstInterval, end, firstSlot, firstLeaf, firstCondition, conditionSlot } =
    problem
  const { firstAllowed, allowed, value } = problem
  // Number of candidates that stay up to and with each one.
  const upTo = new Int32Array(alive.length + 1)
  for (let k = 0; k < alive.length; k++) upTo[k + 1] = upTo[k]! + alive[k]!
  const stay: number[] = []
  for (let k = 0; k < alive.length; k++) if (alive[k]) stay.push(k)
  const there = new Uint8Array(end.length)
  for (let s = 0; s < slotVariable.length; s++)
    for (let j = firstInterval[s]!; j < firstInterval[s + 1]!; j++)
      there[j] = upTo[end[j]! + 1]! > upTo[intervalStart(problem, s, j)]! ? 1 : 0
  const newSlot = new Int32Array(slotVariable.length).fill(-1)
  const newInterval = new Int32Array(end.length).fill(-1)
  const out = {
    firstSlot: [0],
    slotVariable: [] as number[],
    firstInterval: [0],
    end: [] as number[],
    origin: [] as number[],
    firstLeaf: [0],
    value: [] as number[],
    firstCondition: [0],
    conditionSlot: [] as number[],
    firstAllowed: [0],
    allowed: [] as number[],
  }
  let { constant } = problem
  const trees = firstLeaf.length - 1
  /** by interval: whether some leaf parts it from the living one before it */
  const parted = new Uint8Array(end.length)
  const met = new Uint8Array(end.length)
  for (let t = 0; t < trees; t++) {
    const leaves: number[] = []
    for (let l = firstLeaf[t]!; l < firstLeaf[t + 1]!; l++) {
      let reached = true
      for (let c = firstCondition[l]!; reached && c < firstCondition[l + 1]!; c++) {
        reached = false
        for (let a = firstAllowed[c]!; !reached && a < firstAllowed[c + 1]!; a++) reached = there[allowed[a]!] === 1
      }
      if (reached) leaves.push(l)
    }
    if (leaves.length === 1) {
      constant += value[leaves[0]!]!
      continue
    }
    for (const l of leaves)
      for (let c = firstCondition[l]!; c < firstCondition[l + 1]!; c++) {
        const s = conditionSlot[c]!
        for (let a = firstAllowed[c]!; a < firstAllowed[c + 1]!; a++) met[allowed[a]!] = 1
        let before = -1
        for (let j = firstInterval[s]!; j < firstInterval[s + 1]!; j++) {
          if (!there[j]) continue
          if (before >= 0 && met[before] !== met[j]) parted[j] = 1
          before = j
        }
        for (let a = firstAllowed[c]!; a < firstAllowed[c + 1]!; a++) met[allowed[a]!] = 0
      }
    for (let s = firstSlot[t]!; s < firstSlot[t + 1]!; s++) {
      const at = out.end.length
      let open = -1
      for (let j = firstInterval[s]!; j < firstInterval[s + 1]!; j++) {
        if (!there[j]) continue
        if (open < 0 || parted[j]) {
          open = out.end.length
          out.end.push(0)
          out.origin.push(j)
        }
        newInterval[j] = open
        out.end[open] = upTo[end[j]! + 1]! - 1
      }
      if (out.end.length - at < 2) {
        out.end.length = at
        out.origin.length = at
        continue
      }
      newSlot[s] = out.slotVariable.length
      out.slotVariable.push(slotVariable[s]!)
      out.firstInterval.push(out.end.length)
    }
    for (const l of leaves) {
      out.value.push(value[l]!)
      for (let c = firstCondition[l]!; c < firstCondition[l + 1]!; c++) {
        const s = newSlot[conditionSlot[c]!]!
        if (s < 0) continue
        const from = out.allowed.length
        for (let a = firstAllowed[c]!; a < firstAllowed[c + 1]!; a++) {
          const j = allowed[a]!
          if (there[j] && (out.allowed.length === from || out.allowed.at(-1) !== newInterval[j]))
            out.allowed.push(newInterval[j]!)
        }
        if (out.allowed.length - from === out.firstInterval[s + 1]! - out.firstInterval[s]!) {
          out.allowed.length = from
          continue
        }
        out.conditionSlot.push(s)
        out.firstAllowed.push(out.allowed.length)
      }
      out.firstCondition.push(out.conditionSlot.length)
    }
    out.firstSlot.push(out.slotVariable.length)
    out.firstLeaf.push(out.value.length)
  }
  return {
    firstCandidate: firstCandidate.map((k) => upTo[k]!),
    candidate: Int32Array.from(stay, (k) => problem.candidate[k]!),
    cost: Float64Array.from(stay, (k) => problem.cost[k]!),
    months: Int32Array.from(stay, (k) => problem.months[k]!),
    firstSlot: Int32Array.from(out.firstSlot),
    slotVariable: Int32Array.from(out.slotVariable),
    firstInterval: Int32Array.from(out.firstInterval),
    end: Int32Array.from(out.end),
    firstLeaf: Int32Array.from(out.firstLeaf),
    value: Float64Array.from(out.value),
    firstCondition: Int32Array.from(out.firstCondition),
    conditionSlot: Int32Array.from(out.conditionSlot),
    firstAllowed: Int32Array.from(out.firstAllowed),
    allowed: Int32Array.from(out.allowed),
    constant,
    origin: Int32Array.from(out.origin),
  }
}
