import { type FactorFrame, takeRows } from '../matrix/frame.ts'
import { type Scorer, scoreFrame } from '../scores/scorer.ts'
import { GlasscoreError, usageError } from '../util/errors.ts'
import { pointFrame } from './candidateFrame.ts'
import type { Counterfactual, Counterfactuals, FactorChange } from './counterfactual.ts'
import { makeMoves } from './makeMoves.ts'
import { modelCuts } from './modelCuts.ts'
import { isPresent } from './ownValue.ts'
import type { ChangeReference } from './reference.ts'
import { relaxationOf } from './relaxationOf.ts'
import { type Found, search } from './search.ts'
import { type CounterfactualOptions, checkSettings } from './settings.ts'
import { type Moves, type Point, rootBox } from './variable.ts'

const plain = (value: number | string | null): number | string | null => (isPresent(value) ? value : null)

/** What differs from the person at a point. */
const changesOf = (scorer: Scorer, { variables }: Moves, point: Point): FactorChange[] => {
  const changes: (FactorChange & { index: number })[] = []
  variables.forEach(({ factors, base, values, cost, months }, v) => {
    const at = point[v]!
    factors.forEach((index, j) => {
      const [from, to] = [values[j]![base]!, values[j]![at]!]
      if (Object.is(from, to)) return
      const factor = scorer.encoding.factors[index]!.name
      const by = v === 0 ? 'time' : 'person'
      const own = v === 0 ? 0 : cost[at]!
      changes.push({ index, factor, from: plain(from), to: plain(to), by, months: months[at]!, cost: own })
    })
  })
  return changes.sort((a, b) => a.index - b.index).map(({ index: _, ...change }) => change)
}

const optionOf = (scorer: Scorer, frame: FactorFrame, row: number, moves: Moves, found: Found, cutoff: number) => {
  const point = found.point!
  const there = pointFrame(frame, row, scorer.encoding.factors, moves, point)
  const score = scoreFrame(scorer, there).score[0]!
  if (score < cutoff)
    throw new GlasscoreError('internal', 'a counterfactual does not score what was found', {
      row: frame.personId[row]!,
      expected: `${cutoff} or more`,
      got: score,
    })
  const option: Counterfactual = {
    changes: changesOf(scorer, moves, point),
    months: point[0]!,
    cost: found.cost,
    score,
    proved: found.bound === found.cost,
    bound: found.bound,
    gap: found.cost - found.bound,
    nodes: found.nodes,
  }
  return option
}

/** Groups of the variables that a point moves; the clock's own only where nothing else is moved. */
const groupsMoved = ({ variables }: Moves, point: Point): string[] => {
  const moved = variables.flatMap(({ group, base }, v) => (v > 0 && point[v] !== base ? [group] : []))
  return moved.length > 0 ? moved : [variables[0]!.group]
}

/** Finds the options of the person in a row of a frame. */
export type FindCounterfactuals = (frame: FactorFrame, row: number) => Counterfactuals

/**
 * The cheapest allowed changes with which a model would score the cutoff or more, or the proof that there is none.
 *
 * Cost, allowed changes, and how the search proves what it says: docs/counterfactuals.md. Every option has been scored by the scorer itself.
 * It says what this model would score with other factors: no advice, and no promise of a decision.
 *
 * @param reference of the population that changes are measured by, as `changeReference` makes it; a factor it lacks stays as it is
 * @throws GlasscoreError('usage') for options that are not right; the function it gives throws ('data') when a frame lacks factors of the model
 */
export const counterfactualSearch = (
  scorer: Scorer,
  reference: ChangeReference,
  options: CounterfactualOptions = {},
): FindCounterfactuals => {
  const settings = checkSettings(scorer, options)
  const { encoding } = scorer
  const cuts = modelCuts(scorer)
  const { cutoff, months } = settings
  return (frame, row) => {
    if (!(Number.isInteger(row) && row >= 0 && row < frame.rows))
      throw usageError('the frame has no such row', { option: 'row', expected: `0 to ${frame.rows - 1}`, got: row })
    const score = scoreFrame(scorer, takeRows(frame, [row])).score[0]!
    const about = {
      personId: frame.personId[row]!,
      observationDate: frame.observationDate[row]!,
      model: scorer.name,
      score,
      cutoff,
      months,
    }
    if (score >= cutoff) return { ...about, answer: 'reached', options: [], after: 'enough', nodes: 0 }
    const moves = makeMoves({ encoding, cuts, reference, settings, frame, row })
    const relaxation = relaxationOf(scorer, frame, row, moves, cutoff)
    const frozen = new Set<string>()
    const found: Counterfactual[] = []
    while (found.length < settings.options) {
      const root = rootBox(moves, frozen)
      const result = search(moves, root, relaxation, settings.nodes, relaxation.first(root))
      if (!result.point) {
        const after = result.bound === Number.POSITIVE_INFINITY ? 'none' : 'open'
        const answer = found.length > 0 ? 'found' : after
        return { ...about, answer, options: found, after, nodes: result.nodes }
      }
      found.push(optionOf(scorer, frame, row, moves, result, cutoff))
      for (const group of groupsMoved(moves, result.point)) frozen.add(group)
    }
    return { ...about, answer: 'found', options: found, after: 'enough', nodes: 0 }
  }
}
