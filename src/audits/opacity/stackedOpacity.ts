/** Opacity stacked on opacity: factors that are themselves what somebody else's model or formula says. */

import type { FactorSpec } from '../../schema/factor.ts'
import { FACTOR_CATALOGUE } from '../../schema/factorCatalogue.ts'
import { usageError } from '../../util/errors.ts'
import { nameHint } from '../../util/nearestName.ts'
import type { Bounds } from '../fairness/intervals.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { overPersons, type Persons } from './overPersons.ts'

/** A factor that comes out of a model or an index, and why it is taken for one. */
export interface MadeFactor {
  factor: string
  kind: 'model' | 'index' | 'named'
  source: string
}

/** What such factors weigh. */
export interface StackedOpacity {
  /** where the list is from */
  text: string
  factors: (MadeFactor & { share: Bounds })[]
  /** share of all absolute points that goes to them; null where it is not known of any factor whether it is one */
  share: Bounds | null
}

/** Indexes of the catalogue that are formulas over many people's data; the catalogue itself marks what a model has inferred. */
const INDEXES: Readonly<Record<string, string>> = {
  social_influence_index:
    'an index of the operator over the contact network; ours is a formula, the public one is not published',
  credit_environment_index: 'an index over the repayment of other people: the contacts',
}

/**
 * The factors of a table that are outputs of models or indexes: those that the catalogue marks as inferred, its two indexes, and those named. A factor of
 * another table under a name of the catalogue is none of the catalogue's.
 */
export const madeFactors = (factors: readonly FactorSpec[], named: readonly string[] = []): MadeFactor[] => {
  const catalogue = new Map(FACTOR_CATALOGUE.map((f) => [f.name, f]))
  return factors.flatMap(({ name, dimension }): MadeFactor[] => {
    const known = catalogue.get(name)
    const ours = known?.dimension === dimension
    if (ours && known.context === 'inferred')
      return [{ factor: name, kind: 'model', source: `factor catalogue: ${known.reasonText.toLowerCase()}` }]
    if (ours && Object.hasOwn(INDEXES, name)) return [{ factor: name, kind: 'index', source: INDEXES[name]! }]
    return named.includes(name) ? [{ factor: name, kind: 'named', source: 'named for this audit' }] : []
  })
}

/**
 * Checks factors that were named as outputs of models.
 * @throws GlasscoreError('usage') for a name that is no factor
 */
export const checkMadeElsewhere = (named: readonly string[], factors: readonly FactorSpec[]): void => {
  const known = factors.map((f) => f.name)
  const unknown = named.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw usageError('there is no such factor', {
      option: 'made-elsewhere',
      got: unknown,
      hint: nameHint(unknown, known),
    })
}

const isCatalogued = (factors: readonly FactorSpec[]): boolean => {
  const catalogue = new Map(FACTOR_CATALOGUE.map((f) => [f.name, f.dimension]))
  return factors.some(({ name, dimension }) => catalogue.get(name) === dimension)
}

/** Share of each row's absolute points that goes to some factors; NaN where a row has none. */
export const shareOfFactors = ({ players, rows, points }: PointTable, chosen: readonly number[]): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => {
    let all = 0
    for (let p = 0; p < players; p++) all += Math.abs(points[p * rows + i]!)
    return chosen.reduce((sum, p) => sum + Math.abs(points[p * rows + i]!), 0) / all
  })

/**
 * What factors that are outputs themselves weigh.
 * @param factors in the order of the players
 * @param named factors that are known to be outputs of models beside those of the catalogue
 * @returns the figures, and the share of every row; null where nothing is known of the factors
 */
export const stackedOpacity = (
  factors: readonly FactorSpec[],
  table: PointTable,
  persons: Persons,
  named: readonly string[] = [],
): { figures: StackedOpacity; byRow: Float64Array | null } => {
  const found = madeFactors(factors, named)
  if (!isCatalogued(factors) && found.length === 0)
    return {
      figures: {
        text: 'The table does not say which of its factors are outputs of models, and none was named.',
        factors: [],
        share: null,
      },
      byRow: null,
    }
  const at = found.map(({ factor }) => factors.findIndex((f) => f.name === factor))
  const { rows, points, players } = table
  const sumsOf = (chosen: readonly number[], w?: Float64Array): number => {
    let sum = 0
    for (const p of chosen) for (let i = 0; i < rows; i++) sum += (w ? w[i]! : 1) * Math.abs(points[p * rows + i]!)
    return sum
  }
  const everything = [...new Array(players).keys()]
  const figures = overPersons((w) => {
    const all = sumsOf(everything, w)
    return [sumsOf(at, w) / all, ...at.map((p) => sumsOf([p], w) / all)]
  }, persons)
  return {
    figures: {
      text: 'Factors that the catalogue marks as inferred by a model, its two indexes, and those named for this audit.',
      factors: found.map((f, k) => ({ ...f, share: figures[1 + k]! })),
      share: figures[0]!,
    },
    byRow: shareOfFactors(table, at),
  }
}
