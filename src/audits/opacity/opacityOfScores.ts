/** What can be said of the opacity of scores whose model is not there: factors, scores, and nothing else. */
import { type FactorFrame, takeRows } from '../../matrix/frame.ts'
import { splitByPerson } from '../../matrix/splits.ts'
import { dataError } from '../../util/errors.ts'
import type { Random } from '../../util/random.ts'
import type { ProtectedColumn } from '../fairness/auditRows.ts'
import { groupByAttribute, mergeSmallest } from '../fairness/groupings.ts'
import type { Bounds } from '../fairness/intervals.ts'
import { fitReader } from './boostedReader.ts'
import { factorBins } from './factorBins.ts'
import type { LeftOut } from './findings.ts'
import { LEAST_PERSONS } from './groupParts.ts'
import { INDEX_COMPONENTS, type IndexComponent, weightedMean } from './opacityIndex.ts'
import { meanOf, overPersons, type Persons, personsOf } from './overPersons.ts'
import type { CodedColumns } from './regressionTree.ts'
import { madeFactors } from './stackedOpacity.ts'
import { r2Of, type Surrogates, surrogatesOf } from './surrogates.ts'

/** Scores of a file, with the factors that stand beside them. */
export interface ScoredFile {
  frame: FactorFrame
  /** a greater one is safer */
  score: Float64Array
  /** protected columns; empty: there are none */
  groups: readonly ProtectedColumn[]
}

/** A factor or a dimension, and what is lost of the score when its values are dealt anew among the people. */
export interface MaskedPart {
  name: string
  dimension: string
  /** fall of the reader's R2 [95 % interval over persons], mean over shuffles */
  lost: Bounds
  /** of the sum of the falls above 0; not known where the score is not told */
  share: Bounds
  /** of dimensions; null where nothing was declared */
  declared: number | null
}

/** How well the score of some people can be told from their factors. */
export interface GroupFidelity {
  by: string
  group: string
  rows: number
  persons: number
  /** by the strong reader; null: not enough evidence */
  r2: Bounds | null
  agreement: Bounds | null
}

/** The audit of a file. */
export interface FileOpacity {
  rows: number
  persons: number
  /** rows that surrogates learned from, and rows that they are measured on */
  learned: number
  looked: number
  factors: number
  cutoff: number
  surrogates: Surrogates
  /** boosted trees on all factors: what the factors tell of the score at all */
  reader: { r2: Bounds; agreement: Bounds }
  /** the reader tells something of the score: its R2 is above 0. False: nothing can be said of what the factors weigh */
  told: boolean
  /** fewest factors of a scorecard with 95 % of the R2 of the reader; null: more than it was grown to, or the score is not told */
  cardForReader: number | null
  /** strongest first, at most thirty */
  byFactor: MaskedPart[]
  byDimension: MaskedPart[]
  /** half of the sum of absolute differences between declared weights and shares; null where nothing was declared, or the score is not told */
  distance: Bounds | null
  groups: GroupFidelity[]
  /** share of the falls that goes to outputs of other models; null where it is not known */
  madeElsewhere: { factor: string; source: string; share: number | null }[]
  index: { value: number | null; parts: { component: IndexComponent; text: string; value: number | null }[] }
  leftOut: LeftOut[]
}

/** What the audit of a file is told. */
export interface FileSettings {
  cutoff: number
  repeats: number
  replicates: number
  declared: readonly (number | null)[]
  dimensions: readonly string[]
  madeElsewhere: readonly string[]
  random: Random
}

const NOT_KNOWN: Bounds = { value: null, low: null, high: null }

const READER_BINS = 63
const LOOKED_SHARE = 0.3
const MOST_FACTORS = 30

const WITHOUT_MODEL: readonly LeftOut[] = [
  { part: 'points, interactions and factors needed', reason: 'they are taken from the model, and it is not there' },
  { part: 'pentagon', reason: 'it draws the points of dimensions' },
  { part: 'AUC lost without a dimension', reason: 'the model cannot be trained again' },
  { part: 'reasons under retraining and multiplicity', reason: 'the model cannot be trained again' },
  { part: 'methods of explanation', reason: 'they need the model' },
]

