/**
 * Backgrounds by name: the rows that a score is measured from. Which rows they are decides what points mean, so each has an identity and a
 * sentence that go with the points.
 */
import { came, checkRecord, isList, isRecord } from '../kernels/checkInput.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import { refuseProtected } from '../matrix/refuseProtected.ts'
import { checkNumber } from '../models/checkOptions.ts'
import { dataError, usageError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'
import { type BackgroundSpec, checkSpec } from './backgroundSpec.ts'
import { slug } from './slug.ts'

/** What the rows of a background are chosen by, beside the frame. */
export interface BackgroundSource {
  /** the applicants; of them only the observation dates and the names of factors are read here */
  frame: Pick<FactorFrame, 'rows' | 'observationDate' | 'factors'>
  /** score of each row by the model that is explained, NaN for none; only for near_cutoff */
  scores?: ArrayLike<number>
  /** ISO day of each row, in place of the frame's own */
  observationDate?: readonly string[]
  /** protected columns, one text or null a row, kept apart from the frame; only for reference_group */
  groups?: readonly ProtectedGroup[]
}

/** A protected column: who is in which group. It chooses reference rows and is never an input of a score. */
export interface ProtectedGroup {
  name: string
  /** null: not known */
  values: readonly (string | null)[]
}

/** Rows that were drawn of a background, where not all of them are taken. */
export interface BackgroundSample {
  /** at most */
  rows: number
  /** the rows are drawn from `fork('background sample')` */
  random: Random
}

/** A background that has been chosen. */
export interface ChosenBackground {
  /** names the rule, what it came to and the sample, as `near_cutoff_600_25`; the same for the same rows of the same table */
  id: string
  /** positions in the frame, rising */
  rows: Int32Array
  /** how many */
  size: number
  /** rows that the rule names, before a sample of them was drawn */
  outOf: number
  /** what it is, in a sentence */
  sentence: string
}

/** Rows by a rule, with identity and words. */
interface Found {
  id: string
  rows: number[]
  words: string
}

const count = (n: number): string => n.toLocaleString('en-US')

const datesOf = ({ frame, observationDate }: BackgroundSource): readonly string[] => {
  const dates = observationDate ?? frame.observationDate
  if (!isList(dates) || dates.length !== frame.rows)
    throw usageError('dates and rows differ in number', {
      option: 'observationDate',
      expected: `${frame.rows}, one a row`,
      got: isList(dates) ? dates.length : came(dates),
    })
  return dates
}

const scoresOf = ({ frame, scores }: BackgroundSource): ArrayLike<number> => {
  if (!isList(scores) || scores.length !== frame.rows)
    throw usageError('applicants near a cut-off are found by their scores', {
      option: 'scores',
      expected: `${frame.rows} scores, one a row`,
      got: isList(scores) ? scores.length : came(scores),
    })
  return scores as ArrayLike<number>
}

/**
 * Rows from the cut-off up to `width` points above; as many widths more as give `least` rows. Official interpretation of Regulation B,
 * 12 CFR part 1002, Supplement I, comment 9(b)(2)-5: applicants at or slightly above the passing score are one reference for reasons, all
 * applicants are another.
 */
const nearCutoff = (
  { cutoff, width, least }: { cutoff: number; width: number; least: number },
  source: BackgroundSource,
): Found => {
  const scores = scoresOf(source)
  const above: number[] = []
  for (let i = 0; i < scores.length; i++) if (scores[i]! >= cutoff) above.push(i)
  const distances = above.map((i) => scores[i]! - cutoff).sort((a, b) => a - b)
  const needed = distances[Math.min(least, distances.length) - 1] ?? 0
  // Whole widths, the end left out: a distance of exactly one width needs a second one.
  const used = width * (Math.floor(needed / width) + 1)
  const rows = above.filter((i) => scores[i]! < cutoff + used)
  const widened = used > width ? `, widened from ${width} points to have at least ${count(least)} rows` : ''
  const short =
    rows.length > 0 && rows.length < least ? `; there are fewer than ${count(least)} at or above the cut-off` : ''
  return {
    id: `near_cutoff_${cutoff}_${used}`,
    rows,
    words: `applicants with a score from ${cutoff} to less than ${cutoff + used}${widened}${short}`,
  }
}

const referenceGroup = ({ column, level }: { column: string; level: string }, source: BackgroundSource): Found => {
  const { frame, groups = [] } = source
  const group = groups.find(({ name }) => name === column)
  if (!group)
    throw usageError('no such protected column', {
      option: 'background.column',
      expected:
        groups.length > 0 ? `one of ${groups.map(({ name }) => name).join(', ')}` : 'a data set with protected columns',
      got: column,
    })
  refuseProtected(frame.factors, [column])
  if (!isList(group.values) || group.values.length !== frame.rows)
    throw usageError('groups and rows differ in number', {
      option: 'groups',
      column,
      expected: `${frame.rows}, one a row`,
      got: isList(group.values) ? group.values.length : came(group.values),
    })
  const rows = Array.from(group.values).flatMap((value, i) => (value === level ? [i] : []))
  if (rows.length === 0) {
    const levels = [...new Set(group.values)].filter((value) => value !== null).sort()
    throw dataError('no row is of the reference group', { column, expected: `one of ${levels.join(', ')}`, got: level })
  }
  return {
    id: `reference_group_${slug(column)}_${slug(level)}`,
    rows,
    words: `applicants whose ${column} is ${level}; it chooses reference rows and is no input of a score`,
  }
}

const period = ({ from, to }: { from: string; to: string }, source: BackgroundSource): Found => ({
  id: `period_${from}_${to}`,
  rows: Array.from(datesOf(source)).flatMap((date, i) => (date >= from && date <= to ? [i] : [])),
  words: `applicants observed from ${from} to ${to}, both days included`,
})

const find = (spec: ReturnType<typeof checkSpec>, source: BackgroundSource): Found => {
  switch (spec.kind) {
    case 'all':
      return {
        id: 'all_applicants',
        rows: Array.from({ length: source.frame.rows }, (_, i) => i),
        words: 'all applicants',
      }
    case 'near_cutoff':
      return nearCutoff(spec, source)
    case 'reference_group':
      return referenceGroup(spec, source)
    case 'period':
      return period(spec, source)
  }
}

/** @throws GlasscoreError('usage') for a sample that cannot be drawn */
const checkSample = (sample: BackgroundSample): void => {
  checkRecord('sample', sample, '{ rows, random }')
  checkNumber('sample.rows', sample.rows, { min: 1, whole: true })
  if (typeof (sample.random as Random | undefined)?.fork !== 'function')
    throw usageError('there is nothing to draw the sample from', {
      option: 'sample.random',
      expected: 'a stream of random numbers, as random(1)',
      got: came(sample.random),
    })
}

/** Some of the rows, rising, each as likely as the others. */
const draw = (rows: readonly number[], most: number, random: Random): number[] => {
  const left = [...rows]
  const stream = random.fork('background sample')
  for (let i = 0; i < most; i++) {
    const j = i + stream.integer(left.length - i)
    const held = left[i]!
    left[i] = left[j]!
    left[j] = held
  }
  return left.slice(0, most).sort((a, b) => a - b)
}

/**
 * Chooses the rows of a background.
 *
 * @param spec which rows: all applicants, those at or just above a cut-off, a reference group, or a period
 * @param source what they are chosen from and by
 * @param sample absent: all of them
 * @throws GlasscoreError('usage') for an unknown rule, an option that is not its own, or something that the rule needs and `source` lacks;
 *   ('data') when there is no such row, and for a protected column that is also a factor
 */
export const chooseBackground = (
  spec: BackgroundSpec,
  source: BackgroundSource,
  sample?: BackgroundSample,
): ChosenBackground => {
  const checked = checkSpec(spec)
  if (!isRecord(source) || !isRecord(source.frame))
    throw usageError('there is nothing to choose from', {
      option: 'frame',
      expected: 'a frame of factors',
      got: came(source),
    })
  if (sample !== undefined) checkSample(sample)
  const { id, rows, words } = find(checked, source)
  if (rows.length === 0)
    throw dataError('the background has no rows', {
      expected: `at least one of ${words}`,
      got: `none among ${source.frame.rows}`,
    })
  if (sample === undefined || sample.rows >= rows.length) {
    const sentence = `${count(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}: ${words}.`
    return { id, rows: Int32Array.from(rows), size: rows.length, outOf: rows.length, sentence }
  }
  const drawn = draw(rows, sample.rows, sample.random)
  return {
    id: `${id}_sample_${drawn.length}_${sample.random.key.slice(0, 8)}`,
    rows: Int32Array.from(drawn),
    size: drawn.length,
    outOf: rows.length,
    sentence: `A random sample of ${count(drawn.length)} of ${count(rows.length)} rows: ${words}.`,
  }
}
