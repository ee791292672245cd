/**
 * What a pipeline finds in shuffled labels: nothing, unless it looks where it must not. Each permutation trains anew; the
 * quantiles are those of the AUC under no relation at all, retraining included.
 */
import { auc } from '../metrics/auc.ts'
import { quantile } from '../metrics/bootstrap.ts'
import { ks } from '../metrics/ks.ts'
import type { Random } from '../util/random.ts'
import type { ModelFigures } from './figures.ts'
import type { Trained } from './fitModels.ts'
import { permuteLabels } from './labels.ts'

/**
 * @param target the real labels, 1 = bad
 * @param trainOn trains all models on other labels with the given stream
 */
export const rankPermuted = async (
  permutations: number,
  target: Uint8Array,
  root: Random,
  trainOn: (target: Uint8Array, stream: Random) => Promise<Trained[]>,
): Promise<Record<string, ModelFigures>> => {
  const found = new Map<string, { aucs: number[]; last: Trained }>()
  for (let p = 0; p < permutations; p++) {
    const stream = root.fork('permutation', p)
    for (const trained of await trainOn(permuteLabels(target, stream.fork('labels')), stream)) {
      const entry = found.get(trained.learner.kind) ?? { aucs: [], last: trained }
      entry.aucs.push(auc(trained.held.margin, trained.held.target))
      entry.last = trained
      found.set(trained.learner.kind, entry)
    }
  }
  return Object.fromEntries(
    [...found].map(([name, { aucs, last }]): [string, ModelFigures] => {
      const sorted = Float64Array.from(aucs).sort()
      const value = aucs.reduce((a, b) => a + b, 0) / aucs.length
      const interval = { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
      const { held } = last
      return [
        name,
        {
          rows: held.target.length,
          bads: held.target.reduce((a, b) => a + b, 0),
          auc: interval,
          gini: { value: 2 * value - 1, low: 2 * interval.low - 1, high: 2 * interval.high - 1 },
          ks: ks(held.margin, held.target),
          report: { permutations, aucs, options: last.learner.options },
        },
      ]
    }),
  )
}
