/**
 * What a pipeline finds in shuffled labels: nothing, unless it looks where it must not. Each permutation trains anew; the
 * quantiles are those of AUC and KS under no relation at all, retraining included.
 */
import { auc } from '../metrics/auc.ts'
import { type Interval, quantile } from '../metrics/bootstrap.ts'
import { type KolmogorovSmirnov, ks } from '../metrics/ks.ts'
import type { Random } from '../util/random.ts'
import type { ModelFigures } from './figures.ts'
import type { Trained } from './fitModels.ts'
import { permuteLabels } from './labels.ts'

/** Mean over permutations, and their 2.5 and 97.5 % quantiles. */
const spread = (values: readonly number[]): Interval => {
  const sorted = Float64Array.from(values).sort()
  const value = values.reduce((a, b) => a + b, 0) / values.length
  return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
}

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
  const found = new Map<string, { aucs: number[]; distances: KolmogorovSmirnov[]; last: Trained }>()
  for (let p = 0; p < permutations; p++) {
    const stream = root.fork('permutation', p)
    for (const trained of await trainOn(permuteLabels(target, stream.fork('labels')), stream)) {
      const entry = found.get(trained.learner.kind) ?? { aucs: [], distances: [], last: trained }
      entry.aucs.push(auc(trained.held.margin, trained.held.target))
      entry.distances.push(ks(trained.held.margin, trained.held.target))
      entry.last = trained
      found.set(trained.learner.kind, entry)
    }
  }
  return Object.fromEntries(
    [...found].map(([name, { aucs, distances, last }]): [string, ModelFigures] => {
      const auc = spread(aucs)
      const { held } = last
      return [
        name,
        {
          rows: held.target.length,
          bads: held.target.reduce((a, b) => a + b, 0),
          auc,
          gini: { value: 2 * auc.value - 1, low: 2 * auc.low - 1, high: 2 * auc.high - 1 },
          // Where it was reached in the last permutation: it lies elsewhere each time.
          ks: { ...spread(distances.map((d) => d.value)), at: distances.at(-1)!.at },
          report: { permutations, aucs, options: last.learner.options },
        },
      ]
    }),
  )
}
