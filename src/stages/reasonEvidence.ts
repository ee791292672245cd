/** How often reasons stay reasons: over models trained again, over backgrounds drawn again, and over both. */
import type { Background } from '../attributions/background.ts'
import { KeptReasons } from '../attributions/keptReasons.ts'
import { bootstrapRows } from '../matrix/bootstrapRows.ts'
import { takeRows } from '../matrix/frame.ts'
import type { ReasonEvidenceOf } from '../reports/reasonsReport.ts'
import type { Scorer } from '../scores/scorer.ts'
import { GlasscoreError, interruptedError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'
import { type AskedPeople, noReasons, placeReasons, reasonBlocks } from './reasonRows.ts'
import type { ReasonedModel } from './reasonsOfModel.ts'
import type { StageContext } from './stage.ts'
import type { StageBackground } from './stageBackground.ts'
import { type TrainedRows, trainAgain } from './trainAgain.ts'
import type { TrainingSource } from './trainingSource.ts'

/** A model whose reasons are in question, with what it was trained on where that is to be had. */
export interface QuestionedModel {
  reasoned: ReasonedModel
  /** undefined: it cannot be trained again */
  trained: { source: TrainingSource; rows: TrainedRows } | undefined
  /** the background of another scorer, by the same rule */
  backgroundOf: (scorer: Scorer) => Promise<StageBackground>
}

/** What came of the draws for one model. */
export interface DrawnEvidence {
  kept: ReasonEvidenceOf<KeptReasons>
  retrainings?: { asked: number; done: number }
  /** why a retraining gave no reasons */
  failures: string[]
}

export interface EvidenceOptions {
  retrainings: number
  backgroundDraws: number
  /** whether groups that come in the place of reasons are counted, too: for few rows */
  others: boolean
  random: Random
}

/** The persons of a background drawn again, as many as there are. */
const drawnAgain = ({ id, frame }: Background, random: Random): Background => ({
  id,
  frame: takeRows(frame, bootstrapRows(frame.personId, random)),
})

/** What may go wrong with a sample of persons and is no fault of the program. */
const EXPECTED: readonly string[] = ['training', 'model', 'data']

/**
 * Draws the evidence of all models. Draw b has streams of its own: the same persons are drawn for every model of a training, so one
 * retraining serves all people. A sample on which no model can be fitted or calibrated, or whose background is empty, is left out and said.
 */
export const reasonEvidence = async (
  context: StageContext,
  models: readonly QuestionedModel[],
  people: AskedPeople,
  { retrainings, backgroundDraws, others, random }: EvidenceOptions,
): Promise<DrawnEvidence[]> => {
  const { progress, pool, signal } = context
  const stop = (): void => {
    if (signal?.aborted) throw interruptedError()
  }
  const counters = models.map(({ reasoned }) => {
    const counter = () => new KeptReasons(reasoned.reasons, { others })
    return { retrained: counter(), background: counter(), both: counter() }
  })
  const failures = models.map((): string[] => [])
  const drawOf = async (
    { reasoned: { groups, scorer } }: QuestionedModel,
    other: Scorer,
    background: Background,
    counter: KeptReasons,
  ): Promise<void> => {
    const drawn = noReasons(people.frame.rows)
    const factors = { groups, factors: scorer.encoding.factors }
    for await (const { reasons, from } of reasonBlocks(other, people, background, factors, context, () => {}))
      placeReasons(drawn, reasons, from)
    counter.add(drawn)
  }
  for (let d = 0; d < backgroundDraws; d++)
    for (const [k, model] of models.entries()) {
      stop()
      progress('draw backgrounds', d * models.length + k, backgroundDraws * models.length)
      const { scorer, background } = model.reasoned
      const drawn = drawnAgain(background, random.fork('background', d).fork(scorer.name))
      await drawOf(model, scorer, drawn, counters[k]!.background)
    }
  for (let b = 0; b < retrainings; b++)
    for (const [k, model] of models.entries()) {
      stop()
      const step = `train again, ${model.reasoned.scorer.name}`
      progress(step, b * models.length + k, retrainings * models.length)
      if (!model.trained) continue
      const { source, rows } = model.trained
      const stream = random.fork('retraining', b)
      const fit = { pool, ...(signal ? { signal } : {}) }
      try {
        const scorer = await trainAgain(source, rows, stream.fork('persons'), stream.fork('fit'), fit)
        const background = await model.backgroundOf(scorer)
        await drawOf(model, scorer, background, counters[k]!.retrained)
        if (b >= backgroundDraws) continue
        const drawn = drawnAgain(background, stream.fork('background').fork(scorer.name))
        await drawOf(model, scorer, drawn, counters[k]!.both)
      } catch (error) {
        stop()
        if (!(error instanceof GlasscoreError) || !EXPECTED.includes(error.kind)) throw error
        failures[k]!.push(`retraining ${b + 1} gave no reasons and is left out: ${error.message}`)
      }
    }
  return models.map(({ trained }, k): DrawnEvidence => {
    const { retrained, background, both } = counters[k]!
    const kept: DrawnEvidence['kept'] = {
      ...(retrained.draws > 0 ? { retrained } : {}),
      ...(background.draws > 0 ? { background } : {}),
      ...(both.draws > 0 ? { both } : {}),
    }
    return {
      kept,
      ...(trained && retrainings > 0 ? { retrainings: { asked: retrainings, done: retrained.draws } } : {}),
      failures: failures[k]!,
    }
  })
}
