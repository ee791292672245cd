/** The audit of one model: all parts, on the same people. */
import { auc } from '../../metrics/auc.ts'
import { attributionMethods } from './attributionMethods.ts'
import { claimedPairs } from './claimedPairs.ts'
import { factorsNeeded, neededByRow } from './factorsNeeded.ts'
import { firstReasons } from './firstReasons.ts'
import { interactionShare } from './interactionShare.ts'
import { marginsOf } from './marginsOf.ts'
import { methodPairs } from './methodDisagreement.ts'
import { type IndexComponent, opacityIndex } from './opacityIndex.ts'
import type { OpacityInput, OpacityResult } from './opacityInput.ts'
import { opacityView } from './opacityView.ts'
import { pentagonPart } from './pentagonPart.ts'
import type { AuditWork } from './refit.ts'
import { retrainedPart } from './retrainedPart.ts'
import { stackedOpacity } from './stackedOpacity.ts'
import { surrogatesOf } from './surrogates.ts'
import { weightsPart } from './weightsPart.ts'

/** What is left out of four reasons. */
const breadthOf = (needed: number): number => (needed > 0 ? Math.max(0, 1 - 4 / needed) : 0)

const lack = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : 1 - value

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
  const { scorer, dimensions, train, held, settings } = input
  const { pool, signal } = work
  const part = (name: string): AuditWork => ({ pool, signal, progress: (done, all) => step(name, done, all) })

  step('points', 0, 1)
  const view = await opacityView(input, work)
  const { frame, persons, points, used, score, quiet } = view
  const run = { pool, ...(signal ? { signal } : {}) }

  const { weights, groups, leftOut } = await weightsPart(view, part('weights'))

  step('interactions', 0, 1)
  const together = await interactionShare(scorer, frame, persons, run)
  const dimensionsTogether =
    dimensions.length > 1
      ? (await interactionShare(scorer, frame, persons, { ...run, players: 'dimensions' })).figures
      : null

  const claims = await claimedPairs(scorer, frame, persons, settings.claims, run)

  step('surrogates', 0, 1)
  const surrogates = surrogatesOf(
    { frame: train.frame, score: view.trainScore },
    { frame, score: view.rawScore },
    settings.cutoff,
    persons,
  )

  const again = await retrainedPart(view, part('retrain'))
  const { reasons, multiplicity: many } = again

  step('methods', 0, 1)
  const methods = await attributionMethods(scorer, frame, train.frame, input.backgrounds, quiet)
  const pairs = methodPairs(methods.points, frame, used, persons)

  step('pentagon', 0, 1)
  const { pentagon, leftOut: withoutPentagon } = await pentagonPart(view)

  const stacked = stackedOpacity(frame.factors, points, persons, settings.madeElsewhere)
  const needs = neededByRow(points)
  const breadth = Float64Array.from(needs, breadthOf)
  const cardR2 = Math.max(...surrogates.cards.map((card) => card.r2.value ?? Number.NEGATIVE_INFINITY))
  const ofModel: Partial<Record<IndexComponent, number | null>> = {
    interactions: together.figures.share.value,
    surrogate: Number.isFinite(cardR2) ? 1 - cardR2 : null,
    breadth: breadth.reduce((a, b) => a + b, 0) / breadth.length,
    instability: reasons?.figures.lost.value ?? null,
    disagreement: pairs.anyOther.value,
    arbitrariness: many?.figures.arbitrary.value ?? null,
    misdeclared: weights?.distance?.value ?? null,
    hidden: lack(pentagon?.r2.value),
    stacked: stacked.figures.share?.value ?? null,
  }
  const index = opacityIndex(
    ofModel,
    {
      interactions: together.byRow,
      breadth,
      ...(reasons ? { instability: reasons.byRow } : {}),
      disagreement: pairs.byRow,
      ...(many ? { arbitrariness: many.byRow.selected.map((s) => (s > 0 && s < 1 ? 1 : 0)) } : {}),
      ...(stacked.byRow ? { stacked: stacked.byRow } : {}),
    },
    persons,
  )
  return {
    findings: {
      model: scorer.name,
      kind: scorer.model.kind,
      rows: frame.rows,
      persons: new Set(frame.personId).size,
      weights,
      groups,
      retrainedShares: again.retrainedShares,
      pentagon,
      interactions: together.figures,
      dimensionInteractions: dimensionsTogether,
      claims,
      surrogates,
      needed: factorsNeeded(points, persons),
      reasons: reasons?.figures ?? null,
      failedRetrainings: again.failed,
      methods: {
        rows: frame.rows,
        methods: methods.methods,
        without: methods.without,
        pairs: pairs.pairs,
        anyOther: pairs.anyOther,
      },
      multiplicity: many?.figures ?? null,
      person: again.person,
      stacked: stacked.figures,
      index: index.figures,
      leftOut: [...leftOut, ...again.leftOut, ...withoutPentagon],
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
