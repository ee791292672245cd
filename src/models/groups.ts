/** Rows by person: numbers 0, 1, ... in order of first appearance. */
export const groupsOf = (personId: readonly string[]): Int32Array => {
  const numbers = new Map<string, number>()
  return Int32Array.from(personId, (id) => {
    const number = numbers.get(id) ?? numbers.size
    numbers.set(id, number)
    return number
  })
}

/** Which rows belong to each group: rows of group g are rows[start[g]] .. rows[start[g + 1] - 1], rising. */
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
