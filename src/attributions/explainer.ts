/**
 * What explains rows of one scorer, made once and asked as often as is wished: `explain` asks it block by block, a page that is moved by its
 * reader row by row. Nothing here needs Node.
 */
import type { Pool } from '../kernels/pool.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import { isTreeModel } from '../models/model.ts'
import { encodeFor, type Scorer, scoreMatrixOn } from '../scores/scorer.ts'
import { GlasscoreError, usageError } from '../util/errors.ts'
import type { Background } from './background.ts'
import type { Contributor, Players } from './contributions.ts'
import type { Explanation } from './explanation.ts'
import { interventionalContributor, interventionalRows } from './interventional.ts'
import { linearContributor } from './linear.ts'
import { type Link, linkOf } from './link.ts'
import { playersOf } from './players.ts'
import { chunkRows, treeContributor } from './tree.ts'

/** Points. A larger difference between base + points and the raw score is a fault of the program, not rounding. */
const LARGEST_GAP = 1e-6

/** Whether scores of this scorer can be split into points: isotonic calibration makes steps, which cannot. */
export const canExplain = (scorer: Scorer): boolean => scorer.calibration.kind !== 'isotonic'

/**
 * Writes the points of rows into `points`; returns the largest |base + sum of points - raw score|.
 * @param points players x rows, as are the contributions
 * @param errors standard errors of the contributions, which become those of the points
 */
const placePoints = (
  points: Float64Array,
  contributions: Float64Array,
  link: Link,
  outputBase: number,
  rawScore: Float64Array,
  errors?: Float64Array,
): number => {
  const rows = rawScore.length
  const players = rows > 0 ? contributions.length / rows : 0
  const outputs = new Float64Array(rows)
  for (let p = 0; p < players; p++) for (let i = 0; i < rows; i++) outputs[i]! += contributions[p * rows + i]!
  for (let i = 0; i < rows; i++) outputs[i]! += outputBase
  const stretch = link.stretch(outputs)
  const sums = new Float64Array(rows).fill(link.base)
  for (let p = 0; p < players; p++)
    for (let i = 0; i < rows; i++) {
      // + 0 turns -0 into 0: no effect has one sign.
      const value = contributions[p * rows + i]! * stretch[i]! + 0
      points[p * rows + i] = value
      sums[i]! += value
    }
  errors?.forEach((error, at) => {
    errors[at] = error * Math.abs(stretch[at % rows]!)
  })
  let gap = 0
  for (let i = 0; i < rows; i++) {
    const difference = Math.abs(sums[i]! - rawScore[i]!)
    // A difference that is not a number must not pass for a small one.
    if (!(difference <= gap)) gap = difference
  }
  return gap
}

/** @throws GlasscoreError('usage') for isotonic calibration */
export const checkExplainable = (scorer: Scorer): void => {
  if (canExplain(scorer)) return
  throw usageError(`scores of model ${scorer.name} cannot be split into points`, {
    expected: 'a model with Platt or beta calibration',
    got: scorer.calibration.kind,
    hint: 'isotonic scores are steps; train with another calibration to get receipts',
  })
}

/** What an explainer is made for. */
export interface ExplainerOptions {
  /** how many rows will be explained in all: what is quickest depends on it */
  rows: number
  /** where trees are explained */
  pool: Pool
  /** as in `ExplainOptions` */
  background?: Background
  /** rows that are explained together; absent: as many as take some 256 MiB */
  blockRows?: number
  signal?: AbortSignal | undefined
}

/** Explains rows of one scorer against one background. */
export interface Explainer {
  /** rows that are best explained together */
  readonly together: number
  /**
   * The explanation of all rows of a frame.
   * @throws GlasscoreError('data') when the frame lacks a factor of the model, ('internal') when base + points differ from a raw score by more
   *   than 1e-6 points
   */
  of(frame: FactorFrame): Promise<Explanation>
}

interface Measure extends Pick<Explanation, 'semantics' | 'backgroundId'> {
  contributor: Contributor
  together: number
}

/** What contributions are measured against. */
const measureOf = async (
  scorer: Scorer,
  players: Players,
  { rows, pool, background, signal, blockRows }: ExplainerOptions,
): Promise<Measure> => {
  const { model, encoding } = scorer
  const columns = encoding.columns.length
  if (background) {
    const others = encodeFor(scorer, background.frame)
    const contributor = await interventionalContributor(
      model,
      players,
      others,
      background.outOf ?? others.rows,
      pool,
      signal,
    )
    return {
      contributor,
      semantics: 'interventional',
      backgroundId: background.id,
      together: blockRows ?? contributor.together ?? interventionalRows(columns),
    }
  }
  const tree = isTreeModel(model)
  return {
    contributor: tree
      ? treeContributor(model, columns, players, rows, pool, signal)
      : linearContributor(model, players),
    semantics: tree ? 'path_dependent' : 'interventional',
    backgroundId: tree ? 'tree_covers' : 'training_mean',
    together: blockRows ?? chunkRows(columns, pool.threads),
  }
}

/**
 * Prepares the explanation of rows.
 * @throws GlasscoreError('usage') for isotonic calibration, ('data') when the background lacks a factor of the model, ('model') as `explain`
 */
export const openExplainer = async (scorer: Scorer, options: ExplainerOptions): Promise<Explainer> => {
  checkExplainable(scorer)
  const { pool, signal } = options
  const { encoding } = scorer
  const players = playersOf(encoding)
  const { contributor, semantics, backgroundId, together } = await measureOf(scorer, players, options)
  const link = linkOf(scorer, contributor.base)
  return {
    together,
    async of(frame) {
      const x = encodeFor(scorer, frame)
      const { rawScore } = await scoreMatrixOn(scorer, x, pool, { signal })
      const { factors, dimensions, errors } = await contributor.of(x)
      const points = new Float64Array(factors.length)
      const dimensionPoints = new Float64Array(dimensions.length)
      const gap = Math.max(
        placePoints(points, factors, link, contributor.base, rawScore, errors),
        placePoints(dimensionPoints, dimensions, link, contributor.base, rawScore),
      )
      if (!(gap <= LARGEST_GAP))
        throw new GlasscoreError('internal', `points of model ${scorer.name} do not add up to its scores`, {
          expected: `a gap of at most ${LARGEST_GAP} points`,
          got: gap,
        })
      return {
        model: scorer.name,
        rows: frame.rows,
        semantics,
        backgroundId,
        link: link.kind,
        base: link.base,
        factors: encoding.factors,
        points,
        dimensions: players.dimensions,
        dimensionPoints,
        ...(errors ? { standardErrors: errors } : {}),
        rawScore,
        scale: scorer.scale,
        additivityGap: gap,
      }
    },
  }
}
