/** Score, points, reasons of a person whose values are moved: the library's own scoring, explanation and receipt, one row at a time. */
import { type Explainer, openExplainer } from '../attributions/explainer.ts'
import { reasonFactors } from '../attributions/reasonFactors.ts'
import { type PrincipalReasons, principalReasons } from '../attributions/reasons.ts'
import { type Receipts, receipts } from '../attributions/receipt.ts'
import { usedFactors } from '../attributions/usedFactors.ts'
import type { Pool } from '../kernels/pool.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { type BandName, bandOf } from '../schema/score.ts'
import type { Scorer } from '../scores/scorer.ts'
import type { DimensionPlaces, PersonData, Value, Values } from './personData.ts'

/** What the page shows for some values. */
export interface MovedPerson {
  score: number
  band: BandName
  /** base + all points + scaleLimit = score */
  base: number
  scaleLimit: number
  /** whole points, one a factor, in the order of the encoding */
  points: readonly number[]
  /** whole points of the game whose players are the dimensions, and their mid-rank in the table; null where that is not known */
  dimensions: readonly { name: string; title: string; points: number; place: number | null }[]
  reasons: PrincipalReasons
}

/** A frame of rows with the given values. */
export const frameOf = (factors: readonly FactorSpec[], rows: readonly Values[]): FactorFrame => {
  const frame: FactorFrame = {
    rows: rows.length,
    personId: rows.map(() => 'person'),
    observationDate: rows.map(() => '2000-01-01'),
    factors,
    numbers: {},
    categories: {},
  }
  factors.forEach(({ name, kind }, f) => {
    if (kind === 'category') frame.categories[name] = rows.map((row) => row[f] as string | null)
    else frame.numbers[name] = Float64Array.from(rows, (row) => (row[f] === null ? Number.NaN : (row[f] as number)))
  })
  return frame
}

/** Mid-rank of so many points; beyond the ends that of the end. */
const placeOf = ({ from, midRanks }: DimensionPlaces, points: number): number | null =>
  midRanks.length === 0 ? null : midRanks[Math.min(midRanks.length - 1, Math.max(0, points - from))]!

/** A scorer that answers for one person. */
export class MovePerson {
  readonly #data: PersonData
  readonly #scorer: Scorer
  readonly #explainer: Explainer
  readonly #used: readonly boolean[]

  private constructor(data: PersonData, scorer: Scorer, explainer: Explainer) {
    this.#data = data
    this.#scorer = scorer
    this.#explainer = explainer
    this.#used = usedFactors(scorer)
  }

  /** @throws GlasscoreError('usage') for a model whose scores cannot be split into points */
  static async open(data: PersonData, scorer: Scorer, pool: Pool): Promise<MovePerson> {
    return new MovePerson(data, scorer, await openExplainer(scorer, { rows: 1, pool }))
  }

  /** Everything that is shown for some values. */
  async of(values: Values): Promise<MovedPerson> {
    const { encoding } = this.#scorer
    const frame = frameOf(encoding.factors, [values])
    const receipt: Receipts = receipts(await this.#explainer.of(frame))
    const points = [...receipt.points]
    const { factors } = this.#data
    const reasons = principalReasons(
      reasonFactors({
        factors: encoding.factors,
        points,
        frame,
        row: 0,
        used: this.#used,
        references: factors.map(({ reference }) => reference),
        missing: factors.map(({ own, missing }, f) => (values[f] === null && own === null ? missing : null)),
      }),
    )
    const score = receipt.score[0]!
    return {
      score,
      band: bandOf(score),
      base: receipt.base,
      scaleLimit: receipt.scaleLimit[0]!,
      points,
      dimensions: this.#data.dimensions.map((dimension, d) => {
        const points = receipt.dimensionPoints[d]!
        return { name: dimension.name, title: dimension.title, points, place: placeOf(dimension, points) }
      }),
      reasons,
    }
  }
}

/** Whether two values are the same. */
export const sameValue = (a: Value, b: Value): boolean => a === b
