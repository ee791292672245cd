/** Which rows each tree of a boosting is grown on. */
import type { Generator } from '../numbers/generator.ts'
import type { BoostingRows } from './boostingRows.ts'

/** What is drawn together, and what is held out. */
type Units = Pick<BoostingRows, 'held' | 'groups'>

/** Calls `visit` for `count` of `units`, drawn without replacement, rising (Fan, Muller & Rezucha 1962, method 1). */
export const drawSome = (units: number, count: number, generator: Generator, visit: (unit: number) => void): void => {
  let wanted = count
  for (let k = 0; k < units; k++) {
    if (generator.below(units - k) >= wanted) continue
    visit(k)
    wanted--
  }
}

/** Units (groups, or rows by themselves) that are trained on. A group is held out as a whole: its first row tells. */
const trainedUnits = (rows: number, { held, groups }: Units): Uint32Array => {
  const units = groups ? groups.start.length - 1 : rows
  const trained = new Uint32Array(units)
  let count = 0
  for (let unit = 0; unit < units; unit++) {
    const first = groups ? groups.rows[groups.start[unit]!] : unit
    if (first === undefined || !held?.[first]) trained[count++] = unit
  }
  return trained.subarray(0, count)
}

/** Where `marks` is not 0. */
export const positions = (marks: Uint8Array): Uint32Array => {
  let count = 0
  for (let i = 0; i < marks.length; i++) if (marks[i]) count++
  const found = new Uint32Array(count)
  let next = 0
  for (let i = 0; i < marks.length; i++) if (marks[i]) found[next++] = i
  return found
}

/**
 * Draws the rows of a tree, rising; undefined: all.
 * @param weight rows of 0, as those held out, are in no bag
 * @param ratio share of the units that are trained on
 */
export const bagDrawer = (
  rows: number,
  units: Units,
  weight: Float64Array | undefined,
  ratio: number,
): ((generator: Generator) => Uint32Array | undefined) => {
  if (ratio >= 1 && !weight?.includes(0)) return () => undefined
  const may = new Uint8Array(rows).fill(1)
  if (weight) for (let i = 0; i < rows; i++) if (weight[i] === 0) may[i] = 0
  if (ratio >= 1) {
    const bag = positions(may)
    return () => bag
  }
  const { groups } = units
  const trained = trainedUnits(rows, units)
  const count = Math.max(1, Math.round(ratio * trained.length))
  const inBag = new Uint8Array(rows)
  return (generator) => {
    inBag.fill(0)
    drawSome(trained.length, count, generator, (k) => {
      const unit = trained[k]!
      if (!groups) inBag[unit] = may[unit]!
      else
        for (let at = groups.start[unit]!; at < groups.start[unit + 1]!; at++) {
          const row = groups.rows[at]!
          inBag[row] = may[row]!
        }
    })
    return positions(inBag)
  }
}
