/** The audit of one model: all parts, on the same people. */
import type { Background } from '../../attributions/background.ts'
import { explain } from '../../attributions/explain.ts'
import { usedFactors } from '../../attributions/usedFactors.ts'
import { type FactorFrame, sliceRows, takeRows } from '../../matrix/frame.ts'
import { auc } from '../../metrics/auc.ts'
import type { CalibrationKind } from '../../models/calibrate.ts'
import { type Scorer, scoreFrameOn } from '../../scores/scorer.ts'
import type { Random } from '../../util/random.ts'
import type { ProtectedColumn } from '../fairness/auditRows.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { attributionMethods } from './attributionMethods.ts'
import { dimensionWeights, marginsOf, pointsOfDimensions } from './dimensionWeights.ts'
import { factorsNeeded, neededByRow } from './factorsNeeded.ts'
import type { LeftOut, ModelOpacity, OnePerson, RetrainedShare } from './findings.ts'
import { firstReasons } from './firstReasons.ts'
import { interactionShare } from './interactionShare.ts'
import { methodPairs } from './methodDisagreement.ts'
import { type EqualModel, type Multiplicity, type MultiplicityRows, multiplicity } from './multiplicity.ts'
import { type IndexComponent, opacityIndex } from './opacityIndex.ts'
import type { Persons } from './overPersons.ts'
import { type PentagonRows, pentagonTest } from './pentagonTest.ts'
import { reasonInstability } from './reasonInstability.ts'
import type { AuditWork, LabeledRows, Recipe } from './refit.ts'
import { type Retraining, retrainings } from './retrainings.ts'
import { stackedOpacity } from './stackedOpacity.ts'
import { surrogatesOf } from './surrogates.ts'
import { weightsOfGroups } from './weightsOfGroups.ts'

/** Drawings that the reader of pentagons learns from, at most. */
const MOST_DRAWINGS = 5000

/** How much work an audit does. */
export interface OpacitySettings {
  /** the lowest score that is selected */
  cutoff: number
  /** trainings with a dimension permuted, for each dimension */
  permutations: number
  /** shuffles of a dimension that is masked */
  repeats: number
  /** trainings on bootstrap samples */
  retrainings: number
  /** AUC below the best that counts as equal */
  tolerance: number
  /** of the intervals */
  replicates: number
  /** factors that are known to be outputs of models */
  madeElsewhere: readonly string[]
}

/** What is audited. */
export interface OpacityInput {
  scorer: Scorer
  recipe: Recipe
  calibration: CalibrationKind
  dimensions: readonly string[]
  declared: readonly (number | null)[]
  /** rows that the model is trained on again, and that surrogates and the reader of the pentagon learn from */
  train: LabeledRows
  /** rows that the model has not seen */
  held: LabeledRows
  /** protected columns of the held-out rows */
  groups: readonly ProtectedColumn[]
  /** positions among the held-out rows of those that are explained */
  looked: Int32Array
  backgrounds: readonly (Background & { text: string })[]
  settings: OpacitySettings
  random: Random
}

/** Figures of every row looked at; NaN where there is none. */
export interface OpacityRows {
  score: Int32Array
  interactions: Float64Array
  needed: Int32Array
  instability: Float64Array
  disagreement: Float64Array
  stacked: Float64Array | null
  multiplicity: MultiplicityRows | null
  index: Float64Array
}

/** Findings, figures by row, and what a comparison with other models of the run needs. */
export interface OpacityResult {
  findings: ModelOpacity
  rows: OpacityRows
  equal: EqualModel
}

const dimensionOfReasons = (
  table: PointTable,
  frame: FactorFrame,
  used: readonly boolean[],
  dimensions: readonly string[],
): Int32Array => {
  const of = new Map(frame.factors.map((f) => [f.name, dimensions.indexOf(f.dimension)]))
  return Int32Array.from(firstReasons(table, frame, used), (reason) => (reason ? of.get(reason.factor)! : -1))
}

const sharesOf = (done: readonly Retraining[], dimensions: readonly string[]): (RetrainedShare | null)[] =>
  dimensions.map((_, d) => {
    const values = done.map(({ shares }) => shares[d]!).filter(Number.isFinite)
    return values.length > 0 ? { low: Math.min(...values), high: Math.max(...values) } : null
  })

