/**
 * Learning on factors as they are. A `Learner` trains on a matrix and gives a model that can be stored; what is compared with our
 * models (npm packages, a network, one factor) need only give margins. Both sides are measured through this one interface.
 */
import { applyEncoding, fitEncoding } from '../matrix/encode.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import type { Encoding } from '../matrix/matrix.ts'
import type { Random } from '../util/random.ts'
import { groupsOf } from './groups.ts'
import { margin } from './margin.ts'
import type { FitOptions, Learner, Model } from './model.ts'

/** What was learned: margins of any rows with the same factors. */
export interface FrameModel {
  /** greater = riskier, one a row; on the scale of log-odds or any other that a calibration can stretch */
  margins(frame: FactorFrame): Float64Array
  /** margins of training rows that their part of the model had not seen, NaN where there is none */
  outOfBagMargins?: Float64Array
  /** what a reader should know of the fit; plain JSON */
  report: Record<string, unknown>
}

/** How to train on factors; options are fixed when it is made. */
export interface FrameLearner<M extends FrameModel = FrameModel> {
  /** names it in tables */
  readonly kind: string
  /** the options as used; plain JSON */
  readonly options: Record<string, unknown>
  /** @param target 1 = bad, 0 = good, one a row */
  fit(frame: FactorFrame, target: Uint8Array, random: Random, options?: FitOptions): Promise<M>
}

/** A model of ours with the encoding that it reads. */
export interface EncodedModel extends FrameModel {
  encoding: Encoding
  model: Model
}

/** A learner of ours on factors: encoding and model are fitted on the same rows. */
export const onFrames = (learner: Learner): FrameLearner<EncodedModel> => ({
  kind: learner.kind,
  options: learner.options,
  fit: async (frame, target, random, options = {}) => {
    const encoding = fitEncoding(frame, learner.encoding, { categories: learner.takesCategories ?? false })
    const x = applyEncoding(encoding, frame)
    const fitted = await learner.fit(x, target, random, { ...options, groups: groupsOf(frame.personId) })
    return {
      encoding,
      model: fitted.model,
      margins: (rows) => margin(fitted.model, applyEncoding(encoding, rows)),
      ...(fitted.outOfBagMargins ? { outOfBagMargins: fitted.outOfBagMargins } : {}),
      report: {
        ...fitted.report,
        options: learner.options,
        columns: encoding.columns.length,
        dropped: encoding.dropped,
      },
    }
  },
})
