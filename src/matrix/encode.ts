/**
 * Factors to columns. An encoding is fitted on training rows, stored with the model, and applied to any rows.
 *
 * linear: signed log1p for money and counts, then standardized; a missing value becomes the training median, with a 0/1
 * indicator column; categories become 0/1 columns without the first (most frequent) level, a missing category a level of
 * its own. Columns that are constant over the training rows are dropped and listed.
 * tree: numbers as they are with NaN for missing; one 0/1 column a level, one for both of two levels (NaN when missing); for learners
 * that split categories themselves one column of codes instead.
 * With 0/1 columns a category of more than 50 levels keeps the 50 most frequent; the rarer ones share one column (levels.ts).
 */
import { sharedBuffer } from '../kernels/memory/share.ts'
import { bandText, type FactorBands, sameBands } from '../schema/bands.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { dataError } from '../util/errors.ts'
import { categoriesOf, numbersOf } from './factorValues.ts'
import type { FactorFrame } from './frame.ts'
import { codedCategory, type Draft, fillCodes, fillLevels, linearCategory, treeCategory } from './levels.ts'
import type { EncodedColumn, Encoding, Matrix } from './matrix.ts'

/** sign(x) * ln(1 + |x|) */
export const signedLog1p = (x: number): number => (x < 0 ? -Math.log1p(-x) : Math.log1p(x))

const median = (values: Float64Array): number => {
  const sorted = values.slice().sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const linearNumber = (factor: FactorSpec, index: number, raw: Float64Array, out: Draft): void => {
  const log = factor.scale === 'log'
  const present = raw.filter((v) => !Number.isNaN(v)).map((v) => (log ? signedLog1p(v) : v))
  if (present.length === 0) {
    out.dropped.push({ name: factor.name, reason: 'missing in every training row' })
    return
  }
  const fill = median(present)
  const missing = raw.length - present.length
  // Two passes over the filled column: the mean first, then squared distances from it.
  let sum = fill * missing
  for (const v of present) sum += v
  const center = sum / raw.length
  let squares = missing * (fill - center) ** 2
  for (const v of present) squares += (v - center) ** 2
  const scale = Math.sqrt(squares / raw.length)
  if (scale > 1e-12 * Math.max(1, Math.abs(center)))
    out.columns.push({ name: factor.name, factor: index, role: 'value', ...(log ? { log } : {}), fill, center, scale })
  else out.dropped.push({ name: factor.name, reason: 'constant over the training rows' })
  if (missing > 0) {
    const share = missing / raw.length
    out.columns.push({
      name: `${factor.name} missing`,
      factor: index,
      role: 'missing',
      center: share,
      scale: Math.sqrt(share * (1 - share)),
    })
  }
}

const treeNumber = (factor: FactorSpec, index: number, raw: Float64Array, out: Draft): void => {
  let first = Number.NaN
  let varies = false
  let missing = 0
  for (const v of raw) {
    if (Number.isNaN(v)) missing++
    else if (Number.isNaN(first)) first = v
    else if (v !== first) varies = true
  }
  if (missing === raw.length) out.dropped.push({ name: factor.name, reason: 'missing in every training row' })
  else if (!varies && missing === 0) out.dropped.push({ name: factor.name, reason: 'constant over the training rows' })
  else out.columns.push({ name: factor.name, factor: index, role: 'value' })
}

/**
 * Learns from training rows how their factors become columns.
 * @param frame training rows only: medians, levels, means and deviations are theirs
 * @param kind linear for learners that need every value and like scale, tree for those that split
 * @param options `categories: true`: a tree encoding has one column of codes for each category instead of a column a level
 * @throws GlasscoreError('data') when no factor varies over the rows
 */
export const fitEncoding = (
  frame: FactorFrame,
  kind: Encoding['kind'],
  options: { categories?: boolean } = {},
): Encoding => {
  const draft: Draft = { columns: [], dropped: [] }
  const category = kind === 'linear' ? linearCategory : options.categories ? codedCategory : treeCategory
  frame.factors.forEach((factor, index) => {
    if (factor.kind === 'category') category(factor, index, categoriesOf(frame, factor), draft)
    else (kind === 'linear' ? linearNumber : treeNumber)(factor, index, numbersOf(frame, factor), draft)
  })
  if (draft.columns.length === 0)
    throw dataError('no factor varies over the training rows', { expected: 'at least one column that is not constant' })
  return { kind, factors: frame.factors, columns: draft.columns, dropped: draft.dropped }
}

const fillNumbers = (out: Float64Array, column: EncodedColumn, raw: Float64Array): void => {
  const { log, fill = Number.NaN, center = 0, scale = 1, role } = column
  for (let i = 0; i < out.length; i++) {
    const value = raw[i]!
    const missing = Number.isNaN(value)
    if (role === 'missing') out[i] = ((missing ? 1 : 0) - center) / scale
    else out[i] = ((missing ? fill : log ? signedLog1p(value) : value) - center) / scale
  }
}

/** A band is a number, and so is what it was made of: nothing else tells one from the other. */
const refuseOtherBands = ({ factors, columns }: Encoding, frame: FactorFrame): void => {
  const there = new Map(frame.factors.map((factor) => [factor.name, factor.bands]))
  const used = new Set(columns.map((column) => column.factor))
  for (const [index, { name, bands }] of factors.entries()) {
    if (!used.has(index) || !there.has(name) || sameBands(bands, there.get(name))) continue
    const said = (b: FactorBands | undefined): string => (b ? `bands (${bandText(b)})` : 'values as they were measured')
    throw dataError('a factor is coded otherwise in the table than in the model', {
      column: name,
      expected: `${said(bands)}, as in the training`,
      got: said(there.get(name)),
      hint: 'make the features with the coding of the training: glasscore features --coding',
    })
  }
}

/**
 * The columns of an encoding for any rows.
 * @returns rows x columns, column-major, on shared memory so that worker threads read it without a copy; linear encodings hold no NaN
 * @param frame any rows; a level that the encoding does not know is 0 in every column (see `unseenLevels`), 1 in the
 *   column of rarer levels where the factor has one; in a column of codes it is missing, or the code of the rarer levels
 * @throws GlasscoreError('data') when a factor of the encoding is not in the frame, is of another kind there, or is coded in bands on
 *   one side only
 */
export const applyEncoding = (encoding: Encoding, frame: FactorFrame): Matrix => {
  const { rows } = frame
  refuseOtherBands(encoding, frame)
  const bytes = rows * encoding.columns.length * Float64Array.BYTES_PER_ELEMENT
  const values = new Float64Array(sharedBuffer(bytes))
  encoding.columns.forEach((column, j) => {
    const factor = encoding.factors[column.factor]!
    const out = values.subarray(j * rows, (j + 1) * rows)
    if (column.role === 'category') fillCodes(out, column, categoriesOf(frame, factor))
    else if (factor.kind === 'category') fillLevels(out, column, categoriesOf(frame, factor), encoding.kind)
    else fillNumbers(out, column, numbersOf(frame, factor))
  })
  return { rows, columns: encoding.columns, values }
}