const permuted = (columns: CodedColumns, chosen: ReadonlySet<number>, order: Int32Array): CodedColumns => ({
  ...columns,
  codes: columns.codes.map((codes, c) => (chosen.has(c) ? codes.map((_, i) => codes[order[i]!]!) : codes)),
})

const sameSide = (y: Float64Array, said: Float64Array, cutoff: number): Float64Array =>
  Float64Array.from(y, (v, i) => (v >= cutoff === said[i]! >= cutoff ? 1 : 0))

/**
 * Audits scores by surrogates: what small ones tell, what a strong one tells at all, and which factors it needs for it.
 * @throws GlasscoreError('data') for fewer than 100 persons, or scores that are all alike
 */
export const opacityOfScores = (file: ScoredFile, settings: FileSettings): FileOpacity => {
  const { frame, score, groups } = file
  const { cutoff, repeats, replicates, declared, dimensions, random } = settings
  const persons = new Set(frame.personId).size
  if (persons < 100)
    throw dataError('too few people to learn a score from', { expected: '100 persons or more', got: persons })
  const first = score[0]
  if (score.every((s) => s === first))
    throw dataError('all scores are alike', { expected: 'scores that differ', got: first })
  const half = Uint8Array.from(score, (s) => (s < cutoff ? 1 : 0))
  const { train, test } = splitByPerson(frame.personId, half, LOOKED_SHARE, random.fork('split'))
  const part = (rows: Int32Array) => ({
    frame: takeRows(frame, rows),
    score: Float64Array.from(rows, (i) => score[i]!),
  })
  const [learn, look] = [part(train), part(test)]
  const drawn: Persons = {
    personId: look.frame.personId,
    // Persons are drawn plainly: drawn by decision, shares of decisions would have no spread.
    target: new Uint8Array(test.length),
    replicates,
    random: random.fork('bootstrap'),
  }
  const surrogates = surrogatesOf(learn, look, cutoff, drawn)
  const bins = factorBins(learn.frame, learn.score, READER_BINS)
  const coded = (rows: FactorFrame): CodedColumns => ({
    rows: rows.rows,
    bins: bins.map((b) => b.bins),
    codes: bins.map((b) => b.codes(rows)),
  })
  const reader = fitReader(coded(learn.frame), learn.score, { rounds: 150, depth: 5 })
  const columns = coded(look.frame)
  const said = reader(columns)
  const same = sameSide(look.score, said, cutoff)

  const masked = (chosen: readonly number[], stream: Random): Float64Array[] =>
    Array.from({ length: repeats }, (_, k) => {
      const order = stream.fork('shuffle', k).shuffle(Int32Array.from({ length: columns.rows }, (_i, i) => i))
      return reader(permuted(columns, new Set(chosen), order))
    })
  const [readerR2, readerSame] = overPersons((w) => [r2Of(look.score, said, w), meanOf(same, w)], drawn)
  const told = (readerR2!.value ?? 0) > 0
  const byName = frame.factors.map((f, c) => ({
    name: f.name,
    dimension: f.dimension,
    columns: [c],
    declared: null as number | null,
    said: masked([c], random.fork('factor', c)),
  }))
  const several = dimensions.length > 1
  const byDimension = several
    ? dimensions.map((name, d) => {
        const own = frame.factors.flatMap((f, c) => (f.dimension === name ? [c] : []))
        return {
          name,
          dimension: name,
          columns: own,
          declared: declared[d] ?? null,
          said: masked(own, random.fork('dimension', d)),
        }
      })
    : []
  const fallOf = (all: readonly Float64Array[], w?: Float64Array): number => {
    const whole = r2Of(look.score, said, w)
    return whole - all.reduce((sum, s) => sum + r2Of(look.score, s, w), 0) / all.length
  }
  const partsOf = (all: typeof byName): MaskedPart[] => {
    if (all.length === 0) return []
    const figures = overPersons((w) => {
      const falls = all.map((one) => fallOf(one.said, w))
      const sum = falls.reduce((a, b) => a + Math.max(0, b), 0)
      return [...falls, ...falls.map((fall) => Math.max(0, fall) / sum)]
    }, drawn)
    return all.map(({ name, dimension, declared: weight }, k) => ({
      name,
      dimension,
      lost: figures[k]!,
      share: told ? figures[all.length + k]! : NOT_KNOWN,
      declared: weight,
    }))
  }
  const ofFactors = partsOf(byName)
  const ofDimensions = partsOf(byDimension)
  const someDeclared = told && ofDimensions.some((d) => d.declared !== null)
  const distance = someDeclared
    ? overPersons((w) => {
        const falls = byDimension.map((one) => Math.max(0, fallOf(one.said, w)))
        const sum = falls.reduce((a, b) => a + b, 0)
        return [falls.reduce((all, fall, d) => all + Math.abs((byDimension[d]!.declared ?? 0) - fall / sum) / 2, 0)]
      }, drawn)[0]!
    : null
  const wanted = 0.95 * (readerR2!.value ?? Number.NaN)
  const card = told ? surrogates.cards.find((c) => (c.r2.value ?? Number.NEGATIVE_INFINITY) >= wanted) : undefined
  const made = madeFactors(frame.factors, settings.madeElsewhere)
  const shareOfMade = made.map(({ factor, source }) => ({
    factor,
    source,
    share: ofFactors.find((f) => f.name === factor)?.share.value ?? null,
  }))
  const bestCard = Math.max(...surrogates.cards.map((c) => c.r2.value ?? Number.NEGATIVE_INFINITY))
  const parts: Partial<Record<IndexComponent, number | null>> = {
    surrogate: Math.min(1, Math.max(0, 1 - bestCard)),
    misdeclared: distance?.value ?? null,
    stacked: told && made.length > 0 ? shareOfMade.reduce((sum, m) => sum + (m.share ?? 0), 0) : null,
  }
  const index = weightedMean(parts)
  return {
    rows: frame.rows,
    persons,
    learned: learn.frame.rows,
    looked: look.frame.rows,
    factors: frame.factors.length,
    cutoff,
    surrogates,
    reader: { r2: readerR2!, agreement: readerSame! },
    told,
    cardForReader: card?.factors ?? null,
    byFactor: [...ofFactors]
      .sort((a, b) => (b.lost.value ?? 0) - (a.lost.value ?? 0) || (a.name < b.name ? -1 : 1))
      .slice(0, MOST_FACTORS),
    byDimension: ofDimensions,
    distance,
    groups: fidelityOfGroups(groups, test, { score: look.score, said, same }, drawn),
    madeElsewhere: shareOfMade,
    index: {
      value: Number.isNaN(index) ? null : index,
      parts: (['surrogate', 'misdeclared', 'stacked'] as const).map((component) => ({
        component,
        text: INDEX_COMPONENTS[component],
        value: parts[component] ?? null,
      })),
    },
    leftOut: [
      ...WITHOUT_MODEL,
      ...(several
        ? []
        : [{ part: 'dimensions', reason: 'the file does not say which factor is of which (--dimension)' }]),
      ...(groups.length > 0 ? [] : [{ part: 'groups', reason: 'no column of groups was named (--groups)' }]),
    ],
  }
}

/** Whether the score can be told as well for everybody. */
const fidelityOfGroups = (
  columns: readonly ProtectedColumn[],
  rows: Int32Array,
  { score, said, same }: { score: Float64Array; said: Float64Array; same: Float64Array },
  drawn: Persons,
): GroupFidelity[] =>
  columns.flatMap((column) => {
    const values = Array.from(rows, (i) => column.values[i]!)
    const { groups, of } = mergeSmallest(groupByAttribute({ name: column.name, values }, undefined))
    return groups.map(({ label }, g): GroupFidelity => {
      const at = [...of.keys()].filter((i) => of[i] === g)
      const own = personsOf(drawn, at)
      const persons = new Set(own.personId).size
      const pick = (from: Float64Array) => Float64Array.from(at, (i) => from[i]!)
      const [y, its, hits] = [pick(score), pick(said), pick(same)]
      const [r2, agreement] =
        persons >= LEAST_PERSONS ? overPersons((w) => [r2Of(y, its, w), meanOf(hits, w)], own) : [null, null]
      return { by: column.name, group: label, rows: at.length, persons, r2: r2 ?? null, agreement: agreement ?? null }
    })
  })
