/** Which rows a learner trains on whose time does not let it take all. */
import type { FactorFrame } from '../../matrix/frame.ts'
import type { Random } from '../../util/random.ts'

/** Whether several rows of one person may be drawn. */
export interface SampleOptions {
  /** rows at most */
  cap: number
  /** at most one row a person, chosen at random, so that a bootstrap of rows is one of persons */
  onePerPerson: boolean
}

/**
 * Rows in rising order, drawn without replacement and stratified by outcome: the share of bads stays that of all rows, up to
 * rounding, and both outcomes keep at least one row where they have one.
 * @param target 1 = bad, 0 = good, one a row
 */
export const sampleRows = (
  frame: Pick<FactorFrame, 'personId'>,
  target: Uint8Array,
  { cap, onePerPerson }: SampleOptions,
  random: Random,
): Int32Array => {
  const rows = random.fork('rows').shuffle(Int32Array.from(target.keys()))
  const seen = new Set<string>()
  const pools: [number[], number[]] = [[], []]
  for (const i of rows) {
    const person = frame.personId[i]!
    if (onePerPerson && seen.has(person)) continue
    seen.add(person)
    pools[target[i] ? 1 : 0].push(i)
  }
  const [goods, bads] = pools
  const total = goods.length + bads.length
  if (total > cap) {
    const kept = Math.min(bads.length, Math.max(1, Math.round((cap * bads.length) / total)))
    bads.length = kept
    goods.length = Math.min(goods.length, Math.max(1, cap - kept))
  }
  return Int32Array.from([...goods, ...bads]).sort()
}
