/** The catalogue of the wide mode in the numbers of the kernel. */

import { KEYS, SLICES } from '../../features/wide/cellKeys.ts'
import type { WideVariable } from '../../features/wide/wideCatalogue.ts'
import { coverGroups } from '../../features/wide/wideCover.ts'
import type { WideSeries } from '../../features/wide/wideSeries.ts'
import { CELL_OPS, type CellProgram, SERIES_KINDS, VARIABLE_WIDTH } from '../../kernels/cells/cellProgram.ts'

/** What whole numbers of each unit are divided by. */
const DIVISORS: Readonly<Record<WideSeries['unit'], number>> = {
  money: 100,
  days: 1,
  closeness: 1_000_000,
  level: 1_000_000,
  '': 1,
}

const listOf = (lists: readonly (readonly number[])[]): { start: Int32Array; values: Int32Array } => {
  const start = new Int32Array(lists.length + 1)
  lists.forEach((list, i) => {
    start[i + 1] = start[i]! + list.length
  })
  return { start, values: Int32Array.from(lists.flat()) }
}

const kindOf = ({ shape, members }: WideSeries): number => {
  if (shape !== 'level') return SERIES_KINDS.flow
  return members ? SERIES_KINDS.levels : SERIES_KINDS.level
}

/** @param series those that the variables name, and their members, shares and exposures */
export const wideProgram = (series: readonly WideSeries[], variables: readonly WideVariable[]): CellProgram => {
  const position = new Map(series.map((s, i) => [s.name, i]))
  const of = (name: string | undefined): number => {
    if (name === undefined) return -1
    const found = position.get(name)
    if (found === undefined) throw new Error(`there is no series ${name}`)
    return found
  }
  const byKey: number[][] = Array.from({ length: KEYS }, () => [])
  series.forEach((s, i) => {
    for (const key of s.keys) byKey[key]!.push(i)
  })
  const keys = listOf(byKey)
  const members = listOf(series.map((s) => (s.members ?? []).map(of)))
  const { ofSeries } = coverGroups(series)
  const numbers = new Int32Array(VARIABLE_WIDTH * variables.length)
  const divisors = new Float64Array(variables.length)
  variables.forEach((v, j) => {
    const own = of(v.series)
    numbers.set(
      [CELL_OPS[v.aggregate], own, v.months, of(v.of), v.longer ?? 0, ofSeries[own]!, of(series[own]!.exposure)],
      VARIABLE_WIDTH * j,
    )
    divisors[j] = DIVISORS[series[own]!.unit]
  })
  return {
    slices: SLICES,
    kinds: Uint8Array.from(series, kindOf),
    keyStart: keys.start,
    keySeries: keys.values,
    memberStart: members.start,
    members: members.values,
    variables: numbers,
    divisors,
  }
}
