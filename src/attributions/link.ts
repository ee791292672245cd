/**
 * From contributions to the model's output to score points.
 *
 * linear: log-odds output and Platt calibration. The score is linear in the output, so points = -factor x slope x contribution.
 * rescaled: anything else. The contributions of a row are stretched by (score difference) / (output difference) between the
 * row and the background, the choice that keeps their proportions and their sum.
 */
import { logit } from '../kernels/numbers/logit.ts'
import { isTreeModel } from '../models/model.ts'
import { scaleFactor } from '../scores/scale.ts'
import { rawScoresOfMargins, type Scorer } from '../scores/scorer.ts'

export interface Link {
  readonly kind: 'linear' | 'rescaled'
  /** raw score of the background */
  readonly base: number
  /** points per unit of contribution for rows with these outputs */
  stretch(outputs: Float64Array): Float64Array
}

/** Below this share of its range the difference of two outputs is too small to divide by; the slope takes its place. */
const SMALL = 1e-7

/** @param outputBase output of the background: log-odds, or a mean probability where the model averages those */
export const linkOf = (scorer: Scorer, outputBase: number): Link => {
  const { model, calibration, scale } = scorer
  const probability = isTreeModel(model) && model.output === 'probability'
  const scores = (outputs: Float64Array): Float64Array =>
    rawScoresOfMargins(scorer, probability ? outputs.map(logit) : outputs)
  const base = scores(Float64Array.of(outputBase))[0]!
  if (calibration.kind === 'platt' && !probability) {
    const constant = -scaleFactor(scale) * calibration.slope
    return { kind: 'linear', base, stretch: (outputs) => new Float64Array(outputs.length).fill(constant) }
  }
  const range = probability ? Math.min(outputBase, 1 - outputBase) : 1
  const step = 1e-5 * range
  const [below, above] = scores(Float64Array.of(outputBase - step, outputBase + step))
  const slope = (above! - below!) / (2 * step)
  return {
    kind: 'rescaled',
    base,
    stretch: (outputs) =>
      scores(outputs).map((score, i) => {
        const difference = outputs[i]! - outputBase
        return Math.abs(difference) > SMALL * range ? (score - base) / difference : slope
      }),
  }
}
