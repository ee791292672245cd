/** What the receipts of everybody explained come to: explanation.json with every number, and explanation.html that shows them. */
import { join } from 'node:path'
import type { ExplanationOfAll, ExplanationReport, ReportedAgainst } from '../reports/explanationReport.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { canonicalJson, sha256File } from '../util/hash.ts'
import { VERSION } from '../util/version.ts'
import { type ExplainedAgainst, type ExplainedModel, type ExplainSummary, explainedAgainst } from './explainSummary.ts'
import type { LoadedFeatures } from './loadFeatures.ts'
import type { StageContext } from './stage.ts'

/** Every number of an explanation. */
export const EXPLANATION_JSON = 'explanation.json'
/** The page; it shows the numbers of explanation.json and no others. */
export const EXPLANATION_HTML = 'explanation.html'

/** Writes an explanation and its page, which is made from the JSON as it was written. */
export const writeExplanationFiles = async (folder: string, report: ExplanationReport): Promise<void> => {
  const text = `${canonicalJson(report, 2)}\n`
  await writeFileAtomic(join(folder, EXPLANATION_JSON), text)
  // Loaded here alone: other commands do not wait for the charts.
  const { renderExplanation } = await import('../reports/explanationPage.ts')
  await writeFileAtomic(join(folder, EXPLANATION_HTML), renderExplanation(JSON.parse(text) as ExplanationReport))
}

const largestFirst = <T>(list: readonly T[], of: (item: T) => number): T[] => list.toSorted((a, b) => of(b) - of(a))

const againstOf = (found: ExplainedAgainst, dimensionOf: ReadonlyMap<string, string>): ReportedAgainst => {
  const factors = Object.entries(found.meanAbsolutePoints.factors)
  const forms = Object.entries(found.dimensionForms)
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
  const share = (value: number, total: number): number => (total > 0 ? value / total : 0)
  const [ofFactors, ofDimensions] = [sum(factors.map(([, points]) => points)), sum(forms.map(([, { game }]) => game))]
  return {
    backgroundId: found.backgroundId,
    sentence: found.background,
    rows: found.backgroundRows,
    semantics: found.semantics,
    link: found.link,
    base: found.base,
    rowsChecked: found.rowsChecked,
    rowsFailing: found.rowsFailing,
    persons: found.persons,
    additivityGap: found.additivityGap,
    factors: largestFirst(
      factors.map(([factor, meanAbsolutePoints]) => ({
        factor,
        dimension: dimensionOf.get(factor) ?? '',
        meanAbsolutePoints,
        low: found.factorIntervals[factor]?.[0] ?? null,
        high: found.factorIntervals[factor]?.[1] ?? null,
        ...(found.meanStandardError ? { standardError: found.meanStandardError[factor] ?? 0 } : {}),
        share: share(meanAbsolutePoints, ofFactors),
      })),
      (f) => f.meanAbsolutePoints,
    ),
    dimensions: largestFirst(
      forms.map(([dimension, form]) => ({ dimension, share: share(form.game, ofDimensions), ...form })),
      (d) => d.game,
    ),
  }
}

const datesOf = (dates: readonly string[]): ExplanationOfAll['dates'] => {
  const all = [...new Set(dates)].sort()
  return all.length === 0 ? null : { first: all[0]!, last: all.at(-1)!, count: all.length }
}

const modelOf = (
  [name, model]: [string, ExplainedModel],
  dimensionOf: ReadonlyMap<string, string>,
): ExplanationOfAll['models'][number] => ({
  name,
  modelHash: model.modelHash,
  linear: model.linear,
  backgrounds: explainedAgainst(model).map((found) => againstOf(found, dimensionOf)),
})

/**
 * Writes both files beside the receipts.
 * @param explained the feature table that was explained
 */
export const writeExplanation = async (
  { folder, seed }: Pick<StageContext, 'folder' | 'seed'>,
  summary: ExplainSummary,
  explained: { folder: string; loaded: LoadedFeatures },
): Promise<void> => {
  const { table, frame } = explained.loaded
  const dimensionOf = new Map(table.factors.map((f) => [f.name, f.dimension]))
  await writeExplanationFiles(folder, {
    format: 'glasscore.explanation',
    version: 1,
    kind: 'all',
    glasscore: VERSION,
    seed,
    source: table.name,
    rows: summary.rows,
    dates: datesOf(frame.observationDate),
    protectedColumns: table.protectedColumns,
    models: Object.entries(summary.models).map((entry) => modelOf(entry, dimensionOf)),
    notes: summary.notes,
    inputs: {
      'features.parquet': await sha256File(join(explained.folder, 'features.parquet')),
      'receipts.parquet': await sha256File(join(folder, 'receipts.parquet')),
    },
  })
}
