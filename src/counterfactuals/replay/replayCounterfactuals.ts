import type { Engine } from '../../engines/engine.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import type { FactorSpec } from '../../schema/factor.ts'
import { FACTOR_CATALOGUE } from '../../schema/factorCatalogue.ts'
import { type Scorer, scoreFrame } from '../../scores/scorer.ts'
import { dataError, GlasscoreError, interruptedError } from '../../util/errors.ts'
import type { WorkOptions } from '../../util/progress.ts'
import type { Counterfactual, Counterfactuals } from '../counterfactual.ts'
import { DAYS_OF_MONTH } from '../factorRule.ts'
import { isPresent, ownValue } from '../ownValue.ts'
import { copyHistory, type History } from './history.ts'
import { historyEvents } from './historyEvents.ts'
import { loadHistories } from './loadHistories.ts'
import { codedValue, rawTarget } from './rawTarget.ts'
import { NO_RECIPE, RECIPES } from './recipes.ts'
import type { Replay, ReplayDifference } from './replay.ts'
import { type ReplayedValues, runHistories } from './runHistories.ts'
import { openSource } from './source.ts'
import { sameValue } from './tolerance.ts'
import { type GivesWay, type WantedValue, wantedValues } from './wanted.ts'

export interface ReplayOptions extends WorkOptions {
  /** holds no relation of the feature engine; the caller closes it */
  engine: Engine
  /** dataset folder that the factors of the people were made from */
  data: string
  scorer: Scorer
  /** what was found with this scorer */
  results: readonly Counterfactuals[]
  /** rows of the people, as the search had them */
  frame: FactorFrame
}

/** People whose histories are in memory at a time. */
const PIECE = 500

const catalogued = new Set(FACTOR_CATALOGUE.map(({ name }) => name))

const checkFactors = ({ name, encoding }: Scorer): void => {
  const unknown = encoding.factors.find((spec) => !catalogued.has(spec.name))
  if (unknown)
    throw new GlasscoreError('usage', `model ${name} has a factor that no event makes`, {
      option: 'replay',
      expected: 'a model of factors of the catalogue (glasscore factors)',
      got: unknown.name,
    })
}

/** Histories that are tried for an option; the first stands where they come to the same. */
const VARIANTS: readonly GivesWay[] = ['longer', 'shorter']

/** Agreement first, then the cutoff, then fewer factors that differ, then the score. */
const isBetter = (a: Replay, b: Replay): boolean => {
  const order = [
    Number(a.agrees) - Number(b.agrees),
    Number(a.reaches) - Number(b.reaches),
    b.differs.length - a.differs.length,
    a.score - b.score,
  ]
  return (order.find((x) => x !== 0) ?? 0) > 0
}

/** Rows of values as a frame that the scorer reads. */
const framed = (
  rows: readonly ReplayedValues[],
  factors: readonly FactorSpec[],
  about: readonly Counterfactuals[],
): FactorFrame => {
  const numbers: Record<string, Float64Array> = {}
  const categories: Record<string, (string | null)[]> = {}
  for (const spec of factors) {
    const values = rows.map((row) => codedValue(spec, row[spec.name]!))
    if (spec.kind === 'category') categories[spec.name] = values as (string | null)[]
    else numbers[spec.name] = Float64Array.from(values, (v) => (typeof v === 'number' ? v : Number.NaN))
  }
  return {
    rows: rows.length,
    personId: about.map(({ personId }) => personId),
    observationDate: about.map(({ observationDate }) => observationDate),
    factors,
    numbers,
    categories,
  }
}

/** The data must be those that the factors were made from: the person's own events give the person's own factors. */
const checkOwn = (
  { encoding }: Scorer,
  { personId, observationDate }: Counterfactuals,
  frame: FactorFrame,
  row: number,
  own: ReplayedValues,
  data: string,
): void => {
  for (const spec of encoding.factors) {
    const value = ownValue(frame, spec, row)
    const made = codedValue(spec, own[spec.name]!)
    const was = isPresent(value) ? value : null
    if (was !== made)
      throw dataError('these data do not give the factors of the people', {
        file: data,
        row: `${personId} on ${observationDate}`,
        column: spec.name,
        expected: String(was ?? 'missing'),
        got: made ?? 'missing',
        hint: 'a replay needs the dataset folder that the feature table was made from',
      })
  }
}

const targetsOf = (
  { encoding }: Scorer,
  { changes }: Counterfactual,
  own: ReplayedValues,
): Record<string, WantedValue> => {
  const specs = new Map(encoding.factors.map((spec) => [spec.name, spec]))
  return Object.fromEntries(
    changes
      .filter(({ factor }) => !(factor in NO_RECIPE))
      .map(({ factor, to }) => [factor, rawTarget(specs.get(factor)!, own[factor]!, to)]),
  )
}