/** The person in whose score equal models differ most in decision, then in range. */
const onePerson = (
  rows: MultiplicityRows,
  score: Int32Array,
  models: readonly EqualModel[],
  words: ReadonlyMap<string, string>,
): OnePerson => {
  let row = 0
  const split = (i: number): number => Math.min(rows.selected[i]!, 1 - rows.selected[i]!)
  for (let i = 1; i < score.length; i++) {
    const more = split(i) - split(row)
    if (more > 0 || (more === 0 && rows.high[i]! - rows.low[i]! > rows.high[row]! - rows.low[row]!)) row = i
  }
  const counts = new Map<string, number>()
  for (const { first } of models) {
    const group = first[row]
    const text = group === null || group === undefined ? 'no factor takes points' : (words.get(group) ?? group)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return {
    text: 'the person whose decision these models share out most evenly',
    row,
    score: score[row]!,
    scores: models.map((m) => m.score[row]!).sort((a, b) => a - b),
    reasons: [...counts]
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .map(([text, count]) => ({ text, models: count })),
  }
}

/** Progress of one part among several. */
const partOf = (work: AuditWork, label: (done: number, all: number) => void): AuditWork => ({
  pool: work.pool,
  signal: work.signal,
  progress: label,
})

/**
 * Audits one model.
 * @param step told which part runs and how far it is
 * @throws GlasscoreError as the parts do
 */
export const opacityOf = async (
  input: OpacityInput,
  work: AuditWork,
  step: (part: string, done: number, all: number) => void = () => undefined,
): Promise<OpacityResult> => {
  const { scorer, recipe, dimensions, declared, train, held, looked, settings, random } = input
  const { cutoff, replicates } = settings
  const { pool, signal } = work
  const quiet: AuditWork = { pool, signal }
  const run = { pool, ...(signal ? { signal } : {}) }
  const part = (name: string): AuditWork => partOf(work, (done, all) => step(name, done, all))
  const leftOut: LeftOut[] = []

  const frame = takeRows(held.frame, looked)
  const persons: Persons = {
    personId: frame.personId,
    target: Uint8Array.from(looked, (i) => held.target[i]!),
    replicates,
    random: random.fork('bootstrap'),
  }
  step('points', 0, 1)
  const explained = await explain(scorer, frame, run)
  const points: PointTable = { players: frame.factors.length, rows: frame.rows, points: explained.points }
  const table = await pointsOfDimensions(scorer, frame, dimensions, quiet)
  const used = usedFactors(scorer)
  const { rawScore, score } = await scoreFrameOn(scorer, frame, pool, { signal })
  const trainScores = await scoreFrameOn(scorer, train.frame, pool, { signal })
  const about = { semantics: explained.semantics, backgroundId: explained.backgroundId }
  const explainedRows = { table, ...about, persons, rows: looked }

  const several = dimensions.length > 1
  if (!several)
    leftOut.push({
      part: 'weights',
      reason: 'the factors of this table are of one dimension, so there is nothing to weigh',
    })
  const weights = several
    ? await dimensionWeights(
        {
          scorer,
          recipe,
          dimensions,
          declared,
          train,
          held,
          explained: explainedRows,
          permutations: settings.permutations,
          repeats: settings.repeats,
          random: random.fork('weights'),
        },
        part('weights'),
      )
    : null
  if (input.groups.length === 0)
    leftOut.push({ part: 'groups', reason: 'the table names no protected column, so there are bands and no groups' })
  const groups = several
    ? await weightsOfGroups(
        {
          scorer,
          dimensions,
          held,
          score: (await scoreFrameOn(scorer, held.frame, pool, { signal })).score,
          groups: input.groups,
          explained: explainedRows,
          repeats: settings.repeats,
          random: random.fork('groups'),
        },
        quiet,
      )
    : []

  step('interactions', 0, 1)
  const together = await interactionShare(scorer, frame, persons, run)
  const dimensionsTogether = several
    ? (await interactionShare(scorer, frame, persons, { ...run, players: 'dimensions' })).figures
    : null

  step('surrogates', 0, 1)
  const surrogates = surrogatesOf(
    { frame: train.frame, score: trainScores.rawScore },
    { frame, score: rawScore },
    cutoff,
    persons,
  )
  const needed = factorsNeeded(points, persons)

  const { done, failed } = await retrainings(
    {
      recipe,
      train,
      held,
      looked: frame,
      dimensions,
      count: settings.retrainings,
      calibration: input.calibration,
      random: random.fork('retrainings'),
    },
    part('retrain'),
  )
  const reasons = done.length > 0 ? reasonInstability({ points, used }, done, frame, persons) : null
  const firsts = done.map((r) => firstReasons(r.points, frame, r.used))
  const equalModels = done.map(
    (again, b): EqualModel => ({
      auc: again.auc,
      score: again.score,
      first: firsts[b]!.map((r) => r?.group ?? null),
    }),
  )
  const many = multiplicity(equalModels, { tolerance: settings.tolerance, cutoff }, persons)
  if (!many)
    leftOut.push({ part: 'multiplicity', reason: 'fewer than two trainings reached an AUC within the tolerance' })
  const words = new Map(firsts.flat().flatMap((r) => (r ? [[r.group, r.text] as const] : [])))
  const best = Math.max(...equalModels.map((m) => m.auc))
  const equal = equalModels.filter((m) => m.auc >= best - settings.tolerance)

  step('methods', 0, 1)
  const methods = await attributionMethods(scorer, frame, train.frame, input.backgrounds, quiet)
  const pairs = methodPairs(methods.points, frame, used, persons)

  step('pentagon', 0, 1)
  const drawings = Math.min(train.frame.rows, MOST_DRAWINGS)
  const pentagonRows = async (rows: FactorFrame, raw: Float64Array): Promise<PentagonRows> => {
    const own = await explain(scorer, rows, run)
    const reasonTable = { players: rows.factors.length, rows: rows.rows, points: own.points }
    return {
      dimensions: await pointsOfDimensions(scorer, rows, dimensions, quiet),
      score: raw,
      reason: dimensionOfReasons(reasonTable, rows, used, dimensions),
    }
  }
  const polygon = dimensions.length >= 3
  if (!polygon) leftOut.push({ part: 'pentagon', reason: 'fewer than three dimensions make no polygon' })
  const pentagon = polygon
    ? pentagonTest(
        await pentagonRows(sliceRows(train.frame, 0, drawings), trainScores.rawScore.subarray(0, drawings)),
        { dimensions: table, score: rawScore, reason: dimensionOfReasons(points, frame, used, dimensions) },
        dimensions,
        persons,
      )
    : null

  const stacked = stackedOpacity(frame.factors, points, persons, settings.madeElsewhere)
  const needs = neededByRow(points)
  const breadth = (k: number): number => (k > 0 ? Math.max(0, 1 - 4 / k) : 0)
  const cardR2 = Math.max(...surrogates.cards.map((card) => card.r2.value ?? Number.NEGATIVE_INFINITY))
  const breadthOfRows = Float64Array.from(needs, breadth)
  const ofModel: Partial<Record<IndexComponent, number | null>> = {
    interactions: together.figures.share.value,
    surrogate: Number.isFinite(cardR2) ? 1 - cardR2 : null,
    breadth: breadthOfRows.reduce((a, b) => a + b, 0) / breadthOfRows.length,
    instability: reasons?.figures.lost.value ?? null,
    disagreement: pairs.anyOther.value,
    arbitrariness: many?.figures.arbitrary.value ?? null,
    misdeclared: weights?.distance?.value ?? null,
    hidden: pentagon?.r2.value === null || pentagon === null ? null : 1 - pentagon.r2.value,
    stacked: stacked.figures.share?.value ?? null,
  }
  const index = opacityIndex(
    ofModel,
    {
      interactions: together.byRow,
      breadth: breadthOfRows,
      ...(reasons ? { instability: reasons.byRow } : {}),
      disagreement: pairs.byRow,
      ...(many ? { arbitrariness: many.byRow.selected.map((s) => (s > 0 && s < 1 ? 1 : 0)) } : {}),
      ...(stacked.byRow ? { stacked: stacked.byRow } : {}),
    },
    persons,
  )
  const figures: Multiplicity | null = many?.figures ?? null
  return {
    findings: {
      model: scorer.name,
      kind: scorer.model.kind,
      rows: frame.rows,
      persons: new Set(frame.personId).size,
      weights,
      groups,
      retrainedShares: sharesOf(done, dimensions),
      pentagon,
      interactions: together.figures,
      dimensionInteractions: dimensionsTogether,
      surrogates,
      needed,
      reasons: reasons?.figures ?? null,
      failedRetrainings: failed,
      methods: {
        rows: frame.rows,
        methods: methods.methods,
        without: methods.without,
        pairs: pairs.pairs,
        anyOther: pairs.anyOther,
      },
      multiplicity: figures,
      person: many ? onePerson(many.byRow, score, equal, words) : null,
      stacked: stacked.figures,
      index: index.figures,
      leftOut,
    },
    rows: {
      score,
      interactions: together.byRow,
      needed: needs,
      instability: reasons?.byRow ?? new Float64Array(frame.rows).fill(Number.NaN),
      disagreement: pairs.byRow,
      stacked: stacked.byRow,
      multiplicity: many?.byRow ?? null,
      index: index.byRow,
    },
    equal: {
      auc: auc(await marginsOf(scorer, held.frame, quiet), held.target),
      score,
      first: firstReasons(points, frame, used).map((r) => r?.group ?? null),
    },
  }
}
