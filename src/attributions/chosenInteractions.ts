/** Interactions of chosen pairs, for rows too many to keep whole matrices of. */
import { pairInteractions } from '../kernels/shap/interactions/treeInteractions.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import { encodeFor, type Scorer } from '../scores/scorer.ts'
import { thisThread } from '../threads/openPool.ts'
import { usageError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'
import { noProgress } from '../util/progress.ts'
import {
  checkInteractionOptions,
  INTERACTION_OPTIONS,
  type InteractionFacts,
  type InteractionOptions,
  interactionWork,
} from './interactionGame.ts'

/** Interaction values of some pairs on every row. */
export interface ChosenInteractions extends InteractionFacts {
  rows: number
  /** as they were asked for */
  pairs: readonly (readonly [string, string])[]
  /** pairs x rows: values[k * rows + r] = phi_ij + phi_ji of pair k, both halves together */
  values: Float64Array
}

/**
 * What chosen pairs of players have together, on every row (see `interactions`): memory is pairs x rows. 0 for linear models.
 * @param pairs names of two different factors (or dimensions, with `players: 'dimensions'`) each
 * @throws GlasscoreError('usage') for wrong options, a name that is no player, or a pair of one player; otherwise as `interactions`
 */
export const chosenInteractions = async (
  scorer: Scorer,
  frame: FactorFrame,
  pairs: readonly (readonly [string, string])[],
  options: InteractionOptions = {},
): Promise<ChosenInteractions> => {
  checkInteractionOptions(options, INTERACTION_OPTIONS)
  const { progress = noProgress, signal, pool = thisThread() } = options
  const { rows } = frame
  const { facts, plan, perSum } = interactionWork(scorer, options, pool)
  const asked = numbersOf(pairs, facts.players)
  const x = encodeFor(scorer, frame)
  const values = plan
    ? await pairInteractions(plan, asked, x, { from: 0, to: rows }, pool, {
        onPart: (done, total) => progress(`interactions ${scorer.name}`, Math.floor((rows * done) / total), rows),
        ...(signal ? { signal } : {}),
      })
    : new Float64Array(pairs.length * rows)
  for (let k = 0; k < values.length; k++) values[k] = 2 * values[k]! * perSum + 0
  return { ...facts, rows, pairs, values }
}

const numbersOf = (pairs: unknown, players: readonly string[]): [number, number][] => {
  if (!Array.isArray(pairs))
    throw usageError('these are no pairs', { option: 'pairs', expected: 'a list of pairs of names' })
  return pairs.map((pair: unknown, k) => {
    const names = Array.isArray(pair) && pair.length === 2 ? (pair as unknown[]) : undefined
    if (!names || names[0] === names[1])
      throw usageError(`pair ${k} is none`, { option: 'pairs', expected: 'the names of two different players' })
    const [i, j] = names.map((name) => players.indexOf(String(name)))
    const unknown = i! < 0 ? names[0] : j! < 0 ? names[1] : undefined
    if (unknown !== undefined)
      throw usageError(`pair ${k} names a player that there is not`, {
        option: 'pairs',
        got: unknown,
        hint: nameHint(String(unknown), players),
      })
    return [i!, j!]
  })
}
