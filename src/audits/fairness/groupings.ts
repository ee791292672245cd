import type { ProtectedColumn } from './auditRows.ts'
import { type Banding, bandLabels, bandOfNumber, chooseBanding } from './bandNumbers.ts'

/** Label of rows whose attribute is missing: a group like the others. */
export const MISSING_LABEL = '(missing)'

/** An attribute with more groups than this is crossed with others by its largest groups; the rest are put together. */
export const MOST_CROSSED = 20

/** One group of people. */
export interface Group {
  label: string
  /** label in each attribute of the grouping */
  levels: string[]
  /** whether one of them is missing */
  missing: boolean
}

/** Everybody in one of several groups. */
export interface Grouping {
  attributes: string[]
  banding: Banding | null
  groups: Group[]
  /** position in `groups` of each row */
  of: Int32Array
}

/** Numbers by size, then texts by code. */
const compareLabels = (a: string, b: string): number => {
  const [x, y] = [Number(a), Number(b)]
  if (!Number.isNaN(x) && !Number.isNaN(y) && x !== y) return x - y
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1
  return a < b ? -1 : a > b ? 1 : 0
}

/** The groups of one attribute: its bands from low to high or its values in order, missing ones last; none is empty. */
export const groupByAttribute = (column: ProtectedColumn, edges: readonly number[] | undefined): Grouping => {
  const banding = chooseBanding(column.name, column.values, edges)
  const names = banding && bandLabels(banding)
  const labels = column.values.map((value) =>
    value === null ? null : names && banding ? names[bandOfNumber(banding, value)]! : value,
  )
  const present = new Set(labels)
  const known = names
    ? names.filter((name) => present.has(name))
    : [...present].filter((v) => v !== null).sort(compareLabels)
  const groups: Group[] = known.map((label) => ({ label, levels: [label], missing: false }))
  if (present.has(null)) groups.push({ label: MISSING_LABEL, levels: [MISSING_LABEL], missing: true })
  const position = new Map<string | null, number>(known.map((label, k) => [label, k]))
  position.set(null, known.length)
  return {
    attributes: [column.name],
    banding,
    groups,
    of: Int32Array.from(labels, (label) => position.get(label)!),
  }
}

/** The largest groups of a grouping of too many, the rest together; the same grouping when there are few. */
export const mergeSmallest = (grouping: Grouping): Grouping => {
  const { groups, of } = grouping
  if (groups.length <= MOST_CROSSED) return grouping
  const sizes = new Int32Array(groups.length)
  for (const g of of) sizes[g]!++
  const kept = [...sizes.keys()].sort((a, b) => sizes[b]! - sizes[a]! || a - b).slice(0, MOST_CROSSED)
  kept.sort((a, b) => a - b)
  const rest = `(${groups.length - MOST_CROSSED} smaller groups)`
  const position = new Map(kept.map((g, k) => [g, k]))
  return {
    ...grouping,
    groups: [...kept.map((g) => groups[g]!), { label: rest, levels: [rest], missing: false }],
    of: of.map((g) => position.get(g) ?? MOST_CROSSED),
  }
}

/** Everybody by two attributes at once; combinations that nobody has are not listed. */
export const cross = (first: Grouping, second: Grouping): Grouping => {
  const width = second.groups.length
  const cells = first.of.map((g, row) => g * width + second.of[row]!)
  const present = [...new Set(cells)].sort((a, b) => a - b)
  const position = new Map(present.map((cell, k) => [cell, k]))
  return {
    attributes: [...first.attributes, ...second.attributes],
    banding: null,
    groups: present.map((cell) => {
      const parts = [first.groups[Math.floor(cell / width)]!, second.groups[cell % width]!]
      const levels = parts.flatMap((p) => p.levels)
      return { label: levels.join(' · '), levels, missing: parts.some((p) => p.missing) }
    }),
    of: cells.map((cell) => position.get(cell)!),
  }
}