/**
 * The history in which a person's factors have these values, as far as one is found: the own history, changed by every recipe.
 * @param own factors of the own history
 * @param to factors that have another value
 */
export const historyFor = (
  history: History,
  own: ReplayedValues,
  to: Readonly<Record<string, WantedValue>>,
  givesWay?: GivesWay,
): History => {
  const changed = copyHistory(history)
  const wanted = wantedValues(own, to, givesWay)
  for (const { apply } of RECIPES) apply(changed, wanted)
  return changed
}

interface Draft {
  result: Counterfactuals
  option: Counterfactual
  number: number
  base: History
  own: ReplayedValues
  history: History
}

const compare = ({ encoding }: Scorer, { option, own }: Draft, replayed: ReplayedValues): ReplayDifference[] => {
  const changes = new Map(option.changes.map((change) => [change.factor, change]))
  return encoding.factors.flatMap((spec): ReplayDifference[] => {
    const change = changes.get(spec.name)
    const promised = change ? change.to : codedValue(spec, own[spec.name]!)
    const got = codedValue(spec, replayed[spec.name]!)
    return sameValue(spec, promised, got)
      ? []
      : [{ factor: spec.name, promised, replayed: got, by: change?.by ?? 'along' }]
  })
}

const replayOf = (scorer: Scorer, draft: Draft, replayed: ReplayedValues, score: number): Replay => {
  const { result, option, number, base, history } = draft
  const later = Math.floor(DAYS_OF_MONTH * option.months)
  const events = historyEvents(base, history, later)
  const own = events.filter(({ action }) => action !== 'began earlier')
  const differs = compare(scorer, draft, replayed)
  const oldest = Math.max(0, ...own.map(({ days }) => later - days))
  return {
    option: number,
    agrees: differs.length === 0 && score === option.score,
    score,
    reaches: score >= result.cutoff,
    differs,
    notExpressible: option.changes.flatMap(({ factor }) =>
      factor in NO_RECIPE ? [{ factor, reason: NO_RECIPE[factor]! }] : [],
    ),
    months: option.months,
    events,
    before: own.filter(({ days }) => days < 0).length,
    monthsAhead: Math.max(option.months, Math.ceil((oldest * 12) / 365 - 1e-9)),
  }
}

/**
 * Writes every option as events and runs them through the feature engine: docs/counterfactuals.md, "Replayed as events".
 *
 * @returns for each result the replays of its options, in order
 * @throws GlasscoreError('usage') for a model with factors that are not of the catalogue; ('data') when the folder is no dataset folder or
 * not the one that the factors were made from; ('interrupted') when the signal is raised
 */
export const replayCounterfactuals = async (options: ReplayOptions): Promise<Replay[][]> => {
  const { engine, data, scorer, results, frame, progress, signal } = options
  checkFactors(scorer)
  const source = await openSource(engine, data)
  const rowOf = new Map(frame.personId.map((id, row) => [`${id} ${frame.observationDate[row]}`, row]))
  const replays: Replay[][] = results.map(() => [])
  const asked = results.map((result, k) => ({ result, k })).filter(({ result }) => result.options.length > 0)
  for (let from = 0; from < asked.length; from += PIECE) {
    if (signal?.aborted) throw interruptedError()
    progress?.(`replay ${scorer.name}`, from, asked.length)
    const piece = asked.slice(from, from + PIECE)
    const bases = await loadHistories(
      source,
      piece.map(({ result }) => result),
    )
    const owns = await runHistories(source, bases)
    const drafts = piece.flatMap(({ result, k }, i) => {
      const [base, own] = [bases[i]!, owns[i]!]
      const row = rowOf.get(`${result.personId} ${result.observationDate}`)
      if (row === undefined)
        throw dataError('no such person in the frame', { row: result.personId, expected: 'the frame of the search' })
      checkOwn(scorer, result, frame, row, own, data)
      return result.options.flatMap((option, n) =>
        VARIANTS.map((givesWay) => {
          const history = historyFor(base, own, targetsOf(scorer, option, own), givesWay)
          return { result, option, number: n + 1, base, own, history, k }
        }),
      )
    })
    const values = await runHistories(
      source,
      drafts.map(({ history }) => history),
    )
    const there = framed(
      values,
      scorer.encoding.factors,
      drafts.map(({ result }) => result),
    )
    const { score } = scoreFrame(scorer, there)
    drafts.forEach((draft, d) => {
      const found = replayOf(scorer, draft, values[d]!, score[d]!)
      const mine = replays[draft.k]!
      const before = mine[draft.number - 1]
      if (!before || isBetter(found, before)) mine[draft.number - 1] = found
    })
  }
  progress?.(`replay ${scorer.name}`, asked.length, asked.length)
  return replays
}
