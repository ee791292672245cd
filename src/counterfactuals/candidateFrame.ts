import type { FactorFrame } from '../matrix/frame.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { ownValue } from './ownValue.ts'
import type { Moves, Point } from './variable.ts'

/** A frame of copies of one row, in which the variables have the candidates of `pick(v, i)` in row i. */
const framed = (
  frame: FactorFrame,
  row: number,
  factors: readonly FactorSpec[],
  { variables }: Moves,
  rows: number,
  pick: (v: number, i: number) => number,
): FactorFrame => {
  const numbers: Record<string, Float64Array> = {}
  const categories: Record<string, (string | null)[]> = {}
  for (const factor of factors) {
    const own = ownValue(frame, factor, row)
    if (factor.kind === 'category') categories[factor.name] = new Array(rows).fill(own)
    else numbers[factor.name] = new Float64Array(rows).fill(own as number)
  }
  variables.forEach((variable, v) => {
    variable.factors.forEach((f, j) => {
      const { name, kind } = factors[f]!
      const values = variable.values[j]!
      for (let i = 0; i < rows; i++) {
        const value = values[pick(v, i)]!
        if (kind === 'category') categories[name]![i] = value as string | null
        else numbers[name]![i] = value as number
      }
    })
  })
  const { personId, observationDate } = frame
  return {
    rows,
    personId: new Array<string>(rows).fill(personId[row]!),
    observationDate: new Array<string>(rows).fill(observationDate[row]!),
    factors,
    numbers,
    categories,
  }
}

/** Row k holds candidate k of every variable, its last one where it has fewer: what every candidate looks like to a model. */
export const candidateFrame = (
  frame: FactorFrame,
  row: number,
  factors: readonly FactorSpec[],
  moves: Moves,
): FactorFrame => {
  const counts = moves.variables.map(({ cost }) => cost.length)
  const pick = (v: number, i: number): number => Math.min(i, counts[v]! - 1)
  return framed(frame, row, factors, moves, Math.max(...counts), pick)
}

/** One row: the person with the candidates of a point. */
export const pointFrame = (
  frame: FactorFrame,
  row: number,
  factors: readonly FactorSpec[],
  moves: Moves,
  point: Point,
): FactorFrame => framed(frame, row, factors, moves, 1, (v) => point[v]!)
