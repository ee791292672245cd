import { came, isArrayOf, isList } from '../kernels/checkInput.ts'
import { usageError } from '../util/errors.ts'

/** Rows by person: numbers 0, 1, ... in order of first appearance. */
export const groupsOf = (personId: readonly string[]): Int32Array => {
  const numbers = new Map<string, number>()
  return Int32Array.from(personId, (id) => {
    const number = numbers.get(id) ?? numbers.size
    numbers.set(id, number)
    return number
  })
}

/** What a number of a group may be. */
const EXPECTED = 'one whole number for each row, 0 or more'

/**
 * The groups by numbers 0, 1, ... without gaps, in the order of the numbers given: dense ones stay as they are.
 * @throws GlasscoreError('usage') unless there is a whole number of 0 or more for each row
 */
export const denseGroups = (groups: ArrayLike<number>, rows: number): Int32Array => {
  if (!isList(groups))
    throw usageError('groups are no list', { option: 'groups', expected: EXPECTED, got: came(groups) })
  if (groups.length !== rows)
    throw usageError('groups and rows differ in number', {
      option: 'groups',
      expected: EXPECTED,
      got: `${groups.length} for ${rows}`,
    })
  let most = -1
  for (let row = 0; row < rows; row++) {
    const group: unknown = groups[row]
    if (!Number.isSafeInteger(group) || (group as number) < 0)
      throw usageError('a group has no number', { option: 'groups', row, expected: EXPECTED, got: came(group) })
    most = Math.max(most, group as number)
  }
  // More numbers than rows cannot all be in use.
  return most < rows ? byPlace(groups, most + 1) : bySorting(groups)
}

const byPlace = (groups: ArrayLike<number>, count: number): Int32Array => {
  const number = new Int32Array(count).fill(-1)
  for (let row = 0; row < groups.length; row++) number[groups[row]!] = 0
  let used = 0
  for (let g = 0; g < count; g++) if (number[g] === 0) number[g] = used++
  if (used === count && isArrayOf(groups, 'Int32Array')) return groups as Int32Array
  return Int32Array.from(groups, (g) => number[g]!)
}

const bySorting = (groups: ArrayLike<number>): Int32Array => {
  const number = new Map<number, number>()
  for (const group of Float64Array.from(groups).sort()) if (!number.has(group)) number.set(group, number.size)
  return Int32Array.from(groups, (g) => number.get(g)!)
}

/** Which rows belong to each group, numbered without gaps: rows of group g are rows[start[g]] .. rows[start[g + 1] - 1], rising. */
export const rowsByGroup = (groups: Int32Array): { start: Int32Array; rows: Int32Array } => {
  let count = 0
  for (const g of groups) count = Math.max(count, g + 1)
  const start = new Int32Array(count + 1)
  for (const g of groups) start[g + 1]!++
  for (let g = 0; g < count; g++) start[g + 1]! += start[g]!
  const next = start.slice()
  const rows = new Int32Array(groups.length)
  groups.forEach((g, i) => {
    rows[next[g]!++] = i
  })
  return { start, rows }
}
