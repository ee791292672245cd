/** What the two files of a model hold, put together. Nothing here needs Node or checks a digest: a page that carries a checked model runs it. */
import { isTreeModel } from '../models/model.ts'
import type { Scorer } from '../scores/scorer.ts'
import { modelError } from '../util/errors.ts'
import { decodeModel } from './modelBinary.ts'
import type { ModelDocument } from './modelSchema.ts'

/** @throws GlasscoreError('model') when the model and its encoding do not fit each other */
export const checkFit = ({ model, encoding }: Pick<Scorer, 'model' | 'encoding'>, file: string): void => {
  const columns = isTreeModel(model) ? model.columns : model.coefficients.length
  if (columns !== encoding.columns.length)
    throw modelError('model and encoding differ in the number of columns', {
      file,
      expected: `${encoding.columns.length} columns as in the encoding`,
      got: columns,
    })
  const kind = isTreeModel(model) ? 'tree' : 'linear'
  if (encoding.kind !== kind)
    throw modelError('model and encoding are of different kinds', { file, expected: kind, got: encoding.kind })
  checkCategories({ model, encoding }, file)
}

/** @throws GlasscoreError('model') where a tree splits a column of numbers by a set of categories */
const checkCategories = ({ model, encoding }: Pick<Scorer, 'model' | 'encoding'>, file: string): void => {
  if (!isTreeModel(model)) return
  for (const { categorySet, feature } of model.trees)
    categorySet?.forEach((set, node) => {
      const column = encoding.columns[feature[node]!]
      if (set >= 0 && column?.role !== 'category')
        throw modelError('a tree splits a column by categories that has none', { file, got: column?.name })
    })
}

/**
 * The scorer of a document and its binary file.
 * @param document what model.json says; see `decodeScorer`, which checks it first
 * @param bin model.bin
 * @param files names for errors
 * @throws GlasscoreError('model') for broken trees, and where the two parts do not fit each other
 */
export const scorerOf = (document: ModelDocument, bin: Uint8Array, files: { json: string; bin: string }): Scorer => {
  const model = decodeModel(bin, files.bin)
  if (model.kind !== document.kind)
    throw modelError('the two files hold models of different kinds', {
      file: files.json,
      expected: document.kind,
      got: model.kind,
    })
  const { name, encoding, calibration, scale, training } = document
  const scorer: Scorer = { name, model, encoding, calibration, scale, training }
  checkFit(scorer, files.json)
  return scorer
}
