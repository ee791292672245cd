/** What a report says of importance: mean absolute points of factors and dimensions over everybody explained, with intervals over persons. */
import type { Engine } from '../engines/engine.ts'
import { identifier, literal } from '../engines/sql.ts'
import { type PersonMoments, personMean } from '../metrics/personMean.ts'
import type { DimensionImportance, Importance, MeanPoints } from '../reports/runReport.ts'
import { declaredShares } from './declaredShares.ts'
import type { ReportSources } from './reportSources.ts'

/** Expressions added up at once: a group a person for each is held meanwhile. */
const AT_ONCE = 24

/** Absolute values of an expression over the rows of a model. */
interface AbsoluteOf {
  moments: PersonMoments
  most: number
}

/**
 * Moments over persons of the absolute values of expressions of whole numbers; sums are exact.
 * @param expressions SQL over the columns of the receipts
 */
const absoluteMoments = async (
  engine: Engine,
  receipts: string,
  model: string,
  expressions: readonly string[],
): Promise<AbsoluteOf[]> => {
  const found: AbsoluteOf[] = []
  for (let from = 0; from < expressions.length; from += AT_ONCE) {
    const some = expressions.slice(from, from + AT_ONCE)
    const bySum = some.map((e, i) => `sum(abs(${e}))::BIGINT AS s${i}, max(abs(${e}))::INTEGER AS m${i}`)
    const moments = some.map(
      (_, i) =>
        `sum(s${i})::DOUBLE AS sum_${i}, sum(s${i} * s${i})::DOUBLE AS squares_${i}, sum(s${i} * k)::DOUBLE AS products_${i}, max(m${i}) AS most_${i}`,
    )
    const [row] = await engine.rows<Record<string, number>>(
      `WITH persons AS (SELECT count(*)::BIGINT AS k, ${bySum.join(', ')}
         FROM read_parquet(${literal(receipts)}) WHERE model = ${literal(model)} GROUP BY person_id)
       SELECT count(*) AS persons, sum(k)::DOUBLE AS rows, sum(k * k)::DOUBLE AS row_squares, ${moments.join(', ')} FROM persons`,
    )
    some.forEach((_, i) => {
      const of = (name: string): number => row![name]!
      found.push({
        moments: {
          persons: of('persons'),
          rows: of('rows'),
          rowSquares: of('row_squares'),
          sum: of(`sum_${i}`),
          squares: of(`squares_${i}`),
          products: of(`products_${i}`),
        },
        most: of(`most_${i}`),
      })
    })
  }
  return found
}

/** A mean of absolute values is not below zero, so neither is the limit of its interval. */
const meanPoints = ({ moments }: AbsoluteOf): MeanPoints => {
  const { value, low, high } = personMean(moments)
  return {
    meanAbsolutePoints: value,
    low: Number.isNaN(low) ? null : Math.max(0, low),
    high: Number.isNaN(high) ? null : high,
  }
}

const withShares = <T extends MeanPoints>(means: readonly T[]): (T & { share: number })[] => {
  const total = means.reduce((sum, m) => sum + m.meanAbsolutePoints, 0)
  return means
    .map((m) => ({ ...m, share: total > 0 ? m.meanAbsolutePoints / total : 0 }))
    .sort((a, b) => b.meanAbsolutePoints - a.meanAbsolutePoints)
}

/** Importance by a model, nothing of single rows in it yet; null where it has no receipts. */
export const reportImportance = async (
  { engine, receipts, layout, explained, factors: specs, scorers }: ReportSources,
  model: string,
): Promise<Importance | null> => {
  const summary = explained.models[model]
  if (!summary || receipts === undefined) return null
  const used = summary.meanAbsolutePoints
  const factors = layout.factors.filter(({ name }) => Object.hasOwn(used.factors, name))
  const dimensions = layout.dimensions.filter(({ name }) => Object.hasOwn(used.dimensions, name))
  const dimensionOf = new Map(specs.map((f) => [f.name, f.dimension]))
  const members = dimensions.map(({ name }) => factors.filter((f) => dimensionOf.get(f.name) === name))
  const sums = members.map((own) => own.map(({ column }) => identifier(column)).join(' + ') || '0')
  const exact = dimensions.map(({ column }) => identifier(column))
  const [n, d] = [factors.length, dimensions.length]
  const found = await absoluteMoments(engine, receipts, model, [
    ...factors.map(({ column }) => identifier(column)),
    ...exact,
    ...sums,
    ...exact.map((column, i) => `${column} - (${sums[i]!})`),
  ])
  const declared = declaredShares(scorers, specs)
  const { persons, rows } = found[0]!.moments
  return {
    rows,
    persons,
    semantics: summary.semantics,
    backgroundId: summary.backgroundId,
    link: summary.link,
    base: summary.base,
    factors: withShares(
      factors.map(({ name }, i) => ({ factor: name, dimension: dimensionOf.get(name)!, ...meanPoints(found[i]!) })),
    ),
    dimensions: withShares(
      dimensions.map(
        ({ name }, i): Omit<DimensionImportance, 'share'> => ({
          dimension: name,
          ...meanPoints(found[n + i]!),
          declaredShare: declared.get(name) ?? null,
          factors: members[i]!.length,
          members: meanPoints(found[n + d + i]!),
          difference: meanPoints(found[n + 2 * d + i]!),
          largestDifference: found[n + 2 * d + i]!.most,
        }),
      ),
    ),
    swarm: [],
    dependence: [],
    rowsChecked: summary.rowsChecked,
    rowsFailing: summary.rowsFailing,
    additivityGap: summary.additivityGap,
  }
}
