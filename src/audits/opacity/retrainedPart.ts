/** (f) and (h) of an audit: what trainings on other samples of the same people say. */
import type { LeftOut, OnePerson, RetrainedShare } from './findings.ts'
import { firstReasons } from './firstReasons.ts'
import { type EqualModel, type Multiplicity, type MultiplicityRows, multiplicity } from './multiplicity.ts'
import { onePerson } from './onePerson.ts'
import type { OpacityView } from './opacityView.ts'
import { type ReasonInstability, reasonInstability } from './reasonInstability.ts'
import type { AuditWork } from './refit.ts'
import { type Retraining, retrainings } from './retrainings.ts'

const sharesOf = (done: readonly Retraining[], dimensions: readonly string[]): (RetrainedShare | null)[] =>
  dimensions.map((_, d) => {
    const values = done.map(({ shares }) => shares[d]!).filter(Number.isFinite)
    return values.length > 0 ? { low: Math.min(...values), high: Math.max(...values) } : null
  })

/** What came of the trainings: of everybody, and of every row looked at. */
export interface RetrainedPart {
  retrainedShares: (RetrainedShare | null)[]
  failed: number
  reasons: { figures: ReasonInstability; byRow: Float64Array } | null
  multiplicity: { figures: Multiplicity; byRow: MultiplicityRows } | null
  person: OnePerson | null
  leftOut: LeftOut[]
}

/** Trains the model again and compares. */
export const retrainedPart = async (
  { input, frame, persons, points, used, score }: OpacityView,
  work: AuditWork,
): Promise<RetrainedPart> => {
  const { recipe, dimensions, train, held, settings, calibration, random } = input
  const { cutoff, tolerance } = settings
  const { done, failed } = await retrainings(
    {
      recipe,
      train,
      held,
      looked: frame,
      dimensions,
      count: settings.retrainings,
      calibration,
      random: random.fork('retrainings'),
    },
    work,
  )
  const firsts = done.map((r) => firstReasons(r.points, frame, r.used))
  const models = done.map(
    (again, b): EqualModel => ({
      auc: again.auc,
      score: again.score,
      first: firsts[b]!.map((r) => r?.group ?? null),
    }),
  )
  const many = multiplicity(models, { tolerance, cutoff }, persons)
  const words = new Map(firsts.flat().flatMap((r) => (r ? [[r.group, r.text] as const] : [])))
  const best = Math.max(...models.map((m) => m.auc))
  const equal = models.filter((m) => m.auc >= best - tolerance)
  return {
    retrainedShares: sharesOf(done, dimensions),
    failed,
    reasons: done.length > 0 ? reasonInstability({ points, used }, done, frame, persons) : null,
    multiplicity: many,
    person: many ? onePerson(many.byRow, score, equal, words) : null,
    leftOut: many
      ? []
      : [{ part: 'multiplicity', reason: 'fewer than two trainings reached an AUC within the tolerance' }],
  }
}
